//! `proviso sweep`: what killed runs have left at the vendors, found again and removed.

use crate::cli::args::Global;
use crate::cli::contracts::{self, plural};
use crate::cli::environment::Environment;
use crate::cli::output::Output;
use crate::cli::panics;
use crate::cli::run::destinations::{Goal, goals};
use crate::cli::run::stage::tell_refused;
use crate::cli::run::supplies::{self, Supplied};
use crate::cli::run::{Connecting, Consent, Supplies};
use crate::cli::settings::Settings;
use crate::cli::value;
use proviso::contract::{Contracts, Loaded, Vendor};
use proviso::http::send::Sender;
use proviso::report::Exit;
use proviso::run::guard::{Deeds, Refusal, Terms, departure, refusals};
use proviso::run::{self, Destination, Engine, LeftAt, Leftover, Look, Party, Sweeping, Swept, Teller};
use proviso::text::visible;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// Remove what killed runs have left at the vendors.
///
/// Without --target, what the ledgers of this folder name is removed, at origins that the contracts declare and nowhere else. With
/// --target, what the ledgers name there is removed, however young it is; then, where no ledger names anything there or with
/// --marked, what the vendors' documented lists show with the mark of a run that began long enough ago.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    proviso sweep --dry-run                     what is left, as far as the ledgers tell\n  \
    proviso sweep                               remove what they name\n  \
    proviso sweep --target sandbox              after a machine was lost: look for marks in the lists\n  \
    proviso sweep --target sandbox --marked     the same, and what the ledgers name\n\n\
    Exit codes:\n  \
    0  everything was looked at, and nothing is left\n  \
    2  the contracts or the command line are wrong; nothing was sent\n  \
    3  something remains, may remain, or could not be looked at\n  \
    6  the safety guard refused to start, or a ledger names an origin that needs --target")]
pub(crate) struct Args {
    /// Sweep there: `sandbox`, a name from `proviso.yaml`, a URL, or VENDOR=URL (repeatable)
    #[arg(long, value_name = "TARGET")]
    target: Vec<String>,
    /// Look for marks in the vendors' lists, also where a ledger names what was made there
    #[arg(long, requires = "target")]
    marked: bool,
    /// Remove what holds a mark only if its run began so long ago, such as 30m or 2days
    #[arg(long, value_name = "TIME", value_parser = value::duration, default_value = "1h", requires = "target")]
    older_than: Duration,
    /// Tell what would be removed and send nothing
    #[arg(long)]
    dry_run: bool,
    /// What the guard is told.
    #[command(flatten)]
    consent: Consent,
    /// By what way.
    #[command(flatten)]
    connecting: Connecting,
    /// What an engineer supplies.
    #[command(flatten)]
    supplies: Supplies,
}

/// Sweeps.
pub(crate) fn run(args: &Args, global: &Global, environment: &Environment, output: &mut Output) -> Exit {
    let mut loaded = match contracts::read(global, output) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let settings = match contracts::settings(&mut loaded, output) {
        Ok(settings) => settings,
        Err(exit) => return exit,
    };
    let supplied = match supplies::gather(&args.supplies, environment) {
        Ok(supplied) => supplied,
        Err(why) => return wrong(output, &why, &[]),
    };
    let places = match places(args, global, &loaded.contracts, &settings) {
        Ok(places) => places,
        Err((message, help)) => return wrong(output, &message, &help),
    };
    let parties: Vec<Party<'_>> =
        loaded.contracts.vendors.iter().zip(&places).flat_map(parties_of(&supplied)).collect();
    let terms = match args.consent.terms(environment, args.connecting.way()) {
        Ok(terms) => terms,
        Err(why) => return wrong(output, &why, &[]),
    };
    let refused = if args.dry_run { Vec::new() } else { refused(&terms, &parties, output) };
    if !refused.is_empty() {
        tell_refused(&refused, output);
        return Exit::Refused;
    }
    match sweep(args, global, &loaded, &supplied, &parties) {
        Ok(swept) => tell(args, &loaded.contracts, &swept, output),
        Err(why) => wrong(output, &why, &[]),
    }
}

