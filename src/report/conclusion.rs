//! From what the cases came to, to the exit code: the same for a run, and for the run that several of them make together.

use crate::event::{Baseline, CaseResult, Gate, Notice};
use crate::snapshot::Deny;
use crate::verdict::Verdict;
use std::collections::BTreeSet;

/// What the exit code depends on, gathered case by case, so that no case has to be kept for it.
#[derive(Debug, Default)]
pub struct Conclusion {
    gate: Gate,
    deny: Vec<Deny>,
    /// The verdicts that came, violations that are known left out.
    came: BTreeSet<Verdict>,
    /// Whether a baseline could not be read or a pending answer not be written.
    broken: bool,
    denied: bool,
    tested: bool,
}

impl Conclusion {
    /// Nothing has come yet.
    pub fn new(gate: &Gate) -> Self {
        let deny = gate.deny.iter().filter_map(|word| word.parse().ok()).collect();
        Self { gate: gate.clone(), deny, ..Self::default() }
    }

    /// Adds what a case came to.
    pub fn add(&mut self, case: &CaseResult) {
        if !case.is_known() {
            self.came.insert(case.verdict);
        }
        self.broken |= case.baseline == Some(Baseline::Broken);
        self.denied |= self.deny.iter().any(|deny| deny.denies(case));
        self.tested |= case.verdict != Verdict::Skipped;
    }

    /// The exit code: an interruption outranks what cannot be read, that a violation, that the environment, that what is
    /// denied, that a run in which nothing was tested.
    pub fn exit_code(&self, notices: &[Notice], interrupted: bool) -> u8 {
        let any = |verdict: Verdict| self.came.contains(&verdict);
        let noticed = |kind: &str| notices.iter().any(|notice| notice.kind == kind);
        if interrupted {
            130
        } else if self.broken {
            2
        } else if any(Verdict::Violates) {
            1
        } else if any(Verdict::Environment)
            || any(Verdict::Undetermined)
            || self.gate.require_all && any(Verdict::Skipped)
            || noticed(Notice::MISSING_SHARDS)
        {
            3
        } else if self.denied || self.deny.contains(&Deny::Stale) && noticed(Notice::STALE) {
            5
        } else if self.tested {
            0
        } else {
            4
        }
    }
}

/// The exit code of cases that are all at hand.
pub fn exit_code(cases: &[CaseResult], notices: &[Notice], gate: &Gate, interrupted: bool) -> u8 {
    let mut conclusion = Conclusion::new(gate);
    cases.iter().for_each(|case| conclusion.add(case));
    conclusion.exit_code(notices, interrupted)
}
