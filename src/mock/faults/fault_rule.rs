//! One fault as a person writes it: `delay=200ms`, `503*2`, `DELETE:lost*1`, `429=1@10%`.

use super::{Breakage, Fault};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;
use thiserror::Error;

/// The longest delay that can be asked for.
const MAX_DELAY: Duration = Duration::from_hours(1);
/// The form of a status.
const STATUS_FORM: &str = "the status of a fault is a number from 400 to 599, as in `status=503`";
/// The words for faults.
const KINDS: [&str; 8] = ["delay", "status", "429", "reset", "lost", "cut", "garbage", "html"];

/// A fault and the requests that it happens to: `[METHOD:]FAULT[*FIRST|@PERCENT%]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FaultRule {
    /// The only method that it happens to, if there is one.
    pub method: Option<String>,
    /// The fault.
    pub fault: Fault,
    /// The share of the requests that it happens to.
    pub timing: Timing,
}

/// The share of the requests that a fault happens to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timing {
    /// All of them.
    Always,
    /// So many first tries of each distinct request.
    First(u32),
    /// So many of every hundred requests, evenly spread: with 10, the tenth, the twentieth and so on.
    Percent(u32),
}

/// A text that is not a fault: what is wrong with it, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a fault: {problem}")]
pub struct FaultRuleError {
    /// The text as it was written.
    pub text: String,
    /// The sentence that says what is wrong and what would be right.
    pub problem: Cow<'static, str>,
}

/// A sentence about a mistake in a text.
type Problem = Cow<'static, str>;

impl FromStr for FaultRule {
    type Err = FaultRuleError;

    fn from_str(text: &str) -> Result<Self, FaultRuleError> {
        read_rule(text.trim()).map_err(|problem| FaultRuleError { text: shorten(text.trim()), problem })
    }
}

/// A mistake is shown, not repeated at full length.
fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}

fn read_rule(text: &str) -> Result<FaultRule, Problem> {
    let (method, rest) = match text.split_once(':') {
        Some((method, rest)) => (Some(read_method(method.trim())?), rest),
        None => (None, text),
    };
    let (what, timing) = read_timing(rest)?;
    Ok(FaultRule { method, fault: read_fault(what.trim())?, timing })
}

fn read_method(word: &str) -> Result<String, Problem> {
    if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Ok(word.to_owned())
    } else {
        Err("before the colon stands a method in capitals, as in `DELETE:503`".into())
    }
}

fn read_timing(text: &str) -> Result<(&str, Timing), Problem> {
    if let Some((what, count)) = text.split_once('*') {
        let count = bounded_number(count, 1, 1_000_000);
        return Ok((what, Timing::First(count.ok_or("after `*` stands how many tries fail, as in `503*2`")?)));
    }
    if let Some((what, share)) = text.split_once('@') {
        let percent = share.trim().strip_suffix('%').and_then(|digits| bounded_number(digits, 1, 100));
        return Ok((
            what,
            Timing::Percent(percent.ok_or("after `@` stands a share from 1% to 100%, as in `503@10%`")?),
        ));
    }
    Ok((text, Timing::Always))
}

fn read_fault(text: &str) -> Result<Fault, Problem> {
    let (kind, value) = match text.split_once('=') {
        Some((kind, value)) => (kind.trim(), Some(value.trim())),
        None => (text, None),
    };
    if kind == "delay" {
        return Ok(Fault { delay: read_delay(value)?, breakage: None });
    }
    Ok(Fault { delay: Duration::ZERO, breakage: Some(read_breakage(kind, value)?) })
}

fn read_delay(value: Option<&str>) -> Result<Duration, Problem> {
    value
        .and_then(|value| humantime::parse_duration(value).ok())
        .filter(|delay| *delay <= MAX_DELAY)
        .ok_or_else(|| "a delay is a time of at most one hour, as in `delay=200ms`".into())
}

fn read_breakage(kind: &str, value: Option<&str>) -> Result<Breakage, Problem> {
    match (kind, value) {
        ("status", Some(value)) => read_status(value),
        ("429", value) => read_retry_after(value),
        ("reset", None | Some("before")) => Ok(Breakage::Reset),
        ("reset", Some("during")) => Ok(Breakage::Torn),
        ("reset", Some(_)) => Err("a reset comes `reset=before` or `reset=during` the answer".into()),
        ("lost", None) => Ok(Breakage::Lost),
        ("cut", None) => Ok(Breakage::Cut),
        ("garbage", None) => Ok(Breakage::Garbage),
        ("html", None) => Ok(Breakage::Html),
        ("lost" | "cut" | "garbage" | "html", Some(_)) => Err(format!("`{kind}` takes no value").into()),
        ("status", None) => Err(STATUS_FORM.into()),
        (status, None) if status.parse::<u16>().is_ok() => read_status(status),
        _ => Err(suggest_kind(kind)),
    }
}

fn read_status(text: &str) -> Result<Breakage, Problem> {
    match bounded_number(text, 400, 599) {
        Some(429) => Ok(Breakage::TooMany(None)),
        Some(status) => Ok(Breakage::Status(u16::try_from(status).unwrap_or(500))),
        None => Err(STATUS_FORM.into()),
    }
}

fn read_retry_after(value: Option<&str>) -> Result<Breakage, Problem> {
    let Some(value) = value else { return Ok(Breakage::TooMany(None)) };
    let seconds =
        bounded_number(value, 0, u32::MAX).ok_or("after `429=` stand the seconds of Retry-After, as in `429=1`")?;
    Ok(Breakage::TooMany(Some(seconds)))
}

fn suggest_kind(kind: &str) -> Problem {
    let kind = shorten(kind);
    let near =
        KINDS.iter().map(|known| (strsim::osa_distance(known, &kind), known)).min_by_key(|(distance, _)| *distance);
    match near {
        Some((..=2, known)) => format!("there is no `{kind}`; perhaps `{known}` was meant").into(),
        _ => "the faults are delay=200ms, status=503, 429=1, reset, reset=during, lost, cut, garbage and html".into(),
    }
}

/// Digits and nothing else, within bounds.
fn bounded_number(text: &str, least: u32, most: u32) -> Option<u32> {
    let text = text.trim();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|value| digits && (least..=most).contains(value))
}

/// The same text reads as the same rule.
impl fmt::Display for FaultRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(method) = &self.method {
            write!(formatter, "{method}:")?;
        }
        match self.fault.breakage {
            None => write!(
                formatter,
                "delay={}",
                humantime::format_duration(self.fault.delay).to_string().replace(' ', "")
            )?,
            Some(breakage) => write!(formatter, "{breakage}")?,
        }
        match self.timing {
            Timing::Always => Ok(()),
            Timing::First(count) => write!(formatter, "*{count}"),
            Timing::Percent(percent) => write!(formatter, "@{percent}%"),
        }
    }
}

impl fmt::Display for Breakage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(formatter, "status={status}"),
            Self::TooMany(None) => formatter.write_str("429"),
            Self::TooMany(Some(seconds)) => write!(formatter, "429={seconds}"),
            Self::Reset => formatter.write_str("reset"),
            Self::Lost => formatter.write_str("lost"),
            Self::Torn => formatter.write_str("reset=during"),
            Self::Cut => formatter.write_str("cut"),
            Self::Garbage => formatter.write_str("garbage"),
            Self::Html => formatter.write_str("html"),
        }
    }
}
