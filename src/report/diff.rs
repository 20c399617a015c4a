//! What was promised against what came, line by line.

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

/// A line of a difference, without its line end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Whether it was promised, came, or both.
    pub(super) side: Side,
    /// The line.
    pub(super) text: String,
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// In what was promised alone.
    Expected,
    /// In what came alone.
    Actual,
    /// In both.
    Both,
    /// Between two parts; lines that are the same are left out here.
    Gap,
}

impl Side {
    /// The sign before the line.
    pub(super) fn sign(self) -> char {
        match self {
            Self::Expected => '-',
            Self::Actual => '+',
            Self::Both => ' ',
            Self::Gap => '@',
        }
    }
}

/// Lines around a change that are shown beside it.
const CONTEXT: usize = 3;
/// Longer texts are not compared line by line, since that may take long; they are shown one after the other.
const COMPARED: usize = 200_000;

/// The difference of two values; one of them may be absent.
pub(super) fn diff(expected: Option<&Value>, actual: Option<&Value>) -> Vec<Line> {
    let (expected, actual) = (expected.map(written).unwrap_or_default(), actual.map(written).unwrap_or_default());
    if expected.len() + actual.len() > COMPARED {
        let all = |text: &str, side| text.lines().map(move |line| Line { side, text: line.to_owned() }).collect();
        let (before, after): (Vec<Line>, Vec<Line>) = (all(&expected, Side::Expected), all(&actual, Side::Actual));
        return [before, after].concat();
    }
    let diff = TextDiff::from_lines(&expected, &actual);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(CONTEXT) {
        if !lines.is_empty() {
            lines.push(Line { side: Side::Gap, text: "…".to_owned() });
        }
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let side = match change.tag() {
                ChangeTag::Delete => Side::Expected,
                ChangeTag::Insert => Side::Actual,
                ChangeTag::Equal => Side::Both,
            };
            lines.push(Line { side, text: change.value().trim_end_matches(['\n', '\r']).to_owned() });
        }
    }
    lines
}

/// A value as its reader would write it: indented JSON, and a text of several lines as those lines.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) if text.contains('\n') => ensure_end(text.clone()),
        value => ensure_end(format!("{value:#}")),
    }
}

/// With a line end, so that a last line with and one without are the same.
fn ensure_end(mut text: String) -> String {
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}
