//! A vendor's walk from its first step to its result; where it fails, down to the shortest sequence that still does.

use crate::contract::VendorId;
use crate::judge::check::FindingCode;
use crate::judge::verdict::Verdict;
use crate::lab::walk::WalkSettings;
use crate::lab::walk::failed_sequence::{FailedSequence, likely_parts, simpler_steps};
use crate::lab::walk::failure_writer::FailureWriter;
use crate::lab::walk::request_table::RequestTable;
use crate::lab::walk::session::{GivenIds, Session, StepResult, Violation};
use crate::lab::walk::shrink::shrink;
use crate::lab::walk::step_choice::StepChoice;
use crate::lab::walk::walk_result::{UnpromisedAnswer, WalkResult};
use crate::lab::walk::walk_step::WalkStep;
use crate::lab::walk::walk_tally::unreachable_rows;
use crate::run::{Canary, CaseEnd, Party, RunContext, Task, auth_names, stop_if_live, unhealthy};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::pin::pin;

/// The most sequences that are tried to find a shorter one.
const TRIED: usize = 400;
/// A sequence of so few steps is tried more often before it counts as one that does not fail: the vendor may count requests
/// of its own, or two at once may miss each other.
const FEW: usize = 12;
/// The lulls of a walk that has any.
const LULLS: usize = 3;

/// The walk of a vendor, as a task of a run.
pub(super) struct VendorWalk<'w> {
    pub(super) vendor: VendorId,
    pub(super) settings: &'w WalkSettings,
    pub(super) results: &'w RefCell<Vec<WalkResult>>,
}

impl Task for VendorWalk<'_> {
    fn vendor(&self) -> VendorId {
        self.vendor
    }

    fn is_runnable(&self, party: &Party<'_>) -> bool {
        party.vendor.id == self.vendor
    }

    fn changes(&self) -> bool {
        true
    }

    async fn perform<'a>(&self, run: &RunContext<'a>, party: &Party<'a>) {
        walk_vendor(run, party, self.settings, self.results).await;
    }
}

/// Walks a vendor, and adds the result before what was made is removed.
async fn walk_vendor<'a>(
    run: &RunContext<'a>,
    party: &Party<'a>,
    settings: &WalkSettings,
    results: &RefCell<Vec<WalkResult>>,
) {
    let declared = &party.vendor.file.credentials;
    let set = declared.iter().filter(|(name, _)| party.credentials.contains_key(*name));
    let set = set.map(|(_, credential)| credential.env.as_str()).chain(party.fixtures.keys().map(String::as_str));
    let table = RequestTable::of(party.vendor, &set.collect());
    let given = GivenIds::default();
    let session = Session::new(run, party, &table, &given, settings.lull);
    let mut walker = Walker { run, party, table: &table, given: &given, settings, session, steps: Vec::new() };
    let end = walker.walk().await;
    let (ended, shrunk) = match end {
        WalkEnd::Failed(violation) => (None, Some(walker.find_shortest(violation).await)),
        WalkEnd::Ended(ended) => (ended, None),
    };
    results.borrow_mut().push(walker.result(ended, shrunk.as_ref()));
    walker.session.close(shrunk.is_some()).await;
}

/// The end of a walk.
enum WalkEnd {
    /// A violation.
    Failed(Violation),
    /// All steps were taken, or the reason for which they were not.
    Ended(Option<CaseEnd>),
}

/// The shortest sequence that failed, and the number of those that were tried to find it.
struct ShrunkFailure<'a> {
    shortest: FailedSequence<'a>,
    tried: usize,
}

/// A vendor's walk on its way.
struct Walker<'r, 'a> {
    run: &'r RunContext<'a>,
    party: &'r Party<'a>,
    table: &'r RequestTable<'a>,
    given: &'r GivenIds<'a>,
    settings: &'r WalkSettings,
    session: Session<'r, 'a>,
    /// The steps that were taken.
    steps: Vec<WalkStep<'a>>,
}

