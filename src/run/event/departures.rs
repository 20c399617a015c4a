//! What rows' own cases depart in, so that the same is not told once more where it was seen in passing.

use super::CaseResult;
use crate::judge::check::FindingCode;
use crate::judge::verdict::Verdict;
use std::collections::HashSet;

/// What stands behind the row in the name of a result that was seen while other cases ran.
const SEEN: &str = "/seen";
/// The words around the case in the reason of such a result.
const SEEN_WHILE: &str = "seen while ";
const RAN: &str = " ran";

/// The departures that rows' own cases have told.
#[derive(Debug, Default)]
pub struct Departures(HashSet<([String; 3], FindingCode, String)>);

impl Departures {
    /// Adds those of a case that violates.
    pub fn add(&mut self, case: &CaseResult) {
        if case.verdict == Verdict::Violates && !case.was_seen() {
            self.0.extend(of(case));
        }
    }

    /// Whether a result that was seen in passing says nothing but what the row's own case has told.
    pub fn tell(&self, case: &CaseResult) -> bool {
        case.was_seen() && !case.findings.is_empty() && of(case).all(|departure| self.0.contains(&departure))
    }
}

fn of(case: &CaseResult) -> impl Iterator<Item = ([String; 3], FindingCode, String)> {
    let row = [&case.vendor, &case.operation, &case.row].map(String::clone);
    case.findings.iter().map(move |finding| (row.clone(), finding.code, finding.place.clone()))
}

impl CaseResult {
    /// The case that ran while it was seen, where it is no case of its own.
    pub fn seen_in(&self) -> Option<&str> {
        let (_, seen) = self.reason.as_deref().filter(|_| self.was_seen())?.rsplit_once(SEEN_WHILE)?;
        seen.strip_suffix(RAN)
    }

    /// Whether it is no case of its own, but was seen while others ran.
    pub fn was_seen(&self) -> bool {
        self.id.ends_with(SEEN)
    }
}

/// The reason of a result that was seen while a case ran.
pub(crate) fn seen_words(case: &str) -> String {
    format!("{SEEN_WHILE}{case}{RAN}")
}

/// The name of a result of a case's row that was seen while other cases ran: the three parts that name the row, and the mark.
pub fn seen_id(case: &str) -> String {
    let row: String = case.split_inclusive('/').take(3).collect();
    format!("{}{SEEN}", row.trim_end_matches('/'))
}

/// Returns whether what is written of one case is about a result: that of the case, or one of its row that was seen in passing.
pub(super) fn is_of_case(written: &str, result: &str) -> bool {
    written == result || result.ends_with(SEEN) && seen_id(written) == result
}
