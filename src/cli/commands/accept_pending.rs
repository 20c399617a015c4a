//! `proviso accept`: pending answers become accepted ones, without questions.

use crate::cli::args::PendingArgs;
use crate::cli::commands::find_pending::{find_pending, first_failure, show_bad_files};
use crate::cli::context::Context;
use crate::cli::problem::CommandResult;
use proviso::report::Exit;
use proviso::run::snapshot::{BadFile, Pending};

/// Accept answers that wait.
#[derive(Debug, clap::Args)]
#[command(after_long_help = pending_help(
    "Examples:\n  \
     proviso accept                       everything that waits\n  \
     proviso accept links.delete          only what has this in its name\n  \
     proviso accept --baseline sandbox    only the sandbox's",
    "a file cannot be read or written; the others are done",
))]
pub(crate) struct AcceptArgs {
    /// The answers.
    #[command(flatten)]
    pending: PendingArgs,
}

/// The help of a command that decides on pending answers.
pub(super) fn pending_help(text: &str, wrong: &str) -> String {
    let fine = "it is done, or nothing waits";
    let nothing = "nothing that waits has this name";
    Exit::help_with(text, &[(Exit::Fine, fine), (Exit::Wrong, wrong), (Exit::NothingTested, nothing)])
}

/// Accepts pending answers.
pub(crate) fn accept_pending(args: &AcceptArgs, context: &mut Context) -> CommandResult {
    decide_each(&args.pending, "accepted", Pending::accept, context)
}

/// Decides on each answer that is meant.
pub(super) fn decide_each(
    args: &PendingArgs,
    done: &str,
    decide: fn(&Pending) -> Result<(), BadFile>,
    context: &mut Context,
) -> CommandResult {
    let Context { project, output, .. } = context;
    let (found, exit) = find_pending(args, project, output)?;
    let mut bad = Vec::new();
    for pending in found {
        match decide(&pending) {
            Ok(()) => output.print(&format!("{done} {}\n", pending.path.display())),
            Err(error) => bad.push(error),
        }
    }
    Ok(first_failure(exit, show_bad_files(&bad, output)))
}