fn wrong(output: &mut Output, message: &str, help: &[String]) -> Exit {
    output.error(message, help);
    Exit::Wrong
}

/// Where each vendor is asked: as typed, or where a ledger says that something is left and the vendor's file declares it too.
/// A ledger alone is no reason to send credentials anywhere.
fn places(
    args: &Args,
    global: &Global,
    contracts: &Contracts,
    settings: &Settings,
) -> Result<Vec<Vec<Destination>>, (String, Vec<String>)> {
    if args.target.is_empty() {
        let left = run::left_at(&global.state);
        return Ok(contracts.vendors.iter().map(|vendor| declared(vendor, &left)).collect());
    }
    let goals = goals(&args.target, contracts, settings).map_err(|mistakes| {
        let first = mistakes.into_iter().next();
        first.map(|mistake| (mistake.message, mistake.help)).unwrap_or_default()
    })?;
    let place = |goal: Option<Goal>| match goal {
        Some(Goal::Mock) => Err(("the embedded mock forgets everything by itself".to_owned(), Vec::new())),
        Some(Goal::Elsewhere(destination)) => Ok(vec![destination]),
        None => Ok(Vec::new()),
    };
    goals.into_iter().map(place).collect()
}

/// The places that a vendor's file declares, of those that ledgers speak of.
fn declared(vendor: &Vendor, left: &BTreeSet<LeftAt>) -> Vec<Destination> {
    let all = vendor.file.targets.keys().filter_map(|name| Destination::declared(vendor, name));
    let mut places: Vec<Destination> = Vec::new();
    for place in all {
        let named = left.iter().any(|left| left.vendor == vendor.name && left.origin == place.origin);
        if named && places.iter().all(|known| known.origin != place.origin) {
            places.push(place);
        }
    }
    places
}

fn parties_of<'a>(supplied: &Supplied) -> impl Fn((&'a Vendor, &Vec<Destination>)) -> Vec<Party<'a>> {
    |(vendor, places)| {
        let party = |place: &Destination| Party::new(vendor, place.clone(), &supplied.variables, None);
        places.iter().map(party).collect()
    }
}

