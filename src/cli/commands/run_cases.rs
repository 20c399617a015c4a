//! `proviso run`: cases against the mock, a sandbox or a URL.

use crate::cli::args::{BaselineArgs, CaseArgs, OrderArgs, ReportArgs, Shuffle, SupplyArgs, TargetArgs, add_streams};
use crate::cli::commands::list_cases::print_cases;
use crate::cli::commands::read_earlier::{MetVendor, read_earlier};
use crate::cli::context::Context;
use crate::cli::live::{
    Goal, LastRun, LiveRun, LiveSettings, ProjectSettings, RunMemory, RunResult, Supplied, find_goals,
};
use crate::cli::output::Output;
use crate::cli::problem::{CommandError, CommandResult, Problem};
use crate::cli::read_contracts::{CheckLevel, prove_cases, read_contracts, read_settings};
use crate::cli::select_cases::{no_case_selected, select_cases};
use proviso::contract::case::{self, Case, Selection};
use proviso::contract::{Contracts, Loaded};
use proviso::lab::rehearse;
use proviso::report::explain::{ExplanationPart, explain};
use proviso::report::{Count, Exit, ReproScripts};
use proviso::run::event::Gate;
use proviso::run::snapshot::{Baselines, Update};
use proviso::text::visible;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Run cases against the mock, a sandbox or a URL.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag as it was typed")]
#[command(after_long_help = Exit::help_with_all(
    "Examples:\n\
     \x20 proviso run                                    every case against the embedded mock\n\
     \x20 proviso run links.delete --target sandbox      one operation against the vendor's sandbox\n\
     \x20 proviso run --target http://127.0.0.1:8080     every vendor at one address, by path\n\
     \x20 proviso run --target acme=https://staging.acme.example\n\
     \x20 proviso run --failed -v                        what failed before, with every exchange\n\
     \x20 proviso run --fail-on new --since run.json     fails on what is not known, nor in that report\n\
     \x20 proviso run --shard 1/4 --shuffle=7            a fourth of the cases, in one random order",
))]
pub(crate) struct RunArgs {
    /// The cases.
    #[command(flatten)]
    cases: CaseArgs,
    /// Only those that failed in the run before, or were not run
    #[arg(long, help_heading = "Which cases")]
    failed: bool,
    /// List the cases and run none
    #[arg(long, conflicts_with = "dry_run")]
    list: bool,
    /// Show what would be sent and send nothing
    #[arg(long)]
    dry_run: bool,
    /// The target.
    #[command(flatten)]
    target: TargetArgs,
    /// The order and the pace.
    #[command(flatten)]
    order: OrderArgs,
    /// The accepted answers.
    #[command(flatten)]
    baseline: BaselineArgs,
    /// The supplied values.
    #[command(flatten)]
    supplies: SupplyArgs,
    /// Write a script into this folder for each case that fails, which sends again what was sent, ids taken as they come
    #[arg(long, value_name = "DIR", help_heading = "What it writes")]
    repro: Option<PathBuf>,
    /// Write GitHub's annotations, and the job's summary; automatic in a workflow
    #[arg(long, help_heading = "What it writes")]
    report_github: bool,
    /// The files that are written.
    #[command(flatten)]
    reports: ReportArgs,
}

/// Runs the cases that are asked for, or shows them.
pub(crate) fn run_cases(args: &RunArgs, context: &mut Context) -> CommandResult {
    run_answered(args, None, context)
}

/// Runs the cases; the embedded mock answers by other contracts where some are given.
pub(super) fn run_answered(args: &RunArgs, answering: Option<Arc<Contracts>>, context: &mut Context) -> CommandResult {
    let output = &mut context.output;
    let mut selection = args.cases.selection(&context.specs);
    let proof = if args.list { CheckLevel::Meaning } else { CheckLevel::Answers };
    let mut loaded = read_contracts(&context.specs, &selection, proof, output)?;
    let supplied = args.supplies.gather(&context.environment)?;
    if args.failed {
        selection.only = Some(failed_before(&context.state)?);
    }
    if args.list {
        return print_cases(&loaded, &selection, output);
    }
    let project = read_settings(&context.project, &mut loaded, output)?;
    let (baselines, notice) = args.baseline.baselines(&context.project, &context.environment)?;
    if let Some(notice) = notice {
        output.notice(&format!("notice: {notice}\n"));
    }
    let mut cases = choose_cases(selection, &loaded, &mut context.output)?;
    let seed = args.order.shuffle.map(Shuffle::seed);
    if let Some(seed) = seed {
        context.output.notice(&format!("the order is that of --shuffle={seed}\n"));
        fastrand::Rng::with_seed(seed).shuffle(&mut cases);
    }
    let exit = run_or_show(args, (cases, seed), answering, (&mut loaded, project, supplied, baselines), context);
    // The process is about to end: what is left is freed at once, and not value by value.
    std::mem::forget(loaded);
    exit
}

