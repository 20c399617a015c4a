//! The run itself: everything resolved before the first request, then cases run, reports written, the exit code concluded.

use crate::cli::args::Global;
use crate::cli::contracts::plural;
use crate::cli::environment::Environment;
use crate::cli::interrupt::Interruption;
use crate::cli::output::Output;
use crate::cli::run::Args;
use crate::cli::run::destinations::Goal;
use crate::cli::run::remembered::{self, Memory};
use crate::cli::run::stage::{self, Stage, Wanted};
use crate::cli::run::supplies::Supplied;
use crate::cli::settings::Settings;
use crate::cli::value::{Shard, Shuffle};
use proviso::contract::Loaded;
use proviso::contract::case::{self, Case};
use proviso::report::Exit;
use proviso::report::explain::explain;
use proviso::report::{Conclusion, ReportError, Reports, Saved};
use proviso::run::event::{CaseResult, Event, Gate, Plan};
use proviso::run::guard::Deeds;
use proviso::run::snapshot::Baselines;
use proviso::run::{self, Cut, Engine, Teller};
use proviso::text::source::unlinked;
use proviso::text::visible;
use std::cell::RefCell;
use std::path::Path;
use std::pin::pin;
use std::time::{Duration, SystemTime};

/// What a run is asked for, read and understood.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The arguments of the run.
    pub(crate) args: &'a Args,
    /// Those of every command.
    pub(crate) global: &'a Global,
    /// The environment.
    pub(crate) environment: &'a Environment,
    /// `proviso.yaml`.
    pub(crate) settings: &'a Settings,
    /// The contracts.
    pub(crate) loaded: &'a Loaded,
}

/// What came of a run.
pub(crate) struct Ran {
    /// How it ends.
    pub(crate) exit: Exit,
    /// What it told of more than one case.
    pub(crate) told: Saved,
}

/// Who listens to a run.
pub(crate) struct Listening<'a> {
    /// Opens the reports, once it is sure that there will be a run.
    pub(crate) open: &'a dyn Fn(&Output) -> Result<Reports, ReportError>,
    /// Whether everything of a case is told, its answer in the form that is compared with others too.
    pub(crate) whole: bool,
    /// Takes every case, once it is told.
    pub(crate) keep: &'a mut dyn FnMut(CaseResult),
}

/// Runs the cases that are asked for, tells people, and remembers what failed.
pub(crate) fn run(asked: Asked<'_>, supplied: Supplied, output: &mut Output) -> Exit {
    let (baselines, notice) = match asked.args.baseline.baselines(asked.environment) {
        Ok(wanted) => wanted,
        Err(error) => {
            output.error(&error.to_string(), &[]);
            return Exit::Wrong;
        }
    };
    notice.iter().for_each(|notice| output.notice(&format!("notice: {notice}\n")));
    let update = baselines.update;
    let cases = match selected(asked.args, asked.global, asked.loaded, output) {
        Ok(cases) => cases,
        Err(exit) => return exit,
    };
    let open = |output: &Output| open(asked, output);
    let mut memory = Memory::default();
    let mut keep = |case| memory.keep(case);
    let mut listening = Listening { open: &open, whole: false, keep: &mut keep };
    let Ran { exit, told } = match perform(asked, cases, supplied, baselines, &mut listening, output) {
        Ok(ran) => ran,
        Err(exit) => return exit,
    };
    crate::cli::baseline::Wanted::tell_new(memory.new, update, output);
    if let Err(error) = remembered::remember(&asked.global.state, told, memory) {
        output.notice(&format!("notice: the run is not remembered in {}: {error}\n", asked.global.state.display()));
    }
    exit
}

