//! Words that several reports share: headlines, counts and durations.

use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, FindingInfo};
pub(super) use crate::text::visible::{inert, line, text as clean};
use std::time::Duration;

/// What is wrong with a case, in one line.
pub(super) fn headline(case: &CaseResult) -> String {
    let drifted = case.drift.iter().flat_map(|drift| &drift.differences);
    let drifted: Vec<String> = drifted.map(|it| format!("{}: {}", it.class.as_str(), it.message)).collect();
    let several = |first: &str, rest: usize, noun: &str| match rest {
        0 => first.to_owned(),
        rest => format!("{first} (and {})", count(rest, noun)),
    };
    let violates = case.verdict == Verdict::Violates;
    let said = match (&case.reason, case.findings.as_slice(), drifted.as_slice()) {
        (reason, [first, rest @ ..], _) if violates || reason.is_none() => {
            several(&wrong(first), rest.len(), "further finding")
        }
        (Some(reason), ..) => reason.clone(),
        (None, _, [first, rest @ ..]) => several(first, rest.len(), "further difference"),
        (None, ..) => case.promised.clone(),
    };
    line(said.trim_end())
}

/// What is wrong, with its place before it unless it begins with that itself.
pub(super) fn wrong(finding: &FindingInfo) -> String {
    let place = if finding.place.is_empty() { "body" } else { &finding.place };
    match finding.message.strip_prefix(place) {
        Some(rest) if rest.starts_with(' ') => finding.message.clone(),
        _ => format!("{place}: {}", finding.message),
    }
}

/// A text cut after so many characters, with a sign that it was.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// A number and what it counts: `1 case`, `2 cases`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// A duration as a person says it.
pub(super) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    match seconds {
        ..0.9995 => format!("{:.0} ms", seconds * 1e3),
        ..59.95 => format!("{seconds:.1} s"),
        _ => {
            let whole = duration.as_secs();
            format!("{} min {} s", whole / 60, whole % 60)
        }
    }
}
