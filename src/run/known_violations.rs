//! Known violations: marked on what a run tells, and remembered, so that those that are no longer seen can be told.

use crate::judge::check::FindingCode;
use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, KnownInfo, seen_id};
use crate::run::parties::Parties;
use std::collections::HashMap;

/// The known violations of a run, and what was seen of them.
#[derive(Debug, Default)]
pub(super) struct KnownViolations {
    entries: Vec<Entry>,
    /// The places in `entries` by the case that they name: there may be thousands of both.
    by_case: HashMap<String, Vec<usize>>,
    /// The same by the name of what is seen in passing of the case's row.
    by_row: HashMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct Entry {
    known: KnownInfo,
    sight: Sight,
}

/// The state of a known violation in this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sight {
    /// Its case was not judged, so nobody knows.
    Unknown,
    /// Its case was judged without it.
    Gone,
    /// It is still there.
    There,
}

impl KnownViolations {
    /// Those of a run that are known of the targets which its vendors have; nothing is said of others.
    pub(super) fn at(known: &[KnownInfo], parties: &Parties<'_>) -> Self {
        let mut violations = Self::default();
        for known in known.iter().filter(|known| is_met(known, parties)) {
            let place = violations.entries.len();
            let seen = seen_id(&known.case);
            if seen != known.case {
                violations.by_row.entry(seen).or_default().push(place);
            }
            violations.by_case.entry(known.case.clone()).or_default().push(place);
            violations.entries.push(Entry { known: known.clone(), sight: Sight::Unknown });
        }
        violations
    }

    /// Returns whether a departure of a case is known, and not for too long.
    pub(super) fn covers(&self, case: &str, code: FindingCode, place: &str) -> bool {
        let mut about = self.places_of(case).filter_map(|place| self.entries.get(place));
        about.any(|Entry { known, .. }| !known.expired && known.covers(case, code, place))
    }

    /// Marks what is known of a case.
    pub(super) fn mark(&mut self, case: &mut CaseResult) {
        let is_judged = matches!(case.verdict, Verdict::Conforms | Verdict::Violates | Verdict::Drifted);
        if !is_judged || self.entries.is_empty() {
            return;
        }
        // What is known of the row where it is seen in passing is gone as well, unless that is reported later.
        let named = [self.by_case.get(&case.id), self.by_case.get(&seen_id(&case.id))];
        for place in named.into_iter().flatten().flatten() {
            if let Some(entry) = self.entries.get_mut(*place).filter(|entry| entry.sight == Sight::Unknown) {
                entry.sight = Sight::Gone;
            }
        }
        if case.verdict != Verdict::Violates {
            return;
        }
        for place in self.places_of(&case.id).collect::<Vec<_>>() {
            if let Some(entry) = self.entries.get_mut(place) {
                entry.mark(case);
            }
        }
    }

    /// The places of the entries that may be about a result.
    fn places_of(&self, result: &str) -> impl Iterator<Item = usize> {
        [self.by_case.get(result), self.by_row.get(result)].into_iter().flatten().flatten().copied()
    }

    /// Those that are no longer seen although their case was judged, in words.
    pub(super) fn stale(&self) -> Vec<String> {
        let gone = self.entries.iter().filter(|entry| entry.sight == Sight::Gone);
        gone.map(|entry| stale_words(&entry.known)).collect()
    }
}

impl Entry {
    /// Marks the departures of a case that are this one.
    fn mark(&mut self, case: &mut CaseResult) {
        for finding in &mut case.findings {
            if self.known.covers(&case.id, finding.code, &finding.place) {
                self.sight = Sight::There;
                // Of two entries for one departure, one that still holds counts more.
                if finding.known.as_ref().is_none_or(|known| known.expired) {
                    finding.known = Some(self.known.clone());
                }
            }
        }
    }
}

/// Returns whether the vendor of a known violation is met where the violation is known.
fn is_met(known: &KnownInfo, parties: &Parties<'_>) -> bool {
    let Some(target) = &known.target else { return true };
    let (vendor, _) = known.case.split_once('/').unwrap_or((&known.case, ""));
    parties.iter().any(|party| party.vendor.name == vendor && party.destination.is_named(target))
}

fn stale_words(known: &KnownInfo) -> String {
    let place = known.place.as_ref().map(|place| format!(" at {}", if place.is_empty() { "body" } else { place }));
    let target = known.target.as_ref().map(|target| format!(" on {target}"));
    let at = &known.location;
    format!(
        "{}:{}:{}: the {} of {}{}{} is no longer seen; take the entry away",
        at.file,
        at.line,
        at.column,
        known.finding.as_str(),
        known.case,
        place.as_deref().unwrap_or(""),
        target.as_deref().unwrap_or("")
    )
}
