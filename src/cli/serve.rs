//! `proviso serve`: the contracts as a stateful mock.

use crate::cli::args::Global;
use crate::cli::contracts;
use crate::cli::environment::Environment;
use crate::cli::interrupt::Interruption;
use crate::cli::open_files;
use crate::cli::output::Output;
use crate::cli::panics;
use crate::cli::run::supplies::{self, Supplied};
use proviso::contract::{Contracts, Loaded, VendorId, variable_prefix};
use proviso::mock::sandbox::{CAPACITY, Choice, Onlooker};
use proviso::mock::{Faulty, Met, Mock, Plan, Rule, Server, Settings, Spawned};
use proviso::report::Exit;
use proviso::run::quoted;
use proviso::text::diagnostic::{Style, suggest};
use proviso::text::secret::Redactor;
use proviso::text::visible;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// Serve the contracts as a stateful mock.
///
/// What is created can be read, deleted, and deleted again; every answer is one that the contracts document. All vendors
/// answer at one address, by path, and each at a port of its own; a request that two of them have is answered 421 at the
/// first. State is kept in memory until it stops.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  proviso serve\n  proviso serve --addr 127.0.0.1:8080 --vendor acme\n\
    \x20 proviso serve --print-env > mock.env\n\
    \x20 proviso serve --choose links.delete/deleted=not_found --fault 'DELETE:503*1'")]
pub(crate) struct Args {
    /// Where to listen; port 0 is any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) addr: SocketAddr,
    /// Only this vendor (repeatable)
    #[arg(long, value_name = "VENDOR")]
    pub(crate) vendor: Vec<String>,
    /// Print the address and the credentials that are accepted as `export` lines
    #[arg(long)]
    pub(crate) print_env: bool,
    /// Which documented outcome is given where several are, as `links.delete/deleted=not_found` (repeatable)
    #[arg(long, value_name = "OPERATION/ROW=OUTCOME")]
    pub(crate) choose: Vec<Choice>,
    /// What goes wrong: [METHOD:]FAULT[*FIRST|@PERCENT%], as delay=200ms, 503*2 or DELETE:lost*1 (repeatable)
    #[arg(long, value_name = "FAULT")]
    pub(crate) fault: Vec<Rule>,
    /// How many things each vendor keeps; beyond it the oldest are forgotten, and answered 410
    #[arg(long, value_name = "THINGS", default_value_t = CAPACITY)]
    pub(crate) capacity: NonZeroUsize,
}

/// Serves until it is interrupted.
pub(crate) fn run(args: &Args, global: &Global, environment: &Environment, output: &mut Output) -> Exit {
    let mut loaded = match contracts::read_for_serving(global, output) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    if let Err(exit) = keep(&args.vendor, &mut loaded, output) {
        return exit;
    }
    let settings = Settings {
        values: environment.variables.clone(),
        choices: args.choose.clone(),
        capacity: args.capacity,
        ..Settings::default()
    };
    let vendors: Vec<(VendorId, String)> =
        loaded.contracts.vendors.iter().map(|vendor| (vendor.id, vendor.name.clone())).collect();
    let contracts = Arc::new(loaded.contracts);
    let mock = match Mock::new(Arc::clone(&contracts), &settings) {
        Ok(mock) => {
            let supplied = Supplied { variables: mock.environment().into_iter().collect(), secret: Vec::new() };
            let redactor = Arc::new(supplies::redactor(&contracts, &supplied).0);
            panics::hook_redacting(&redactor);
            Arc::new(mock.on_met(onlooker(output, redactor, args.capacity)))
        }
        Err(error) => {
            output.error(&error.to_string(), &[]);
            return Exit::Wrong;
        }
    };
    match tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build() {
        Ok(runtime) => runtime.block_on(serve(args, &mock, &vendors, output)),
        Err(error) => {
            output.error(&format!("the machine gives no runtime: {error}"), &[]);
            Exit::Environment
        }
    }
}

