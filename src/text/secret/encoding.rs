//! The byte sequences that betray a value: itself, parts of it, and its forms that no decoding of the text undoes.

use std::ops::Range;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// A sequence to be searched for, whatever the case of its letters.
#[derive(Clone)]
pub(super) struct Pattern {
    /// The sequence.
    pub(super) bytes: Vec<u8>,
    /// Whether it is made of an encoding's letters, which may be broken over lines.
    pub(super) breaks: bool,
    /// How many letters of the encoding before it hold some bits of the value too.
    leads: usize,
    /// How many letters of the encoding behind it hold some bits of the value too.
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
pub(super) const LONGEST_RARER: usize = 1024;

/// The fewest characters of a value that are hidden where the rest of it is missing.
pub(super) const PART: usize = 12;

impl Pattern {
    fn exact(bytes: Vec<u8>) -> Self {
        Self { bytes, breaks: false, leads: 0, trails: 0 }
    }

    /// The stretch to replace: the sequence with the neighbours that hold bits of the value.
    pub(super) fn widen(&self, bytes: &[u8], range: Range<usize>) -> Range<usize> {
        let encoded = |byte: &&u8| is_base64(**byte);
        let (before, behind) = (bytes.get(..range.start), bytes.get(range.end..));
        let leads = before.unwrap_or_default().iter().rev().take(self.leads).take_while(encoded).count();
        let trails = behind.unwrap_or_default().iter().take(self.trails).take_while(encoded).count();
        range.start - leads..range.end + trails
    }
}

/// Whether a byte is a letter of Base64 in either of its alphabets.
pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}

/// Where the Base64 ends, padding included, that goes on at this place.
pub(super) fn end_of_base64(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let letters = rest.iter().take_while(|byte| is_base64(**byte)).count();
    let padding = rest.iter().skip(letters).take_while(|byte| **byte == b'=').count();
    at + letters + padding
}

/// What stays as it is where requests are percent-encoded.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A text as requests have it in a URL or a form.
pub fn percent(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

/// The value as it is.
pub(super) fn plain(value: &str) -> Vec<Pattern> {
    vec![Pattern::exact(value.as_bytes().to_vec())]
}

/// The value in every form that no decoding undoes.
pub(super) fn all(value: &str) -> Vec<Pattern> {
    let bytes = value.as_bytes();
    let mut patterns = plain(value);
    patterns.push(digits(bytes, 0, &HEXADECIMAL));
    patterns.extend(base64(bytes));
    if value.chars().count() >= RARER && bytes.len() <= LONGEST_RARER {
        patterns.extend(rarer(value));
    }
    patterns.sort_by(|left, right| left.bytes.cmp(&right.bytes));
    patterns.dedup_by(|left, right| left.bytes == right.bytes);
    patterns
}

/// Every run of so many characters behind the first few, which say only what kind of value it is.
pub(super) fn parts(value: &str, kind: usize) -> Vec<Pattern> {
    let starts: Vec<usize> = value.char_indices().map(|(at, _)| at).chain([value.len()]).skip(kind).collect();
    let part = |window: &[usize]| Some(value.get(*window.first()?..*window.last()?)?.as_bytes().to_vec());
    starts.windows(PART + 1).filter_map(part).map(Pattern::exact).collect()
}

fn rarer(value: &str) -> Vec<Pattern> {
    let bytes = value.as_bytes();
    let octal = bytes.iter().flat_map(|byte| format!("{byte:03o}").into_bytes()).collect();
    let reversed = value.chars().rev().collect::<String>().into_bytes();
    let mut patterns = vec![
        Pattern { breaks: true, ..Pattern::exact(octal) },
        Pattern::exact(reversed),
        Pattern::exact(value.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        Pattern::exact(value.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ];
    patterns.extend((0..5).map(|before| digits(bytes, before, &BASE32)));
    for once in base64(bytes) {
        // A neighbour's bits lie in two letters of the second encoding.
        let twice = base64(&once.bytes).into_iter();
        patterns.extend(twice.map(|twice| Pattern {
            leads: twice.leads + 2 * once.leads,
            trails: twice.trails + 2 * once.trails,
            ..twice
        }));
    }
    patterns
}

fn base64(bytes: &[u8]) -> Vec<Pattern> {
    (0..3).flat_map(|before| [digits(bytes, before, &STANDARD), digits(bytes, before, &URL_SAFE)]).collect()
}

/// The letters that an encoding of a longer text has where the bytes begin behind so many others, up to a multiple: those that
/// hold bits of the bytes alone.
fn digits(bytes: &[u8], before: usize, alphabet: &Alphabet) -> Pattern {
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
            encoded.push(letters.get((held >> count) % letters.len()).copied().unwrap_or_default());
        }
    }
    Pattern { bytes: encoded, breaks: true, leads: leads.into(), trails: trails.into() }
}
