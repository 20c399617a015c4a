//! From what the cases came to, to the exit: the same for a run, and for the run that several of them make together.

use super::exit::Exit;
use crate::judge::verdict::Verdict;
use crate::run::event::{Baseline, CaseResult, Gate, Notice};
use crate::run::snapshot::Deny;
use std::collections::BTreeSet;

/// What the exit depends on, gathered case by case, so that no case has to be kept for it.
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
        self.tested |= case.verdict.is_tested();
    }

    /// The exit: of all that there is reason for, the one that outranks the others.
    pub fn exit(&self, notices: &[Notice], interrupted: bool) -> Exit {
        let noticed = |kind: &str| notices.iter().any(|notice| notice.kind == kind);
        let unrun = self.gate.require_all && self.came.contains(&Verdict::Skipped);
        let stale = self.deny.contains(&Deny::Stale) && noticed(Notice::STALE);
        let reasons = [
            (Exit::Wrong, self.broken),
            (Exit::Interrupted, interrupted),
            (Exit::Environment, unrun || noticed(Notice::MISSING_SHARDS)),
            (Exit::Drifted, self.denied || stale),
            (Exit::NothingTested, !self.tested),
        ];
        let given = reasons.into_iter().filter_map(|(exit, given)| given.then_some(exit));
        Exit::outranking(self.came.iter().map(|verdict| Exit::from(*verdict)).chain(given))
    }
}

/// The exit code of cases that are all there.
pub fn exit_code(cases: &[CaseResult], notices: &[Notice], gate: &Gate, interrupted: bool) -> u8 {
    let mut conclusion = Conclusion::new(gate);
    cases.iter().for_each(|case| conclusion.add(case));
    conclusion.exit(notices, interrupted).code()
}
