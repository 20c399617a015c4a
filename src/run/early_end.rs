//! The end of a case before its own request is judged.

use crate::judge::verdict::Verdict;
use crate::run::fresh_start::FreshStart;
use crate::run::request_build::Unbuildable;

/// The end of a case before its own request is judged.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EarlyEnd {
    /// The verdict.
    pub verdict: Verdict,
    /// The reason.
    pub reason: String,
    /// The reason for which the case may begin anew, if there is one.
    pub fresh_start: Option<FreshStart>,
}

impl EarlyEnd {
    pub(crate) fn new(verdict: Verdict, reason: impl Into<String>) -> Self {
        Self { verdict, reason: reason.into(), fresh_start: None }
    }
}

impl From<Unbuildable> for EarlyEnd {
    fn from(unbuildable: Unbuildable) -> Self {
        match unbuildable {
            Unbuildable::Unresolved(_) => Self::new(Verdict::Undetermined, unbuildable.to_string()),
            Unbuildable::Elsewhere(_) => Self::new(Verdict::Skipped, unbuildable.to_string()),
        }
    }
}
