//! Values as typed, each read by one function that says what would be right.

use proviso::run::event::ShardInfo;
use proviso::run::guard::{PERMITS, is_permit};
use proviso::text::secret::Secret;
use std::convert::Infallible;
use std::time::Duration;

/// One of so many parts of the cases, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shard {
    /// Which part.
    pub(crate) part: u64,
    /// Of how many.
    pub(crate) parts: u64,
}

impl Shard {
    /// The shard as a report names it.
    pub(crate) fn info(self) -> ShardInfo {
        ShardInfo { parts: vec![self.part], of: self.parts }
    }
}

/// `1/4`.
pub(crate) fn shard(text: &str) -> Result<Shard, String> {
    let read = |text: &str| text.parse::<u64>().ok().filter(|number| *number > 0);
    let shard = text.split_once('/').and_then(|(part, parts)| Some(Shard { part: read(part)?, parts: read(parts)? }));
    shard
        .filter(|shard| shard.part <= shard.parts)
        .ok_or_else(|| "write it as K/N with K from 1 to N, as 1/4".to_owned())
}

/// `10s`, `1m 30s`, `250ms`; a bare number is seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let read = match text.parse::<u32>() {
        Ok(seconds) => Some(Duration::from_secs(seconds.into())),
        Err(_) => humantime::parse_duration(text).ok(),
    };
    read.filter(|duration| !duration.is_zero()).ok_or_else(|| "write it as 10s, 250ms or 1m 30s".to_owned())
}

/// As a duration, but it may be nothing.
pub(crate) fn pause(text: &str) -> Result<Duration, String> {
    if text.trim_end_matches(['m', 's']) == "0" { Ok(Duration::ZERO) } else { duration(text) }
}

/// A text that may hold a password.
#[expect(clippy::unnecessary_wraps, reason = "an argument's reader may refuse")]
pub(crate) fn hidden(text: &str) -> Result<Secret, Infallible> {
    Ok(Secret::new(text))
}

/// `NAME=VALUE`.
pub(crate) fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    pair.map(|(name, value)| (name.to_owned(), value.to_owned())).ok_or_else(|| "write it as NAME=VALUE".to_owned())
}

/// The order of the cases where it is not the usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shuffle {
    /// Any.
    Any,
    /// The one that a seed makes, every time.
    Seed(u64),
}

/// A whole number, or `any`.
pub(crate) fn shuffle(text: &str) -> Result<Shuffle, String> {
    match text {
        "any" => Ok(Shuffle::Any),
        seed => seed.parse().map(Shuffle::Seed).map_err(|_| "a seed is a whole number".to_owned()),
    }
}

/// `host=VENDOR`, or another word that lifts a refusal.
pub(crate) fn permit(text: &str) -> Result<String, String> {
    let forms = || PERMITS.map(|(form, _)| form).join(", ");
    is_permit(text).then(|| text.to_owned()).ok_or_else(|| format!("write one of {}", forms()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_one_of_so_many_parts() {
        assert_eq!(shard("2/4"), Ok(Shard { part: 2, parts: 4 }));
        for wrong in ["", "1", "0/4", "5/4", "1/0", "a/b", "-1/4", "1/4/2"] {
            assert!(shard(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_bare_number_is_seconds_and_no_time_at_all_is_refused() {
        assert_eq!(duration("10"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("1m 30s"), Ok(Duration::from_secs(90)));
        for wrong in ["", "0", "0ms", "soon", "-1", "10x"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_pair_may_have_anything_in_its_value() {
        assert_eq!(pair("a=b=c"), Ok(("a".to_owned(), "b=c".to_owned())));
        assert_eq!(pair("a="), Ok(("a".to_owned(), String::new())));
        assert!(pair("=b").is_err() && pair("a").is_err());
    }
}