/// What speaks against it; where nothing does, it is told where variables go.
fn refused(terms: &Terms, parties: &[Party<'_>], output: &mut Output) -> Vec<Refusal> {
    let asked: Vec<(&Party<'_>, Deeds)> = parties.iter().map(|party| (party, Deeds::sweeping(party))).collect();
    let refused: Vec<Refusal> = asked.iter().flat_map(|(party, deeds)| refusals(party, deeds, terms)).collect();
    if refused.is_empty() {
        let lines = asked.iter().filter_map(|(party, deeds)| departure(party, deeds, terms));
        lines.for_each(|line| output.tell(&format!("{line}\n")));
    }
    refused
}

fn sweep(
    args: &Args,
    global: &Global,
    loaded: &Loaded,
    supplied: &Supplied,
    parties: &[Party<'_>],
) -> Result<Swept, String> {
    let (redactor, _) = supplies::redactor(&loaded.contracts, supplied);
    let redactor = Arc::new(redactor);
    panics::hook_redacting(&redactor);
    let teller = Teller { sources: &loaded.sources, redactor: &redactor };
    let sender = Sender::new(&args.connecting.settings()).map_err(|error| error.to_string())?;
    let settings = run::Settings::default();
    let mut sink = |_| {};
    let engine = Engine::new(&loaded.contracts, &sender, &settings, teller, &mut sink);
    let look = Look { always: args.marked, older_than: args.older_than };
    let sweeping = Sweeping { dry_run: args.dry_run, look: Some(look).filter(|_| !args.target.is_empty()) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("the machine gives no runtime: {error}"))?;
    Ok(runtime.block_on(run::sweep(&engine, parties, &global.state, &sweeping)))
}

/// Prints what a sweep came to; how that ends.
fn tell(args: &Args, contracts: &Contracts, swept: &Swept, output: &mut Output) -> Exit {
    let by_ledger = args.target.is_empty();
    if by_ledger && swept.ledgers == 0 && swept.is_clean() {
        let help = "`proviso sweep --target sandbox` looks for marks in the vendors' lists";
        output.notice(&format!("nothing was looked at, since no ledger is here; {help}\n"));
        return Exit::Environment;
    }
    let done = if args.dry_run { "would go" } else { "removed" };
    print_things(done, swept, output);
    let mut counts = vec![format!("{} {done}", swept.removed.len()), format!("{} may remain", swept.remaining.len())];
    let age = humantime::format_duration(args.older_than);
    let others = [
        (swept.unseen.len(), format!("{} not looked at", swept.unseen.len())),
        (swept.young, format!("{} of runs that are younger than {age}, or going on", swept.young)),
        (swept.held, format!("{} of runs that are going on", plural(swept.held, "ledger"))),
    ];
    counts.extend(others.into_iter().filter(|(count, _)| *count > 0).map(|(_, what)| what));
    output.notice(&format!("{}\n", counts.join(", ")));
    if swept.remaining.iter().any(|left| left.ledger.is_some()) && !args.dry_run {
        output.notice("who has looked and knows better deletes the ledger that is named\n");
    }
    // Where one target is meant, the others are not.
    let elsewhere = if by_ledger { refuse_elsewhere(contracts, swept, output) } else { Exit::Fine };
    if swept.is_clean() { elsewhere } else { Exit::Environment }
}

/// Prints what was removed and what was not, each on a line that no text of a vendor or a ledger breaks.
fn print_things(done: &str, swept: &Swept, output: &mut Output) {
    let mut line = |word: &str, text: &str| output.print(&format!("{word:<9} {}\n", visible::line(text)));
    swept.removed.iter().for_each(|left| line(done, &left.name));
    swept.unasked.iter().for_each(|name| line("would ask", name));
    for Leftover { name, why, ledger, .. } in &swept.remaining {
        line("remains?", &format!("{name}: {}", why.as_deref().unwrap_or_default()));
        ledger.iter().for_each(|ledger| line("", &format!("as {} says", ledger.display())));
    }
    swept.unreadable.iter().for_each(|(path, why)| line("unread", &format!("{}: {why}", path.display())));
    swept.unseen.iter().for_each(|unseen| line("unseen", &format!("{}: {}", unseen.name, unseen.why)));
}

/// Reports what ledgers name at origins that no contract declares, with the command that sweeps there; how that ends.
fn refuse_elsewhere(contracts: &Contracts, swept: &Swept, output: &mut Output) -> Exit {
    let places: BTreeSet<LeftAt> = swept.elsewhere.iter().map(Leftover::place).collect();
    let addressed = |place: &LeftAt| {
        let vendor = contracts.vendor(&place.vendor);
        vendor.is_some_and(|vendor| Destination::url(vendor, &place.origin, &place.origin).is_ok())
    };
    for place in &places {
        let LeftAt { vendor, origin } = place;
        let things = swept.elsewhere.iter().filter(|left| left.place() == *place).map(|left| left.name.as_str());
        let mut help: Vec<String> = things.map(str::to_owned).collect();
        help.push(if addressed(place) {
            format!("if that is meant, run `{}`", place.command())
        } else {
            "no contract is of this vendor, or that is not an origin; look into the ledger".to_owned()
        });
        output.error(&format!("refused: no contract declares {origin} for {vendor}, as a ledger does"), &help);
    }
    match (places.is_empty(), places.iter().all(addressed)) {
        (true, _) => Exit::Fine,
        (false, true) => Exit::Refused,
        (false, false) => Exit::Environment,
    }
}
