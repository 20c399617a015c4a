//! `proviso review`: pending answers one after another, decided by keys.

use crate::cli::args::PendingArgs;
use crate::cli::commands::accept_pending::pending_help;
use crate::cli::commands::find_pending::{find_pending, first_failure, show_bad_files};
use crate::cli::context::Context;
use crate::cli::output::Output;
use crate::cli::problem::CommandResult;
use crate::cli::read_contracts::{CheckLevel, read_all_contracts};
use console::{Key, Term};
use proviso::contract::Contracts;
use proviso::contract::case;
use proviso::report::{Count, Exit};
use proviso::run::snapshot::review::{Item, Review, ReviewDecision, Screen, review_keys, review_picture};
use proviso::run::snapshot::{self, Pending};
use proviso::text::diagnostic::Style;
use std::io::{self, BufRead, IsTerminal};
use std::path::Path;

/// Go through answers that wait, and accept or reject them.
#[derive(Debug, clap::Args)]
#[command(after_long_help = pending_help(
    "On a terminal, keys decide: a accepts, r rejects, s skips, u takes the last decision back, d shows one answer\n\
     beside the other, q ends. Nothing is written before the end, and what was not decided goes on waiting; Ctrl-C leaves all as it was. Where the\n\
     standard input is no terminal, its lines are read as keys; --list shows everything and asks nothing.",
    "a file cannot be read or written; the others are done",
))]
pub(crate) struct ReviewArgs {
    /// The answers.
    #[command(flatten)]
    pending: PendingArgs,
    /// Show what waits, and ask nothing
    #[arg(long)]
    list: bool,
}

/// Reviews the pending answers.
pub(crate) fn review_pending(args: &ReviewArgs, context: &mut Context) -> CommandResult {
    let Context { project, specs, output, .. } = context;
    let loaded = read_all_contracts(specs, CheckLevel::Answers, output)?;
    show_orphans(&args.pending, project, &loaded.contracts, output);
    let (found, exit) = find_pending(&args.pending, project, output)?;
    let review = Review::new(found.iter().map(|pending| Item::new(pending, &loaded.contracts)).collect());
    if args.list {
        show_all(review, output);
        return Ok(exit);
    }
    let Some(review) = decide_by_keys(review, output) else {
        output.notice("\ninterrupted: nothing was changed\n");
        return Ok(Exit::Interrupted);
    };
    let changed = apply_decisions(&found, review.decisions(), output);
    Ok(first_failure(exit, changed))
}

/// The look of the terminal now; its window may change at any time.
fn look_now(output: &Output) -> Screen {
    let size = terminal_size::terminal_size();
    Screen {
        width: size.map_or(100, |(width, _)| width.0.into()),
        height: size.map(|(_, height)| height.0.into()),
        colour: output.style == Style::Coloured,
    }
}

fn show_all(mut review: Review, output: &mut Output) {
    while !review.is_over() {
        output.print(&review_picture(&review, Screen { height: None, ..look_now(output) }));
        output.print("\n");
        review.press('s');
    }
}

/// Shows one answer after another until all is decided, the user quits, or no key comes any more; nothing where Ctrl-C ends it.
fn decide_by_keys(mut review: Review, output: &mut Output) -> Option<Review> {
    let terminal = Some(Term::stdout()).filter(|terminal| terminal.is_term() && io::stdin().is_terminal());
    let mut lines = io::stdin().lock().lines();
    while !review.is_over() {
        if let Some(terminal) = &terminal {
            // A terminal that cannot be cleared shows one picture below the other.
            let _ = terminal.clear_screen();
        }
        let look = look_now(output);
        output.print(&format!("{}\n{}", review_picture(&review, look), review_keys(&review, look)));
        let pressed = match &terminal {
            Some(terminal) => read_key(terminal),
            None => lines.next().and_then(Result::ok).map_or(PressedKey::Quit, PressedKey::Letters),
        };
        match pressed {
            PressedKey::Letters(keys) => keys.trim().chars().for_each(|key| review.press(key)),
            PressedKey::Quit => review.press('q'),
            PressedKey::Interrupt => return None,
        }
    }
    Some(review)
}

/// The meaning of a key.
enum PressedKey {
    Letters(String),
    Quit,
    Interrupt,
}

/// The next key. Ctrl-C is read as a key: as a signal it would do nothing where the parent of this process ignores it.
fn read_key(terminal: &Term) -> PressedKey {
    match terminal.read_key_raw() {
        Ok(Key::Char(letter)) => PressedKey::Letters(letter.to_string()),
        Ok(Key::CtrlC) => PressedKey::Interrupt,
        // The user wants to get away, or the terminal is gone.
        Ok(Key::Escape) | Err(_) => PressedKey::Quit,
        Ok(_) => PressedKey::Letters(String::new()),
    }
}

fn apply_decisions(found: &[Pending], decisions: &[ReviewDecision], output: &mut Output) -> Exit {
    let mut bad = Vec::new();
    for (pending, decision) in found.iter().zip(decisions) {
        let (done, result) = match decision {
            ReviewDecision::Accept => ("accepted", pending.accept()),
            ReviewDecision::Reject => ("rejected", pending.reject()),
            ReviewDecision::Skip => continue,
        };
        match result {
            Ok(()) => output.print(&format!("{done} {}\n", pending.path.display())),
            Err(error) => bad.push(error),
        }
    }
    let decided = decisions.iter().filter(|decision| **decision != ReviewDecision::Skip).count();
    match found.len().saturating_sub(decided) {
        0 => {}
        1 => output.notice("1 answer goes on waiting\n"),
        more => output.notice(&format!("{} go on waiting\n", Count(more, "answer"))),
    }
    show_bad_files(&bad, output)
}

fn show_orphans(args: &PendingArgs, project: &Path, contracts: &Contracts, output: &mut Output) {
    let cases = case::compile(contracts);
    let mut orphans = 0;
    for folder in args.targets(project) {
        orphans += snapshot::find_orphans(&folder, cases.iter().map(|case| case.id.as_str())).len();
    }
    if orphans > 0 {
        let what = Count(orphans, "file");
        output.notice(&format!(
            "{what} of cases that no contract has any more; `proviso reject --orphans` removes them\n"
        ));
    }
}
