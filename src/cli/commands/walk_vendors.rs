//! `proviso walk`: random documented sequences against the mock, a sandbox or a URL.

use crate::cli::args::{PaceArgs, SupplyArgs, TargetArgs, parse_pause};
use crate::cli::context::Context;
use crate::cli::interruption::Interruption;
use crate::cli::live::{LiveSettings, Setup, find_goals, start_runtime, target_name};
use crate::cli::output::Output;
use crate::cli::problem::{CommandError, CommandResult, Problem, did_you_mean};
use crate::cli::read_contracts::{CheckLevel, read_settings, read_vendors};
use crate::cli::typed_name::vendor_of;
use clap::ValueEnum;
use proviso::contract::Loaded;
use proviso::lab::walk::{self, WalkResult};
use proviso::report::{Count, Exit, WalkReport};
use proviso::run::event::Event;
use proviso::run::guard::Deeds;
use proviso::run::{CancelReason, Opening, Party, RunPlan};
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

/// Walk at random through the documented states, and shrink what fails.
///
/// Each vendor's rows are a state machine. A walk takes its documented transitions in random order, with several resources
/// and accounts at once, sometimes with two requests at once, and holds every answer against the row that the resources'
/// states call for. What fails is shrunk to the shortest sequence that still does, and printed as a script.
#[derive(Debug, clap::Args)]
#[command(after_long_help = Exit::help_with_all(
    "Examples:\n\
     \x20 proviso walk                                         every vendor on the embedded mock\n\
     \x20 proviso walk acme --steps 5000 --seed 7              a longer walk, the same every time\n\
     \x20 proviso walk --target http://127.0.0.1:8080 --resources 20\n\
     \x20 proviso walk acme --target sandbox --steps 200 --rate-limit 5/s --max-time 10m",
))]
pub(crate) struct WalkArgs {
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
    #[arg(long, value_name = "TIME", value_parser = parse_pause)]
    lull: Option<Duration>,
    /// How the walk is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: WalkFormat,
    /// The target.
    #[command(flatten)]
    target: TargetArgs,
    /// The pace of requests.
    #[command(flatten)]
    pace: PaceArgs,
    /// The supplied values.
    #[command(flatten)]
    supplies: SupplyArgs,
}

/// The forms in which a walk is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum WalkFormat {
    /// What was met and how often, what cannot be, and what failed; with `-q` only what failed
    Text,
    /// One JSON document
    Json,
}

/// The time for which a walk asks nothing at a target that may have a clock.
const LULL: Duration = Duration::from_millis(1500);

/// Walks the vendors.
pub(crate) fn walk_vendors(args: &WalkArgs, context: &mut Context) -> CommandResult {
    let names: Vec<String> =
        args.vendors.iter().chain(&args.vendor).map(|typed| vendor_of(&context.specs, typed)).collect();
    let mut loaded = read_vendors(&context.specs, &names, CheckLevel::Answers, &mut context.output)?;
    refuse_unknown(&names, &loaded)?;
    let supplied = args.supplies.gather(&context.environment)?;
    let project = read_settings(&context.project, &mut loaded, &mut context.output)?;
    let goals = find_goals(&args.target.target, &loaded, &project)?;
    if goals.iter().all(Option::is_none) {
        let problem = Problem::new("no vendor is left to walk");
        return Err(problem.with_help("the target names others than were asked for").exit_with(Exit::NothingTested));
    }
    let settings = LiveSettings::new(&args.target.reach, &args.pace, &project, context)?;
    let runtime = start_runtime().map_err(|problem| problem.exit_with(Exit::Environment))?;
    let deeds = |party: &Party<'_>| Some(Deeds::everything(party));
    let setup = Setup::prepare(&runtime, (&loaded, &goals), &settings, supplied, deeds, &mut context.output)?;
    // Each walk asks its vendor whether it is alive, once it is known that it can walk; all walk at once.
    let plan = RunPlan { jobs: setup.parties.iter().len(), opening: Opening::Nothing, ..settings.plan };
    runtime.block_on(walk_and_report(args, &setup, &plan, &mut context.output))
}

