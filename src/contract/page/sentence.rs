//! A sentence that nobody stores: its length and its hashes, enough to find it again in another text.
//!
//! A hash says nothing of where its sentence begins, so every stretch of the sentence's length has to be tried. Hashing each with
//! SHA-256 would take a page's length times a sentence's for every length there is. So the lock keeps a polynomial hash as well,
//! which moves from one stretch to the next in a few steps; only where it agrees is SHA-256 asked, and SHA-256 decides.

use super::Normalised;
use crate::text::source::{sha256, to_hexadecimal};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Display};
use std::ops::Range;

/// The length and the hashes of a normalised sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sentence {
    letters: usize,
    rolling: u64,
    sha256: String,
    /// The beginning of the SHA-256 of the letters with the signs between them.
    signs: String,
}

/// Whether a text has a sentence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// It has not.
    #[default]
    Absent,
    /// It has, letter by letter, but with other signs in it.
    Altered,
    /// It has, signs included.
    Exact,
}

/// How many hexadecimal digits tell signs apart; they decide nothing alone.
const SIGN_DIGITS: usize = 16;

/// How many stretches that look right are looked at; a text of one letter over and over has more, and nothing else has.
const MOST_LOOKS: usize = 64;

impl Sentence {
    /// A text as a sentence; none where it has neither letter nor digit.
    pub fn of(text: &Normalised) -> Option<Self> {
        let whole = 0..text.letters().len();
        let (_, rolling) = Stretches::new(text.letters(), whole.end)?.next()?;
        let (sha256, signs) = hashes(text, whole.clone());
        Some(Self { letters: whole.end, rolling, sha256, signs })
    }

    /// How many letters and digits it has.
    pub fn letters(&self) -> usize {
        self.letters
    }

    /// How many times a text has it, whatever the signs in it.
    pub fn times(&self, text: &Normalised) -> usize {
        let stretches = Stretches::new(text.letters(), self.letters).into_iter().flatten();
        stretches.filter(|(_, rolling)| *rolling == self.rolling).count()
    }

    /// Whether another one has the same letters, whatever its signs.
    pub fn letters_are(&self, other: &Self) -> bool {
        self.sha256 == other.sha256
    }

    fn presence(&self, text: &Normalised, start: usize) -> Presence {
        let (sha256, signs) = hashes(text, start..start + self.letters);
        match (sha256 == self.sha256, signs == self.signs) {
            (false, _) => Presence::Absent,
            (true, false) => Presence::Altered,
            (true, true) => Presence::Exact,
        }
    }
}

fn hashes(text: &Normalised, range: Range<usize>) -> (String, String) {
    let sha256 = digest(&text.text(range.clone()));
    let signs = digest(&text.signed(range)).chars().take(SIGN_DIGITS).collect();
    (sha256, signs)
}

/// The SHA-256 of a text, in hexadecimal digits.
pub(super) fn digest(text: &str) -> String {
    to_hexadecimal(&sha256(text.as_bytes()))
}

/// Which of the sentences a text has, in their order.
pub fn find(text: &Normalised, sentences: &[&Sentence]) -> Vec<Presence> {
    let mut found = vec![Presence::Absent; sentences.len()];
    let mut lengths: BTreeMap<usize, HashMap<u64, Vec<usize>>> = BTreeMap::new();
    for (index, sentence) in sentences.iter().enumerate() {
        lengths.entry(sentence.letters).or_default().entry(sentence.rolling).or_default().push(index);
    }
    let mut looks = vec![MOST_LOOKS; sentences.len()];
    for (length, wanted) in lengths {
        for (start, rolling) in Stretches::new(text.letters(), length).into_iter().flatten() {
            for &index in wanted.get(&rolling).into_iter().flatten() {
                if let (Some(sentence), Some(found), Some(looks)) =
                    (sentences.get(index), found.get_mut(index), looks.get_mut(index))
                    && *found < Presence::Exact
                    && *looks > 0
                {
                    *looks -= 1;
                    *found = sentence.presence(text, start).max(*found);
                }
            }
        }
    }
    found
}

/// Every stretch of a length: where it begins, and its polynomial hash.
struct Stretches<'a> {
    letters: &'a [char],
    length: usize,
    start: usize,
    hash: u64,
    /// What the first letter of a stretch is multiplied by.
    weight: u64,
}

