//! The violations that earlier runs found, so that those of this run that are the same are marked as seen before.

use crate::judge::check::FindingCode;
use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, FindingInfo, seen_id};
use std::collections::HashMap;

/// What earlier runs found: departures, by the names of the results that they are looked for in.
#[derive(Debug, Clone, Default)]
pub struct EarlierRuns(HashMap<String, Vec<EarlierFinding>>);

/// A departure that an earlier run found.
#[derive(Debug, Clone)]
struct EarlierFinding {
    code: FindingCode,
    place: String,
    /// When the first run began that is known to have found it.
    since: String,
}

impl EarlierRuns {
    /// Adds all departures that a run found in a case.
    pub fn add(&mut self, case: &CaseResult, started: &str) {
        if case.verdict == Verdict::Violates {
            for finding in &case.findings {
                self.insert(case, finding, finding.seen_before.as_deref().unwrap_or(started));
            }
        }
    }

    /// Adds the departures of a case that its own run marked as seen before.
    pub fn add_marked(&mut self, case: &CaseResult) {
        for finding in &case.findings {
            if let Some(since) = &finding.seen_before {
                self.insert(case, finding, since);
            }
        }
    }

    fn insert(&mut self, case: &CaseResult, finding: &FindingInfo, since: &str) {
        let earlier = EarlierFinding { code: finding.code, place: finding.place.clone(), since: since.to_owned() };
        if !case.was_seen() {
            // What the row's own case departs in may be seen in passing where that case is not run.
            self.0.entry(seen_id(&case.id)).or_default().push(earlier.clone());
        }
        self.0.entry(case.id.clone()).or_default().push(earlier);
    }

    /// Returns when a departure was first found, if an earlier run found it.
    pub(super) fn since(&self, result: &str, code: FindingCode, place: &str) -> Option<&str> {
        let found = self.0.get(result)?.iter().filter(|earlier| earlier.code == code && earlier.place == place);
        found.map(|earlier| earlier.since.as_str()).min()
    }

    /// Marks the departures of a case that an earlier run found.
    pub(super) fn mark(&self, case: &mut CaseResult) {
        if case.verdict != Verdict::Violates || self.0.is_empty() {
            return;
        }
        for finding in &mut case.findings {
            finding.seen_before = self.since(&case.id, finding.code, &finding.place).map(str::to_owned);
        }
    }
}
