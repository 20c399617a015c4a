//! `proviso sweep`: what killed runs have left at the vendors, found again and removed.

use crate::cli::args::{ConnectionArgs, ConsentArgs, SupplyArgs, parse_duration};
use crate::cli::context::Context;
use crate::cli::interruption::Interruption;
use crate::cli::live::{Goal, ProjectSettings, Setup, Supplied, find_goals, show_refusals, start_runtime};
use crate::cli::output::Output;
use crate::cli::problem::{CommandError, CommandResult, Problem};
use crate::cli::read_contracts::{CheckLevel, read_all_contracts, read_settings};
use crate::cli::set_panic_hook::set_redacting_panic_hook;
use proviso::contract::{Contracts, Loaded, Vendor};
use proviso::http::retry::Retry;
use proviso::report::{Count, Exit};
use proviso::run::guard::{Deeds, Refusal, Terms, departure, refusals};
use proviso::run::{
    self, Cleanup, Destination, EarlierRuns, LeftAt, Leftover, Look, Opening, Party, RunPlan, SweepResult, Sweeping,
};
use proviso::text::visible;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Remove what killed runs have left at the vendors.
///
/// Without --target, what the ledgers of this folder name is removed, at origins that the contracts declare and nowhere else. With
/// --target, what the ledgers name there is removed, however young it is; then, where no ledger names anything there or with
/// --marked, what the vendors' documented lists show with the mark of a run that began long enough ago.
#[derive(Debug, clap::Args)]
#[command(after_long_help = Exit::help_with(
    "Examples:\n  \
        proviso sweep --dry-run                     what is left, as far as the ledgers tell\n  \
        proviso sweep                               remove what they name\n  \
        proviso sweep --target sandbox              after a machine was lost: look for marks in the lists\n  \
        proviso sweep --target sandbox --marked     the same, and what the ledgers name",
    &[
        (Exit::Fine, "everything was looked at, and nothing is left"),
        (Exit::Wrong, "the contracts or the command line are wrong; nothing was sent"),
        (Exit::Environment, "something remains, may remain, or could not be looked at"),
        (Exit::Refused, "the safety guard refused to start, or a ledger names an origin that needs --target"),
        (Exit::Interrupted, "interrupted; the next sweep finds the rest"),
    ],
))]
pub(crate) struct SweepArgs {
    /// Sweep there: `sandbox`, a name from `proviso.yaml`, a URL, or VENDOR=URL (repeatable)
    #[arg(long, short, value_name = "TARGET")]
    target: Vec<String>,
    /// Look for marks in the vendors' lists, also where a ledger names what was made there
    #[arg(long, requires = "target")]
    marked: bool,
    /// Remove what holds a mark only if its run began so long ago, such as 30m or 2days
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "1h", requires = "target")]
    older_than: Duration,
    /// Show what would be removed and send nothing
    #[arg(long)]
    dry_run: bool,
    /// The words for the guard.
    #[command(flatten)]
    consent: ConsentArgs,
    /// The connections.
    #[command(flatten)]
    connection: ConnectionArgs,
    /// The supplied values.
    #[command(flatten)]
    supplies: SupplyArgs,
}

/// Sweeps what is left.
pub(crate) fn sweep_leftovers(args: &SweepArgs, context: &mut Context) -> CommandResult {
    let Context { project, specs, state, environment, output } = context;
    let mut loaded = read_all_contracts(specs, CheckLevel::Answers, output)?;
    let settings = read_settings(project, &mut loaded, output)?;
    let supplied = args.supplies.gather(environment)?;
    let places = find_places(args, state, &loaded, &settings)?;
    let parties = place_parties(&loaded, places, &supplied);
    let terms = args.consent.terms(environment, &args.connection)?;
    if !args.dry_run {
        guard_sweep(&terms, &parties, output)?;
    }
    let redactor = Arc::new(supplied.redactor(&loaded.contracts, &loaded.left_out).0);
    set_redacting_panic_hook(&redactor);
    let setup = Setup::new(&loaded, parties, redactor, &args.connection.send_settings())?;
    let Some(swept) = sweep(args, &setup, state)? else {
        output.notice("interrupted: `proviso sweep` again finds the rest\n");
        return Ok(Exit::Interrupted);
    };
    Ok(show_swept(args, &loaded.contracts, &swept, output))
}