fn run_or_show(
    args: &RunArgs,
    (mut cases, shuffle): (Vec<Case>, Option<u64>),
    answering: Option<Arc<Contracts>>,
    (loaded, project, supplied, baselines): (&mut Loaded, ProjectSettings, Supplied, Baselines),
    context: &mut Context,
) -> CommandResult {
    let targets = &args.target.target;
    let goals = find_goals(targets, loaded, &project)?;
    let earlier = read_earlier(&args.baseline.since, &met_vendors(loaded, &goals))?;
    cases.retain(|case| goals.get(case.row.vendor().position()).is_some_and(Option::is_some));
    if args.dry_run {
        return show_requests(args, loaded, &cases, context);
    }
    prove_cases(loaded, &cases, context)?;
    let mut baselines = baselines;
    let is_mocked = goals.iter().flatten().all(|goal| *goal == Goal::Mock);
    let quiet = is_mocked && !args.baseline.keeps_mocked(&baselines, &context.environment);
    if quiet {
        baselines.update = Update::No;
    }
    let update = baselines.update;
    let (reach, pace) = (&args.target.reach, &args.order.pace);
    let settings = LiveSettings::new(reach, pace, &project, context)?;
    let mut settings = settings.with_order(&args.order, &project);
    settings.plan.tell_all = context.output.verbosity > 1 || args.reports.is_any();
    settings.plan.baselines = Some(baselines);
    settings.plan.earlier = earlier;
    settings.answering = answering;
    let gate = Gate { require_all: args.order.require_all, deny: args.baseline.denied() };
    let run =
        LiveRun { loaded, cases: &cases, goals: &goals, targets, settings, gate, shard: args.cases.shard, shuffle };
    let mut memory = RunMemory::default();
    let open = |output: &Output| {
        let mut reports = args.reports.open()?;
        if let Some(folder) = &args.repro {
            reports.add(ReproScripts::new(folder));
        }
        add_streams(&mut reports, &args.reports, args.report_github, &context.environment, output);
        Ok(reports)
    };
    let output = &mut context.output;
    let RunResult { exit, saved } = run.run(supplied, open, &mut |case| memory.keep(case), output)?;
    // Nothing in them has to be dropped, and there may be very many.
    std::mem::forget(cases);
    if !quiet {
        show_new(memory.new, update, output);
    }
    let last = LastRun::new(&context.state);
    if let Err(error) = last.remember(saved, memory) {
        output.notice(&format!("notice: the run is not remembered in {}: {error}\n", context.state.display()));
    }
    Ok(exit)
}

/// The vendors that the run asks, each with the name of its target.
fn met_vendors<'a>(loaded: &'a Loaded, goals: &'a [Option<Goal>]) -> Vec<MetVendor<'a>> {
    let mut met = Vec::new();
    for (vendor, goal) in loaded.contracts.vendors.iter().zip(goals) {
        met.extend(goal.as_ref().map(|goal| (vendor.name.as_str(), goal.target())));
    }
    met
}

/// Shows that cases have no accepted baseline yet.
fn show_new(new: usize, update: Update, output: &mut Output) {
    if new == 0 {
        return;
    }
    let what = match update {
        Update::New => "their answers are pending: `proviso review` or `proviso accept`",
        Update::No => "nothing was written",
    };
    output.notice(&format!("new       {} without a baseline; {what}\n", Count(new, "case")));
}

/// Shows what would be sent, and sends nothing.
fn show_requests(args: &RunArgs, loaded: &Loaded, cases: &[Case], context: &mut Context) -> CommandResult {
    let plan = LiveSettings::new(&args.target.reach, &args.order.pace, &ProjectSettings::default(), context)?.plan;
    let cost = rehearse(loaded, cases, &plan).map_err(Problem::new)?;
    let output = &mut context.output;
    for case in cases {
        let Ok(explanation) = explain(loaded, cases, &case.id) else { continue };
        output.print(&format!("{}\n", output.bold(&case.id)));
        for ExplanationPart { heading, lines } in &explanation.parts {
            if matches!(&**heading, "Arranged" | "Sent" | "Needs" | "Not run") {
                let headings = std::iter::once(heading.to_lowercase()).chain(std::iter::repeat(String::new()));
                for (heading, line) in headings.zip(lines) {
                    output.print(&format!("  {heading:<9} {}\n", visible::line(line)));
                }
            }
        }
    }
    let (all, requests, things) = (cases.len(), cost.requests, cost.things);
    let (all, requests, things) = (Count(all, "case"), Count(requests, "request"), Count(things, "thing"));
    output.print(&format!("{all}; nothing was sent\n"));
    output.print(&format!("a vendor that answers as documented gets at most {requests}, which make {things}\n"));
    Ok(Exit::Fine)
}

/// The cases that failed in the run before; an error where none did.
fn failed_before(state: &Path) -> Result<HashSet<String>, CommandError> {
    let failed = LastRun::new(state).failed_cases()?;
    if failed.is_empty() {
        return Err(Problem::new("no case failed in the run before").exit_with(Exit::NothingTested));
    }
    Ok(failed)
}

/// The cases that are asked for, in the contract's order.
fn choose_cases(mut selection: Selection, loaded: &Loaded, output: &mut Output) -> Result<Vec<Case>, CommandError> {
    let part = selection.shard.take();
    let whole = select_cases(&selection, loaded, case::compile(&loaded.contracts), output);
    let all = whole.len();
    selection.shard = part;
    let cases = selection.select(&loaded.contracts, whole);
    match part {
        Some((part, parts)) if cases.is_empty() && all > 0 => {
            // There are more machines than work; the others have it, so this one's report is empty and nothing is wrong.
            let all = Count(all, "case");
            output.notice(&format!("notice: part {part} of {parts} has none of the {all}; the others have them\n"));
        }
        _ if cases.is_empty() => return Err(no_case_selected()),
        _ => {}
    }
    Ok(cases)
}
