//! An exchange in its canonical form, and the text of it: what a baseline holds and a person reads.

use crate::text::visible::is_hidden;
use serde_json::Value;
use std::fmt::Write;

/// What came of a request, without anything that no two runs share.
#[derive(Debug, Clone, PartialEq)]
pub struct Canonical {
    /// Method, path and query.
    pub request: String,
    /// The status.
    pub status: u16,
    /// The header fields that matter, by name.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Content,
}

/// A body.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// There is none.
    None,
    /// An object or a list, or any JSON where the media type says so.
    Json(Value),
    /// A text.
    Text(String),
    /// Bytes that are no text: how many, and their SHA-256.
    Binary(usize, String),
}

/// A text that is no canonical exchange: the line, from 1, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The line.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl Unreadable {
    pub(super) fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

impl Canonical {
    /// The text, without a line end behind it.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n\nHTTP {}\n", visible(&self.request), self.status);
        for (name, value) in &self.headers {
            let _ = writeln!(text, "{}: {}", visible(name), visible(value.trim()));
        }
        text.push('\n');
        match &self.body {
            Content::None => {}
            Content::Json(value) => text.push_str(&printed(value)),
            Content::Text(body) => {
                let lines: Vec<_> = body.split('\n').map(quoted).collect();
                text.push_str(&lines.join("\n"));
            }
            Content::Binary(length, hash) => {
                let _ = write!(text, "{BINARY}{length} bytes that are no text, SHA-256 {hash}");
            }
        }
        text.truncate(text.trim_end().len());
        text
    }

    /// Reads a text; `first` is the number of its first line in the file that it stands in.
    pub fn read(text: &str, first: usize) -> Result<Self, Unreadable> {
        let text = text.replace("\r\n", "\n");
        let lines: Vec<&str> = text.trim_end().split('\n').collect();
        let line = |index: usize| lines.get(index).copied().unwrap_or_default();
        let request = revealed(line(0));
        if !request.contains(' ') {
            return Err(Unreadable::new(first, "a request line like `DELETE /links/[link.id]` is due here"));
        }
        if !line(1).trim().is_empty() {
            return Err(Unreadable::new(first + 1, "an empty line is due between the request and the answer"));
        }
        let status = line(2).strip_prefix("HTTP ").and_then(|status| status.trim().parse().ok());
        let status = status.ok_or_else(|| Unreadable::new(first + 2, "a status like `HTTP 200` is due here"))?;
        let mut headers = Vec::new();
        let mut at = 3;
        while at < lines.len() && !line(at).trim().is_empty() {
            let (name, value) = line(at)
                .split_once(':')
                .ok_or_else(|| Unreadable::new(first + at, "a header like `content-type: text/plain` is due here"))?;
            headers.push((revealed(name.trim()), revealed(value.trim())));
            at += 1;
        }
        let body = read_body(lines.get(at + 1..).unwrap_or_default(), first + at + 1)?;
        Ok(Self { request, status, headers, body })
    }
}

/// What stands before a line of a text body, so that no such line can be taken for anything else.
const QUOTE: char = '>';
const BINARY: &str = "! ";

fn read_body(lines: &[&str], first: usize) -> Result<Content, Unreadable> {
    let Some(start) = lines.first() else { return Ok(Content::None) };
    if let Some(binary) = start.strip_prefix(BINARY) {
        let words: Vec<&str> = binary.split(' ').collect();
        return match (words.first().and_then(|length| length.parse().ok()), words.last()) {
            (Some(length), Some(hash)) => Ok(Content::Binary(length, (*hash).to_owned())),
            _ => Err(Unreadable::new(first, "a length and a hash are due here")),
        };
    }
    if start.starts_with(QUOTE) {
        let unquoted = |(index, line): (usize, &&str)| {
            let rest = line.strip_prefix(QUOTE).map(|rest| rest.strip_prefix(' ').unwrap_or(rest));
            rest.map(revealed).ok_or_else(|| Unreadable::new(first + index, "every line of a text begins with `>`"))
        };
        let lines: Vec<String> = lines.iter().enumerate().map(unquoted).collect::<Result<_, _>>()?;
        return Ok(Content::Text(lines.join("\n")));
    }
    serde_json::from_str(&lines.join("\n")).map(Content::Json).map_err(|error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        Unreadable::new(first + error.line().saturating_sub(1), format!("the body is not JSON: {message}"))
    })
}

/// JSON with sorted keys, indented.
fn printed(value: &Value) -> String {
    escaped(&format!("{:#}", sorted(value)))
}

