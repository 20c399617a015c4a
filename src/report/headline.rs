//! A case, a finding, a notice or a place in one line, as several reports show them.

use super::count::Count;
use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, FindingInfo, KnownInfo, Location, Notice};
use crate::text::visible::line;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The mistake of a case, or its promise where there is no mistake, in one line.
pub(super) fn headline(case: &CaseResult) -> String {
    let differences = case.drift.as_ref().map_or(&[][..], |drift| &drift.differences);
    let words = match (case.findings.as_slice(), &case.reason, differences) {
        ([first, rest @ ..], reason, _) if case.verdict == Verdict::Violates || reason.is_none() => {
            with_further(finding_words(first), Count(rest.len(), "further finding"))
        }
        (_, Some(reason), _) => Cow::from(reason.lines().next().unwrap_or_default()),
        (_, None, [first, rest @ ..]) => {
            let first = format!("{}: {}", first.class.as_str(), first.message);
            with_further(Cow::from(first), Count(rest.len(), "further difference"))
        }
        (_, None, []) => Cow::from(&case.promised),
    };
    line(words.trim_end())
}

fn with_further<'a>(first: Cow<'a, str>, further: Count<'_>) -> Cow<'a, str> {
    if further.0 == 0 { first } else { Cow::from(format!("{first} (and {further})")) }
}

/// A finding with its place before it, unless it begins with that itself.
pub(super) fn finding_words(finding: &FindingInfo) -> Cow<'_, str> {
    let place = place_name(finding);
    match finding.message.strip_prefix(place) {
        Some(rest) if rest.starts_with(' ') => Cow::from(&finding.message),
        _ => Cow::from(format!("{place}: {}", finding.message)),
    }
}

/// The place of a finding in the answer.
pub(super) fn place_name(finding: &FindingInfo) -> &str {
    if finding.place.is_empty() { "body" } else { &finding.place }
}

/// The reasons why a case that violates fails nothing: what is known of it, and when it was seen before.
pub(super) fn excuse_words(case: &CaseResult) -> String {
    let mut words: Vec<String> = case.known().into_iter().map(KnownInfo::words).collect();
    words.extend(seen_before_words(case));
    words.join("; ")
}

/// Words about a case, with the reasons why it fails nothing, if there are any.
pub(super) fn with_excuse(case: &CaseResult, words: &str) -> String {
    let excuse = excuse_words(case);
    if excuse.is_empty() { words.to_owned() } else { format!("{words}; {excuse}") }
}

/// When the departures of a case were first seen, as far as an earlier run saw them.
pub(super) fn seen_before_words(case: &CaseResult) -> Option<String> {
    let moments: BTreeSet<&str> = case.findings.iter().filter_map(|finding| finding.seen_before.as_deref()).collect();
    let number = case.findings.iter().filter(|finding| finding.seen_before.is_some()).count();
    let runs = if moments.len() == 1 { "run" } else { "runs" };
    let part = match case.findings.len() {
        all if all == number => String::new(),
        all => format!("{number} of {all} findings "),
    };
    let moments: Vec<&str> = moments.into_iter().collect();
    (number > 0).then(|| format!("{part}seen before, in the {runs} of {}", moments.join(" and ")))
}

/// A notice, after the vendor that it is about.
pub(super) fn notice_words(notice: &Notice) -> Cow<'_, str> {
    match &notice.vendor {
        Some(vendor) => Cow::from(format!("{vendor}: {}", notice.message)),
        None => Cow::from(&notice.message),
    }
}

/// `specs/acme/links.delete.yaml:45:3`.
pub(super) fn location_words(location: &Location) -> String {
    format!("{}:{}:{}", location.file, location.line, location.column)
}

/// A text cut after so many characters, with a sign that it was.
pub(super) fn shorten(text: &str, most: usize) -> Cow<'_, str> {
    if text.chars().count() <= most {
        return Cow::from(text);
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}
