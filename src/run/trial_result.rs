//! The result of a case that is tried and not reported, so that a thousand can be tried in a second.

use crate::contract::RowId;
use crate::contract::case::Case;
use crate::judge::check::Finding;
use crate::judge::verdict::Verdict;

/// The result of a case that was tried.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialResult {
    /// The id of the case.
    pub case: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// The reason, where it neither conforms nor violates.
    pub reason: Option<String>,
    /// The departures of its own answer, and of the state afterwards.
    pub findings: Vec<Finding>,
    /// The rows of reads and steps that departed from what they promise.
    pub charged: Vec<RowId>,
}

impl TrialResult {
    /// The result of a case whose vendor takes no part.
    pub(crate) fn untried(case: &Case) -> Self {
        Self {
            case: case.id.clone(),
            verdict: Verdict::Skipped,
            reason: None,
            findings: Vec::new(),
            charged: Vec::new(),
        }
    }
}
