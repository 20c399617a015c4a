//! `proviso review`: what waits, one answer after another, decided by keys.

use crate::cli::args::Global;
use crate::cli::baseline::{Waiting, tell_bad};
use crate::cli::contracts::{self, plural};
use crate::cli::output::Output;
use console::{Key, Term};
use proviso::contract::case;
use proviso::contract::{Contracts, Loaded};
use proviso::report::Exit;
use proviso::run::snapshot::review::{Decision, Item, Look, Review, keys, picture};
use proviso::run::snapshot::{self, Pending};
use proviso::text::diagnostic::Style;
use std::io::{self, BufRead, IsTerminal};

/// Go through answers that wait, and accept or reject them.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "On a terminal, keys decide: a accepts, r rejects, s skips, u takes the last decision back, d shows one answer\n\
    beside the other, q ends. Nothing is written before the end, and what was not decided goes on waiting; Ctrl-C leaves all as it was. Where the\n\
    standard input is no terminal, its lines are read as keys; --list shows everything and asks nothing.\n\n\
    Exit codes:\n  \
    0  it is done, or nothing waits\n  \
    2  a file cannot be read or written; the others are done\n  \
    4  nothing that waits has this name"
)]
pub(crate) struct Args {
    /// Which.
    #[command(flatten)]
    waiting: Waiting,
    /// Show what waits, and ask nothing
    #[arg(long)]
    list: bool,
}

/// Reviews.
pub(crate) fn run(args: &Args, global: &Global, output: &mut Output) -> Exit {
    let loaded = match contracts::read(global, output) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    tell_orphans(args, &loaded, output);
    let (found, exit) = args.waiting.find(output);
    let items = found.iter().map(|pending| Item::of(pending, &loaded.contracts)).collect();
    let review = if args.list { return list(items, output, exit) } else { decide(items, output) };
    match apply(&found, &review, output) {
        Exit::Fine => exit,
        wrong => wrong,
    }
}

/// What the terminal is like now; its window may change at any time.
fn look(output: &Output) -> Look {
    let size = terminal_size::terminal_size();
    Look {
        width: size.map_or(100, |(width, _)| usize::from(width.0)),
        height: size.map(|(_, height)| usize::from(height.0)),
        colour: output.style == Style::Coloured,
    }
}

fn list(items: Vec<Item>, output: &mut Output, exit: Exit) -> Exit {
    let mut review = Review::new(items);
    while !review.is_over() {
        output.print(&picture(&review, Look { height: None, ..look(output) }));
        output.print("\n");
        review.press('s');
    }
    exit
}

/// Shows one answer after another until all is decided, somebody quits, or no key comes any more.
fn decide(items: Vec<Item>, output: &mut Output) -> Review {
    let mut review = Review::new(items);
    let terminal = Some(Term::stdout()).filter(|terminal| terminal.is_term() && io::stdin().is_terminal());
    let mut typed = io::stdin().lock().lines();
    while !review.is_over() {
        if let Some(terminal) = &terminal {
            // A terminal that cannot be cleared shows one picture below the other.
            let _ = terminal.clear_screen();
        }
        let look = look(output);
        output.print(&format!("{}\n{}", picture(&review, look), keys(&review, look)));
        let typed_keys = match &terminal {
            Some(terminal) => key(terminal),
            None => typed.next().and_then(Result::ok),
        };
        typed_keys.unwrap_or_else(|| "q".to_owned()).trim().chars().for_each(|key| review.press(key));
    }
    review
}

/// The next key; none where somebody wants to get away, or the terminal is gone.
fn key(terminal: &Term) -> Option<String> {
    match terminal.read_key().ok()? {
        Key::Char(letter) => Some(letter.to_string()),
        Key::CtrlC | Key::Escape => None,
        _ => Some(String::new()),
    }
}

fn apply(found: &[Pending], review: &Review, output: &mut Output) -> Exit {
    let mut bad = Vec::new();
    for (pending, decision) in found.iter().zip(review.decisions()) {
        let (done, result) = match decision {
            Decision::Accept => ("accepted", snapshot::accept(pending)),
            Decision::Reject => ("rejected", snapshot::reject(pending)),
            Decision::Skip => continue,
        };
        match result {
            Ok(()) => output.print(&format!("{done} {}\n", pending.path.display())),
            Err(error) => bad.push(error),
        }
    }
    let decided = review.decisions().iter().filter(|decision| **decision != Decision::Skip).count();
    if found.len() > decided {
        output.notice(&format!(
            "{} on waiting\n",
            match found.len() - decided {
                1 => "1 answer goes".to_owned(),
                more => format!("{} go", plural(more, "answer")),
            }
        ));
    }
    tell_bad(&bad, output)
}

fn tell_orphans(args: &Args, loaded: &Loaded, output: &mut Output) {
    let orphans = count_orphans(args, &loaded.contracts);
    if orphans > 0 {
        let what = plural(orphans, "file");
        output.notice(&format!(
            "{what} of cases that no contract has any more; `proviso reject --orphans` removes them\n"
        ));
    }
}

fn count_orphans(args: &Args, contracts: &Contracts) -> usize {
    let cases = case::compile(contracts);
    let ids = || cases.iter().map(|case| case.id.as_str());
    args.waiting.targets().iter().map(|folder| snapshot::orphans(folder, ids()).len()).sum()
}
