//! `proviso reject`: pending answers and orphaned baselines are removed, without questions.

use crate::cli::args::PendingArgs;
use crate::cli::commands::accept_pending::{decide_each, pending_help};
use crate::cli::commands::find_pending::show_bad_files;
use crate::cli::context::Context;
use crate::cli::problem::CommandResult;
use crate::cli::read_contracts::{CheckLevel, read_all_contracts};
use proviso::contract::case;
use proviso::report::Count;
use proviso::run::snapshot::{self, Pending};

/// Take answers away that wait, or baselines of cases that are no more.
#[derive(Debug, clap::Args)]
#[command(after_long_help = pending_help(
    "Examples:\n  \
     proviso reject links.delete          what waits and has this in its name\n  \
     proviso reject --orphans             baselines of cases that no contract has any more",
    "a file cannot be read or removed; the others are done",
))]
pub(crate) struct RejectArgs {
    /// The answers.
    #[command(flatten)]
    pending: PendingArgs,
    /// Remove the baselines of cases that no contract has any more
    #[arg(long, conflicts_with = "filters")]
    orphans: bool,
}

/// Rejects pending answers, or removes orphans.
pub(crate) fn reject_pending(args: &RejectArgs, context: &mut Context) -> CommandResult {
    if args.orphans {
        remove_orphans(args, context)
    } else {
        decide_each(&args.pending, "rejected", Pending::reject, context)
    }
}

fn remove_orphans(args: &RejectArgs, context: &mut Context) -> CommandResult {
    let Context { project, specs, output, .. } = context;
    let loaded = read_all_contracts(specs, CheckLevel::Answers, output)?;
    let cases = case::compile(&loaded.contracts);
    let mut bad = Vec::new();
    let mut removed = 0;
    for folder in args.pending.targets(project) {
        for path in snapshot::find_orphans(&folder, cases.iter().map(|case| case.id.as_str())) {
            match snapshot::remove_file(&path) {
                Ok(()) => {
                    removed += 1;
                    output.print(&format!("removed {}\n", path.display()));
                }
                Err(error) => bad.push(error),
            }
        }
    }
    output.notice(&format!("{} removed\n", Count(removed, "orphan")));
    Ok(show_bad_files(&bad, output))
}
