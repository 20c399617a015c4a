//! The promised value beside the one that came, line by line, with a few lines around each that differs.

use crate::text::line_diff::{DiffPiece, diff_lines, fold_far};
use serde_json::Value;
use std::borrow::Cow;

/// The sign of a place where lines that are the same are left out.
pub(super) const GAP: char = '@';
/// Lines around a change that are shown beside it.
const CONTEXT: usize = 3;

/// The lines in which two values differ, each after its sign; one of the values may be absent.
pub(super) fn value_diff(expected: Option<&Value>, actual: Option<&Value>) -> Vec<(char, String)> {
    let [expected, actual] = [expected, actual].map(|value| value.map(written_value));
    let lines = diff_lines(expected.as_deref(), actual.as_deref());
    let pieces = fold_far(&lines, CONTEXT);
    let ([DiffPiece::Far(_), shown @ .., DiffPiece::Far(_)]
    | [DiffPiece::Far(_), shown @ ..]
    | [shown @ .., DiffPiece::Far(_)]
    | shown) = pieces.as_slice();
    let shown = shown.iter().map(|piece| match piece {
        DiffPiece::Line(line) => (line.side.sign(), line.text.clone()),
        DiffPiece::Far(_) => (GAP, "…".to_owned()),
    });
    shown.collect()
}

/// A value as its reader would write it: indented JSON, and a text of several lines as those lines.
fn written_value(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) if text.contains('\n') => Cow::from(text.strip_suffix('\n').unwrap_or(text)),
        value => Cow::from(format!("{value:#}")),
    }
}