/// Refuses the names that no vendor has.
fn refuse_unknown(names: &[String], loaded: &Loaded) -> Result<(), CommandError> {
    let known = loaded.vendor_names();
    let mut problems = Vec::new();
    for name in names.iter().filter(|name| !known.contains(name.as_str())) {
        let known = || known.iter().copied();
        let all = || format!("there is {}", known().collect::<Vec<_>>().join(", "));
        let help = did_you_mean(name, known()).unwrap_or_else(all);
        problems.push(Problem::new(format_args!("no vendor is named `{name}`")).with_help(help));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

async fn walk_and_report(args: &WalkArgs, setup: &Setup<'_>, plan: &RunPlan, output: &mut Output) -> CommandResult {
    let began = Instant::now();
    let target = setup.teller().text(&target_name(&args.target.target));
    let walking = walk::WalkSettings {
        steps: args.steps.get(),
        seed: args.seed.unwrap_or_else(|| fastrand::u64(..1_000_000)),
        resources: args.resources.get(),
        lull: args.lull.unwrap_or(if setup.is_mocked() { Duration::ZERO } else { LULL }),
    };
    if args.format == WalkFormat::Text {
        let (vendors, steps) = (Count(setup.parties.iter().len(), "vendor"), Count(walking.steps, "step"));
        let (version, seed) = (env!("CARGO_PKG_VERSION"), walking.seed);
        output.notice(&format!("proviso {version}: walking {vendors} on {target}, {steps} each, --seed {seed}\n"));
    }
    let mut sink = |event: Event| {
        if let Event::Notice(notice) = event {
            output.eprint(&format!("notice: {}\n", notice.message));
        }
    };
    let run = setup.send_in(plan, &mut sink);
    let mut interruption = Interruption::listen();
    let vendors = walk::walk(&run, &setup.parties, &walking, interruption.requested()).await;
    drop(interruption);
    let (cancelled, requests) = (run.cancelled(), run.requests());
    drop(run);
    let exit = conclude_walk(&vendors, cancelled);
    let seconds = began.elapsed().as_secs_f64();
    let walk =
        WalkReport { version: 1, target, seed: walking.seed, vendors, requests, seconds, exit_code: exit.code() };
    show_walk(&walk, args.format, output);
    Ok(exit)
}

/// The exit, by the verdicts of the vendors as by those of cases.
fn conclude_walk(vendors: &[WalkResult], cancelled: Option<CancelReason>) -> Exit {
    let interrupted = (cancelled == Some(CancelReason::Interrupted)).then_some(Exit::Interrupted);
    let is_tested = vendors.iter().any(|walked| walked.verdict.is_tested());
    let untested = (!is_tested).then_some(Exit::NothingTested);
    Exit::outranking(vendors.iter().map(|walked| walked.verdict.into()).chain(interrupted).chain(untested))
}

fn show_walk(walk: &WalkReport, format: WalkFormat, output: &mut Output) {
    match format {
        WalkFormat::Text => {
            let text = walk.text(output.look());
            output.print(&text);
            if walk.vendors.iter().any(is_incomplete) {
                output.notice("not all was met that can be: more --steps meet more\n");
            }
        }
        WalkFormat::Json => match walk.json() {
            Ok(text) => output.document(&text),
            Err(error) => output.error(&Problem::new(format_args!("the walk cannot be written: {error}"))),
        },
    }
}

/// Returns whether more steps would have met more.
fn is_incomplete(walked: &WalkResult) -> bool {
    let ((taken, transitions), (met, pairs)) = (walked.taken(), walked.met());
    walked.failure.is_none() && walked.steps > 0 && (taken < transitions || met < pairs)
}
