//! What a run reports, in order: events, already redacted, or the bare results of trials.

use crate::contract::{Contracts, Operation, OutcomeId, RowId};
use crate::judge::check::{Finding, FindingCode};
use crate::judge::verdict::Verdict;
use crate::run::clauses_at_stake::name_broken;
use crate::run::event::{
    CaseResult, Departures, Event, FindingInfo, JudgedCase, Location, Notice, Summary, UncheckedInfo, seen_words,
};
use crate::run::inferred_departures::InferredDepartures;
use crate::run::known_violations::KnownViolations;
use crate::run::parties::Parties;
use crate::run::party::{Charge, Party};
use crate::run::promises::{Promise, Promises};
use crate::run::run_plan::RunPlan;
use crate::run::settling::{EndedCase, Settling};
use crate::run::teller::{Teller, inferred_words};
use crate::run::trial_result::TrialResult;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

/// Who takes what a run reports.
pub enum Listener<'a> {
    /// Everything, as events from which reports are made.
    Events(&'a mut dyn FnMut(Event)),
    /// Everything, and before the result of a case the steps by which it was judged.
    Explained {
        /// Takes the events.
        events: &'a mut dyn FnMut(Event),
        /// Takes the steps of each case.
        steps: &'a mut dyn FnMut(JudgedCase),
    },
    /// The results of cases that are tried, and nothing else.
    Trials(&'a mut dyn FnMut(TrialResult)),
}

/// The one place through which everything of a run is reported, and counted.
pub(crate) struct Reporter<'a> {
    contracts: &'a Contracts,
    teller: Teller<'a>,
    listener: RefCell<Listener<'a>>,
    summary: RefCell<Summary>,
    plan: &'a RunPlan,
    known: RefCell<KnownViolations>,
    departures: RefCell<Departures>,
    promises: Promises,
    settling: RefCell<Settling>,
    /// The checks that could not be made and are reported: vendor, read and host.
    unchecked: RefCell<BTreeSet<(String, String, Option<String>)>>,
    inferred: RefCell<InferredDepartures>,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(contracts: &'a Contracts, plan: &'a RunPlan, teller: Teller<'a>, listener: Listener<'a>) -> Self {
        Self {
            contracts,
            teller,
            listener: RefCell::new(listener),
            summary: RefCell::default(),
            plan,
            known: RefCell::default(),
            departures: RefCell::default(),
            promises: Promises::default(),
            settling: RefCell::default(),
            unchecked: RefCell::default(),
            inferred: RefCell::default(),
        }
    }

    /// Looks for the violations that are known where the vendors are met.
    pub(super) fn look_for_known(&self, parties: &Parties<'_>) {
        self.known.replace(KnownViolations::at(&self.plan.known, parties));
    }

    /// Reports an event.
    pub(super) fn report(&self, mut event: Event) {
        let mut listener = self.listener.borrow_mut();
        let (Listener::Events(take) | Listener::Explained { events: take, .. }) = &mut *listener else { return };
        if let Event::CaseFinished(result) = &mut event {
            result.cause = result.find_cause();
            self.known.borrow_mut().mark(result);
            self.plan.earlier.mark(result);
            self.departures.borrow_mut().add(result);
            self.summary.borrow_mut().add(result);
        }
        take(event);
    }

    /// Counts the cases that are to come, by their rows.
    pub(super) fn expect(&self, rows: impl Iterator<Item = RowId>) {
        self.settling.borrow_mut().expect(rows);
    }

    /// Takes a case that has ended, and reports it once the cases have ended that show if its condition was brought about.
    pub(super) fn finish(&self, ended: EndedCase) {
        let settled = self.settling.borrow_mut().take(ended);
        self.report_settled(settled);
    }

    /// Reports the cases that still wait for others, which do not come any more.
    pub(super) fn finish_rest(&self) {
        let rest = self.settling.borrow_mut().take_rest();
        self.report_settled(rest);
    }

    fn report_settled(&self, settled: Vec<EndedCase>) {
        for ended in settled {
            let undermined = self.settling.borrow().undermined(&ended);
            let mut result = ended.result;
            if let Some(row) = undermined {
                let name = self.contracts[row.vendor()].row_name(row);
                let why = format!("{name} brings the condition about, and does not lead to the documented state");
                result.verdict = Verdict::Undetermined;
                result.reason = Some(self.teller.text(&why));
                result.findings.clear();
                (result.chosen, result.baseline, result.drift) = (None, None, None);
            }
            self.report(Event::CaseFinished(Box::new(result)));
        }
    }

    /// Reports something that concerns more than one case.
    pub(super) fn notice(&self, kind: &str, vendor: &str, message: &str) {
        let message = self.teller.text(message);
        self.report(Event::Notice(Notice { kind: kind.to_owned(), vendor: Some(vendor.to_owned()), message }));
    }

    /// Reports the checks of a case that were due and could not be made; those on one host once a run.
    pub(super) fn report_unchecked(&self, case: &str, vendor: &str, unchecked: &[UncheckedInfo]) {
        for one in unchecked.iter().filter(|one| one.url.is_some()) {
            let is_new = self.unchecked.borrow_mut().insert((vendor.to_owned(), one.read.clone(), one.host.clone()));
            if is_new {
                self.notice(Notice::UNCHECKED, vendor, &format!("{case}: {}", one.words()));
            }
        }
    }

    /// Returns whether the steps are wanted by which cases are judged.
    pub(super) fn takes_steps(&self) -> bool {
        matches!(*self.listener.borrow(), Listener::Explained { .. })
    }

    /// Reports the steps by which a case was judged.
    pub(super) fn report_steps(&self, case: JudgedCase) {
        if let Listener::Explained { steps, .. } = &mut *self.listener.borrow_mut() {
            steps(case);
        }
    }

    /// Returns whether cases are only tried.
    pub(super) fn takes_trials(&self) -> bool {
        matches!(*self.listener.borrow(), Listener::Trials(_))
    }

    /// Reports the result of a case that was tried.
    pub(super) fn report_trial(&self, result: TrialResult) {
        if let Listener::Trials(take) = &mut *self.listener.borrow_mut() {
            take(result);
        }
    }

    /// Reports what reads and steps departed from their own rows, once each; a documented one is a violation, a support call's
    /// is not a promise, so it only leaves something undetermined.
    pub(super) fn report_charges(&self, party: &Party<'_>) {
        for (row, charges) in party.charges.take() {
            let mut sound: Vec<Charge> = charges;
            sound.retain(|charge| !self.settling.borrow().is_any_wrong(&charge.rests_on));
            // What an action did to others outranks how it was answered.
            sound.sort_by_key(|charge| charge.findings.iter().all(|finding| finding.code != FindingCode::State));
            let mut results = sound.into_iter().map(|charge| self.charged_result(party, row, charge));
            if let Some(result) = results.find(|result| !self.departures.borrow().tell(result)) {
                self.report(Event::CaseFinished(Box::new(result)));
            }
        }
    }

    fn charged_result(&self, party: &Party<'_>, row: RowId, charge: Charge) -> CaseResult {
        let Charge { seen_in, findings, exchange, .. } = charge;
        let seen = seen_words(&seen_in);
        let is_promised = self.contracts[row.operation].page.is_some();
        let verdict = if is_promised { Verdict::Violates } else { Verdict::Undetermined };
        let id = format!("{}/seen", party.vendor.row_name(row));
        let mut result = self.row_result(id, row, verdict, &findings, None);
        result.reason = Some(if is_promised { seen } else { unpromised_words(&result.findings, &seen) });
        result.exchanges = vec![exchange];
        result.exercised = result.broken().map(str::to_owned).collect();
        result
    }

    /// Notes what a case's answers depart in from what no page says.
    pub(super) fn note_inferred(&self, case: &str, vendor: &str, findings: &[Finding]) {
        self.inferred.borrow_mut().note(case, vendor, findings);
    }

    /// Reports the departures from what no page says, once for each place in the contracts.
    pub(super) fn report_inferred(&self) {
        for departure in self.inferred.take().into_departures() {
            let words = inferred_words(departure.finding.words(), departure.finding.inferred.as_deref());
            let Location { file, line, column, .. } = self.teller.location(&departure.finding.at);
            let message = format!("{words} ({file}:{line}:{column}); seen in {}", departure.cases_in_words());
            self.notice(Notice::INFERRED, &departure.vendor, &message);
        }
    }

    /// Reports the known violations that are no longer seen.
    pub(super) fn report_stale(&self) {
        let stale = self.known.borrow().stale();
        for message in stale {
            self.report(Event::Notice(Notice { kind: Notice::STALE.to_owned(), vendor: None, message }));
        }
    }

    /// Returns whether departures of a case are all known, none of them for too long, or were seen before.
    pub(super) fn are_excused(&self, case: &str, findings: &[Finding]) -> bool {
        let known = self.known.borrow();
        findings.iter().all(|Finding { code, place, .. }| {
            known.covers(case, *code, place) || self.plan.earlier.since(case, *code, place).is_some()
        })
    }

    /// A result with nothing in it but what a row promises, and how an answer departs from that.
    pub(super) fn row_result(
        &self,
        id: String,
        row: RowId,
        verdict: Verdict,
        findings: &[Finding],
        held_against: Option<OutcomeId>,
    ) -> CaseResult {
        let (vendor, operation) = (&self.contracts[row.vendor()], &self.contracts[row.operation]);
        let row = &operation[row];
        let outcome = held_against.map(|outcome| &operation[outcome]);
        let inferred = row.inferred.as_deref().or(outcome.and_then(|outcome| outcome.inferred.as_deref()));
        let Promise { mut cites, page, location, words } = self.promises.of(self.teller, operation, row);
        if let Some(outcome) = outcome {
            let named = operation.cited_of(row, outcome);
            cites.retain(|clause| named.contains(&clause.id.as_str()));
        }
        // What became of a thing is no matter of how the request is written.
        if !findings.is_empty() && findings.iter().all(|finding| finding.code == FindingCode::State) {
            cites.retain(|clause| !clause.id.starts_with("request."));
        }
        let mut told: Vec<FindingInfo> =
            findings.iter().map(|finding| self.finding(finding, operation, inferred)).collect();
        name_broken(vendor, row.id, findings, &mut told);
        CaseResult {
            id,
            vendor: vendor.name.clone(),
            operation: operation.name.clone(),
            row: row.name.clone(),
            verdict,
            reason: None,
            findings: told,
            cites,
            exercised: Vec::new(),
            unchecked: Vec::new(),
            witnessed: Vec::new(),
            // What no page says is on none.
            page: page.filter(|_| inferred.is_none()),
            location,
            promised: words,
            chosen: None,
            alternatives: row.then.len(),
            baseline: None,
            drift: None,
            canonical: None,
            cause: None,
            script: None,
            exchanges: Vec::new(),
            notes: Vec::new(),
            duration: Duration::ZERO,
        }
    }

    fn finding(&self, finding: &Finding, operation: &Operation, inferred: Option<&str>) -> FindingInfo {
        let told = self.teller.finding(finding, operation);
        if told.inferred.is_some() {
            return told;
        }
        let message = inferred_words(told.message.as_str().into(), inferred).into_owned();
        FindingInfo { message, inferred: inferred.map(str::to_owned), ..told }
    }

    /// The counts so far.
    pub(super) fn summary(&self, requests: usize, things: usize, duration: Duration) -> Summary {
        Summary { requests, things, duration, ..self.summary.borrow().clone() }
    }
}

/// The reason of a departure from an answer that no page promises.
fn unpromised_words(findings: &[FindingInfo], seen: &str) -> String {
    let first: Vec<&str> = findings.iter().take(2).map(|finding| finding.message.as_str()).collect();
    let more = if findings.len() > first.len() { ", and more" } else { "" };
    format!("{}{more}; no page promises this answer, so it is no violation; {seen}", first.join(", "))
}