impl<'a> Walker<'_, 'a> {
    /// Takes the steps, if the vendor can be asked.
    async fn walk(&mut self) -> WalkEnd {
        if let Some(ended) = unhealthy(self.party) {
            return WalkEnd::Ended(Some(ended));
        }
        let used = auth_names(&self.party.vendor.file.auth);
        let unset = used.iter().filter(|name| !self.party.credentials.contains_key(*name));
        let unset = unset.filter_map(|name| self.party.vendor.file.credentials.get(name));
        let unset: BTreeSet<String> = unset.map(|credential| format!("${}", credential.env)).collect();
        if !unset.is_empty() {
            let unset: Vec<String> = unset.into_iter().collect();
            return WalkEnd::Ended(Some(CaseEnd::with(Verdict::Skipped, format!("set {}", unset.join(" and ")))));
        }
        Canary::new(self.run, self.party).meet().await;
        if let Some(ended) = unhealthy(self.party) {
            return WalkEnd::Ended(Some(ended));
        }
        let run = self.run;
        let end = run.unless_cancelled(pin!(self.take_all())).await;
        end.unwrap_or_else(|| WalkEnd::Ended(run.cancel.early_end().map(CaseEnd::from)))
    }

    async fn take_all(&mut self) -> WalkEnd {
        let WalkSettings { steps, seed, resources, lull } = *self.settings;
        let mut choice = StepChoice::new(self.table, seed, resources, self.session.held.len());
        let between_lulls = (steps / (LULLS + 1)).max(1);
        for at in 1..=steps {
            let step = if !lull.is_zero() && at.is_multiple_of(between_lulls) {
                Some(WalkStep::Lull)
            } else {
                choice.next_step(&mut self.session.belief, &self.session.tally)
            };
            let Some(step) = step else {
                let why = self.table.cells.iter().find_map(|cell| cell.barred.clone());
                let why = why.unwrap_or_else(|| "no row can be met".to_owned());
                return WalkEnd::Ended(Some(CaseEnd::with(Verdict::Skipped, why)));
            };
            let result = self.session.take(&step).await;
            self.steps.push(step);
            match result {
                StepResult::GoOn => {}
                StepResult::Violated(violation) => return WalkEnd::Failed(*violation),
                StepResult::Stopped(ended) => return WalkEnd::Ended(Some(ended)),
            }
        }
        WalkEnd::Ended(None)
    }

    /// Looks for the shortest sequence that fails in the same way.
    async fn find_shortest(&mut self, violation: Violation) -> ShrunkFailure<'a> {
        let code = violation.findings.first().map(|finding| finding.code);
        if code == Some(FindingCode::LiveMode) {
            stop_if_live(self.run, self.party, &violation.findings);
        }
        let first = FailedSequence::take(&mut self.session, self.steps.clone(), violation, false);
        if code == Some(FindingCode::LiveMode) {
            return ShrunkFailure { shortest: first, tried: 0 };
        }
        let mut search = ShrinkSearch { walker: self, code, best: first, tried: 0, requests: 0, is_over: false };
        let likely = likely_parts(&self.steps, !self.settings.lull.is_zero());
        let shrinking = async {
            let simpler = |step: &_, last: Option<&_>| simpler_steps(self.table, step, last);
            let shortest =
                shrink(self.steps.clone(), likely, simpler, async |part: &[WalkStep<'a>]| search.try_part(part).await)
                    .await;
            // Nothing shorter failed, so it is not known yet whether it fails again.
            if shortest.len() == self.steps.len() {
                search.try_part(&shortest).await;
            }
        };
        self.run.unless_cancelled(pin!(shrinking)).await;
        ShrunkFailure { shortest: search.best, tried: search.tried }
    }

    fn result(&self, ended: Option<CaseEnd>, shrunk: Option<&ShrunkFailure<'a>>) -> WalkResult {
        let teller = self.run.teller;
        let unpromised = self.unpromised();
        let CaseEnd { verdict, reason, .. } = match shrunk {
            Some(_) => CaseEnd::with(Verdict::Violates, None),
            None => ended.unwrap_or_else(|| CaseEnd::with(Verdict::Conforms, None)),
        };
        // What no page promises is no violation, but a walk that cannot go where it should has not shown much.
        let verdict = match verdict {
            Verdict::Conforms if !unpromised.is_empty() => Verdict::Undetermined,
            verdict => verdict,
        };
        let actors: BTreeSet<_> = self.steps.iter().flat_map(WalkStep::moves).map(|asked| asked.actor).collect();
        let failure = shrunk.map(|ShrunkFailure { shortest, tried }| {
            FailureWriter::new(self.party, self.table, teller, shortest).write(self.steps.len(), *tried)
        });
        WalkResult {
            vendor: self.party.vendor.name.clone(),
            verdict,
            reason: reason.map(|reason| teller.text(&reason)),
            steps: self.steps.len(),
            requests: self.steps.iter().flat_map(WalkStep::moves).count(),
            races: self.steps.iter().filter(|step| matches!(step, WalkStep::Race(..))).count(),
            made: self.session.tally.made(),
            accounts: actors.len(),
            transitions: self.session.tally.transitions(self.table),
            pairs: self.session.tally.pairs(self.table),
            never: unreachable_rows(self.table),
            unpromised,
            failure,
            notes: self.session.notes.iter().map(|note| teller.text(note)).collect(),
        }
    }

    /// The answers that no page promises and that were not as inferred.
    fn unpromised(&self) -> Vec<UnpromisedAnswer> {
        let charges = self.party.charges.take().into_iter();
        let answers = charges.map(|(row, charges)| {
            let operation = &self.party.vendor[row.operation];
            let findings = charges.iter().take(1).flat_map(|charge| &charge.findings);
            let findings = findings.map(|finding| self.run.teller.finding(finding, operation)).collect();
            UnpromisedAnswer { step: self.table.row_name(row), findings }
        });
        answers.collect()
    }
}

