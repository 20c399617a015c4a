//! One fault as a person writes it: `delay=200ms`, `503*2`, `DELETE:lost*1`, `429=1@10%`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

use crate::mock::faults::{Breakage, Fault};

/// The longest delay that can be asked for.
const MAX_DELAY: Duration = Duration::from_hours(1);
/// The words that stand for faults.
const KINDS: [&str; 8] = ["delay", "status", "429", "reset", "lost", "cut", "garbage", "html"];

/// A fault and the requests that it happens to: `[METHOD:]FAULT[*FIRST|@PERCENT%]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rule {
    /// The only method that it happens to, if there is one.
    pub method: Option<String>,
    /// What goes wrong.
    pub fault: Fault,
    /// Which of the requests it happens to.
    pub timing: Timing,
}

/// Which of the requests a fault happens to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timing {
    /// All of them.
    Always,
    /// So many first tries of each distinct request.
    First(u32),
    /// So many of every hundred requests, evenly spread: with 10, the tenth, the twentieth and so on.
    Percent(u32),
}

/// A text that is no fault: what is wrong with it, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a fault: {problem}")]
pub struct RuleError {
    /// The text as it was written.
    pub text: String,
    /// What is wrong and what would be right.
    pub problem: String,
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        read(text.trim()).map_err(|problem| RuleError { text: shorten(text.trim()), problem })
    }
}

/// A mistake is shown, not repeated at full length.
fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}

fn read(text: &str) -> Result<Rule, String> {
    let (method, rest) = match text.split_once(':') {
        Some((method, rest)) => (Some(read_method(method.trim())?), rest),
        None => (None, text),
    };
    let (what, timing) = read_timing(rest)?;
    Ok(Rule { method, fault: read_fault(what.trim())?, timing })
}

fn read_method(word: &str) -> Result<String, String> {
    if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Ok(word.to_owned())
    } else {
        Err("before the colon stands a method in capitals, as in `DELETE:503`".to_owned())
    }
}

fn read_timing(text: &str) -> Result<(&str, Timing), String> {
    if let Some((what, count)) = text.split_once('*') {
        let count = number(count, 1, 1_000_000);
        return Ok((what, Timing::First(count.ok_or("after `*` stands how many tries fail, as in `503*2`")?)));
    }
    if let Some((what, share)) = text.split_once('@') {
        let percent = share.trim().strip_suffix('%').and_then(|digits| number(digits, 1, 100));
        return Ok((
            what,
            Timing::Percent(percent.ok_or("after `@` stands a share from 1% to 100%, as in `503@10%`")?),
        ));
    }
    Ok((text, Timing::Always))
}

fn read_fault(text: &str) -> Result<Fault, String> {
    let (kind, value) = match text.split_once('=') {
        Some((kind, value)) => (kind.trim(), Some(value.trim())),
        None => (text, None),
    };
    if kind == "delay" {
        return Ok(Fault { delay: read_delay(value)?, breakage: None });
    }
    Ok(Fault { delay: Duration::ZERO, breakage: Some(read_breakage(kind, value)?) })
}

fn read_delay(value: Option<&str>) -> Result<Duration, String> {
    value
        .and_then(|value| humantime::parse_duration(value).ok())
        .filter(|delay| *delay <= MAX_DELAY)
        .ok_or_else(|| "a delay is a time of at most one hour, as in `delay=200ms`".to_owned())
}

fn read_breakage(kind: &str, value: Option<&str>) -> Result<Breakage, String> {
    match (kind, value) {
        ("status", value) => read_status(value.unwrap_or_default()),
        ("429", value) => read_retry_after(value),
        ("reset", None | Some("before")) => Ok(Breakage::Reset),
        ("reset", Some("during")) => Ok(Breakage::Torn),
        ("reset", Some(_)) => Err("a reset comes `reset=before` or `reset=during` the answer".to_owned()),
        ("lost", None) => Ok(Breakage::Lost),
        ("cut", None) => Ok(Breakage::Cut),
        ("garbage", None) => Ok(Breakage::Garbage),
        ("html", None) => Ok(Breakage::Html),
        ("lost" | "cut" | "garbage" | "html", Some(_)) => Err(format!("`{kind}` takes no value")),
        (status, None) if status.parse::<u16>().is_ok() => read_status(status),
        _ => Err(suggest(kind)),
    }
}

fn read_status(text: &str) -> Result<Breakage, String> {
    match number(text, 400, 599) {
        Some(429) => Ok(Breakage::TooMany(None)),
        Some(status) => Ok(Breakage::Status(u16::try_from(status).unwrap_or(500))),
        None => Err("the status of a fault is a number from 400 to 599, as in `status=503`".to_owned()),
    }
}

fn read_retry_after(value: Option<&str>) -> Result<Breakage, String> {
    let Some(value) = value else { return Ok(Breakage::TooMany(None)) };
    let seconds = number(value, 0, u32::MAX).ok_or("after `429=` stand the seconds of Retry-After, as in `429=1`")?;
    Ok(Breakage::TooMany(Some(seconds)))
}

fn suggest(kind: &str) -> String {
    let near = KINDS
        .iter()
        .filter(|known| strsim::osa_distance(known, &shorten(kind)) <= 2)
        .min_by_key(|known| strsim::osa_distance(known, &shorten(kind)));
    match near {
        Some(known) => format!("there is no `{}`; perhaps `{known}` was meant", shorten(kind)),
        None => {
            "the faults are delay=200ms, status=503, 429=1, reset, reset=during, lost, cut, garbage and html".to_owned()
        }
    }
}

/// Digits and nothing else, within bounds.
fn number(text: &str, least: u32, most: u32) -> Option<u32> {
    let text = text.trim();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|value| digits && (least..=most).contains(value))
}

/// The same text reads as the same rule.
impl fmt::Display for Rule {
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
