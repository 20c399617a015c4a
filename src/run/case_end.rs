//! The end of a case: its verdict, and all that it rests on.

use crate::contract::{OperationId, OutcomeId};
use crate::judge::check::Finding;
use crate::judge::verdict::Verdict;
use crate::run::early_end::EarlyEnd;
use crate::run::fresh_start::FreshStart;

/// The end of a case.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CaseEnd {
    /// The verdict.
    pub verdict: Verdict,
    /// The reason, where it was skipped, not run, undetermined or the environment's.
    pub reason: Option<String>,
    /// The departures.
    pub findings: Vec<Finding>,
    /// The departures from what no page says, which alone are no breach.
    pub inferred: Vec<Finding>,
    /// The outcome that came, where one did.
    pub chosen: Option<String>,
    /// The reason for which the case may begin anew, if there is one.
    pub fresh_start: Option<FreshStart>,
    /// The outcome that the answer was compared with: the one that came, else the nearest.
    pub held_against: Option<OutcomeId>,
    /// The read that alone shows that the state is another one, and may be wrong itself.
    pub doubted_read: Option<OperationId>,
}

impl CaseEnd {
    /// An end without findings.
    pub(crate) fn with(verdict: Verdict, reason: impl Into<Option<String>>) -> Self {
        let (findings, reason) = (Vec::new(), reason.into());
        let (held_against, doubted_read) = (None, None);
        Self {
            verdict,
            reason,
            findings,
            inferred: Vec::new(),
            chosen: None,
            held_against,
            doubted_read,
            fresh_start: None,
        }
    }

    /// Charges the vendor, which is alive, with a 5xx that came again and again: that is its own answer.
    pub(super) fn blame_vendor(&mut self) {
        if self.verdict == Verdict::Environment && !self.findings.is_empty() {
            self.verdict = Verdict::Violates;
            self.reason = None;
        }
    }
}

impl From<EarlyEnd> for CaseEnd {
    fn from(end: EarlyEnd) -> Self {
        Self { fresh_start: end.fresh_start, ..Self::with(end.verdict, end.reason) }
    }
}
