//! An answer compared with one documented outcome, which judgements are derived from.

use crate::contract::OutcomeId;
use crate::judge::check::Finding;

/// An answer compared with one outcome of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedOutcome {
    /// The position in `then`.
    pub position: usize,
    /// The outcome.
    pub outcome: OutcomeId,
    /// The departures from it.
    pub findings: Vec<Finding>,
}

/// The weight of a departure in the status, beside 1 of any other: it shows which outcome was meant.
const STATUS: usize = 1000;

impl ComparedOutcome {
    /// The distance of the answer from the outcome; the nearest one is that with the least.
    pub fn distance(&self) -> usize {
        let mut distance = 0;
        for finding in &self.findings {
            distance += if finding.place == "status" { STATUS } else { 1 };
        }
        distance
    }

    /// Returns whether the answer departs in nothing but what no page says.
    pub fn is_inferred(&self) -> bool {
        self.findings.iter().all(|finding| finding.inferred.is_some())
    }
}
