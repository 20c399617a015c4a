//! The byte sequences that betray a value: itself, its Base64 at every alignment, its hexadecimal form.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// A sequence to be searched for.
#[derive(Clone)]
pub(super) struct Pattern {
    /// The sequence.
    pub(super) bytes: Vec<u8>,
    /// Whether it is Base64, which may be broken over lines.
    pub(super) breaks: bool,
    /// Whether the Base64 character before it holds some bits of the value too.
    leads: bool,
    /// Whether the Base64 character behind it holds some bits of the value too.
    trails: bool,
}

impl Pattern {
    /// The stretch to replace: the sequence with the neighbours that hold bits of the value.
    pub(super) fn widen(&self, bytes: &[u8], range: Range<usize>) -> Range<usize> {
        let encoded =
            |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte));
        let start =
            if self.leads && range.start > 0 && encoded(range.start - 1) { range.start - 1 } else { range.start };
        let end = if self.trails && encoded(range.end) { range.end + 1 } else { range.end };
        start..end
    }
}

/// The value as it stands.
pub(super) fn plain(value: &[u8]) -> Vec<Pattern> {
    vec![Pattern { bytes: value.to_vec(), breaks: false, leads: false, trails: false }]
}

/// The value in every form that no decoding undoes.
pub(super) fn all(value: &[u8]) -> Vec<Pattern> {
    let mut patterns = plain(value);
    patterns.extend([hex(value, b"0123456789abcdef"), hex(value, b"0123456789ABCDEF")]);
    for before in 0..3 {
        patterns.push(base64(value, before, &STANDARD_NO_PAD));
        patterns.push(base64(value, before, &URL_SAFE_NO_PAD));
    }
    patterns.sort_by(|left, right| left.bytes.cmp(&right.bytes));
    patterns.dedup_by(|left, right| left.bytes == right.bytes);
    patterns
}

fn hex(value: &[u8], digits: &[u8; 16]) -> Pattern {
    let digit = |number: u8| digits.get(usize::from(number)).copied().unwrap_or_default();
    let bytes = value.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
    Pattern { bytes, breaks: false, leads: false, trails: false }
}

/// The characters that Base64 of a longer text has wherever the value begins this many bytes behind a multiple of three: those
/// that hold bits of the value alone.
fn base64(value: &[u8], before: usize, engine: &impl Engine) -> Pattern {
    let mut text = vec![0; before];
    text.extend_from_slice(value);
    let first = (before * 8).div_ceil(6);
    let last = text.len() * 8 / 6;
    let bytes = engine.encode(&text).into_bytes().get(first..last).unwrap_or_default().to_vec();
    Pattern { bytes, breaks: true, leads: before > 0, trails: !text.len().is_multiple_of(3) }
}
