//! `proviso sweep`: what killed runs have left at the vendors, found again and removed.

use crate::cli::args::Global;
use crate::cli::contracts::{self, plural};
use crate::cli::environment::Environment;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::panics;
use crate::cli::run::destinations::{Goal, goals};
use crate::cli::run::stage::tell_refused;
use crate::cli::run::supplies::{self, Supplied};
use crate::cli::run::{Consent, Supplies};
use crate::cli::settings::Settings;
use crate::cli::value;
use proviso::contract::{Contracts, Loaded};
use proviso::report::printable;
use proviso::run::guard::{Deeds, Refusal, Terms, departure, refusals};
use proviso::run::send::{self, ConnectTo, Sender};
use proviso::run::{self, Destination, Engine, LeftAt, Leftover, Party, Sweeping, Swept, Teller, Way};
use proviso::secret::Secret;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Remove what killed runs have left at the vendors.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    proviso sweep --dry-run            what is left, as far as the ledgers tell\n  \
    proviso sweep                      remove it, wherever it is\n  \
    proviso sweep --target sandbox     remove it there alone\n\n\
    Exit codes:\n  \
    0  nothing is left that a ledger tells of\n  \
    2  the contracts or the command line are wrong; nothing was sent\n  \
    3  something remains, or may remain\n  \
    6  the safety guard refused to start; it says what permits it")]
pub(crate) struct Args {
    /// Only what was made there: `sandbox`, a name from `proviso.yaml`, a URL, or VENDOR=URL (repeatable)
    #[arg(long, value_name = "TARGET")]
    target: Vec<String>,
    /// Tell what would be removed and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Only what runs left that began so long ago, as 1h or 2days
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    older_than: Option<Duration>,
    /// What the guard is told.
    #[command(flatten)]
    consent: Consent,
    /// Send requests through this proxy
    #[arg(long, value_name = "URL", value_parser = value::hidden)]
    proxy: Option<Secret>,
    /// Trust the certificates in this PEM file too
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,
    /// Connect to another host and port than the URL's (repeatable)
    #[arg(long, value_name = "HOST:PORT:TO_HOST:TO_PORT")]
    connect_to: Vec<ConnectTo>,
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
        loaded.contracts.vendors.iter().enumerate().zip(&places).flat_map(parties_of(&supplied)).collect();
    let way = Way { proxy: args.proxy.clone(), connect_to: args.connect_to.clone() };
    let terms = match args.consent.terms(environment, way) {
        Ok(terms) => terms,
        Err(why) => return wrong(output, &why, &[]),
    };
    let refused = if args.dry_run { Vec::new() } else { refused(&terms, &parties, output) };
    if !refused.is_empty() {
        tell_refused(&refused, output);
        return Exit::Refused;
    }
    match sweep(args, global, &loaded, &supplied, &parties) {
        Ok(swept) => tell(args, &swept, output),
        Err(why) => wrong(output, &why, &[]),
    }
}

fn wrong(output: &mut Output, message: &str, help: &[String]) -> Exit {
    output.error(message, help);
    Exit::Wrong
}

/// Where each vendor is asked: as typed, or wherever a ledger says that something is left and where its credentials may go.
fn places(
    args: &Args,
    global: &Global,
    contracts: &Contracts,
    settings: &Settings,
) -> Result<Vec<Vec<Destination>>, (String, Vec<String>)> {
    if args.target.is_empty() {
        let left = run::left_at(&global.state);
        let of = |vendor: &proviso::contract::Vendor| {
            let own = left.iter().filter(|left| left.vendor == vendor.name);
            own.filter_map(|left| trusted(vendor, left, settings)).collect()
        };
        return Ok(contracts.vendors.iter().map(of).collect());
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

/// The place that a ledger speaks of, if it is on this machine, or the vendor's file or this project's settings name it too:
/// a ledger alone is no reason to send credentials anywhere.
fn trusted(vendor: &proviso::contract::Vendor, left: &LeftAt, settings: &Settings) -> Option<Destination> {
    let declared = Destination::declared(vendor, &left.target).filter(|known| known.origin == left.origin);
    let known = || Destination::url(vendor, &left.target, &left.origin).ok();
    let named = settings.targets.values().flat_map(|urls| urls.values());
    let named = named.into_iter().any(|url| url.trim_end_matches('/') == left.origin);
    declared.or_else(|| known().filter(|place| named || place.declared || place.is_loopback()))
}

fn parties_of<'a>(
    supplied: &Supplied,
) -> impl Fn(((usize, &'a proviso::contract::Vendor), &Vec<Destination>)) -> Vec<Party<'a>> {
    |((index, vendor), places)| {
        let party = |place: &Destination| Party::new(index, vendor, place.clone(), &supplied.variables, None);
        places.iter().map(party).collect()
    }
}

/// What speaks against it; where nothing does, it is told where variables go.
fn refused(terms: &Terms, parties: &[Party<'_>], output: &mut Output) -> Vec<Refusal> {
    let asked: Vec<(&Party<'_>, Deeds)> = parties.iter().map(|party| (party, Deeds::sweeping(party))).collect();
    let refused: Vec<Refusal> = asked.iter().flat_map(|(party, deeds)| refusals(party, deeds, terms)).collect();
    if refused.is_empty() {
        let lines = asked.iter().filter_map(|(party, deeds)| departure(party, deeds, terms));
        lines.for_each(|line| output.tell(&printable(&format!("{line}\n"))));
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
    let sending = send::Settings {
        proxy: args.proxy.as_ref().map(|proxy| proxy.expose().to_owned()),
        cacert: args.cacert.clone(),
        connect_to: args.connect_to.clone(),
        ..send::Settings::default()
    };
    let sender = Sender::new(&sending).map_err(|error| error.to_string())?;
    let settings = run::Settings::default();
    let mut sink = |_| {};
    let engine = Engine::new(&loaded.contracts, &sender, &settings, teller, &mut sink);
    let sweeping =
        Sweeping { dry_run: args.dry_run, older_than: args.older_than, only_parties: !args.target.is_empty() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("the machine gives no runtime: {error}"))?;
    Ok(runtime.block_on(run::sweep(&engine, parties, &global.state, &sweeping)))
}

fn tell(args: &Args, swept: &Swept, output: &mut Output) -> Exit {
    let done = if args.dry_run { "would go" } else { "removed" };
    for Leftover { name, .. } in &swept.removed {
        output.print(&format!("{done:<9} {name}\n"));
    }
    for Leftover { name, why, ledger, .. } in &swept.remaining {
        let why = why.as_deref().unwrap_or_default();
        output.print(&format!("{:<9} {name}: {why}\n{:<9} as {} says\n", "remains?", "", ledger.display()));
    }
    for (path, why) in &swept.unreadable {
        output.print(&format!("{:<9} {}: {why}\n", "unread", path.display()));
    }
    let mut counts = vec![format!("{} {done}", swept.removed.len()), format!("{} may remain", swept.remaining.len())];
    let alone = [(swept.held, "of runs that are going on"), (swept.young, "too young")];
    let alone = alone.iter().filter(|(count, _)| *count > 0);
    counts.extend(alone.map(|(count, what)| format!("{} {what}", plural(*count, "ledger"))));
    output.notice(&format!("{}\n", counts.join(", ")));
    if !swept.remaining.is_empty() && !args.dry_run {
        output.notice("who has looked and knows better deletes the ledger that is named\n");
    }
    if swept.is_clean() { Exit::Fine } else { Exit::Environment }
}
