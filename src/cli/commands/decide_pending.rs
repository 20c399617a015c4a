//! `proviso accept` and `proviso reject`: without questions.

use crate::cli::args::{GlobalArgs, PendingArgs};
use crate::cli::commands::pending_answers::{find_pending, first_failure, show_bad_files};
use crate::cli::output::Output;
use crate::cli::problem::CommandResult;
use crate::cli::read_contracts::{Proof, read_all_contracts};
use proviso::contract::case;
use proviso::report::{Exit, count};
use proviso::run::snapshot::{self, BadFile, Pending};

/// Accept answers that wait.
#[derive(Debug, clap::Args)]
#[command(after_long_help = accept_help())]
pub(crate) struct AcceptArgs {
    /// The answers.
    #[command(flatten)]
    pending: PendingArgs,
}

/// Take answers away that wait, or baselines of cases that are no more.
#[derive(Debug, clap::Args)]
#[command(after_long_help = reject_help())]
pub(crate) struct RejectArgs {
    /// The answers.
    #[command(flatten)]
    pending: PendingArgs,
    /// Remove the baselines of cases that no contract has any more
    #[arg(long, conflicts_with = "filters")]
    orphans: bool,
}

/// The exits of the commands that decide on pending answers.
pub(super) fn list_exits(wrong: &str) -> String {
    let exits = [
        (Exit::Fine, "it is done, or nothing waits"),
        (Exit::Wrong, wrong),
        (Exit::NothingTested, "nothing that waits has this name"),
    ];
    Exit::list(&exits)
}

fn accept_help() -> String {
    format!(
        "Examples:\n  \
        proviso accept                       everything that waits\n  \
        proviso accept links.delete          only what has this in its name\n  \
        proviso accept --baseline sandbox    only the sandbox's\n\n{}",
        list_exits("a file cannot be read or written; the others are done")
    )
}

fn reject_help() -> String {
    format!(
        "Examples:\n  \
        proviso reject links.delete          what waits and has this in its name\n  \
        proviso reject --orphans             baselines of cases that no contract has any more\n\n{}",
        list_exits("a file cannot be read or removed; the others are done")
    )
}

/// Accepts pending answers.
pub(crate) fn accept_pending(args: &AcceptArgs, output: &mut Output) -> CommandResult {
    decide_each(&args.pending, "accepted", snapshot::accept, output)
}

/// Rejects pending answers, or removes orphans.
pub(crate) fn reject_pending(args: &RejectArgs, global: &GlobalArgs, output: &mut Output) -> CommandResult {
    if args.orphans {
        remove_orphans(args, global, output)
    } else {
        decide_each(&args.pending, "rejected", snapshot::reject, output)
    }
}

fn decide_each(
    args: &PendingArgs,
    done: &str,
    decide: fn(&Pending) -> Result<(), BadFile>,
    output: &mut Output,
) -> CommandResult {
    let (found, exit) = find_pending(args, output)?;
    let mut bad = Vec::new();
    for pending in found {
        match decide(&pending) {
            Ok(()) => output.print(&format!("{done} {}\n", pending.path.display())),
            Err(error) => bad.push(error),
        }
    }
    Ok(first_failure(exit, show_bad_files(&bad, output)))
}

fn remove_orphans(args: &RejectArgs, global: &GlobalArgs, output: &mut Output) -> CommandResult {
    let loaded = read_all_contracts(&global.specs, Proof::Answers, output)?;
    let cases = case::compile(&loaded.contracts);
    let mut bad = Vec::new();
    let mut removed = 0;
    for folder in args.pending.targets() {
        for path in snapshot::orphans(&folder, cases.iter().map(|case| case.id.as_str())) {
            match snapshot::remove(&path) {
                Ok(()) => {
                    removed += 1;
                    output.print(&format!("removed {}\n", path.display()));
                }
                Err(error) => bad.push(error),
            }
        }
    }
    output.notice(&format!("{} removed\n", count(removed, "orphan")));
    Ok(show_bad_files(&bad, output))
}