/// The places where each vendor is asked: as typed, or where a ledger names something and the vendor's file declares it too. A
/// ledger alone is no reason to send credentials anywhere.
fn find_places(
    args: &SweepArgs,
    state: &Path,
    loaded: &Loaded,
    settings: &ProjectSettings,
) -> Result<Vec<Vec<Destination>>, CommandError> {
    if args.target.is_empty() {
        let left = run::left_at(state);
        return Ok(loaded.contracts.vendors.iter().map(|vendor| declared_places(vendor, &left)).collect());
    }
    let mut places = Vec::new();
    for goal in find_goals(&args.target, loaded, settings)
        .map_err(|problems| problems.into_iter().take(1).collect::<Vec<_>>())?
    {
        places.push(match goal {
            Some(Goal::Mock) => {
                return Err(Problem::new("the embedded mock keeps nothing, so there is nothing to sweep").into());
            }
            Some(Goal::Elsewhere(destination)) => vec![destination],
            None => Vec::new(),
        });
    }
    Ok(places)
}

/// The places that a vendor's file declares, of those that ledgers name.
fn declared_places(vendor: &Vendor, left: &BTreeSet<LeftAt>) -> Vec<Destination> {
    let mut places: Vec<Destination> = Vec::new();
    for place in vendor.file.targets.keys().filter_map(|name| Destination::declared(vendor, name)) {
        let is_left = left.iter().any(|left| left.vendor == vendor.name && left.origin == place.origin);
        if is_left && places.iter().all(|known| known.origin != place.origin) {
            places.push(place);
        }
    }
    places
}

fn place_parties<'a>(loaded: &'a Loaded, places: Vec<Vec<Destination>>, supplied: &Supplied) -> Vec<Party<'a>> {
    let mut parties = Vec::new();
    for (vendor, places) in loaded.contracts.vendors.iter().zip(places) {
        let party = |place| Party::new(vendor, place, &supplied.variables, None);
        parties.extend(places.into_iter().map(party));
    }
    parties
}

