//! Known violations: marked on what a run tells, and remembered, so that those that are no longer seen can be told.

use crate::judge::check::FindingCode;
use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, KnownInfo};

/// The known violations of a run, and what was seen of them.
#[derive(Debug, Default)]
pub(super) struct KnownViolations {
    entries: Vec<Entry>,
    /// The number of cases that violate only in ways that are known.
    pub(super) cases: usize,
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
    pub(super) fn new(known: &[KnownInfo]) -> Self {
        let entry = |known: &KnownInfo| Entry { known: known.clone(), sight: Sight::Unknown };
        Self { entries: known.iter().map(entry).collect(), cases: 0 }
    }

    /// Returns whether departures of a case are all known, and none of them for too long.
    pub(super) fn cover<'a>(&self, case: &str, mut departures: impl Iterator<Item = (FindingCode, &'a str)>) -> bool {
        let current = |code, place: &str| {
            self.entries.iter().any(|entry| !entry.known.expired && entry.known.covers(case, code, place))
        };
        departures.all(|(code, place)| current(code, place))
    }

    /// Marks what is known of a case.
    pub(super) fn mark(&mut self, case: &mut CaseResult) {
        let judged = matches!(case.verdict, Verdict::Conforms | Verdict::Violates | Verdict::Drifted);
        for entry in self.entries.iter_mut().filter(|_| judged) {
            if entry.known.case == case.id && entry.sight == Sight::Unknown {
                entry.sight = Sight::Gone;
            }
            if case.verdict != Verdict::Violates {
                continue;
            }
            for finding in &mut case.findings {
                if entry.known.covers(&case.id, finding.code, &finding.place) {
                    entry.sight = Sight::There;
                    // Of two entries for one departure, one that still holds counts more.
                    if finding.known.as_ref().is_none_or(|known| known.expired) {
                        finding.known = Some(entry.known.clone());
                    }
                }
            }
        }
        self.cases += usize::from(case.is_known());
    }

    /// Those that are no longer seen although their case was judged, in words.
    pub(super) fn stale(&self) -> Vec<String> {
        let gone = self.entries.iter().filter(|entry| entry.sight == Sight::Gone);
        let told = gone.map(|Entry { known, .. }| {
            let place = known.place.as_ref().map(|place| format!(" at {place}")).unwrap_or_default();
            let at = &known.location;
            format!(
                "{}:{}:{}: the {} of {}{place} is no longer seen; take the entry away",
                at.file,
                at.line,
                at.column,
                known.finding.as_str(),
                known.case
            )
        });
        told.collect()
    }
}