/// Runs cases where it is asked for; an exit code where nothing was sent.
pub(crate) fn perform(
    asked: Asked<'_>,
    mut cases: Vec<Case>,
    supplied: Supplied,
    baselines: Baselines,
    listening: &mut Listening<'_>,
    output: &mut Output,
) -> Result<Ran, Exit> {
    let Asked { args, environment, settings, loaded, .. } = asked;
    let (destination, pacing) = (&args.destination, &args.manner.pacing);
    let wanted = Wanted { destination, pacing, environment, settings, loaded };
    let goals = wanted.goals(output)?;
    cases.retain(|case| goals.get(case.row.vendor().position()).is_some_and(Option::is_some));
    if args.dry_run {
        return Err(dry(loaded, &cases, output));
    }
    refuse_links(&goals, &baselines, &asked.global.state, output)?;
    let stage = Stage::set(wanted, &goals, supplied, |party| Deeds::of(party, &cases), output)?;
    let reports = (listening.open)(output).map_err(|error| {
        output.error(&error.to_string(), &[]);
        Exit::Wrong
    })?;
    let mut settings = engine_settings(args, asked.global, asked.settings, output);
    settings.baselines = Some(baselines);
    settings.tell_all |= listening.whole;
    let ran =
        stage.runtime.block_on(execute(asked, &cases, &stage, (reports, &mut *listening.keep), &settings, output));
    // Nothing in them is due when they go, and there may be very many.
    std::mem::forget(cases);
    Ok(ran)
}

/// Refuses to begin where what is written or compared would go through a link.
fn refuse_links(goals: &[Option<Goal>], baselines: &Baselines, state: &Path, output: &mut Output) -> Result<(), Exit> {
    let folders = goals.iter().flatten().filter_map(|goal| baselines.folder(goal.target()));
    for folder in folders.chain([state.to_owned()]) {
        if let Err(error) = unlinked::check(&folder, &folder) {
            output.error(&error.to_string(), &["nothing was sent".to_owned()]);
            return Err(Exit::Wrong);
        }
    }
    Ok(())
}

/// The reports that are asked for, the terminal and GitHub among them.
fn open(asked: Asked<'_>, output: &Output) -> Result<Reports, ReportError> {
    let mut reports = Reports::open(&asked.args.reports.0)?;
    super::reports::add_streams(&mut reports, asked.args.report_github, asked.environment, output);
    Ok(reports)
}

/// Tells what would be sent, and sends nothing.
fn dry(loaded: &Loaded, cases: &[Case], output: &mut Output) -> Exit {
    for case in cases {
        let Ok(explanation) = explain(loaded, cases, &case.id) else { continue };
        output.print(&format!("{}\n", output.bold(&case.id)));
        let told =
            explanation.parts.iter().filter(|part| matches!(part.heading, "Arranged" | "Sent" | "Needs" | "Not run"));
        for part in told {
            let heading = part.heading.to_lowercase();
            for (index, line) in part.lines.iter().enumerate() {
                let line = visible::line(line);
                output.print(&format!("  {:<9} {line}\n", if index == 0 { heading.as_str() } else { "" }));
            }
        }
    }
    output.print(&format!("{}; nothing was sent\n", plural(cases.len(), "case")));
    Exit::Fine
}

/// The cases that are asked for, in the order that is asked for.
fn selected(args: &Args, global: &Global, loaded: &Loaded, output: &mut Output) -> Result<Vec<Case>, Exit> {
    let all = case::compile(&loaded.contracts);
    args.select.tell_unmatched(&loaded.contracts, &all, output);
    let mut selection = args.select.selection();
    if args.failed {
        match remembered::recall(&global.state) {
            Ok(failed) if failed.is_empty() => {
                output.error("no case failed in the run before", &[]);
                return Err(Exit::NothingTested);
            }
            Ok(failed) => selection.only = Some(failed),
            Err(why) => {
                output.error(&why, &[]);
                return Err(Exit::Wrong);
            }
        }
    }
    let part = selection.shard.take();
    let whole = selection.select(&loaded.contracts, all);
    let of_how_many = whole.len();
    selection.shard = part;
    let mut cases = selection.select(&loaded.contracts, whole);
    if let (true, Some((part, parts)), 1..) = (cases.is_empty(), part, of_how_many) {
        // There are more machines than work; the others have it, so this one's report is empty and nothing is wrong.
        let cases = plural(of_how_many, "case");
        output.notice(&format!("notice: part {part} of {parts} has none of the {cases}; the others have them\n"));
    } else if cases.is_empty() {
        output.error("no case is selected", &["`proviso list` has their names".to_owned()]);
        return Err(Exit::NothingTested);
    }
    if let Some(shuffle) = args.manner.shuffle {
        let seed = match shuffle {
            Shuffle::Seed(seed) => seed,
            Shuffle::Any => fastrand::u64(..1_000_000),
        };
        output.notice(&format!("the order is that of --shuffle={seed}\n"));
        fastrand::Rng::with_seed(seed).shuffle(&mut cases);
    }
    Ok(cases)
}

