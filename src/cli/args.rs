//! The arguments as typed: what every command takes, and the list of commands.

use crate::cli::{
    baseline, completions, coverage, diff, explain, init, judge, lint, list, merge, mutate, pages, reference, run,
    schema, serve, sweep, walk,
};
use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use proviso::report::Exit;
use std::path::PathBuf;

/// Holds a vendor's HTTP API to what its documentation says.
///
/// Contracts under `specs/` say what a vendor's pages promise. Proviso turns them into tests, runs those against the embedded
/// mock, the vendor's sandbox or any URL, and tells which documented sentence was broken, and by what.
#[derive(Debug, Parser)]
#[command(
    name = "proviso",
    version,
    max_term_width = 110,
    override_usage = "proviso [OPTIONS] COMMAND\n       proviso [OPTIONS] [FILTER]...",
    after_help = "Without a command, `run` is meant: `proviso`, `proviso --target sandbox`, `proviso links.delete`.\n\
                  `proviso run -h` has its options, and `--help` has examples and the exit codes.",
    after_long_help = after_long_help()
)]
pub(crate) struct Args {
    /// What every command takes.
    #[command(flatten)]
    pub(crate) global: Global,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// The folder of the contracts
    #[arg(long, global = true, value_name = "DIR", default_value = "specs")]
    pub(crate) specs: PathBuf,
    /// The folder of what runs remember
    #[arg(long, global = true, value_name = "DIR", default_value = ".proviso")]
    pub(crate) state: PathBuf,
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
    /// Tell only what was asked for
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Tell more; twice, still more
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Into files and pipes too.
    Always,
    /// Nowhere.
    Never,
}

/// The commands; a new one is an entry here, its file, and its line in `dispatch`.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run cases against the mock, a sandbox or a URL (what is meant without a command)
    Run(Box<run::Args>),
    /// Walk at random through the documented states, and shrink what fails
    Walk(Box<walk::Args>),
    /// Serve the contracts as a stateful mock
    Serve(serve::Args),
    /// Remove what killed runs have left at the vendors
    Sweep(sweep::Args),
    /// Tell which documented causes and clauses runs have exercised
    Coverage(coverage::Args),
    /// Make one run of several reports: shards, or a run and what was repeated of it
    Merge(merge::Args),
    /// Find every mistake in the contracts
    Lint(lint::Args),
    /// List the cases
    List(list::Args),
    /// Break the mock's answers one promise at a time, and see which breaks no case notices
    Mutate(mutate::Args),
    /// Go through answers that wait, and accept or reject them
    Review(baseline::review::Args),
    /// Accept answers that wait, without questions
    Accept(baseline::decide::Accept),
    /// Take answers away that wait, without questions
    Reject(baseline::decide::Reject),
    /// Compare two sides case by case: targets, saved runs or baselines
    Diff(Box<diff::Args>),
    /// Judge a saved run again, offline, after a contract was edited
    Judge(Box<judge::Args>),
    /// Explain a case, a clause or a code, or draw a vendor's states
    Explain(explain::Args),
    /// Lock the sentences of a page, or see whether they stand on a later copy of it
    Pages(pages::Args),
    /// Begin the contract of a new vendor
    Init(init::Args),
    /// Print the reference of the language, the codes and the commands
    Reference(reference::Args),
    /// Print or write the JSON Schemas of the contract language
    Schema(schema::Args),
    /// Print the completions of a shell
    Completions(completions::Args),
}

fn after_long_help() -> String {
    format!(
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
         Without a command, `run` is meant.\n\n{}",
        Exit::table()
    )
}