/// JSON with everything escaped that cannot be seen; line ends stay.
pub(super) fn escaped(json: &str) -> String {
    let mut printed = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter != '\n' && is_invisible(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _ = write!(printed, "\\u{unit:04x}");
            }
        } else {
            printed.push(letter);
        }
    }
    printed
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            entries.into_iter().collect()
        }
        other => other.clone(),
    }
}

/// A line of a text body; blanks at its end are written out, since whatever reads lines may drop them.
fn quoted(line: &str) -> String {
    let line = visible(line);
    let end = line.trim_end_matches(' ').len();
    let (line, blanks) = line.split_at(end);
    let blanks = "\\u{20}".repeat(blanks.len());
    if line.is_empty() && blanks.is_empty() { QUOTE.to_string() } else { format!("{QUOTE} {line}{blanks}") }
}

/// A text on one line in which everything can be seen; [`revealed`] undoes it.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_invisible(letter) {
            shown.extend(letter.escape_unicode());
        } else if letter == '\\' {
            shown.push_str("\\\\");
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// The text that was made visible.
fn revealed(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (head, tail) = rest.split_at(at);
        plain.push_str(head);
        let code = tail.strip_prefix("\\u{").and_then(|tail| tail.split_once('}'));
        let letter = code.and_then(|(code, tail)| Some((char::from_u32(u32::from_str_radix(code, 16).ok()?)?, tail)));
        if let Some((letter, tail)) = letter {
            plain.push(letter);
            rest = tail;
        } else {
            plain.push('\\');
            rest = tail.strip_prefix("\\\\").or_else(|| tail.strip_prefix('\\')).unwrap_or_default();
        }
    }
    plain.push_str(rest);
    plain
}

/// Whether a letter is not seen, or changes how others are seen.
pub(super) fn is_invisible(letter: char) -> bool {
    is_hidden(letter) || letter.is_whitespace() && letter != ' '
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn canonical(body: Content) -> Canonical {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Canonical { request: "GET /x/[x.id]?a=b".to_owned(), status: 404, headers, body }
    }

    #[test]
    fn an_exchange_is_written_so_that_a_person_can_read_it() {
        let text = canonical(Content::Json(json!({ "b": [], "a": "x" }))).text();
        let body = "{\n  \"a\": \"x\",\n  \"b\": []\n}";
        assert_eq!(text, format!("GET /x/[x.id]?a=b\n\nHTTP 404\ncontent-type: application/json\n\n{body}"));
        assert!(canonical(Content::None).text().ends_with("application/json"));
    }

    #[test]
    fn nothing_invisible_is_left_in_the_text() {
        let text = canonical(Content::Json(json!({ "a": "x\u{202e}y\u{7f}\u{85}\u{a0}" }))).text();
        assert!(text.ends_with(
            r#""a": "x\u202ey\u007f\u0085\u00a0"
}"#
        ));
        let text = canonical(Content::Text("a\tb \r\n\u{1b}[1m\n".to_owned())).text();
        assert!(text.ends_with("> a\\u{9}b \\u{d}\n> \\u{1b}[1m\n>"), "{text}");
    }

    #[test]
    fn what_is_broken_is_told_with_its_line() {
        let broken = |text: &str| Canonical::read(text, 10).map(drop).unwrap_err().line;
        assert_eq!(broken(""), 10);
        assert_eq!(broken("GET /x\nHTTP 200"), 11);
        assert_eq!(broken("GET /x\n\nHTTP two"), 12);
        assert_eq!(broken("GET /x\n\nHTTP 200\nno header"), 13);
        assert_eq!(broken("GET /x\n\nHTTP 200\n\n{\n  \"a\": 1,\n"), 15);
        assert_eq!(broken("GET /x\n\nHTTP 200\na: b\n\n> a\nb"), 16);
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(".{0,4}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_back(
            status in 100..600u16,
            path in "[!-~]{1,12}",
            value in "[!-~]([ -~]{0,12}[!-~])?",
            body in prop_oneof![
                Just(Content::None),
                json().prop_map(Content::Json),
                "(?s).{0,40}".prop_map(Content::Text),
                any::<usize>().prop_map(|length| Content::Binary(length, "0af3".to_owned())),
            ],
        ) {
            let headers = vec![("x-value".to_owned(), value)];
            let canonical = Canonical { request: format!("GET /{path}"), status, headers, body };
            prop_assert_eq!(Canonical::read(&canonical.text(), 1), Ok(canonical));
        }
    }
}
