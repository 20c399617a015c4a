//! Values as typed, each read by one function whose error names the right form.

use proviso::run::event::ShardInfo;
use proviso::run::guard::{PERMITS, is_permit};
use proviso::text::secret::Secret;
use std::convert::Infallible;
use std::time::Duration;

/// One of several parts of the cases, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shard {
    /// The part.
    pub(crate) part: u64,
    /// The number of parts.
    pub(crate) parts: u64,
}

impl From<Shard> for ShardInfo {
    /// The shard as a report names it.
    fn from(shard: Shard) -> Self {
        Self { parts: vec![shard.part], of: shard.parts }
    }
}

/// `1/4`.
pub(super) fn parse_shard(text: &str) -> Result<Shard, &'static str> {
    text.split_once('/')
        .and_then(|(part, parts)| Some(Shard { part: part.parse().ok()?, parts: parts.parse().ok()? }))
        .filter(|shard| shard.part > 0 && shard.part <= shard.parts)
        .ok_or("write it as K/N with K from 1 to N, as 1/4")
}

/// `10s`, `1m 30s`, `250ms`; a bare number is seconds.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.parse::<u32>().map(|seconds| Duration::from_secs(seconds.into()));
    seconds
        .or_else(|_| humantime::parse_duration(text))
        .ok()
        .filter(|duration| !duration.is_zero())
        .ok_or("write it as 10s, 250ms or 1m 30s")
}

/// As a duration, but it may be nothing.
pub(crate) fn parse_pause(text: &str) -> Result<Duration, &'static str> {
    if text.trim_end_matches(['m', 's']) == "0" { Ok(Duration::ZERO) } else { parse_duration(text) }
}

/// A text that may be a password.
#[expect(clippy::unnecessary_wraps, reason = "an argument's reader may refuse")]
pub(super) fn hide_value(text: &str) -> Result<Secret, Infallible> {
    Ok(Secret::new(text))
}

/// `NAME=VALUE`.
pub(super) fn parse_pair(text: &str) -> Result<(&str, &str), &'static str> {
    text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or("write it as NAME=VALUE")
}

/// The order of the cases where it is not the usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shuffle {
    /// Any.
    Any,
    /// The one that a seed makes, every time.
    Seed(u64),
}

impl Shuffle {
    /// The seed; one that is drawn where none was typed.
    pub(crate) fn seed(self) -> u64 {
        match self {
            Self::Seed(seed) => seed,
            Self::Any => fastrand::u64(..1_000_000),
        }
    }
}

/// A whole number, or `any`.
pub(super) fn parse_shuffle(text: &str) -> Result<Shuffle, &'static str> {
    match text {
        "any" => Ok(Shuffle::Any),
        seed => seed.parse().map(Shuffle::Seed).map_err(|_| "a seed is a whole number"),
    }
}

/// `host=VENDOR`, or another word that lifts a refusal.
pub(super) fn parse_permit(text: &str) -> Result<String, String> {
    if is_permit(text) {
        return Ok(text.to_owned());
    }
    Err(format!("write one of {}", PERMITS.map(|(form, _)| form).join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_one_of_so_many_parts() {
        assert_eq!(parse_shard("2/4"), Ok(Shard { part: 2, parts: 4 }));
        for wrong in ["", "1", "0/4", "5/4", "1/0", "a/b", "-1/4", "1/4/2"] {
            assert!(parse_shard(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_bare_number_is_seconds_and_no_time_at_all_is_refused() {
        assert_eq!(parse_duration("10"), Ok(Duration::from_secs(10)));
        assert_eq!(parse_duration("1m 30s"), Ok(Duration::from_secs(90)));
        for wrong in ["", "0", "0ms", "soon", "-1", "10x"] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_pair_may_have_anything_in_its_value() {
        assert_eq!(parse_pair("a=b=c"), Ok(("a", "b=c")));
        assert_eq!(parse_pair("a="), Ok(("a", "")));
        assert!(parse_pair("=b").is_err() && parse_pair("a").is_err());
    }
}
