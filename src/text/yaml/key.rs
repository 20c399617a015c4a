//! Keys as written, and the texts that may be one.

use std::ops::Range;

use saphyr_parser::ScalarStyle;
use serde_json::Value;

use super::mistakes::Mistakes;
use super::plain_scalar::plain_scalar;
use crate::text::diagnostic::Code;

/// The key of the next value of a mapping.
pub(super) enum Key {
    /// The next value is itself a key.
    Awaited,
    /// The key's name, and the bytes at which it is written.
    Named(String, Range<usize>),
    /// A key that is refused; its value is read and dropped.
    Refused,
}

impl Key {
    /// A key as written; one that reads as a number, a truth value or null is reported, and kept as text.
    pub(super) fn read(text: &str, style: ScalarStyle, range: Range<usize>, mistakes: &mut Mistakes<'_>) -> Self {
        if style != ScalarStyle::Plain {
            return Self::Named(text.to_owned(), range);
        }
        if text == "<<" {
            let help = "write the keys out, or share them by a shape or a section";
            mistakes.report(Code::MergeKey, "merge keys are not part of the language", range, "a merge key", help);
            return Self::Refused;
        }
        if text.is_empty() {
            mistakes.report(Code::KeyNotText, "a value has no key", range, "no key stands here", "write `key: value`");
            return Self::Refused;
        }
        if let Some(kind) = kind_of(text) {
            let message = format!("the key `{text}` reads as {kind}, but a name is text");
            mistakes.report(Code::KeyNotText, message, range.clone(), kind, format!("quote it: `\"{text}\"`"));
        }
        Self::Named(text.to_owned(), range)
    }
}

/// The kind of value that a plain text reads as, if it is not text.
fn kind_of(text: &str) -> Option<&'static str> {
    match plain_scalar(text) {
        Ok(Value::String(_)) => None,
        Ok(Value::Null) => Some("null"),
        Ok(Value::Bool(_)) => Some("a truth value"),
        _ => Some("a number"),
    }
}
