//! Why a case ends before its own request is judged.

use crate::judge::verdict::Verdict;
use crate::run::build::Unbuildable;

/// Why a case ends before its own request is judged.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stop {
    /// What it comes to.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
}

impl Stop {
    pub(crate) fn new(verdict: Verdict, reason: impl Into<String>) -> Self {
        Self { verdict, reason: reason.into() }
    }
}

impl From<Unbuildable> for Stop {
    fn from(unbuildable: Unbuildable) -> Self {
        match unbuildable {
            Unbuildable::Unresolved(_) => Self::new(Verdict::Undetermined, unbuildable.to_string()),
            Unbuildable::Elsewhere(_) => Self::new(Verdict::Skipped, unbuildable.to_string()),
        }
    }
}