/// A search for the shortest sequence that fails as a walk did.
struct ShrinkSearch<'w, 'r, 'a> {
    walker: &'w Walker<'r, 'a>,
    code: Option<FindingCode>,
    best: FailedSequence<'a>,
    tried: usize,
    requests: usize,
    /// Whether the vendor cannot be asked any more.
    is_over: bool,
}

impl<'a> ShrinkSearch<'_, '_, 'a> {
    /// Tries a sequence, more than once if it does not fail; after how many steps it failed, if it did.
    async fn try_part(&mut self, part: &[WalkStep<'a>]) -> Option<usize> {
        let most = 4 * self.walker.settings.steps + 200;
        for _ in 0..if part.len() <= FEW { 4 } else { 2 } {
            if part.is_empty() || self.is_over || self.tried >= TRIED || self.requests >= most {
                return None;
            }
            self.tried += 1;
            if let Some(length) = self.try_once(part).await {
                return Some(length);
            }
        }
        None
    }

    async fn try_once(&mut self, part: &[WalkStep<'a>]) -> Option<usize> {
        let Walker { run, party, table, given, settings, .. } = *self.walker;
        let mut session = Session::new(run, party, table, given, settings.lull);
        let mut found = None;
        for (at, step) in part.iter().enumerate() {
            match session.take(step).await {
                StepResult::GoOn => continue,
                StepResult::Violated(violation) => found = Some((at + 1, *violation)),
                StepResult::Stopped(_) => self.is_over = true,
            }
            break;
        }
        self.requests += session.log.len();
        session.close(true).await;
        let (length, violation) =
            found.filter(|(_, violation)| violation.findings.first().map(|finding| finding.code) == self.code)?;
        let steps = part.iter().take(length).cloned().collect();
        self.best = FailedSequence::take(&mut session, steps, violation, true);
        Some(length)
    }
}