/// A prime, so that few different stretches have one hash.
const MODULUS: u64 = (1 << 61) - 1;
const BASE: u64 = 0x0b4d_5e1f_8a63_c927;

fn multiply(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right) % u128::from(MODULUS);
    // A remainder is less than the modulus, which has 61 bits.
    u64::try_from(product).unwrap_or_default()
}

fn append(hash: u64, letter: char) -> u64 {
    (multiply(hash, BASE) + u64::from(u32::from(letter))) % MODULUS
}

impl<'a> Stretches<'a> {
    /// None where the text has no stretch of the length, or the length is none.
    fn new(letters: &'a [char], length: usize) -> Option<Self> {
        let first = letters.get(..length).filter(|first| !first.is_empty())?;
        let weight = (1..length).fold(1, |weight, _| multiply(weight, BASE));
        let hash = first.iter().fold(0, |hash, letter| append(hash, *letter));
        Some(Self { letters, length, start: 0, hash, weight })
    }
}

impl Iterator for Stretches<'_> {
    type Item = (usize, u64);

    fn next(&mut self) -> Option<Self::Item> {
        let first = *self.letters.get(self.start)?;
        if self.start + self.length > self.letters.len() {
            return None;
        }
        let current = (self.start, self.hash);
        if let Some(next) = self.letters.get(self.start + self.length) {
            let without = self.hash + MODULUS - multiply(self.weight, u64::from(u32::from(first)));
            self.hash = append(without % MODULUS, *next);
        }
        self.start += 1;
        Some(current)
    }
}

impl Display for Sentence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {:016x} {} {}", self.letters, self.rolling, self.sha256, self.signs)
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
        let read = || {
            let mut words = text.split(' ');
            let letters = words.next()?.parse().ok().filter(|letters| *letters > 0)?;
            let rolling = u64::from_str_radix(hexadecimal(words.next()?, 16)?, 16).ok()?;
            let sha256 = hexadecimal(words.next()?, 64)?.to_owned();
            let signs = hexadecimal(words.next()?, SIGN_DIGITS)?.to_owned();
            words.next().is_none().then_some(Self { letters, rolling, sha256, signs })
        };
        read().ok_or("a locked sentence is a length and three hashes: `proviso pages lock` writes it")
    }
}

fn hexadecimal(word: &str, digits: usize) -> Option<&str> {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (word.len() == digits && word.bytes().all(is_digit)).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(text: &str) -> Sentence {
        Sentence::of(&Normalised::of(text)).unwrap()
    }

    fn presence(page: &str, text: &str) -> Presence {
        find(&Normalised::of(page), &[&sentence(text)])[0]
    }

    #[test]
    fn a_sentence_is_found_wherever_it_stands() {
        for page in ["a b c", "xxa b c", "a b cxx", "xxa b cxx", "ab abc"] {
            assert_eq!(presence(page, "abc"), Presence::Exact, "{page}");
        }
        for page in ["", "ab", "acb", "axbxc"] {
            assert_eq!(presence(page, "abc"), Presence::Absent, "{page}");
        }
    }

    #[test]
    fn rolling_on_comes_to_what_beginning_anew_comes_to() {
        let page = Normalised::of("Jeder Satz steht für sich; ลิงก์ and all others too, ῼ");
        for length in 1..page.letters().len() {
            for (start, rolling) in Stretches::new(page.letters(), length).unwrap() {
                let anew = sentence(&page.text(start..start + length));
                assert_eq!(rolling, anew.rolling, "{length} letters from {start}");
            }
        }
    }

    #[test]
    fn other_signs_are_told_unless_some_occurrence_has_the_right_ones() {
        assert_eq!(presence("v 15", "v 1.5"), Presence::Altered);
        assert_eq!(presence("v 15, v 1.5", "v 1.5"), Presence::Exact);
        assert_eq!(presence("v 1.5, v 15", "v 1.5"), Presence::Exact);
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
            "é".repeat(64),
        ];
        for text in wrong {
            assert!(Sentence::try_from(text.clone()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_text_of_one_letter_is_searched_without_looking_everywhere() {
        let page = Normalised::of(&"a".repeat(20_000));
        let wanted = sentence(&format!("a.{}", "a".repeat(9_999)));
        assert_eq!(find(&page, &[&wanted]), [Presence::Altered]);
    }
}