/// Runs the cases and writes the reports, everything being ready.
async fn execute(
    asked: Asked<'_>,
    cases: &[Case],
    Stage { parties, redactor, sender, .. }: &Stage<'_>,
    (reports, keep): (Reports, &mut dyn FnMut(CaseResult)),
    settings: &run::Settings,
    output: &mut Output,
) -> Ran {
    let Asked { args, loaded, .. } = asked;
    let teller = Teller { sources: &loaded.sources, redactor };
    let target = args.destination.target.join(" ");
    let target = if target.is_empty() { "mock".to_owned() } else { target };
    let vendors = parties.iter().map(|party| party.told(teller)).collect();
    let plan = Plan {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        target: teller.text(&target),
        started: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
        gate: Gate { require_all: args.manner.require_all, deny: args.baseline.denied() },
        contracts: loaded.digest.clone(),
        shard: args.select.shard.map(Shard::info),
        cases: cases.iter().map(|case| case.id.clone()).collect(),
        pages: run::pages(&loaded.contracts, cases),
        vendors,
    };
    let mut conclusion = Conclusion::new(&plan.gate);
    let mut told = Saved::default();
    let reports = RefCell::new(reports);
    let mut tell = |event: Event| {
        reports.borrow_mut().tell(&event);
        match event {
            Event::CaseFinished(case) => {
                conclusion.add(&case);
                keep(*case);
            }
            event => told.event(&event),
        }
    };
    // Before anybody is told that the run begins, and may want it to end.
    let mut interruption = Interruption::hear();
    let to_end = asked_to_end(&mut interruption, output);
    tell(Event::Started(plan));
    let engine = Engine::new(&loaded.contracts, sender, settings, teller, &mut tell);
    let mut summary = ticking(&reports, engine.run(parties, cases, to_end)).await;
    drop(interruption);
    let interrupted = engine.was_cut() == Some(Cut::Interrupted);
    drop(engine);
    let exit = match cases {
        // A part that has no case is none the worse for it.
        [] if args.select.shard.is_some() => Exit::Fine,
        _ => conclusion.exit(&told.notices, interrupted),
    };
    summary.exit_code = exit.code();
    let over = Event::Finished(summary);
    let mut reports = reports.into_inner();
    reports.tell(&over);
    told.event(&over);
    let exit = super::reports::close(reports, exit, output);
    Ran { exit, told }
}

/// Ends when the run is to end, and says what is still being done then.
async fn asked_to_end(interruption: &mut Interruption, output: &mut Output) {
    interruption.said().await;
    output.notice("\ninterrupted: what was made is being removed; a second Ctrl-C ends at once\n");
}

/// Does work, and lets the reports know meanwhile that time goes by.
async fn ticking<T>(reports: &RefCell<Reports>, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        match tokio::time::timeout(TICK, &mut work).await {
            Ok(done) => return done,
            Err(_) => reports.borrow_mut().tick(),
        }
    }
}

/// How often the reports are told that time goes by.
const TICK: Duration = Duration::from_millis(250);

fn engine_settings(args: &Args, global: &Global, settings: &Settings, output: &Output) -> run::Settings {
    let mut built = stage::engine_settings(&args.manner.pacing, global, settings);
    built.jobs = args.manner.jobs.map(std::num::NonZeroUsize::get).or(settings.jobs).unwrap_or(built.jobs);
    built.fail_fast = args.manner.fail_fast;
    built.known.clone_from(&settings.excused);
    built.tell_all = output.verbosity > 1 || !args.reports.0.is_empty();
    built
}
