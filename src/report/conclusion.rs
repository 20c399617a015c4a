//! From what the cases came to, to the exit code: the same for a run, and for the run that several of them make together.

use crate::event::{Baseline, CaseResult, Gate, Notice};
use crate::snapshot::Deny;
use crate::verdict::Verdict;

/// The exit code: an interruption outranks what cannot be read, that a violation, that the environment, that what is denied,
/// that a run in which nothing was tested.
pub fn exit_code(cases: &[CaseResult], notices: &[Notice], gate: &Gate, interrupted: bool) -> u8 {
    let any = |verdict: Verdict| cases.iter().any(|case| case.verdict == verdict);
    let noticed = |kind: &str| notices.iter().any(|notice| notice.kind == kind);
    let deny: Vec<Deny> = gate.deny.iter().filter_map(|word| word.parse().ok()).collect();
    let denied = cases.iter().any(|case| deny.iter().any(|deny| deny.denies(case)));
    if interrupted {
        130
    } else if cases.iter().any(|case| case.baseline == Some(Baseline::Broken)) {
        2
    } else if cases.iter().any(|case| case.verdict == Verdict::Violates && !case.is_known()) {
        1
    } else if any(Verdict::Environment)
        || any(Verdict::Undetermined)
        || gate.require_all && any(Verdict::Skipped)
        || noticed(Notice::MISSING_SHARDS)
    {
        3
    } else if denied || deny.contains(&Deny::Stale) && noticed(Notice::STALE) {
        5
    } else if cases.iter().all(|case| case.verdict == Verdict::Skipped) {
        4
    } else {
        0
    }
}
