//! The end of a case: its verdict, and all that it rests on.

use crate::judge::check::Finding;
use crate::judge::verdict::Verdict;
use crate::run::early_end::EarlyEnd;
use crate::run::fresh_start::FreshStart;

/// The end of a case.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CaseEnd {
    /// The verdict.
    pub verdict: Verdict,
    /// The reason, where it was skipped, undetermined or the environment's.
    pub reason: Option<String>,
    /// The departures.
    pub findings: Vec<Finding>,
    /// The outcome that came, where one did.
    pub chosen: Option<String>,
    /// The reason for which the case may begin anew, if there is one.
    pub fresh_start: Option<FreshStart>,
}

impl CaseEnd {
    /// An end without findings.
    pub(crate) fn with(verdict: Verdict, reason: impl Into<Option<String>>) -> Self {
        Self { verdict, reason: reason.into(), findings: Vec::new(), chosen: None, fresh_start: None }
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
