//! `proviso walk`: random documented sequences against the mock, a sandbox or a URL.

use crate::cli::args::Global;
use crate::cli::contracts::{self, plural};
use crate::cli::environment::Environment;
use crate::cli::interrupt::Interruption;
use crate::cli::output::Output;
use crate::cli::run::destinations::Goal;
use crate::cli::run::stage::{self, Stage, Wanted};
use crate::cli::run::{Destination, Pacing, Supplies, reports, supplies};
use crate::cli::settings::Settings;
use crate::cli::value;
use clap::ValueEnum;
use proviso::contract::Loaded;
use proviso::judge::verdict::Verdict;
use proviso::lab::walk::{self, Walked};
use proviso::report::Exit;
use proviso::report::{self, Walk};
use proviso::run::event::Event;
use proviso::run::guard::Deeds;
use proviso::run::{Cut, Engine, Teller};
use proviso::text::diagnostic::suggest;
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

/// Walk at random through the documented states, and shrink what fails.
///
/// Each vendor's rows are a state machine. A walk takes its documented transitions in random order, with several resources
/// and accounts at once, sometimes with two requests at once, and holds every answer against the row that the resources'
/// states call for. What fails is shrunk to the shortest sequence that still does, and printed as a script.
#[derive(Debug, clap::Args)]
#[command(after_long_help = after_long_help())]
pub(crate) struct Args {
    /// The vendors to walk; all where none is named
    #[arg(value_name = "VENDOR")]
    vendors: Vec<String>,
    /// The same (repeatable)
    #[arg(long, value_name = "VENDOR")]
    vendor: Vec<String>,
    /// How many steps each vendor's walk has
    #[arg(long, value_name = "N", default_value = "600")]
    steps: NonZeroUsize,
    /// Walk as another walk did that had this seed; the default is any
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// How many resources of a kind are there at once
    #[arg(long, value_name = "K", default_value = "5")]
    resources: NonZeroUsize,
    /// How long the walk leaves everything alone, three times; 0 is not at all [default: 1500ms, and 0 at the embedded mock]
    #[arg(long, value_name = "TIME", value_parser = value::pause)]
    lull: Option<Duration>,
    /// How the walk is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Where the walk goes.
    #[command(flatten)]
    destination: Destination,
    /// How fast and how long it goes.
    #[command(flatten)]
    pacing: Pacing,
    /// What an engineer supplies.
    #[command(flatten)]
    supplies: Supplies,
}

/// How a walk is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// What was met and how often, what cannot be, and what failed; with `-q` only what failed
    Text,
    /// One JSON document
    Json,
}

fn after_long_help() -> String {
    format!(
        "Examples:\n\
         \x20 proviso walk                                         every vendor on the embedded mock\n\
         \x20 proviso walk acme --steps 5000 --seed 7              a longer walk, the same every time\n\
         \x20 proviso walk --target http://127.0.0.1:8080 --resources 20\n\
         \x20 proviso walk acme --target sandbox --steps 200 --rate-limit 5/s --max-time 10m\n\n{}",
        Exit::table()
    )
}

/// Walks.
pub(crate) fn run(args: &Args, global: &Global, environment: &Environment, output: &mut Output) -> Exit {
    let mut loaded = match contracts::read(global, output) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    if let Err(exit) = known(args, &loaded, output) {
        return exit;
    }
    let supplied = match supplies::gather(&args.supplies, environment) {
        Ok(supplied) => supplied,
        Err(why) => {
            output.error(&why, &[]);
            return Exit::Wrong;
        }
    };
    let settings = match contracts::settings(&mut loaded, output) {
        Ok(settings) => settings,
        Err(exit) => return exit,
    };
    let (destination, pacing) = (&args.destination, &args.pacing);
    let wanted = Wanted { destination, pacing, environment, settings: &settings, loaded: &loaded };
    let mut goals = match wanted.goals(output) {
        Ok(goals) => goals,
        Err(exit) => return exit,
    };
    for (goal, vendor) in goals.iter_mut().zip(&loaded.contracts.vendors) {
        let named = args.named().any(|name| *name == vendor.name);
        *goal = goal.take().filter(|_| named || args.named().next().is_none());
    }
    if goals.iter().all(Option::is_none) {
        output.error("no vendor is left to walk", &["the target names others than were asked for".to_owned()]);
        return Exit::NothingTested;
    }
    let stage = match Stage::set(wanted, &goals, supplied, |party| Some(Deeds::everything(party)), output) {
        Ok(stage) => stage,
        Err(exit) => return exit,
    };
    let mocked = goals.iter().flatten().all(|goal| *goal == Goal::Mock);
    let walking = walk::Settings {
        steps: args.steps.get(),
        seed: args.seed.unwrap_or_else(|| fastrand::u64(..1_000_000)),
        resources: args.resources.get(),
        lull: args.lull.unwrap_or(if mocked { Duration::ZERO } else { LULL }),
    };
    let begun = (global, environment, &settings, &loaded);
    stage.runtime.block_on(execute(args, begun, &stage, &walking, output))
}

