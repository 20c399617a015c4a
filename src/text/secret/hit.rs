//! Stretches of a text that are replaced.

use super::decoded_view::DecodedView;
use super::value_group::SecretValue;
use super::{bytes_from, bytes_in};
use std::ops::Range;
use std::sync::Arc;

/// A stretch of text to be replaced.
pub(super) struct Hit {
    pub(super) range: Range<usize>,
    pub(super) name: Arc<str>,
    /// The value, where it is known itself and not only its name.
    pub(super) value: Option<Arc<SecretValue>>,
    /// The length of the stretch that gave the name.
    pub(super) weight: usize,
    /// True if it was found in an encoding that goes on with what follows the value.
    pub(super) encoded: bool,
    /// The quotes around the name.
    pub(super) quotes: Vec<u8>,
}

impl Hit {
    /// A value that its name hides; a secret in it that is known itself has the better name.
    pub(super) fn named(name: &str, range: Range<usize>, quotes: Vec<u8>) -> Self {
        Self { range, name: name.into(), value: None, weight: 0, encoded: false, quotes }
    }

    /// Returns true if both stretches share bytes.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.range.start < other.range.end && other.range.start < self.range.end
    }

    fn absorb(&mut self, other: Self) {
        self.range.end = self.range.end.max(other.range.end);
        if self.quotes.is_empty() {
            self.quotes = other.quotes;
        }
        if other.weight > self.weight {
            (self.name, self.value, self.weight) = (other.name, other.value, other.weight);
        }
    }
}

impl DecodedView {
    /// The same stretches in the bytes that were decoded.
    pub(super) fn origins(&self, hits: Vec<Hit>) -> impl Iterator<Item = Hit> {
        hits.into_iter().map(|hit| Hit { range: self.origin(&hit.range), ..hit })
    }
}

/// Writes names in place of the stretches.
pub(super) fn replace_hits(bytes: &[u8], hits: Vec<Hit>) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for Hit { range, name, quotes, .. } in merge_hits(hits) {
        let parts = [bytes_in(bytes, at..range.start), &quotes, b"$", name.as_bytes(), &quotes];
        parts.iter().for_each(|part| out.extend_from_slice(part));
        at = range.end;
    }
    out.extend_from_slice(bytes_from(bytes, at));
    out
}

/// The stretches in their order; those that overlap become one.
pub(super) fn merge_hits(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.range.start, hit.range.end));
    let mut merged: Vec<Hit> = Vec::new();
    for hit in hits {
        match merged.last_mut() {
            Some(last) if hit.range.start < last.range.end => last.absorb(hit),
            _ => merged.push(hit),
        }
    }
    merged
}
