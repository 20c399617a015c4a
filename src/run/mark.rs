//! The mark of what a run makes, `proviso-RUN-N`: how it is written, read, and found in a text.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

/// The beginning of every mark.
const PREFIX: &str = "proviso-";
/// The digits of a number in base 36.
const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// The number of decimal digits that are drawn for a run: no word of a person's ends in so many.
const DRAWN: usize = 8;

/// A run: the second in which it began, in base 36, then eight drawn digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RunId {
    started: u64,
    drawn: u32,
}

/// The mark of one thing that a run makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mark {
    /// The run.
    pub run: RunId,
    /// The number of the thing in its run.
    pub number: u64,
}

/// A text that is not a mark, or not the run in one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadMark {
    /// It is not of the form of a run.
    #[error("`{0}` is not a run: expected its start in base 36, then {DRAWN} digits")]
    Run(String),
    /// It is not of the form of a mark.
    #[error("`{0}` is not a mark: expected `{PREFIX}RUN-N`")]
    Mark(String),
}

impl RunId {
    /// A run that begins now.
    pub fn begin() -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { started: since.as_secs(), drawn: fastrand::u32(..10_u32.pow(8)) }
    }

    /// The time since it began; a run that is to begin later has no age.
    pub fn age(self) -> Duration {
        let began = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(self.started));
        began.and_then(|began| SystemTime::now().duration_since(began).ok()).unwrap_or_default()
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.started;
        let digits = std::iter::from_fn(|| {
            let digit = usize::try_from(rest % 36).ok().filter(|_| rest > 0)?;
            rest /= 36;
            DIGITS.get(digit).copied().map(char::from)
        });
        let digits: Vec<char> = digits.collect();
        let start: String = digits.into_iter().rev().collect();
        write!(formatter, "{start}{:0DRAWN$}", self.drawn)
    }
}

impl FromStr for RunId {
    type Err = BadMark;

    fn from_str(text: &str) -> Result<Self, BadMark> {
        let read = || {
            let (start, drawn) = text.split_at_checked(text.len().checked_sub(DRAWN)?)?;
            Some(Self { started: u64::from_str_radix(start, 36).ok()?, drawn: drawn.parse().ok()? })
        };
        // Signs, capitals and leading zeros are read, but never written.
        read().filter(|run| run.to_string() == text).ok_or_else(|| BadMark::Run(text.to_owned()))
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}{}-{}", self.run, self.number)
    }
}

impl FromStr for Mark {
    type Err = BadMark;

    fn from_str(text: &str) -> Result<Self, BadMark> {
        let read = || {
            let (run, number) = text.strip_prefix(PREFIX)?.split_once('-')?;
            Some(Self { run: run.parse().ok()?, number: number.parse().ok()? })
        };
        read().filter(|mark| mark.to_string() == text).ok_or_else(|| BadMark::Mark(text.to_owned()))
    }
}

impl Mark {
    /// The marks in a text, each where a word begins and ends.
    pub fn all_in(text: &str) -> impl Iterator<Item = Self> {
        let word = |letter: char| letter.is_alphanumeric();
        text.match_indices(PREFIX).filter_map(move |(at, _)| {
            let (before, rest) = text.split_at_checked(at)?;
            let run = rest.strip_prefix(PREFIX)?.split(|letter| !word(letter)).next()?;
            let number = rest.get(PREFIX.len() + run.len()..)?.strip_prefix('-')?;
            let number = number.split(|letter| !word(letter)).next()?;
            let bounded = !before.ends_with(word);
            rest.get(..PREFIX.len() + run.len() + 1 + number.len()).filter(|_| bounded)?.parse().ok()
        })
    }
}

impl TryFrom<String> for RunId {
    type Error = BadMark;

    fn try_from(text: String) -> Result<Self, BadMark> {
        text.parse()
    }
}

impl From<RunId> for String {
    fn from(run: RunId) -> Self {
        run.to_string()
    }
}

impl TryFrom<String> for Mark {
    type Error = BadMark;

    fn try_from(text: String) -> Result<Self, BadMark> {
        text.parse()
    }
}

impl From<Mark> for String {
    fn from(mark: Mark) -> Self {
        mark.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: &str = "proviso-tk0pwx01234567-12";

    fn found(text: &str) -> Vec<String> {
        Mark::all_in(text).map(|mark| mark.to_string()).collect()
    }

    #[test]
    fn a_mark_is_read_as_it_is_written() {
        let run = RunId::begin();
        assert_eq!(run.to_string().parse(), Ok(run));
        assert!(run.age() < Duration::from_mins(1), "{:?}", run.age());
        let mark = Mark { run, number: 7 };
        assert_eq!(mark.to_string().parse(), Ok(mark));
        assert_eq!(MARK.parse::<Mark>().unwrap().to_string(), MARK);
    }

    #[test]
    fn what_no_run_writes_is_not_a_mark() {
        let others = [
            "",
            "link",
            "proviso-",
            "proviso--1",
            "proviso-ab12cd34-1",
            "proviso-technologies-1",
            "proviso-01234567-1",
            "proviso-tk0pwx01234567",
            "proviso-tk0pwx01234567-",
            "proviso-tk0pwx01234567-01",
            "proviso-tk0pwx01234567--1",
            "proviso-tk0pwx01234567-+1",
            "proviso-TK0PWX01234567-1",
            "proviso-0tk0pwx01234567-1",
            "proviso-+tk0pwx01234567-1",
            "proviso-tk0pwx0123456x-1",
            " proviso-tk0pwx01234567-1",
            "proviso-tk0pwx01234567-1\n",
            "proviso-zzzzzzzzzzzzzzzzzzz01234567-1",
            "proviso-é01234567-1",
        ];
        for other in others {
            assert!(other.parse::<Mark>().is_err(), "{other:?}");
            assert!(other.trim() != other || found(other).is_empty(), "{other:?}");
        }
    }

    #[test]
    fn a_mark_is_found_as_a_word_and_not_in_one_that_only_begins_like_it() {
        assert_eq!(found(&format!("https://example.com/{MARK}?x")), [MARK]);
        assert_eq!(found(&format!("{MARK}3, {MARK}")), [format!("{MARK}3"), MARK.to_owned()]);
        for other in [format!("1{MARK}"), format!("é{MARK}"), format!("{MARK}x"), MARK.replace('-', "_")] {
            assert_eq!(found(&other), Vec::<String>::new(), "{other}");
        }
    }

    #[test]
    fn a_run_that_is_to_begin_later_has_no_age() {
        assert_eq!("zzzzzz00000000".parse::<RunId>().unwrap().age(), Duration::ZERO);
        assert!("tk0pwx00000000".parse::<RunId>().unwrap().age() > Duration::ZERO);
        assert_eq!(RunId { started: u64::MAX, drawn: 0 }.age(), Duration::ZERO);
    }
}
