//! A run: vendors asked whether they are alive, cases run many at once, what was made removed, everything told as it happens.

use crate::contract::Contracts;
use crate::contract::case::Case;
use crate::http::retry::Retry;
use crate::http::send::Sender;
use crate::judge::verdict::{Judge, Verdict};
use crate::run::cut::{Cut, unbroken};
use crate::run::event::{CaseResult, Departures, Event, KnownInfo, Notice, Summary};
use crate::run::excuse::Excuses;
use crate::run::judging::Ended;
use crate::run::lane::Lane;
use crate::run::ledger::Ledger;
use crate::run::mark::{Mark, RunId};
use crate::run::party::{Health, Party};
use crate::run::snapshot::Baselines;
use crate::run::told::{Promised, Promises, Teller};
use crate::run::unsent::{forbidden, missing, runnable, unhealthy};
use futures_util::StreamExt;
use futures_util::future::join_all;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

/// How many vendors are asked at once whether they are alive.
const MET_AT_ONCE: usize = 64;

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
    /// The folder of what runs remember, where the ledger stands; without one, a run that is killed leaves behind what it made.
    pub state: Option<PathBuf>,
    /// How long a run that is cut goes on removing what it has made.
    pub wind_down: Duration,
    /// The accepted answers that those of this run are compared with, if any.
    pub baselines: Option<Baselines>,
    /// The violations that are known.
    pub known: Vec<KnownInfo>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            jobs: 64,
            retry: Retry::default(),
            max_time: None,
            fail_fast: false,
            tell_all: false,
            state: None,
            wind_down: Duration::from_secs(10),
            baselines: None,
            known: Vec::new(),
        }
    }
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
    /// What the run has made.
    pub(super) ledger: Ledger,
    /// When the run's time is up; once it is cut, that for removing what it has made.
    pub(super) until: Cell<Option<Instant>>,
    /// What ended it early, if anything did.
    pub(super) cut: watch::Sender<Option<Cut>>,
    /// Where events go.
    sink: RefCell<&'a mut dyn FnMut(Event)>,
    run: RunId,
    marks: Cell<u64>,
    requests: Cell<usize>,
    counts: RefCell<BTreeMap<Verdict, usize>>,
    excuses: RefCell<Excuses>,
    departures: RefCell<Departures>,
    promises: Promises,
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
        let run = RunId::begin();
        Self {
            contracts,
            judge: Judge::new(contracts),
            sender,
            settings,
            teller,
            ledger: Ledger::new(settings.state.clone(), run),
            until: Cell::new(settings.max_time.map(|time| Instant::now() + time)),
            cut: watch::Sender::new(None),
            sink: RefCell::new(sink),
            run,
            marks: Cell::new(0),
            requests: Cell::new(0),
            counts: RefCell::default(),
            departures: RefCell::default(),
            excuses: RefCell::new(Excuses::new(&settings.known)),
            promises: Promises::default(),
        }
    }

    /// The mark of the next thing that is made.
    pub fn mark(&self) -> Mark {
        self.marks.set(self.marks.get() + 1);
        Mark { run: self.run, number: self.marks.get() }
    }

    /// Counts requests.
    pub fn count(&self, requests: usize) {
        self.requests.set(self.requests.get() + requests);
    }

    /// How many requests were sent, tries included.
    pub fn requests(&self) -> usize {
        self.requests.get()
    }

    /// Tells an event.
    pub fn tell(&self, mut event: Event) {
        if let Event::CaseFinished(result) = &mut event {
            self.excuses.borrow_mut().mark(result);
            self.departures.borrow_mut().add(result);
            *self.counts.borrow_mut().entry(result.verdict).or_default() += 1;
        }
        (self.sink.borrow_mut())(event);
    }

    /// Tells something that concerns more than one case.
    pub fn notice(&self, kind: &str, vendor: &str, message: &str) {
        let message = self.teller.text(message);
        self.tell(Event::Notice(Notice { kind: kind.to_owned(), vendor: Some(vendor.to_owned()), message }));
    }

    /// Runs cases; `interrupted` ends when the engineer wants the run to end. What was made is removed in every case; what
    /// then remains is told. A panic goes on its way only after that.
    pub async fn run(&self, parties: &[Party<'a>], cases: &[Case], interrupted: impl Future<Output = ()>) -> Summary {
        let began = Instant::now();
        self.conduct(parties, self.work(parties, cases), interrupted).await;
        self.summary(began.elapsed())
    }

    /// What it came to so far.
    pub(super) fn summary(&self, duration: Duration) -> Summary {
        Summary {
            counts: self.counts.borrow().clone(),
            known: self.excuses.borrow().cases,
            requests: self.requests.get(),
            exit_code: 0,
            duration,
        }
    }

    /// Does work to its end, or until it is cut; what it has made is removed, and what then remains is told.
    pub(crate) async fn conduct(
        &self,
        parties: &[Party<'a>],
        work: impl Future<Output = ()>,
        interrupted: impl Future<Output = ()>,
    ) {
        let panicked = self.until_cut(work, interrupted).await.err();
        if panicked.is_some() {
            // What the lanes had at hand is gone with them; the ledger knows it all.
            self.cut(Cut::Interrupted);
            let _ = timeout(self.settings.wind_down, self.settle(parties)).await;
        }
        self.tell_left(parties);
        if let Some(panic) = panicked {
            resume_unwind(panic);
        }
    }

    async fn work(&self, parties: &[Party<'a>], cases: &[Case]) {
        let asked = |party: &&Party<'a>| unhealthy(party).is_none() && cases.iter().any(|case| runnable(party, case));
        for some in parties.iter().filter(asked).collect::<Vec<_>>().chunks(MET_AT_ONCE) {
            join_all(some.iter().map(|party| self.meet(party))).await;
        }
        let lanes = futures_util::stream::iter(cases);
        lanes
            .for_each_concurrent(self.settings.jobs.max(1), |case| async move {
                if let Some(party) = parties.iter().find(|party| party.vendor.id == case.row.vendor()) {
                    self.case(party, case).await;
                }
            })
            .await;
        parties.iter().for_each(|party| self.charges(party));
        self.report_stale();
        self.settle(parties).await;
    }

    /// Reports the known violations that are no longer seen.
    pub(super) fn report_stale(&self) {
        for message in self.excuses.borrow().stale() {
            self.tell(Event::Notice(Notice { kind: Notice::STALE.to_owned(), vendor: None, message }));
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
        let ended = self.unless_cut(std::pin::pin!(unbroken(self.judged(&mut lane, case)))).await;
        let ended = ended.or_else(|| self.stop().map(Ended::from));
        let ended = ended.unwrap_or_else(|| Ended::with(Verdict::Undetermined, "not finished".to_owned()));
        lane.remove_made().await;
        if ended.verdict == Verdict::Violates {
            self.stop_if_live(party, &ended);
            let departures = ended.findings.iter().map(|finding| (finding.code, finding.place.as_str()));
            if self.settings.fail_fast && !self.excuses.borrow().cover(&case.id, departures) {
                self.cut(Cut::FailFast);
            }
        }
        self.finish(party, case, ended, Some(&lane), began.elapsed());
    }

    /// A case's verdict, which may depend on whether the vendor is still alive.
    pub(super) async fn judged(&self, lane: &mut Lane<'_, 'a>, case: &Case) -> Ended {
        let ended = lane.run(case).await;
        self.settled(lane.party, ended).await
    }

    /// What stands of an end: a 5xx that came again and again is the vendor's own answer where the vendor is alive.
    pub(crate) async fn settled(&self, party: &Party<'a>, mut ended: Ended) -> Ended {
        if ended.verdict == Verdict::Environment {
            let alive = Box::pin(self.ask_again(party)).await;
            if ended.overloaded && alive && !ended.findings.is_empty() {
                ended.verdict = Verdict::Violates;
                ended.reason = None;
            }
        }
        ended
    }

    /// Why a case is not run, where it is not.
    pub(super) fn not_run(&self, party: &Party<'a>, case: &Case) -> Option<Ended> {
        let skipped = |why: String| Some(Ended::with(Verdict::Skipped, why));
        if let Some(why) = &case.barred {
            return skipped(format!("not inducible: {why}"));
        }
        if let Some(ended) = forbidden(party) {
            return Some(ended);
        }
        let missing = missing(party, case);
        if !missing.is_empty() {
            return skipped(format!("set {}", missing.join(" and ")));
        }
        match self.was_cut() {
            Some(Cut::Interrupted) => return skipped("interrupted".to_owned()),
            Some(Cut::FailFast) => return skipped("not run: --fail-fast, and a case violates".to_owned()),
            Some(Cut::OutOfTime) => {
                return Some(Ended::with(Verdict::Undetermined, "not run: --max-time is up".to_owned()));
            }
            None => {}
        }
        unhealthy(party)
    }

    /// Away from this machine, an answer that says live ends the vendor's cases at once.
    pub(crate) fn stop_if_live(&self, party: &Party<'a>, ended: &Ended) {
        let live = ended.findings.iter().any(|finding| finding.code == crate::judge::check::FindingCode::LiveMode);
        if live && !party.destination.is_loopback() {
            let why = format!("{} says that it is live where a test was meant", party.vendor.name);
            self.notice("live-mode", &party.vendor.name, &format!("{why}; none of its other cases is sent"));
            party.health.replace(Health::Live(why));
        }
    }

    pub(super) fn finish(
        &self,
        party: &Party<'a>,
        case: &Case,
        mut ended: Ended,
        lane: Option<&Lane<'_, 'a>>,
        took: Duration,
    ) {
        let (vendor, operation) = (&self.contracts[case.row.vendor()], &self.contracts[case.row.operation]);
        let row = &operation[case.row];
        for charge in party.charges.borrow_mut().values_mut().filter(|charge| charge.seen_in.is_empty()) {
            charge.seen_in.clone_from(&case.id);
        }
        let compared = self.against_baseline(party, case, &mut ended, lane.and_then(|lane| lane.seen.as_ref()));
        let tells = self.settings.tell_all || !matches!(ended.verdict, Verdict::Conforms | Verdict::Skipped);
        let observed = lane.filter(|_| tells).map(|lane| match &lane.replay {
            Some(replay) => replay.all(),
            None => lane.observed.iter().map(|observed| self.teller.exchange(observed)).collect(),
        });
        let notes = lane.map(|lane| lane.notes.iter().map(|note| self.teller.text(note)).collect());
        let Promised { cites, page, location, words: promised } = self.promises.of(self.teller, operation, row);
        let result = CaseResult {
            id: case.id.clone(),
            vendor: vendor.name.clone(),
            operation: operation.name.clone(),
            row: row.name.clone(),
            verdict: ended.verdict,
            reason: ended.reason.map(|reason| self.teller.text(&reason)),
            findings: ended.findings.iter().map(|finding| self.teller.finding(finding, operation)).collect(),
            cites,
            page,
            location,
            promised,
            chosen: ended.chosen,
            alternatives: row.then.len(),
            baseline: compared.baseline,
            drift: compared.drift,
            canonical: compared.canonical,
            exchanges: observed.unwrap_or_default(),
            notes: notes.unwrap_or_default(),
            duration: took,
        };
        self.tell(Event::CaseFinished(Box::new(result)));
    }

    /// Tells what reads and steps departed from their own rows, once each; a documented one is a violation, a support call's
    /// is no promise of anybody, so it only leaves something undetermined.
    pub(super) fn charges(&self, party: &Party<'a>) {
        for (row, charge) in party.charges.take() {
            let (vendor, operation) = (&self.contracts[row.vendor()], &self.contracts[row.operation]);
            let row = &operation[row];
            let documented = operation.page.is_some();
            let verdict = if documented { Verdict::Violates } else { Verdict::Undetermined };
            let seen = format!("seen while {} ran", charge.seen_in);
            let reason = if documented { seen } else { format!("no page promises this answer; {seen}") };
            let Promised { cites, page, location, words: promised } = self.promises.of(self.teller, operation, row);
            let result = CaseResult {
                id: format!("{}/{}/{}/seen", vendor.name, operation.name, row.name),
                vendor: vendor.name.clone(),
                operation: operation.name.clone(),
                row: row.name.clone(),
                verdict,
                reason: Some(reason),
                findings: charge.findings.iter().map(|finding| self.teller.finding(finding, operation)).collect(),
                cites,
                page,
                location,
                promised,
                chosen: None,
                alternatives: row.then.len(),
                baseline: None,
                drift: None,
                canonical: None,
                exchanges: vec![charge.exchange],
                notes: Vec::new(),
                duration: Duration::ZERO,
            };
            if self.departures.borrow().tell(&result) {
                continue;
            }
            self.tell(Event::CaseFinished(Box::new(result)));
        }
    }
}
