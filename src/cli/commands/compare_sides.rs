//! `proviso diff`: the same cases on two sides, compared class by class.

use crate::cli::args::{CaseArgs, OrderArgs, ReachArgs, SupplyArgs};
use crate::cli::commands::side_source::{SideReader, SideSource};
use crate::cli::context::Context;
use crate::cli::problem::CommandResult;
use crate::cli::read_contracts::{CheckLevel, read_contracts, read_settings};
use crate::cli::select_cases::{no_case_selected, select_cases};
use clap::ValueEnum;
use proviso::contract::case;
use proviso::report::comparison::{ComparedSide, Comparison, compare};
use proviso::report::{Exit, comparison_text};
use proviso::run::snapshot::Deny;

/// Compare two sides: targets, saved runs or baselines.
#[derive(Debug, clap::Args)]
#[command(after_long_help = Exit::help_with(
    "A side is a target (`mock`, `sandbox`, a name from proviso.yaml, a URL, VENDOR=URL), a run saved by --report-json\n\
        (FILE.json, or a path), or accepted answers (`baseline:NAME`, or a folder such as snapshots/mock). Targets are run, with\n\
        all that keeps a run safe; nothing is written.\n\n\
        Examples:\n  \
        proviso diff mock sandbox                    what the vendors do that the mock does not\n  \
        proviso diff baseline:sandbox sandbox        what changed since the answers were accepted\n  \
        proviso diff monday.json today.json          two saved runs\n  \
        proviso diff mock http://127.0.0.1:8080 links.delete --deny risky",
    &[
        (Exit::Fine, "compared; no difference is denied"),
        (Exit::Wrong, "a side, the contracts or a file is wrong"),
        (Exit::Environment, "cases could not be compared, because the network or an arrangement failed"),
        (Exit::NothingTested, "there is no case that both sides answer"),
        (Exit::Drifted, "there is a difference that --deny names"),
        (Exit::Refused, "the safety guard refused a vendor; the others were asked"),
        (Exit::Interrupted, "interrupted; what was made has been removed"),
    ],
))]
pub(crate) struct DiffArgs {
    /// The side that is compared with
    #[arg(value_name = "A")]
    before: SideSource,
    /// The side that is compared
    #[arg(value_name = "B")]
    after: SideSource,
    /// The cases.
    #[command(flatten)]
    cases: CaseArgs,
    /// How the comparison is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: DiffFormat,
    /// Fail on differences that are breaking, risky, additive or cosmetic, or worse; on any `drift`; on cases `new` in B (repeatable)
    #[arg(long, value_name = "WHAT")]
    deny: Vec<Deny>,
    /// The way to targets.
    #[command(flatten)]
    pub(super) reach: ReachArgs,
    /// The order and the pace of runs.
    #[command(flatten)]
    pub(super) order: OrderArgs,
    /// The supplied values.
    #[command(flatten)]
    pub(super) supplies: SupplyArgs,
}

/// The forms in which a comparison is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum DiffFormat {
    /// Class by class, with the lines that differ; with `-v` nothing is left out
    Text,
    /// One JSON document
    Json,
}

/// Compares the sides.
pub(crate) fn compare_sides(args: &DiffArgs, context: &mut Context) -> CommandResult {
    let selection = args.cases.selection(&context.specs);
    let mut loaded = read_contracts(&context.specs, &selection, CheckLevel::Answers, &mut context.output)?;
    let project = read_settings(&context.project, &mut loaded, &mut context.output)?;
    let cases = select_cases(&selection, &loaded, case::compile(&loaded.contracts), &mut context.output);
    if cases.is_empty() {
        return Err(no_case_selected());
    }
    let reader = SideReader { args, project: &project, loaded: &loaded, cases: &cases };
    // What needs no run is read first: a mistake in it costs no request.
    let ((before, one), (after, other)) = if args.before.is_live() && !args.after.is_live() {
        let after = reader.read(&args.after, context)?;
        (reader.read(&args.before, context)?, after)
    } else {
        (reader.read(&args.before, context)?, reader.read(&args.after, context)?)
    };
    let before = ComparedSide { name: args.before.name().to_owned(), answers: before };
    let after = ComparedSide { name: args.after.name().to_owned(), answers: after };
    let comparison = compare(&loaded.contracts, &cases, before, after);
    let output = &mut context.output;
    match args.format {
        DiffFormat::Text => output.print(&comparison_text(&comparison, output.look())),
        DiffFormat::Json => output.print_json(&comparison)?,
    }
    // Where not every file could be read, the comparison is not whole.
    Ok(if one && other { conclude_comparison(&comparison, &args.deny) } else { Exit::Wrong })
}

fn conclude_comparison(comparison: &Comparison, deny: &[Deny]) -> Exit {
    let reasons = [
        (Exit::Environment, comparison.failed()),
        (Exit::Refused, comparison.refused()),
        (Exit::Drifted, deny.iter().any(|deny| comparison.is_denied(*deny))),
        (Exit::NothingTested, comparison.compared() == 0),
    ];
    Exit::outranking(reasons.into_iter().filter_map(|(exit, given)| given.then_some(exit)))
}