/// Lets the guard look at the sweep; where it refuses nothing, where variables go is reported.
fn guard_sweep(terms: &Terms, parties: &[Party<'_>], output: &mut Output) -> Result<(), CommandError> {
    let asked: Vec<(&Party<'_>, Deeds)> = parties.iter().map(|party| (party, Deeds::sweeping(party))).collect();
    let refused: Vec<Refusal> = asked.iter().flat_map(|(party, deeds)| refusals(party, deeds, terms)).collect();
    if !refused.is_empty() {
        show_refusals(&refused, output);
        return Err(CommandError::shown(Exit::Refused));
    }
    for (party, deeds) in &asked {
        if let Some(line) = departure(party, deeds, terms) {
            output.eprint(&format!("{line}\n"));
        }
    }
    Ok(())
}

/// The result of the sweep; nothing where it was interrupted.
fn sweep(args: &SweepArgs, setup: &Setup<'_>, state: &Path) -> Result<Option<SweepResult>, Problem> {
    let look = Look { always: args.marked, older_than: args.older_than };
    let sweeping = Sweeping { dry_run: args.dry_run, look: (!args.target.is_empty()).then_some(look) };
    let plan = sweep_plan();
    let mut sink = |_| {};
    let context = setup.send_in(&plan, &mut sink);
    let mut interruption = Interruption::listen();
    Ok(start_runtime()?.block_on(async {
        tokio::select! {
            swept = run::sweep(&context, setup.parties.as_slice(), state, &sweeping) => Some(swept),
            () = interruption.requested() => None,
        }
    }))
}

/// A plan without a case: what a sweep looks for is in its own settings.
fn sweep_plan() -> RunPlan {
    RunPlan {
        jobs: 1,
        retry: Retry::default(),
        max_time: None,
        max_requests: None,
        fail_fast: false,
        tell_all: false,
        state: None,
        wind_down: RunPlan::WIND_DOWN,
        baselines: None,
        known: Vec::new(),
        earlier: EarlierRuns::default(),
        opening: Opening::Nothing,
        cleanup: Cleanup::Remove,
    }
}

/// Shows the result of a sweep; the exit for it.
fn show_swept(args: &SweepArgs, contracts: &Contracts, swept: &SweepResult, output: &mut Output) -> Exit {
    let by_ledger = args.target.is_empty();
    if by_ledger && swept.ledgers == 0 && swept.is_clean() {
        let help = "`proviso sweep --target sandbox` looks for marks in the vendors' lists";
        output.notice(&format!("nothing was looked at, since no ledger is here; {help}\n"));
        return Exit::Environment;
    }
    let done = if args.dry_run { "would go" } else { "removed" };
    print_things(done, swept, output);
    output.notice(&format!("{}\n", count_things(done, args.older_than, swept)));
    if swept.remaining.iter().any(|left| left.ledger.is_some()) && !args.dry_run {
        output.notice("who has looked and knows better deletes the ledger that is named\n");
    }
    // Where one target is meant, the others are not.
    let elsewhere = if by_ledger { refuse_elsewhere(contracts, swept, output) } else { Exit::Fine };
    if swept.is_clean() { elsewhere } else { Exit::Environment }
}

fn count_things(done: &str, older_than: Duration, swept: &SweepResult) -> String {
    let age = humantime::format_duration(older_than);
    let others = [
        (swept.unseen.len(), format!("{} not looked at", swept.unseen.len())),
        (swept.young, format!("{} of runs that are younger than {age}, or going on", swept.young)),
        (swept.held, format!("{} of runs that are going on", Count(swept.held, "ledger"))),
    ];
    let mut counts = vec![format!("{} {done}", swept.removed.len()), format!("{} may remain", swept.remaining.len())];
    counts.extend(others.into_iter().filter(|(number, _)| *number > 0).map(|(_, what)| what));
    counts.join(", ")
}

/// Prints what was removed and what was not, each on a line that no text of a vendor or a ledger breaks.
fn print_things(done: &str, swept: &SweepResult, output: &mut Output) {
    swept.removed.iter().for_each(|left| print_line(done, &left.name, output));
    swept.unasked.iter().for_each(|name| print_line("would ask", name, output));
    for Leftover { name, why, ledger, .. } in &swept.remaining {
        print_line("remains?", &format!("{name}: {}", why.as_deref().unwrap_or("")), output);
        if let Some(ledger) = ledger {
            print_line("", &format!("as {} says", ledger.display()), output);
        }
    }
    for (path, why) in &swept.unreadable {
        print_line("unread", &format!("{}: {why}", path.display()), output);
    }
    for unseen in &swept.unseen {
        print_line("unseen", &format!("{}: {}", unseen.name, unseen.why), output);
    }
}

fn print_line(word: &str, text: &str, output: &mut Output) {
    output.print(&format!("{word:<9} {}\n", visible::line(text)));
}

/// Reports what ledgers name at origins that no contract declares, with the command that sweeps there; the exit for it.
fn refuse_elsewhere(contracts: &Contracts, swept: &SweepResult, output: &mut Output) -> Exit {
    let places: BTreeSet<LeftAt> = swept.elsewhere.iter().map(Leftover::place).collect();
    let mut exit = Exit::Fine;
    for place in &places {
        let LeftAt { vendor, origin } = place;
        let mut problem =
            Problem::new(format_args!("refused: no contract declares {origin} for {vendor}, as a ledger does"));
        let things = swept.elsewhere.iter().filter(|left| left.place() == *place);
        problem.help.extend(things.map(|left| left.name.clone()));
        let (problem, reason) = if can_sweep(place, contracts) {
            (problem.with_help(format!("if that is meant, run `{}`", place.command())), Exit::Refused)
        } else {
            let help = "no contract is of this vendor, or that is not an origin; look into the ledger";
            (problem.with_help(help), Exit::Environment)
        };
        output.error(&problem);
        exit = Exit::outranking([exit, reason]);
    }
    exit
}

/// Returns whether a sweep may be told to look at a place.
fn can_sweep(place: &LeftAt, contracts: &Contracts) -> bool {
    let vendor = contracts.vendor(&place.vendor);
    vendor.is_some_and(|vendor| Destination::url(vendor, &place.origin, &place.origin).is_ok())
}
