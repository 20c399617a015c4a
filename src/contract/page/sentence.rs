//! A sentence that is not stored: its length and its hashes, enough to find it again in another text.
//!
//! A hash does not show where its sentence begins, so every stretch of the sentence's length has to be tried. Hashing each with
//! SHA-256 would take a page's length times a sentence's for every length there is. So the lock keeps a polynomial hash as well,
//! which moves from one stretch to the next in a few steps; only where it agrees is SHA-256 asked, and SHA-256 decides.

use super::{Margins, NormalisedText};
use crate::text::source::{sha256, to_hexadecimal};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Display};
use std::ops::Range;
use std::slice::Iter;

/// The length and the hashes of a normalised sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sentence {
    letters: usize,
    rolling: u64,
    sha256: String,
    /// The beginning of the SHA-256 of the letters with the signs between them and in the margins.
    signs: String,
    /// The signs around it that belong to it.
    margins: Margins,
    /// The number of times that its page has it.
    times: usize,
}

/// The presence of a sentence in a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Presence {
    /// The number of times that the text has it, signs included.
    pub exact: usize,
    /// The number of times that it has it letter by letter, but with other signs in it.
    pub altered: usize,
}

/// The number of hexadecimal digits that distinguish signs; they decide nothing alone.
const SIGN_DIGITS: usize = 16;

/// The number of stretches that look right and are looked at; only a text of one letter over and over has more.
const MOST_LOOKS: usize = 64;

impl Sentence {
    /// A text as a sentence; `None` where it has neither letter nor digit.
    pub fn new(text: &NormalisedText) -> Option<Self> {
        let whole = 0..text.letters().len();
        let (_, rolling) = Stretches::new(text.letters(), whole.end)?.next()?;
        let (letters, margins) = (whole.end, text.margins());
        let (sha256, signs) = hashes(text, whole, margins);
        Some(Self { letters, rolling, sha256, signs, margins, times: 1 })
    }

    /// The same sentence, on a page that has it so many times.
    pub(super) fn with_times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    /// The number of its letters and digits.
    pub fn letters(&self) -> usize {
        self.letters
    }

    /// The number of times that its page has it.
    pub fn times(&self) -> usize {
        self.times
    }

    /// Returns true if another one has the same letters and signs.
    pub fn is_same_text(&self, other: &Self) -> bool {
        self.sha256 == other.sha256 && self.signs == other.signs
    }
}

fn hashes(text: &NormalisedText, range: Range<usize>, margins: Margins) -> (String, String) {
    let sha256 = digest(&text.text(range.clone()));
    let signs = digest(&text.signed_text(range, margins)).chars().take(SIGN_DIGITS).collect();
    (sha256, signs)
}

/// The SHA-256 of a text, in hexadecimal digits.
pub(super) fn digest(text: &str) -> String {
    to_hexadecimal(&sha256(text.as_bytes()))
}

/// The presence of each of the sentences in a text, in their order.
pub fn find_sentences(text: &NormalisedText, sentences: &[&Sentence]) -> Vec<Presence> {
    let mut searches: Vec<Search<'_>> = sentences.iter().map(|sentence| Search::new(sentence)).collect();
    let mut by_length: BTreeMap<usize, HashMap<u64, Vec<&mut Search<'_>>>> = BTreeMap::new();
    for search in &mut searches {
        let of_length = by_length.entry(search.sentence.letters).or_default();
        of_length.entry(search.sentence.rolling).or_default().push(search);
    }
    for (length, mut wanted) in by_length {
        for (start, rolling) in Stretches::new(text.letters(), length).into_iter().flatten() {
            for search in wanted.get_mut(&rolling).into_iter().flatten() {
                search.look_at(text, start);
            }
        }
    }
    searches.into_iter().map(|search| search.found).collect()
}

/// The search for one sentence.
struct Search<'a> {
    sentence: &'a Sentence,
    found: Presence,
    looks: usize,
}

impl<'a> Search<'a> {
    fn new(sentence: &'a Sentence) -> Self {
        Self { sentence, found: Presence::default(), looks: 0 }
    }

    fn look_at(&mut self, text: &NormalisedText, start: usize) {
        if self.looks == MOST_LOOKS {
            return;
        }
        self.looks += 1;
        let (sha256, signs) = hashes(text, start..start + self.sentence.letters, self.sentence.margins);
        let has_letters = sha256 == self.sentence.sha256;
        let has_signs = signs == self.sentence.signs;
        self.found.exact += usize::from(has_letters && has_signs);
        self.found.altered += usize::from(has_letters && !has_signs);
    }
}

/// Every stretch of a length: where it begins, and its polynomial hash.
struct Stretches<'a> {
    leaving: Iter<'a, char>,
    entering: Iter<'a, char>,
    start: usize,
    /// The hash of the stretch that is next, if there is one.
    hash: Option<u64>,
    /// The factor of the first letter of a stretch.
    weight: u64,
}

/// A prime, so that few different stretches have one hash.
const MODULUS: u64 = (1 << 61) - 1;
const BASE: u64 = 0x0b4d_5e1f_8a63_c927;

fn multiply_hashes(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right) % u128::from(MODULUS);
    // A remainder is less than the modulus, which has 61 bits.
    u64::try_from(product).unwrap_or(0)
}

fn append_letter(hash: u64, letter: char) -> u64 {
    (multiply_hashes(hash, BASE) + u64::from(u32::from(letter))) % MODULUS
}

