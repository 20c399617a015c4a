//! What came from a vendor, made safe to show: nothing in it can move a cursor, hide, or reverse what stands beside it.

use crate::event::{CaseResult, FindingInfo};
use crate::verdict::Verdict;
use std::fmt::Write;
use std::time::Duration;

/// A text of one or several lines in which whatever is not meant for the eye is written as an escape.
pub(super) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => clean.push('\n'),
            '\t' => clean.push_str("    "),
            character if is_hidden(character) => {
                // Writing to a string cannot fail.
                let _ = write!(clean, "\\u{{{:x}}}", u32::from(character));
            }
            character => clean.push(character),
        }
    }
    clean
}

/// A text in which no line can be taken for a command to the pipeline that reads it: `::error::`, `##[group]`.
pub(super) fn inert(text: &str) -> String {
    let text = text.replace("##[", "#\\u{23}[").replace("##vso[", "#\\u{23}vso[");
    let disarm = |line: &str| match line.split_once("::") {
        Some((before, after)) if before.trim().is_empty() => format!("{before}:\\u{{3a}}{after}"),
        _ => line.to_owned(),
    };
    text.split_inclusive('\n').map(disarm).collect()
}

/// A text of several lines that any terminal and any pipeline can be shown.
pub fn printable(text: &str) -> String {
    inert(&clean(text))
}

/// A text as [`clean`] makes it, on one line.
pub(super) fn line(text: &str) -> String {
    clean(text).replace('\n', "\\n")
}

/// Control characters, those that turn the direction of what follows or take no room, and those that are none.
fn is_hidden(character: char) -> bool {
    let turns = matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}');
    let none = matches!(u32::from(character) & 0xffff, 0xfffe | 0xffff);
    character.is_control() || (turns && character != '\u{200d}') || character == '\u{feff}' || none
}

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
pub(super) fn count(number: usize, noun: &str) -> String {
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
