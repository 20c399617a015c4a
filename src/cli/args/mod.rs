//! The arguments as typed: what every command takes, and the list of commands.
//!
//! A group of options that several commands share is a file here. Arguments end where a command begins to work: from there on there
//! are plain settings, which no command fills by hand.

mod baseline_args;
mod case_args;
mod option_value;
mod pace_args;
mod reach_args;
mod report_args;
mod supply_args;

pub(crate) use baseline_args::{BaselineArgs, PendingArgs};
pub(crate) use case_args::CaseArgs;
pub(crate) use option_value::{Shard, Shuffle, parse_duration, parse_pause};
pub(crate) use pace_args::{OrderArgs, PaceArgs};
pub(crate) use reach_args::{ConnectionArgs, ConsentArgs, ReachArgs, TargetArgs};
pub(crate) use report_args::{ReportArgs, add_streams};
pub(crate) use supply_args::SupplyArgs;

use crate::cli::commands::{
    AcceptArgs, CompletionsArgs, CoverageArgs, DemoArgs, DiffArgs, DoctorArgs, ExplainArgs, InitArgs, JudgeArgs,
    KnownArgs, LintArgs, ListArgs, MergeArgs, MutateArgs, PagesArgs, ReferenceArgs, RejectArgs, ReviewArgs, RunArgs,
    SchemaArgs, ServeArgs, SweepArgs, WalkArgs,
};
use clap::{ArgAction, Parser, ValueEnum};
use proviso::report::Exit;
use std::path::PathBuf;

/// Tests whether a vendor's HTTP API does what its documentation says.
///
/// Contracts under `specs/` say what a vendor's pages promise. Proviso turns them into tests, runs those against the embedded
/// mock, the vendor's sandbox or any URL, and reports which documented sentence was broken, and by what.
#[derive(Debug, Parser)]
#[command(
    name = "proviso",
    version,
    max_term_width = 110,
    override_usage = "proviso [OPTIONS] COMMAND\n       proviso [OPTIONS] [FILTER]...",
    after_help = "Without a command, `run` is meant: `proviso`, `proviso --target sandbox`, `proviso links.delete`.\n\
                  `proviso run -h` has its options, and `--help` has examples and the exit codes.",
    after_long_help = Exit::help_with_all(
    "Examples:\n\
     \x20 proviso                               every case against the embedded mock\n\
     \x20 proviso --target sandbox              every case against the vendors' sandboxes\n\
     \x20 proviso links.delete                  the cases with this in their names\n\
     \x20 proviso coverage --fail-under causes=100%\n\
     \x20                                       what the last run exercised of the documentation\n\
     \x20 proviso lint                          every mistake in the contracts\n\
     \x20 proviso list --tag smoke              the cases that a run would take\n\
     \x20 proviso explain VENDOR/OPERATION/ROW  what a case promises, and where it is written\n\
     \x20 proviso init acme                     the beginning of a new contract\n\n\
     Without a command, `run` is meant.",
)
)]
pub(crate) struct Args {
    /// The options of every command.
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub(crate) command: Subcommand,
}

/// The options of every command.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct GlobalArgs {
    /// The folder of the contracts [default: `specs`, here or above]
    ///
    /// Without this option: `specs` here, or else in the nearest folder above, as far as the repository's root.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) specs: Option<PathBuf>,
    /// The folder of what runs remember [default: `.proviso`, beside the contracts]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    /// When to use colours
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        help = "When to use colours: auto, always or never"
    )]
    pub(crate) color: Colour,
    /// Print only what was asked for
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Print more; twice, still more
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// The streams that get colours.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set; elsewhere if `FORCE_COLOR` or `CLICOLOR_FORCE` is.
    #[default]
    Auto,
    /// Into files and pipes too.
    Always,
    /// Nowhere.
    Never,
}

/// The commands; a new one is an entry here, its file, and its line in `dispatch`.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Subcommand {
    /// Run cases against the mock, a sandbox or a URL (what is meant without a command)
    Run(Box<RunArgs>),
    /// Walk at random through the documented states, and shrink what fails
    Walk(Box<WalkArgs>),
    /// Serve the contracts as a stateful mock
    Serve(ServeArgs),
    /// Check what would make a run fail, before the first one
    Doctor(Box<DoctorArgs>),
    /// Remove what killed runs have left at the vendors
    Sweep(SweepArgs),
    /// Show which documented causes and clauses runs have exercised
    Coverage(CoverageArgs),
    /// Make one run of several reports: shards, or a run and what was repeated of it
    Merge(MergeArgs),
    /// Find every mistake in the contracts
    Lint(LintArgs),
    /// List the cases
    List(ListArgs),
    /// Break the mock's answers one promise at a time, and see which breaks no case notices
    Mutate(MutateArgs),
    /// Go through pending answers, and accept or reject them
    Review(ReviewArgs),
    /// Accept pending answers without questions
    Accept(AcceptArgs),
    /// Remove pending answers without questions
    Reject(RejectArgs),
    /// Compare two sides case by case: targets, saved runs or baselines
    Diff(Box<DiffArgs>),
    /// Judge a saved run again, offline, after a contract was edited
    Judge(Box<JudgeArgs>),
    /// Write the violations of a saved run into `proviso.yaml` as known ones
    Known(KnownArgs),
    /// Explain a case, a clause or a code, or draw a vendor's states
    Explain(ExplainArgs),
    /// Lock the sentences of a page, or see whether a later copy of it still has them
    Pages(PagesArgs),
    /// Begin the contract of a new vendor
    Init(InitArgs),
    /// Show a run on the mock with one violation, without any files of yours
    Demo(DemoArgs),
    /// Print the reference of the language, the codes and the commands
    Reference(ReferenceArgs),
    /// Print or write the JSON Schemas of the contract language
    Schema(SchemaArgs),
    /// Print the completions of a shell
    Completions(CompletionsArgs),
}