impl<'a> Stretches<'a> {
    /// The stretches of a text; `None` where it has none of the length, or the length is zero.
    fn new(letters: &'a [char], length: usize) -> Option<Self> {
        let (first, behind) = letters.split_at_checked(length).filter(|(first, _)| !first.is_empty())?;
        let weight = (1..length).fold(1, |weight, _| multiply_hashes(weight, BASE));
        let hash = first.iter().fold(0, |hash, letter| append_letter(hash, *letter));
        Some(Self { leaving: letters.iter(), entering: behind.iter(), start: 0, hash: Some(hash), weight })
    }
}

impl Iterator for Stretches<'_> {
    type Item = (usize, u64);

    fn next(&mut self) -> Option<Self::Item> {
        let hash = self.hash?;
        let start = self.start;
        self.start += 1;
        self.hash = self.leaving.next().zip(self.entering.next()).map(|(first, next)| {
            let without = hash + MODULUS - multiply_hashes(self.weight, u64::from(u32::from(*first)));
            append_letter(without % MODULUS, *next)
        });
        Some((start, hash))
    }
}

impl Display for Sentence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { letters, rolling, sha256, signs, margins: Margins { before, after }, times } = self;
        write!(formatter, "{letters} {rolling:016x} {sha256} {signs} {before}+{after} x{times}")
    }
}

impl From<Sentence> for String {
    fn from(sentence: Sentence) -> Self {
        sentence.to_string()
    }
}

impl TryFrom<String> for Sentence {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        parse_sentence(&text)
            .ok_or("a locked sentence is a length, three hashes and three numbers: `proviso pages lock` writes it")
    }
}

fn parse_sentence(text: &str) -> Option<Sentence> {
    let mut words = text.split(' ');
    let letters = words.next()?.parse().ok().filter(|letters| *letters > 0)?;
    let rolling = u64::from_str_radix(hexadecimal_word(words.next()?, 16)?, 16).ok()?;
    let sha256 = hexadecimal_word(words.next()?, 64)?.to_owned();
    let signs = hexadecimal_word(words.next()?, SIGN_DIGITS)?.to_owned();
    let (before, after) = words.next()?.split_once('+')?;
    let margins = Margins { before: before.parse().ok()?, after: after.parse().ok()? };
    let times = words.next()?.strip_prefix('x')?.parse().ok().filter(|times| *times > 0)?;
    words.next().is_none().then_some(Sentence { letters, rolling, sha256, signs, margins, times })
}

fn hexadecimal_word(word: &str, digits: usize) -> Option<&str> {
    (word.len() == digits && word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(text: &str) -> Sentence {
        Sentence::new(&NormalisedText::new(text)).unwrap()
    }

    fn presence(page: &str, text: &str) -> Presence {
        find_sentences(&NormalisedText::new(page), &[&sentence(text)])[0]
    }

    #[test]
    fn a_sentence_is_found_wherever_it_stands() {
        for page in ["a b c", "xxa b c", "a b cxx", "xxa b cxx", "ab abc"] {
            assert_eq!(presence(page, "abc"), Presence { exact: 1, altered: 0 }, "{page}");
        }
        for page in ["", "ab", "acb", "axbxc"] {
            assert_eq!(presence(page, "abc"), Presence::default(), "{page}");
        }
    }

    #[test]
    fn rolling_on_comes_to_what_beginning_anew_comes_to() {
        let page = NormalisedText::new("Jeder Satz steht für sich; ลิงก์ and all others too, ῼ");
        for length in 1..page.letters().len() {
            for (start, rolling) in Stretches::new(page.letters(), length).unwrap() {
                let anew = sentence(&page.text(start..start + length));
                assert_eq!(rolling, anew.rolling, "{length} letters from {start}");
            }
        }
    }

    #[test]
    fn each_occurrence_counts_with_its_own_signs() {
        assert_eq!(presence("v 15", "v 1.5"), Presence { exact: 0, altered: 1 });
        assert_eq!(presence("v 15, v 1.5", "v 1.5"), Presence { exact: 1, altered: 1 });
        assert_eq!(presence("v 1.5, v 1.5", "v 1.5"), Presence { exact: 2, altered: 0 });
        assert_eq!(presence("a: {}", "a: []"), Presence { exact: 0, altered: 1 });
        assert_eq!(presence("a: [], b", "a: []"), Presence { exact: 1, altered: 0 });
    }

    #[test]
    fn what_was_written_is_read_back_and_nothing_else_is() {
        let written = sentence("one sentence").to_string();
        assert_eq!(Sentence::try_from(written.clone()), Ok(sentence("one sentence")));
        let wrong = [
            String::new(),
            format!("{written} "),
            format!("-{written}"),
            written.replacen("11", "0", 1),
            written.to_uppercase(),
            written.chars().take(60).collect(),
            written.replacen(" 0+0", "", 1),
            written.replacen(" x1", " x0", 1),
            "é".repeat(64),
        ];
        for text in wrong {
            assert!(Sentence::try_from(text.clone()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_text_of_one_letter_is_searched_without_looking_everywhere() {
        let page = NormalisedText::new(&"a".repeat(20_000));
        let wanted = sentence(&format!("a.{}", "a".repeat(9_999)));
        assert_eq!(find_sentences(&page, &[&wanted]), [Presence { exact: 0, altered: MOST_LOOKS }]);
    }
}
