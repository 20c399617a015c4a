//! From what the cases came to, to the exit code: the same for a run, and for the run that several of them make together.

use crate::judge::verdict::Verdict;
use crate::run::event::{Baseline, CaseResult, Gate, Notice};
use crate::run::snapshot::Deny;
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
        self.tested |= case.verdict.is_tested();
    }

    /// The exit code: of all that there is reason for, the one that outranks the others.
    pub fn exit_code(&self, notices: &[Notice], interrupted: bool) -> u8 {
        let any = |verdict: Verdict| self.came.contains(&verdict);
        let noticed = |kind: &str| notices.iter().any(|notice| notice.kind == kind);
        let undecided = any(Verdict::Environment) || any(Verdict::Undetermined) || noticed(Notice::MISSING_SHARDS);
        let stale = self.deny.contains(&Deny::Stale) && noticed(Notice::STALE);
        let reasons = [
            (2, self.broken),
            (130, interrupted),
            (1, any(Verdict::Violates)),
            (3, undecided || self.gate.require_all && any(Verdict::Skipped)),
            (6, any(Verdict::Refused)),
            (5, self.denied || stale),
            (4, !self.tested),
        ];
        outranking(reasons.into_iter().filter_map(|(code, given)| given.then_some(code)))
    }
}

/// The exit codes, each before those that it outranks.
pub const ORDER: [u8; 8] = [2, 130, 1, 3, 6, 5, 4, 0];

/// The one of several exit codes that outranks the others; 0 where there is none.
pub fn outranking(codes: impl IntoIterator<Item = u8>) -> u8 {
    let rank = |code: &u8| ORDER.iter().position(|known| known == code);
    codes.into_iter().min_by_key(rank).unwrap_or(0)
}

/// The exit code of cases that are all at hand.
pub fn exit_code(cases: &[CaseResult], notices: &[Notice], gate: &Gate, interrupted: bool) -> u8 {
    let mut conclusion = Conclusion::new(gate);
    cases.iter().for_each(|case| conclusion.add(case));
    conclusion.exit_code(notices, interrupted)
}