/// How long a walk leaves everything alone at a target that may have a clock.
const LULL: Duration = Duration::from_millis(1500);

impl Args {
    fn named(&self) -> impl Iterator<Item = &String> {
        self.vendors.iter().chain(&self.vendor)
    }
}

/// Whether every vendor that is named is one.
fn known(args: &Args, loaded: &Loaded, output: &mut Output) -> Result<(), Exit> {
    let known: Vec<&str> = loaded.contracts.vendors.iter().map(|vendor| vendor.name.as_str()).collect();
    let unknown: Vec<&String> = args.named().filter(|name| !known.contains(&name.as_str())).collect();
    for name in &unknown {
        let meant = suggest(name, known.iter().copied()).map(|meant| format!("did you mean `{meant}`?"));
        let help = meant.unwrap_or_else(|| format!("there is {}", known.join(", ")));
        output.error(&format!("no vendor is named `{name}`"), &[help]);
    }
    if unknown.is_empty() { Ok(()) } else { Err(Exit::Wrong) }
}

async fn execute(
    args: &Args,
    (global, environment, settings, loaded): (&Global, &Environment, &Settings, &Loaded),
    stage: &Stage<'_>,
    walking: &walk::Settings,
    output: &mut Output,
) -> Exit {
    let began = Instant::now();
    let teller = Teller { sources: &loaded.sources, redactor: &stage.redactor };
    let engine_settings = stage::engine_settings(&args.pacing, global, settings);
    let target = args.destination.target.join(" ");
    let target = if target.is_empty() { "mock".to_owned() } else { teller.text(&target) };
    if args.format == Format::Text {
        let (vendors, steps) = (plural(stage.parties.len(), "vendor"), plural(walking.steps, "step"));
        output.notice(&format!(
            "proviso {}: walking {vendors} on {target}, {steps} each, --seed {}\n",
            env!("CARGO_PKG_VERSION"),
            walking.seed
        ));
    }
    let mut sink = |event: Event| {
        if let Event::Notice(notice) = event {
            output.tell(&format!("notice: {}\n", notice.message));
        }
    };
    let engine = Engine::new(&loaded.contracts, &stage.sender, &engine_settings, teller, &mut sink);
    let mut interruption = Interruption::hear();
    let vendors = walk::walk(&engine, &stage.parties, walking, interruption.said()).await;
    drop(interruption);
    let (cut, requests) = (engine.was_cut(), engine.requests());
    drop(engine);
    let exit = conclude(&vendors, cut);
    let seconds = began.elapsed().as_secs_f64();
    let (seed, exit_code) = (walking.seed, exit.code());
    tell(args, &Walk { version: 1, target, seed, vendors, requests, seconds, exit_code }, environment, output);
    exit
}

/// As of a run, by what the vendors came to.
fn conclude(vendors: &[Walked], cut: Option<Cut>) -> Exit {
    let untested = !vendors.iter().any(|walked| walked.verdict.is_tested());
    let exit = |walked: &Walked| match walked.verdict {
        Verdict::Violates => Exit::Violated,
        Verdict::Environment | Verdict::Undetermined => Exit::Environment,
        Verdict::Refused => Exit::Refused,
        Verdict::Conforms | Verdict::Drifted | Verdict::Skipped => Exit::Fine,
    };
    let interrupted = (cut == Some(Cut::Interrupted)).then_some(Exit::Interrupted);
    let nothing = untested.then_some(Exit::NothingTested);
    Exit::outranking(vendors.iter().map(exit).chain(interrupted).chain(nothing))
}

fn tell(args: &Args, walk: &Walk, environment: &Environment, output: &mut Output) {
    match args.format {
        Format::Text => {
            let text = report::walk(walk, &reports::look(output, environment));
            output.print(&text);
            let missed = |walked: &Walked| {
                let ((taken, transitions), (met, pairs)) = (walked.taken(), walked.met());
                walked.failure.is_none() && walked.steps > 0 && (taken < transitions || met < pairs)
            };
            if walk.vendors.iter().any(missed) {
                output.notice("not all was met that can be: more --steps meet more\n");
            }
        }
        Format::Json => match report::walk_json(walk) {
            Ok(text) => output.document(&text),
            Err(error) => output.error(&format!("the walk cannot be written: {error}"), &[]),
        },
    }
}
