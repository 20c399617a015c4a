//! `proviso accept` and `proviso reject`: without questions.

use crate::cli::args::Global;
use crate::cli::baseline::{Waiting, tell_bad};
use crate::cli::contracts::{self, plural};
use crate::cli::output::Output;
use proviso::contract::case;
use proviso::report::Exit;
use proviso::run::snapshot::{self, BadFile, Pending};

/// Accept answers that wait.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    proviso accept                       everything that waits\n  \
    proviso accept links.delete          only what has this in its name\n  \
    proviso accept --baseline sandbox    only the sandbox's\n\n\
    Exit codes:\n  \
    0  it is done, or nothing waits\n  \
    2  a file cannot be read or written; the others are done\n  \
    4  nothing that waits has this name")]
pub(crate) struct Accept {
    /// Which.
    #[command(flatten)]
    waiting: Waiting,
}

/// Take answers away that wait, or baselines of cases that are no more.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    proviso reject links.delete          what waits and has this in its name\n  \
    proviso reject --orphans             baselines of cases that no contract has any more\n\n\
    Exit codes:\n  \
    0  it is done, or nothing waits\n  \
    2  a file cannot be read or removed; the others are done\n  \
    4  nothing that waits has this name")]
pub(crate) struct Reject {
    /// Which.
    #[command(flatten)]
    waiting: Waiting,
    /// Remove the baselines of cases that no contract has any more
    #[arg(long, conflicts_with = "filters")]
    orphans: bool,
}

/// Accepts.
pub(crate) fn accept(args: &Accept, output: &mut Output) -> Exit {
    each(&args.waiting, "accepted", snapshot::accept, output)
}

/// Rejects.
pub(crate) fn reject(args: &Reject, global: &Global, output: &mut Output) -> Exit {
    if args.orphans {
        remove_orphans(args, global, output)
    } else {
        each(&args.waiting, "rejected", snapshot::reject, output)
    }
}

fn each(waiting: &Waiting, done: &str, act: fn(&Pending) -> Result<(), BadFile>, output: &mut Output) -> Exit {
    let (found, exit) = waiting.find(output);
    let mut bad = Vec::new();
    for pending in found {
        match act(&pending) {
            Ok(()) => output.print(&format!("{done} {}\n", pending.path.display())),
            Err(error) => bad.push(error),
        }
    }
    match tell_bad(&bad, output) {
        Exit::Fine => exit,
        wrong => wrong,
    }
}

fn remove_orphans(args: &Reject, global: &Global, output: &mut Output) -> Exit {
    let loaded = match contracts::read(global, output) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let cases = case::compile(&loaded.contracts);
    let mut bad = Vec::new();
    let mut removed = 0;
    for folder in args.waiting.targets() {
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
    output.notice(&format!("{} removed\n", plural(removed, "orphan")));
    tell_bad(&bad, output)
}
