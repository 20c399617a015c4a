//! The parts of a redacted text.

use super::hit::{Hit, merge_hits};
use super::{bytes_from, bytes_in, percent};
use std::sync::Arc;

/// A part of a redacted text: by position, so that no reader has to search for what the redactor put there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Bytes that were there, and stay.
    Text(&'a [u8]),
    /// A variable in place of a value.
    Variable {
        /// Its name.
        name: Arc<str>,
        /// The way in which the value was written.
        written: Written,
    },
}

impl<'a> Piece<'a> {
    /// Returns true for the variable of this name.
    pub fn is_variable(&self, wanted: &str) -> bool {
        matches!(self, Self::Variable { name, .. } if **name == *wanted)
    }

    /// The pieces of bytes in which these stretches are replaced.
    pub(super) fn split(bytes: &'a [u8], hits: Vec<Hit>) -> Vec<Self> {
        let mut pieces = Vec::new();
        let mut at = 0;
        for Hit { range, name, value, .. } in merge_hits(hits) {
            pieces.push(Self::Text(bytes_in(bytes, at..range.start)));
            at = range.end;
            let stretch = bytes_in(bytes, range);
            // What only its name hides is set as it is to be written.
            let written = value.map_or(Written::Plain, |value| Written::of(value.secret.expose(), stretch));
            pieces.push(Self::Variable { name, written });
        }
        pieces.push(Self::Text(bytes_from(bytes, at)));
        pieces.retain(|piece| *piece != Self::Text(&[]));
        pieces
    }
}

/// The way in which a value was written where a variable takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// As it is.
    Plain,
    /// With everything percent-encoded but letters, digits and `-._~`, as requests have it in a URL or a form.
    Percent,
    /// Within JSON: with a backslash before `"` and `\`.
    Json,
    /// In any other way, or only in part.
    Otherwise,
}

impl Written {
    /// The way in which a value is written in a stretch that holds it.
    fn of(value: &str, stretch: &[u8]) -> Self {
        if stretch == value.as_bytes() {
            Self::Plain
        } else if stretch == percent(value).as_bytes() {
            Self::Percent
        } else if stretch == value.replace('\\', "\\\\").replace('"', "\\\"").as_bytes() {
            Self::Json
        } else {
            Self::Otherwise
        }
    }
}
