//! The cause of a failure, the same for all cases that fail by it: one line of the contract, one place in the answer, one kind.

use super::{CaseResult, FindingInfo};
use crate::judge::verdict::Verdict;
use std::collections::BTreeSet;

impl CaseResult {
    /// The cause of its failure in words: its departures without the values that came, or the reason why it has no result.
    pub fn find_cause(&self) -> Option<String> {
        match self.verdict {
            Verdict::Conforms | Verdict::Skipped => None,
            Verdict::Violates if !self.findings.is_empty() => Some(self.departure_words()),
            Verdict::Drifted => self.drift_words(),
            _ => self.reason.as_ref().and_then(|reason| reason.lines().next()).map(str::to_owned),
        }
    }

    fn departure_words(&self) -> String {
        let words: BTreeSet<String> = self.findings.iter().map(finding_cause).collect();
        words.into_iter().collect::<Vec<_>>().join("; ")
    }

    fn drift_words(&self) -> Option<String> {
        let drift = self.drift.as_ref()?;
        let differences = drift.differences.iter();
        let words: BTreeSet<String> =
            differences.map(|difference| format!("{} at {}", difference.class.as_str(), difference.place)).collect();
        let words = words.into_iter().collect::<Vec<_>>().join("; ");
        Some(format!("{words} of {}/{}", self.vendor, self.operation))
    }
}

fn finding_cause(finding: &FindingInfo) -> String {
    let place = if finding.place.is_empty() { "body" } else { &finding.place };
    format!("{} at {place}, {}:{}", finding.code.as_str(), finding.location.file, finding.location.line)
}
