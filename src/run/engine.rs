//! A run: vendors asked whether they are alive, cases run many at once, what was made removed, everything told as it happens.

use crate::case::Case;
use crate::contract::Contracts;
use crate::event::{CaseResult, Event, Notice, Summary};
use crate::run::judging::Ended;
use crate::run::lane::Lane;
use crate::run::party::{Health, Party};
use crate::run::retry::Retry;
use crate::run::send::Sender;
use crate::run::told::{self, Teller};
use crate::verdict::{Judge, Verdict};
use futures_util::StreamExt;
use futures_util::future::join_all;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// How a run goes about its cases.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How many cases run at once.
    pub jobs: usize,
    /// How often a request is tried.
    pub retry: Retry,
    /// How long the run may take.
    pub max_time: Option<Duration>,
    /// Whether the first violation ends it.
    pub fail_fast: bool,
    /// Whether exchanges are told of cases that conform, too.
    pub tell_all: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { jobs: 64, retry: Retry::default(), max_time: None, fail_fast: false, tell_all: false }
    }
}

/// Why a run ends before all cases are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The engineer interrupted it.
    Interrupted,
    /// Its time was up.
    OutOfTime,
    /// A violation was found, and one was enough.
    FailFast,
}

/// A run, with all that its lanes share.
pub struct Engine<'a> {
    /// The contracts.
    pub contracts: &'a Contracts,
    /// The judge.
    pub judge: Judge<'a>,
    /// The client socket.
    pub sender: &'a Sender,
    /// How the run goes about its cases.
    pub settings: &'a Settings,
    /// The teller.
    pub teller: Teller<'a>,
    /// When the run's time is up.
    pub until: Option<Instant>,
    /// Where events go.
    sink: RefCell<&'a mut dyn FnMut(Event)>,
    run_mark: String,
    marks: Cell<usize>,
    requests: Cell<usize>,
    counts: RefCell<BTreeMap<Verdict, usize>>,
    cut: Cell<Option<Cut>>,
}

impl<'a> Engine<'a> {
    /// A run that has not begun.
    pub fn new(
        contracts: &'a Contracts,
        sender: &'a Sender,
        settings: &'a Settings,
        teller: Teller<'a>,
        sink: &'a mut dyn FnMut(Event),
    ) -> Self {
        let run_mark = crate::contract::template::draw("alnum8").map(|value| crate::contract::template::plain(&value));
        Self {
            contracts,
            judge: Judge::new(contracts),
            sender,
            settings,
            teller,
            until: settings.max_time.map(|time| Instant::now() + time),
            sink: RefCell::new(sink),
            run_mark: run_mark.unwrap_or_default(),
            marks: Cell::new(0),
            requests: Cell::new(0),
            counts: RefCell::default(),
            cut: Cell::new(None),
        }
    }

    /// The mark of the next thing that is made.
    pub fn mark(&self) -> String {
        self.marks.set(self.marks.get() + 1);
        format!("proviso-{}-{}", self.run_mark, self.marks.get())
    }

    /// Counts requests.
    pub fn count(&self, requests: usize) {
        self.requests.set(self.requests.get() + requests);
    }

    /// Tells an event.
    pub fn tell(&self, event: Event) {
        if let Event::CaseFinished(result) = &event {
            *self.counts.borrow_mut().entry(result.verdict).or_default() += 1;
        }
        (self.sink.borrow_mut())(event);
    }

    /// Tells something that concerns more than one case.
    pub fn notice(&self, kind: &str, vendor: &str, message: &str) {
        let message = self.teller.text(message);
        self.tell(Event::Notice(Notice { kind: kind.to_owned(), vendor: Some(vendor.to_owned()), message }));
    }

    /// Ends the run: cases that have not begun are told as not run.
    pub fn cut(&self, cut: Cut) {
        if self.cut.get().is_none() {
            self.cut.set(Some(cut));
        }
    }

    /// Why the run ended early, if it did.
    pub fn was_cut(&self) -> Option<Cut> {
        self.cut.get()
    }

