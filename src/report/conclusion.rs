//! The exit that follows from the results of cases: the same for a run, and for the run that several of them make together.

use super::exit::Exit;
use crate::judge::verdict::Verdict;
use crate::run::event::{Baseline, CaseResult, Gate, Notice};
use crate::run::snapshot::Deny;
use std::collections::BTreeSet;

/// The facts that the exit depends on, gathered case by case, so that no case has to be kept for it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact that the exit depends on, and none follows from another"
)]
#[derive(Debug, Default)]
pub struct Conclusion {
    require_all: bool,
    deny: Vec<Deny>,
    /// The verdicts of all cases, each with true if it is a violation that is known or was seen before.
    verdicts: BTreeSet<(Verdict, bool)>,
    /// True if a baseline could not be read or a pending answer not be written.
    broken: bool,
    denied: bool,
    /// True if a check that was due could not be made.
    unchecked: bool,
}

impl Conclusion {
    /// The conclusion before any case.
    pub fn new(gate: &Gate) -> Self {
        let deny = gate.deny.iter().filter_map(|word| word.parse().ok()).collect();
        Self { require_all: gate.require_all, deny, ..Self::default() }
    }

    /// Adds the result of a case.
    pub fn add(&mut self, case: &CaseResult) {
        self.verdicts.insert((case.verdict, case.is_excused()));
        self.broken |= case.baseline == Some(Baseline::Broken);
        self.unchecked |= !case.unchecked.is_empty();
        self.denied |= self.deny.iter().any(|deny| deny.denies(case));
    }

    /// The exit: of all that there is reason for, the one that outranks the others.
    pub fn exit(&self, notices: &[Notice], interrupted: bool) -> Exit {
        let unrun = self.require_all && (self.unchecked || self.verdicts.contains(&(Verdict::Skipped, false)));
        let denied_notices = [(Deny::Stale, Notice::STALE), (Deny::Inferred, Notice::INFERRED)];
        let noticed = denied_notices.iter().any(|(deny, kind)| self.deny.contains(deny) && has_kind(notices, kind));
        let reasons = [
            (Exit::Wrong, self.broken),
            (Exit::Interrupted, interrupted),
            (Exit::Environment, unrun || has_kind(notices, Notice::MISSING_SHARDS)),
            (Exit::Drifted, self.denied || noticed),
            (Exit::NothingTested, !self.verdicts.iter().any(|(verdict, _)| verdict.is_tested())),
        ];
        let given = reasons.into_iter().filter_map(|(exit, given)| given.then_some(exit));
        let failing = self.verdicts.iter().filter(|(_, excused)| !excused);
        Exit::outranking(failing.map(|(verdict, _)| Exit::from(*verdict)).chain(given))
    }
}

fn has_kind(notices: &[Notice], kind: &str) -> bool {
    notices.iter().any(|notice| notice.kind == kind)
}

/// The exit code of cases that are all available.
pub fn exit_code(cases: &[CaseResult], notices: &[Notice], gate: &Gate, interrupted: bool) -> u8 {
    let mut conclusion = Conclusion::new(gate);
    cases.iter().for_each(|case| conclusion.add(case));
    conclusion.exit(notices, interrupted).code()
}
