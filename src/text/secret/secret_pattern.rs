//! The byte sequences that betray a value: itself, parts of it, and its forms that no decoding of the text undoes.

use super::{bytes_from, bytes_in};
use crate::text::source::text_part;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::ops::Range;

/// A sequence to be searched for, in any letter case.
pub(super) struct SecretPattern {
    /// The sequence.
    pub(super) bytes: Vec<u8>,
    /// True if it is made of an encoding's letters, which may be broken over lines.
    pub(super) breaks: bool,
    /// The number of letters of the encoding before it that hold some bits of the value too.
    leads: usize,
    /// The number of letters of the encoding behind it that hold some bits of the value too.
    trails: usize,
}

/// The letters of an encoding, each of which holds the same number of bits.
struct Alphabet {
    letters: &'static [u8],
    bits: usize,
}

const STANDARD: Alphabet =
    Alphabet { letters: b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", bits: 6 };
const URL_SAFE: Alphabet =
    Alphabet { letters: b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", bits: 6 };
const BASE32: Alphabet = Alphabet { letters: b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bits: 5 };
const HEXADECIMAL: Alphabet = Alphabet { letters: b"0123456789abcdef", bits: 4 };

/// The fewest characters of a value whose rarer forms are searched for; those of a shorter one would be found in innocent text.
const RARER: usize = 8;

/// The longest value whose rarer forms are searched for, in bytes: they take several times the room of the others.
const LONGEST_RARER: usize = 1024;

/// The fewest characters of a value that are hidden where the rest of it is missing.
const PART: usize = 12;

impl SecretPattern {
    /// The value as it is.
    pub(super) fn plain(value: &str) -> Self {
        Self::exact(value.as_bytes().to_vec())
    }

    fn exact(bytes: Vec<u8>) -> Self {
        Self { bytes, breaks: false, leads: 0, trails: 0 }
    }

    /// The letters that an encoding of a longer text has where the bytes begin behind so many others, up to a multiple: those that
    /// hold bits of the bytes alone.
    fn encoded(bytes: &[u8], before: usize, alphabet: &Alphabet) -> Self {
        let Alphabet { letters, bits } = *alphabet;
        let (start, end) = (before * 8, (before + bytes.len()) * 8);
        let (leads, trails) = (!start.is_multiple_of(bits), !end.is_multiple_of(bits));
        // The first bits belong to a letter that holds bits of what is before as well.
        let mut foreign = start.next_multiple_of(bits) - start;
        let (mut encoded, mut held, mut count) = (Vec::with_capacity(bytes.len() * 8 / bits), 0_usize, 0);
        for byte in bytes {
            held = (held << 8 | usize::from(*byte)) & 0xffff;
            count += 8 - std::mem::take(&mut foreign);
            while count >= bits {
                count -= bits;
                encoded.extend(letters.get((held >> count) % letters.len()));
            }
        }
        Self { bytes: encoded, breaks: true, leads: leads.into(), trails: trails.into() }
    }

    /// The stretch to replace: the sequence with the neighbours that hold bits of the value.
    pub(super) fn widen(&self, bytes: &[u8], range: Range<usize>) -> Range<usize> {
        let before = bytes_in(bytes, 0..range.start).iter().rev().take(self.leads);
        let behind = bytes_from(bytes, range.end).iter().take(self.trails);
        let leads = before.take_while(|byte| is_base64(**byte)).count();
        let trails = behind.take_while(|byte| is_base64(**byte)).count();
        range.start - leads..range.end + trails
    }
}

/// Returns true for a letter of Base64 in either of its alphabets.
pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}

/// The end, padding included, of the Base64 that goes on at this place.
pub(super) fn end_of_base64(bytes: &[u8], at: usize) -> usize {
    let rest = bytes_from(bytes, at);
    let letters = rest.iter().take_while(|byte| is_base64(**byte)).count();
    let padding = rest.iter().skip(letters).take_while(|byte| **byte == b'=').count();
    at + letters + padding
}

/// The characters that stay as they are where requests are percent-encoded.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A text as requests have it in a URL or a form.
pub fn percent(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

/// The value in every form that no decoding undoes.
pub(super) fn all_patterns(value: &str) -> Vec<SecretPattern> {
    let bytes = value.as_bytes();
    let mut patterns = vec![SecretPattern::plain(value), SecretPattern::encoded(bytes, 0, &HEXADECIMAL)];
    patterns.extend(base64_patterns(bytes));
    if value.chars().count() >= RARER && bytes.len() <= LONGEST_RARER {
        patterns.extend(rarer_patterns(value));
    }
    patterns.sort_by(|left, right| left.bytes.cmp(&right.bytes));
    patterns.dedup_by(|left, right| left.bytes == right.bytes);
    patterns
}

/// Every run of so many characters behind the first few, which show only what kind of value it is.
pub(super) fn part_patterns(value: &str, kind: usize) -> Vec<SecretPattern> {
    let starts: Vec<usize> = value.char_indices().map(|(at, _)| at).chain([value.len()]).skip(kind).collect();
    let ends = starts.iter().skip(PART);
    starts.iter().zip(ends).map(|(start, end)| SecretPattern::plain(text_part(value, *start..*end))).collect()
}

fn rarer_patterns(value: &str) -> Vec<SecretPattern> {
    let bytes = value.as_bytes();
    let octal = bytes.iter().flat_map(|byte| format!("{byte:03o}").into_bytes()).collect();
    let mut patterns = vec![
        SecretPattern { breaks: true, ..SecretPattern::exact(octal) },
        SecretPattern::exact(value.chars().rev().collect::<String>().into_bytes()),
        SecretPattern::exact(value.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        SecretPattern::exact(value.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ];
    patterns.extend((0..5).map(|before| SecretPattern::encoded(bytes, before, &BASE32)));
    for once in base64_patterns(bytes) {
        // A neighbour's bits lie in two letters of the second encoding.
        patterns.extend(base64_patterns(&once.bytes).map(|twice| SecretPattern {
            leads: twice.leads + 2 * once.leads,
            trails: twice.trails + 2 * once.trails,
            ..twice
        }));
    }
    patterns
}

fn base64_patterns(bytes: &[u8]) -> impl Iterator<Item = SecretPattern> {
    (0..3).flat_map(|before| [&STANDARD, &URL_SAFE].map(|alphabet| SecretPattern::encoded(bytes, before, alphabet)))
}