    /// Runs cases; `interrupted` ends when the engineer wants the run to end.
    pub async fn run(&self, parties: &[Party<'a>], cases: &[Case], interrupted: impl Future<Output = ()>) -> Summary {
        let began = Instant::now();
        let work = self.work(parties, cases);
        tokio::pin!(work, interrupted);
        let time_up = async {
            match self.until {
                Some(until) => tokio::time::sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(time_up);
        let mut told_time = false;
        let mut told_interrupt = false;
        loop {
            tokio::select! {
                biased;
                () = &mut work => break,
                () = &mut interrupted, if !told_interrupt => {
                    told_interrupt = true;
                    self.cut(Cut::Interrupted);
                }
                () = &mut time_up, if !told_time => {
                    told_time = true;
                    self.cut(Cut::OutOfTime);
                }
            }
        }
        Summary {
            counts: self.counts.borrow().clone(),
            requests: self.requests.get(),
            exit_code: 0,
            duration: began.elapsed(),
        }
    }

    async fn work(&self, parties: &[Party<'a>], cases: &[Case]) {
        join_all(
            parties.iter().filter(|party| cases.iter().any(|case| runnable(party, case))).map(|party| self.meet(party)),
        )
        .await;
        let lanes = futures_util::stream::iter(cases);
        lanes
            .for_each_concurrent(self.settings.jobs.max(1), |case| async move {
                if let Some(party) = parties.iter().find(|party| party.index == case.vendor) {
                    self.case(party, case).await;
                }
            })
            .await;
        for party in parties {
            self.charges(party);
            self.remove_spare(party).await;
        }
    }

    /// One case, from its first event to its last.
    async fn case(&self, party: &Party<'a>, case: &Case) {
        let began = Instant::now();
        if let Some(ended) = self.not_run(party, case) {
            return self.finish(party, case, ended, None, began.elapsed());
        }
        self.tell(Event::CaseStarted { id: case.id.clone() });
        let mut lane = Lane::new(self, party);
        let mut ended = lane.run(case).await;
        if ended.verdict == Verdict::Environment {
            let alive = self.ask_again(party).await;
            if ended.overloaded && alive && !ended.findings.is_empty() {
                ended.verdict = Verdict::Violates;
                ended.reason = None;
            }
        }
        lane.remove_made().await;
        if ended.verdict == Verdict::Violates {
            self.stop_if_live(party, &ended);
            if self.settings.fail_fast {
                self.cut(Cut::FailFast);
            }
        }
        self.finish(party, case, ended, Some(&lane), began.elapsed());
    }

    /// Why a case is not run, where it is not.
    fn not_run(&self, party: &Party<'a>, case: &Case) -> Option<Ended> {
        let skipped = |why: String| Some(Ended::with(Verdict::Skipped, why));
        if let Some(why) = &case.barred {
            return skipped(format!("not inducible: {why}"));
        }
        let missing = missing(party, case);
        if !missing.is_empty() {
            return skipped(format!("set {}", missing.join(" and ")));
        }
        match self.cut.get() {
            Some(Cut::Interrupted) => return skipped("interrupted".to_owned()),
            Some(Cut::FailFast) => return skipped("not run: --fail-fast, and a case violates".to_owned()),
            Some(Cut::OutOfTime) => {
                return Some(Ended::with(Verdict::Undetermined, "not run: --max-time is up".to_owned()));
            }
            None => {}
        }
        match &*party.health.borrow() {
            Health::Dead(why) => Some(Ended::with(
                Verdict::Environment,
                format!("not sent: {} does not answer: {why}", party.vendor.name),
            )),
            Health::Refuses(why) | Health::Live(why) => {
                Some(Ended::with(Verdict::Undetermined, format!("not sent: {why}")))
            }
            Health::Unknown | Health::Alive => None,
        }
    }

    /// Away from this machine, an answer that says live ends the vendor's cases at once.
    fn stop_if_live(&self, party: &Party<'a>, ended: &Ended) {
        let live = ended.findings.iter().any(|finding| finding.code == crate::check::FindingCode::LiveMode);
        if live && !party.destination.is_loopback() {
            let why = format!("{} says that it is live where a test was meant", party.vendor.name);
            self.notice("live-mode", &party.vendor.name, &format!("{why}; none of its other cases is sent"));
            party.health.replace(Health::Live(why));
        }
    }

    fn finish(&self, party: &Party<'a>, case: &Case, ended: Ended, lane: Option<&Lane<'_, 'a>>, took: Duration) {
        let Some((vendor, operation)) = told::at(self.contracts, case.vendor, case.operation) else { return };
        let Some(row) = operation.rows.get(&case.row) else { return };
        for charge in party.charges.borrow_mut().values_mut().filter(|charge| charge.seen_in.is_empty()) {
            charge.seen_in.clone_from(&case.id);
        }
        let tells = self.settings.tell_all || !matches!(ended.verdict, Verdict::Conforms | Verdict::Skipped);
        let observed = lane
            .filter(|_| tells)
            .map(|lane| lane.observed.iter().map(|observed| self.teller.exchange(observed)).collect());
        let notes = lane.map(|lane| lane.notes.iter().map(|note| self.teller.text(note)).collect());
        let result = CaseResult {
            id: case.id.clone(),
            vendor: vendor.name.clone(),
            operation: operation.name.clone(),
            row: case.row.clone(),
            verdict: ended.verdict,
            reason: ended.reason.map(|reason| self.teller.text(&reason)),
            findings: ended.findings.iter().map(|finding| self.teller.finding(finding, operation)).collect(),
            cites: told::cited(operation, row),
            page: operation.page.as_ref().map(|page| page.url.clone()),
            location: self.teller.location(&row.at.clone().key()),
            promised: told::promise(operation, row),
            chosen: ended.chosen,
            alternatives: row.then.len(),
            exchanges: observed.unwrap_or_default(),
            notes: notes.unwrap_or_default(),
            duration: took,
        };
        self.tell(Event::CaseFinished(Box::new(result)));
    }

    /// Tells what reads and steps departed from their own rows, once each; a documented one is a violation, a support call's
    /// is no promise of anybody, so it only leaves something undetermined.
    fn charges(&self, party: &Party<'a>) {
        for ((position, name), charge) in party.charges.take() {
            let Some((vendor, operation)) = told::at(self.contracts, party.index, position) else { continue };
            let Some(row) = operation.rows.get(&name) else { continue };
            let documented = operation.page.is_some();
            let verdict = if documented { Verdict::Violates } else { Verdict::Undetermined };
            let reason = if documented {
                format!("seen while {} ran", charge.seen_in)
            } else {
                format!("no page promises this answer; seen while {} ran", charge.seen_in)
            };
            let result = CaseResult {
                id: format!("{}/{}/{name}/seen", vendor.name, operation.name),
                vendor: vendor.name.clone(),
                operation: operation.name.clone(),
                row: name.clone(),
                verdict,
                reason: Some(reason),
                findings: charge.findings.iter().map(|finding| self.teller.finding(finding, operation)).collect(),
                cites: told::cited(operation, row),
                page: operation.page.as_ref().map(|page| page.url.clone()),
                location: self.teller.location(&row.at.clone().key()),
                promised: told::promise(operation, row),
                chosen: None,
                alternatives: row.then.len(),
                exchanges: vec![charge.exchange],
                notes: Vec::new(),
                duration: Duration::ZERO,
            };
            self.tell(Event::CaseFinished(Box::new(result)));
        }
    }
}

/// The environment variables that a case needs and nobody has set.
fn missing(party: &Party<'_>, case: &Case) -> Vec<String> {
    let known = |variable: &String| {
        let credential = party.vendor.file.credentials.iter().find(|(_, credential)| credential.env == *variable);
        match credential {
            Some((name, _)) => party.credentials.contains_key(name),
            None => party.fixtures.contains_key(variable),
        }
    };
    case.needs.iter().filter(|variable| !known(variable)).map(|variable| format!("${variable}")).collect()
}

/// Whether a case would be sent, as far as is known before the run.
pub fn runnable(party: &Party<'_>, case: &Case) -> bool {
    case.vendor == party.index && case.barred.is_none() && missing(party, case).is_empty()
}
