//! A run of cases: reports opened, the conductor called, its events followed, the exit concluded.

use crate::cli::args::Shard;
use crate::cli::interruption::Interruption;
use crate::cli::live::setup::start_runtime;
use crate::cli::live::{Audience, Goal, LiveSettings, Setup, Supplied, uncompared};
use crate::cli::output::Output;
use crate::cli::problem::{CommandError, Problem};
use proviso::contract::Loaded;
use proviso::contract::case::Case;
use proviso::report::{Exit, ReportError, Reports, SavedRun};
use proviso::run::event::{CaseResult, Event, Gate, Plan};
use proviso::run::guard::Deeds;
use proviso::run::{self, CancelReason, conduct};
use proviso::text::source::unlinked;
use std::cell::RefCell;
use std::pin::pin;
use std::time::{Duration, SystemTime};

/// The cases of a run, and how they are to be run.
pub(crate) struct LiveRun<'a> {
    /// The contracts.
    pub(crate) loaded: &'a Loaded,
    /// The cases.
    pub(crate) cases: &'a [Case],
    /// The goal of every vendor.
    pub(crate) goals: &'a [Option<Goal>],
    /// The targets as typed.
    pub(crate) targets: &'a [String],
    /// The settings.
    pub(crate) settings: LiveSettings,
    /// The reasons to fail the run beside a violation.
    pub(crate) gate: Gate,
    /// The part of all cases that these are.
    pub(crate) shard: Option<Shard>,
    /// The seed of their order, where that is a random one.
    pub(crate) shuffle: Option<u64>,
}

/// The result of a run.
pub(crate) struct RunResult {
    /// Its exit.
    pub(crate) exit: Exit,
    /// The run without its cases.
    pub(crate) saved: SavedRun,
}

impl LiveRun<'_> {
    /// Runs the cases; `open` opens the reports once it is certain that there will be a run, and `keep` takes every case.
    pub(crate) fn run(
        self,
        supplied: Supplied,
        open: impl FnOnce(&Output) -> Result<Reports, ReportError>,
        keep: &mut dyn FnMut(CaseResult),
        output: &mut Output,
    ) -> Result<RunResult, CommandError> {
        self.refuse_links()?;
        let runtime = start_runtime().map_err(|problem| problem.exit_with(Exit::Environment))?;
        let place = (self.loaded, self.goals);
        let setup =
            Setup::prepare(&runtime, place, &self.settings, supplied, |party| Deeds::of(party, self.cases), output)?;
        let reports = open(output).map_err(Problem::new)?;
        let audience = Audience::new(reports, &self.gate, keep);
        Ok(runtime.block_on(self.conduct(&setup, audience, output)))
    }

    /// Refuses to begin where what is written or compared would go through a link.
    fn refuse_links(&self) -> Result<(), Problem> {
        let baselines = self.settings.plan.baselines.as_ref();
        let targets = self.goals.iter().flatten().map(Goal::target);
        let folders = targets.filter_map(|target| baselines?.folder(target)).chain(self.settings.plan.state.clone());
        for folder in folders {
            unlinked::check(&folder, &folder).map_err(|error| Problem::new(error).with_help("nothing was sent"))?;
        }
        Ok(())
    }

    async fn conduct(self, setup: &Setup<'_>, audience: Audience<'_>, output: &mut Output) -> RunResult {
        let audience = RefCell::new(audience);
        let mut sink = |event| audience.borrow_mut().take(event);
        // Before it is reported that the run begins, from when on it may be interrupted.
        let mut interruption = Interruption::listen();
        sink(Event::Started(self.plan(setup)));
        for notice in uncompared(&self.gate, self.settings.plan.baselines.as_ref(), self.places()) {
            sink(Event::Notice(notice));
        }
        let context = setup.send_in(&self.settings.plan, &mut sink);
        let asked_to_end = async {
            interruption.requested().await;
            // On a terminal its `^C` is behind the line that changes, and goes with it.
            audience.borrow_mut().clear_line();
            output.notice("interrupted: what was made is being removed; a second Ctrl-C ends at once\n");
        };
        let summary = ticking(&audience, conduct(&context, &setup.parties, self.cases, asked_to_end)).await;
        drop(interruption);
        let interrupted = context.cancelled() == Some(CancelReason::Interrupted);
        drop(context);
        let audience = audience.into_inner();
        let exit = match self.cases {
            // A part that has no case is none the worse for it.
            [] if self.shard.is_some() => Exit::Fine,
            _ => audience.exit(interrupted),
        };
        let (exit, saved) = audience.finish(summary, exit, output);
        RunResult { exit, saved }
    }

    /// The vendors that have cases, each with its target.
    fn places(&self) -> impl Iterator<Item = (&str, &str)> {
        let vendors = self.loaded.contracts.vendors.iter().zip(self.goals);
        let asked = vendors.filter(|(vendor, _)| self.cases.iter().any(|case| case.row.vendor() == vendor.id));
        asked.filter_map(|(vendor, goal)| Some((vendor.name.as_str(), goal.as_ref()?.target())))
    }

    fn plan(&self, setup: &Setup<'_>) -> Plan {
        let teller = setup.teller();
        Plan {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            target: teller.text(&target_name(self.targets)),
            started: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
            gate: self.gate.clone(),
            contracts: self.loaded.digest.clone(),
            shard: self.shard.map(Into::into),
            shuffle: self.shuffle,
            cases: self.cases.iter().map(|case| case.id.clone()).collect(),
            pages: run::pages(&self.loaded.contracts, self.cases),
            vendors: setup.parties.iter().map(|party| party.told(teller)).collect(),
        }
    }
}

/// The targets as reports name them.
pub(crate) fn target_name(targets: &[String]) -> String {
    if targets.is_empty() { "mock".to_owned() } else { targets.join(" ") }
}

/// Works, and lets the reports know meanwhile that time goes by.
async fn ticking<T>(audience: &RefCell<Audience<'_>>, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        match tokio::time::timeout(TICK, &mut work).await {
            Ok(done) => return done,
            Err(_) => audience.borrow_mut().tick(),
        }
    }
}

/// The time between two ticks.
const TICK: Duration = Duration::from_millis(250);
