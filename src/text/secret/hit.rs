//! Where values were found in a text, and what is written in their place.

use super::decoding::View;
use super::{Value, encoding};
use std::ops::Range;
use std::sync::Arc;

/// A stretch of text to be replaced.
pub(super) struct Hit {
    pub(super) range: Range<usize>,
    pub(super) name: Arc<str>,
    /// The value, where it is known by itself.
    pub(super) value: Option<Arc<Value>>,
    /// How long the stretch was that gave the name.
    pub(super) weight: usize,
    /// Whether it was found in an encoding that goes on with what follows the value.
    pub(super) encoded: bool,
    /// What the name is put between.
    pub(super) quotes: Vec<u8>,
}

impl Hit {
    /// A value that its name hides; a secret in it that is known by itself has the better name.
    pub(super) fn named(name: &str, range: Range<usize>, quotes: Vec<u8>) -> Self {
        Self { range, name: name.into(), value: None, weight: 0, encoded: false, quotes }
    }
}

/// A part of a redacted text: by position, so that no reader has to search for what the redactor put there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// What was there, and stays.
    Text(&'a [u8]),
    /// A variable in place of a value.
    Variable {
        /// Its name.
        name: Arc<str>,
        /// How the value was written.
        written: Written,
    },
}

impl Piece<'_> {
    /// Whether it is the variable of this name.
    pub fn is_variable(&self, wanted: &str) -> bool {
        matches!(self, Self::Variable { name, .. } if **name == *wanted)
    }
}

/// How a value was written where a variable takes its place.
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
    /// How a value is written in a stretch that holds it.
    fn of(value: &str, stretch: &[u8]) -> Self {
        let quoted = || value.replace('\\', "\\\\").replace('"', "\\\"");
        match stretch {
            _ if stretch == value.as_bytes() => Self::Plain,
            _ if stretch == encoding::percent(value).as_bytes() => Self::Percent,
            _ if stretch == quoted().as_bytes() => Self::Json,
            _ => Self::Otherwise,
        }
    }
}

impl View {
    /// The same stretches in the bytes that were decoded.
    pub(super) fn origins(&self, hits: Vec<Hit>) -> impl Iterator<Item = Hit> {
        hits.into_iter().map(|hit| Hit { range: self.origin(&hit.range), ..hit })
    }
}

/// Puts names in place of the stretches.
pub(super) fn replace(bytes: &[u8], hits: Vec<Hit>) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for Hit { range, name, quotes, .. } in merged(hits) {
        out.extend_from_slice(bytes.get(at..range.start).unwrap_or_default());
        out.extend_from_slice(&quotes);
        out.push(b'$');
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(&quotes);
        at = range.end;
    }
    out.extend_from_slice(bytes.get(at..).unwrap_or_default());
    out
}

pub(super) fn pieces(bytes: &[u8], hits: Vec<Hit>) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for Hit { range, name, value, .. } in merged(hits) {
        pieces.push(Piece::Text(bytes.get(at..range.start).unwrap_or_default()));
        let stretch = bytes.get(range.clone()).unwrap_or_default();
        // What only its name hides is set as it is to be written.
        let written = value.map_or(Written::Plain, |value| Written::of(value.secret.expose(), stretch));
        pieces.push(Piece::Variable { name, written });
        at = range.end;
    }
    pieces.push(Piece::Text(bytes.get(at..).unwrap_or_default()));
    pieces.retain(|piece| *piece != Piece::Text(&[]));
    pieces
}

/// The stretches in their order; those that overlap become one.
fn merged(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.range.start, hit.range.end));
    let mut merged: Vec<Hit> = Vec::new();
    for hit in hits {
        match merged.last_mut() {
            Some(last) if hit.range.start < last.range.end => {
                last.range.end = last.range.end.max(hit.range.end);
                if last.quotes.is_empty() {
                    last.quotes = hit.quotes;
                }
                if hit.weight > last.weight {
                    (last.name, last.value, last.weight) = (hit.name, hit.value, hit.weight);
                }
            }
            _ => merged.push(hit),
        }
    }
    merged
}