/// Leaves only the vendors that are asked for.
fn keep(wanted: &[String], loaded: &mut Loaded, output: &mut Output) -> Result<(), Exit> {
    let known: Vec<String> = loaded.contracts.vendors.iter().map(|vendor| vendor.name.clone()).collect();
    if let Some(name) = wanted.iter().find(|name| !known.contains(name)) {
        let meant = suggest(name, known.iter().map(String::as_str)).map(|meant| format!("did you mean `{meant}`?"));
        output.error(&format!("no vendor is named `{name}`"), &meant.into_iter().collect::<Vec<_>>());
        return Err(Exit::Wrong);
    }
    if !wanted.is_empty() {
        let chosen = loaded.contracts.vendors.iter().filter(|vendor| wanted.contains(&vendor.name));
        loaded.contracts = Contracts::of(chosen);
    }
    Ok(())
}

async fn serve(args: &Args, mock: &Arc<Mock>, vendors: &[(VendorId, String)], output: &mut Output) -> Exit {
    // Before anybody is told that it answers, and may want it to end.
    let mut interruption = Interruption::hear();
    let answerer = Faulty::new(Arc::clone(mock) as Arc<dyn proviso::mock::Answer>, Plan::new(args.fault.clone()));
    let server = match Server::bind(args.addr, Arc::new(answerer)) {
        Ok(server) => server,
        Err(error) => {
            output.error(&format!("cannot listen on {}: {error}", args.addr), &[]);
            return Exit::Environment;
        }
    };
    let origin = format!("http://{}", server.addr());
    mock.stand_at(&origin);
    open_files::allow_many();
    let alone = vendors.iter().map(|(id, vendor)| {
        let spawned = mock.spawn_vendor(*id, server.addr().ip(), Plan::new(args.fault.clone()))?;
        Ok((vendor.as_str(), spawned))
    });
    let alone: Vec<(&str, Spawned)> = match alone.collect::<io::Result<_>>() {
        Ok(alone) => alone,
        Err(error) => {
            output.error(&format!("cannot listen on {} for each vendor: {error}", server.addr().ip()), &[]);
            return Exit::Environment;
        }
    };
    if args.print_env {
        let targets = alone.iter().map(|(vendor, spawned)| (target_variable(vendor), spawned.origin.clone()));
        let lines =
            mock.environment().into_iter().chain(targets).chain([("PROVISO_TARGET".to_owned(), origin.clone())]);
        output.print(&lines.map(|(name, value)| format!("export {name}={}\n", quoted(&value))).collect::<String>());
    }
    output.notice(&format!("{origin} answers; Ctrl-C ends it\n"));
    if (2..=MOST_TOLD).contains(&alone.len()) {
        for (vendor, Spawned { origin, .. }) in &alone {
            output.notice(&format!("{origin} answers for {vendor} alone\n"));
        }
    }
    server.serve(interruption.said()).await;
    Exit::Fine
}

/// Of how many vendors it is told where each answers alone; of more, `--print-env` tells it.
const MOST_TOLD: usize = 8;

/// The variable that says where a vendor answers alone: `acme-eu` at `PROVISO_TARGET_ACME_EU`.
fn target_variable(vendor: &str) -> String {
    format!("PROVISO_TARGET_{}", variable_prefix(vendor).trim_matches('_'))
}

/// Prints each request with the row that it met, without credentials that a client may have put into its path; nobody reading is
/// no reason to stop answering.
fn onlooker(output: &Output, redactor: Arc<Redactor>, capacity: NonZeroUsize) -> Onlooker {
    let quiet = output.quiet;
    let (faint, red, end) = match output.error_style {
        Style::Coloured => ("\x1b[2m", "\x1b[31m", "\x1b[0m"),
        Style::Plain => ("", "", ""),
    };
    let text = move |text: &str| visible::line(&visible::inert(&redactor.redact(text)));
    Box::new(move |met: &Met<'_>| {
        if met.crowds {
            let vendor = met.row.and_then(|row| row.split('/').next()).unwrap_or_default();
            let notice = format!(
                "{vendor} has more things than it can keep (--capacity {capacity}); its oldest are forgotten and answered 410\n"
            );
            drop(std::io::stderr().lock().write_all(notice.as_bytes()));
        }
        if quiet {
            return;
        }
        let asked = text(&format!("{} {} {}", met.status, met.method, met.path));
        let line = match (met.row, met.outcome, met.problem) {
            (Some(row), Some(outcome), _) => format!("{asked} {faint}{}{end}\n", text(&format!("{row} -> {outcome}"))),
            (_, _, problem) => format!("{asked} {red}{}{end}\n", text(problem.unwrap_or("no row"))),
        };
        drop(std::io::stderr().lock().write_all(line.as_bytes()));
    })
}
