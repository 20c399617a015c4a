//! Snapshots as text in insta's own format, written as insta writes them, and read with errors that name the line.

use crate::run::snapshot::canonical::{Canonical, UnreadableLine, is_invisible};
use crate::run::snapshot::drift::Snapshot;
use serde_json::Value;
use std::fmt::Write;

/// The description of an answer in its file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// The condition and the documented outcomes in words.
    pub description: String,
    /// The case.
    pub case: String,
}

/// The version of our part of the head, under `info`; it rises when an older reader would misunderstand a newer file.
const VERSION: u64 = 1;

/// The text of a file.
pub(super) fn snapshot_text(head: &Head, snapshot: &Snapshot) -> String {
    let mut text = "---\n".to_owned();
    if !head.description.is_empty() {
        let _ = writeln!(text, "description: {}", scalar_text(&head.description));
    }
    let _ = write!(text, "expression: {}\ninfo:\n  version: {VERSION}\n", scalar_text(&head.case));
    if let Some(outcome) = &snapshot.outcome {
        let _ = writeln!(text, "  outcome: {}", scalar_text(outcome));
    }
    let _ = writeln!(text, "---\n{}", snapshot.canonical.text());
    text
}

/// Reads the text of a file.
pub(super) fn parse_snapshot(text: &str) -> Result<(Head, Snapshot), UnreadableLine> {
    if let Some(index) = text.lines().position(is_conflict_mark) {
        return Err(UnreadableLine::new(
            index + 1,
            "a conflict is not resolved here: keep one side and take the marks away",
        ));
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let Some((_, below)) = lines.split_first().filter(|(first, _)| is_rule(first)) else {
        let what = if text.trim().is_empty() { "the file is empty" } else { "a snapshot begins with a line `---`" };
        return Err(UnreadableLine::new(1, what));
    };
    let Some(end) = below.iter().position(|line| is_rule(line)) else {
        return Err(UnreadableLine::new(lines.len(), "the file breaks off: no second line `---` ends its head"));
    };
    let (head, body) = below.split_at(end);
    let (head, outcome) = parse_head(&head.concat())?;
    let body: String = body.iter().copied().skip(1).collect();
    // Both rules are lines of the file, and lines are counted from 1.
    let canonical = Canonical::read(&body, end + 3)?;
    Ok((head, Snapshot { canonical, outcome }))
}

fn is_rule(line: &str) -> bool {
    line.trim_end() == "---"
}

fn parse_head(text: &str) -> Result<(Head, Option<String>), UnreadableLine> {
    let value: Value = serde_yaml::from_str(text).map_err(|error| {
        // The head's own first line is the second one of the file.
        let line = error.location().map_or(2, |location| location.line() + 1);
        UnreadableLine::new(line, format!("the head is not YAML: {error}"))
    })?;
    if !value.is_object() && !value.is_null() {
        return Err(UnreadableLine::new(2, "the head is not a mapping"));
    }
    if value.pointer("/snapshot_kind").is_some_and(|kind| kind == "binary") {
        let message = "a snapshot of an answer is a text, and this one is binary";
        return Err(UnreadableLine::new(line_of_key(text, "snapshot_kind"), message));
    }
    let version = value.pointer("/info/version");
    if let Some(version) = version.filter(|version| version.as_u64().is_none_or(|version| version > VERSION)) {
        let message =
            format!("this file is of version {version}, and this proviso reads up to {VERSION}: update proviso");
        return Err(UnreadableLine::new(line_of_key(text, "version"), message));
    }
    let head = Head {
        description: text_at(&value, "/description").unwrap_or_default(),
        case: text_at(&value, "/expression").unwrap_or_default(),
    };
    Ok((head, text_at(&value, "/info/outcome")))
}

/// The line of the file in which the head has a key.
fn line_of_key(head: &str, key: &str) -> usize {
    let mut keys = head.lines().map(|line| line.trim_start().split_once(':').map(|(key, _)| key));
    keys.position(|found| found == Some(key)).map_or(1, |index| index + 2)
}

fn text_at(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
}

/// Returns true for a line that a merge has left as a mark.
fn is_conflict_mark(line: &str) -> bool {
    let mut rests = ["<<<<<<<", "|||||||", ">>>>>>>"].iter().filter_map(|mark| line.strip_prefix(mark));
    rests.any(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// A scalar as insta writes it: in quotes only where it has to be. Each invisible letter, of which insta keeps some so that no
/// reader takes the file, is a blank.
fn scalar_text(text: &str) -> String {
    let text = text.replace(is_invisible, " ");
    if needs_quotes(&text) { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) } else { text }
}

/// The words that YAML, in one of its versions, takes for something else than text.
const WORDS: [&str; 22] = [
    "yes", "Yes", "YES", "no", "No", "NO", "True", "TRUE", "true", "False", "FALSE", "false", "on", "On", "ON", "off",
    "Off", "OFF", "null", "Null", "NULL", "~",
];

fn needs_quotes(text: &str) -> bool {
    let first = ['&', '*', '?', '|', '-', '<', '>', '=', '!', '%', '@', '.', ' '];
    let anywhere = [':', '{', '}', '[', ']', ',', '#', '`', '"', '\'', '\\'];
    text.is_empty()
        || text.starts_with(first)
        || text.ends_with(' ')
        || text.contains(anywhere)
        || WORDS.contains(&text)
        || text.starts_with("0x")
        || text.parse::<i64>().is_ok()
        || text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::snapshot::canonical::Content;
    use proptest::prelude::*;
    use serde_json::json;

    fn snapshot() -> Snapshot {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let body = Content::Json(json!({ "a": "---" }));
        let canonical = Canonical { request: "GET /x/[x.id]".to_owned(), status: 200, headers, body };
        Snapshot { canonical, outcome: Some("found".to_owned()) }
    }

    fn head() -> Head {
        Head { description: "when x: live, then found (200)".to_owned(), case: "acme/x.read/live".to_owned() }
    }

    fn error(text: &str) -> (usize, String) {
        let error = parse_snapshot(text).map(drop).unwrap_err();
        (error.line, error.message)
    }

    #[test]
    fn what_was_written_is_read_back_here_and_by_insta() {
        let text = snapshot_text(&head(), &snapshot());
        assert_eq!(parse_snapshot(&text), Ok((head(), snapshot())));
        assert_eq!(
            parse_snapshot(&text.replace('\n', "\r\n")),
            Ok((head(), snapshot())),
            "line ends of a checkout may be others"
        );
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("live.snap");
        std::fs::write(&path, &text).unwrap();
        let theirs = insta::Snapshot::from_file(&path).unwrap();
        assert_eq!(theirs.as_text().unwrap().to_string(), snapshot().canonical.text());
        assert_eq!(theirs.metadata().expression(), Some("acme/x.read/live"));
        assert_eq!(theirs.metadata().description(), Some("when x: live, then found (200)"));
    }

    #[test]
    fn a_file_that_is_broken_is_told_with_its_line() {
        let good = snapshot_text(&head(), &snapshot());
        let conflict = good.replace("HTTP 200", "<<<<<<< HEAD\nHTTP 200\n=======\nHTTP 404\n>>>>>>> theirs");
        assert_eq!(error(&conflict).0, 10);
        assert!(error(&conflict).1.contains("conflict"));
        assert_eq!(error(""), (1, "the file is empty".to_owned()));
        assert_eq!(error("Expression: x\n\nbody").0, 1);
        assert_eq!(error(&good[..20]).0, 2);
        assert!(error(&good[..20]).1.contains("breaks off"));
        let head_alone = good.find("---\nGET").unwrap() + 4;
        assert_eq!(error(&good[..head_alone]).0, 8);
        assert_eq!(error(&good[..good.len() - 3]).0, 14);
        assert_eq!(error(&good.replace("version: 1", "version: 2")).0, 5);
        assert!(error(&good.replace("version: 1", "version: 2")).1.contains("update"));
        assert_eq!(error(&good.replace("info:", "info: [")).0, 6);
        assert_eq!(error(&good.replace("info:", "snapshot_kind: binary\ninfo:")).0, 4);
    }

    #[test]
    fn a_head_without_ours_is_read_as_insta_reads_it() {
        let (head, snapshot) =
            parse_snapshot("---\nsource: a.rs\nassertion_line: 3\n---\nGET /x\n\nHTTP 200\n").unwrap();
        assert_eq!((head, snapshot.outcome), (Head::default(), None));
    }

    proptest! {
        #[test]
        fn no_file_makes_the_reader_panic(text in "(?s)(---\n)?.{0,60}(---\n)?(GET /x\n\nHTTP 200\n)?.{0,40}") {
            let _ = parse_snapshot(&text);
        }

        #[test]
        fn any_head_is_read_back_and_insta_would_write_the_same_bytes(
            description in "\\PC{1,20}|[ -~]{1,9}|[~=.0-9exy-]{1,4}|yes|null",
            case in "\\PC{1,20}|[\\x00-\\x7f]{1,4}",
        ) {
            let head = Head { description, case };
            let text = snapshot_text(&head, &snapshot());
            let plain = |text: &String| text.replace(is_invisible, " ");
            let shown = Head { description: plain(&head.description), case: plain(&head.case) };
            prop_assert_eq!(parse_snapshot(&text).unwrap().0, shown);
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("live.snap");
            std::fs::write(&path, &text).unwrap();
            insta::Snapshot::from_file(&path).unwrap().save(&path).unwrap();
            prop_assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }
}
