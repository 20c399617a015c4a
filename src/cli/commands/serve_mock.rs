//! `proviso serve`: the contracts as a stateful mock.

use crate::cli::context::Context;
use crate::cli::environment::Environment;
use crate::cli::interruption::Interruption;
use crate::cli::live::Supplied;
use crate::cli::output::Output;
use crate::cli::problem::{CommandError, CommandResult, Problem};
use crate::cli::raise_open_file_limit::raise_open_file_limit;
use crate::cli::read_contracts::{CheckLevel, read_vendors, unknown_vendor};
use crate::cli::set_panic_hook::set_redacting_panic_hook;
use proviso::contract::{Contracts, Loaded, variable_prefix};
use proviso::mock::sandbox::{CAPACITY, Onlooker};
use proviso::mock::{
    Answerer, FaultPlan, FaultRule, Faulty, Mock, MockSettings, OutcomeChoice, ServedRequest, Server, Spawned,
};
use proviso::report::Exit;
use proviso::run::quoted;
use proviso::text::diagnostic::Style;
use proviso::text::secret::Redactor;
use proviso::text::visible;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use tokio::runtime::Builder;

/// Serve the contracts as a stateful mock.
///
/// What is created can be read, deleted, and deleted again; every answer is one that the contracts document. All vendors
/// answer at one address, by path, and each at a port of its own; a request that two of them have is answered 421 at the
/// first. State is kept in memory until it stops.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  proviso serve\n  proviso serve --addr 127.0.0.1:8080 --vendor acme\n\
    \x20 proviso serve --print-env > mock.env\n\
    \x20 proviso serve --choose links.delete/deleted=not_found --fault 'DELETE:503*1'")]
pub(crate) struct ServeArgs {
    /// Where to listen; port 0 is any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    addr: SocketAddr,
    /// Only this vendor (repeatable)
    #[arg(long, value_name = "VENDOR")]
    vendor: Vec<String>,
    /// Print the address and the credentials that are accepted as `export` lines
    #[arg(long)]
    print_env: bool,
    /// Which documented outcome is given where several are, as `links.delete/deleted=not_found` (repeatable)
    #[arg(long, value_name = "OPERATION/ROW=OUTCOME")]
    choose: Vec<OutcomeChoice>,
    /// What goes wrong: [METHOD:]FAULT[*FIRST|@PERCENT%], as delay=200ms, 503*2 or DELETE:lost*1 (repeatable)
    #[arg(long, value_name = "FAULT")]
    fault: Vec<FaultRule>,
    /// How many things each vendor keeps; beyond it the oldest are forgotten, and answered 410
    #[arg(long, value_name = "THINGS", default_value_t = CAPACITY)]
    capacity: NonZeroUsize,
}

/// Serves until it is interrupted.
pub(crate) fn serve_mock(args: &ServeArgs, context: &mut Context) -> CommandResult {
    let Context { specs, environment, output, .. } = context;
    let loaded = read_vendors(specs, &args.vendor, CheckLevel::OwnVariables, output)?;
    refuse_unknown(&args.vendor, &loaded)?;
    let contracts = loaded.contracts;
    let mock = start_mock(args, &contracts, environment, output)?;
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().map_err(|error| {
        Problem::new(format_args!("the machine gives no runtime: {error}")).exit_with(Exit::Environment)
    })?;
    runtime.block_on(serve_until_interrupted(args, &mock, &contracts, output))
}

/// Refuses the first name that no vendor has.
fn refuse_unknown(names: &[String], loaded: &Loaded) -> Result<(), Problem> {
    match names.iter().find(|name| loaded.contracts.vendor(name).is_none()) {
        Some(name) => Err(unknown_vendor(name, loaded)),
        None => Ok(()),
    }
}

fn start_mock(
    args: &ServeArgs,
    contracts: &Arc<Contracts>,
    environment: &Environment,
    output: &Output,
) -> Result<Arc<Mock>, Problem> {
    let settings = MockSettings {
        values: environment.variables.clone(),
        choices: args.choose.clone(),
        capacity: args.capacity,
        ..MockSettings::default()
    };
    let mock = Mock::new(Arc::clone(contracts), &settings).map_err(Problem::new)?;
    let supplied = Supplied::from(&mock);
    let redactor = Arc::new(supplied.redactor(contracts, &[]).0);
    set_redacting_panic_hook(&redactor);
    Ok(Arc::new(mock.with_onlooker(print_requests(output, redactor, args.capacity))))
}

async fn serve_until_interrupted(
    args: &ServeArgs,
    mock: &Arc<Mock>,
    contracts: &Contracts,
    output: &mut Output,
) -> CommandResult {
    // Before it is reported that it answers, from when on it may be interrupted.
    let mut interruption = Interruption::listen();
    let answerer = Faulty::new(Arc::clone(mock) as Arc<dyn Answerer>, FaultPlan::new(args.fault.clone()));
    let server = Server::bind(args.addr, Arc::new(answerer))
        .map_err(|error| cannot_listen(format_args!("on {}: {error}", args.addr)))?;
    let origin = format!("http://{}", server.addr());
    mock.set_origin(&origin);
    raise_open_file_limit();
    let alone = spawn_vendors(args, mock, contracts, &server)
        .map_err(|error| cannot_listen(format_args!("on {} for each vendor: {error}", server.addr().ip())))?;
    if args.print_env {
        output.print(&export_lines(mock, &alone, &origin));
    }
    output.notice(&format!("{origin} answers; Ctrl-C ends it\n"));
    if (2..=MOST_SHOWN).contains(&alone.len()) {
        for (vendor, Spawned { origin, .. }) in &alone {
            output.notice(&format!("{origin} answers for {vendor} alone\n"));
        }
    }
    server.serve(interruption.requested()).await;
    Ok(Exit::Fine)
}

fn cannot_listen(why: std::fmt::Arguments<'_>) -> CommandError {
    Problem::new(format_args!("cannot listen {why}")).exit_with(Exit::Environment)
}

/// Lets each vendor answer at a port of its own, for as long as the result exists.
fn spawn_vendors<'a>(
    args: &ServeArgs,
    mock: &Arc<Mock>,
    contracts: &'a Contracts,
    server: &Server,
) -> io::Result<Vec<(&'a str, Spawned)>> {
    let mut alone = Vec::new();
    for vendor in &contracts.vendors {
        let spawned = mock.spawn_vendor(vendor.id, server.addr().ip(), FaultPlan::new(args.fault.clone()))?;
        alone.push((vendor.name.as_str(), spawned));
    }
    Ok(alone)
}

/// The addresses and the credentials that are accepted, for a shell.
fn export_lines(mock: &Mock, alone: &[(&str, Spawned)], origin: &str) -> String {
    let mut variables: Vec<(String, String)> = mock.environment().into_iter().collect();
    variables.extend(alone.iter().map(|(vendor, spawned)| (target_variable(vendor), spawned.origin.clone())));
    variables.push(("PROVISO_TARGET".to_owned(), origin.to_owned()));
    variables.iter().map(|(name, value)| format!("export {name}={}\n", quoted(value))).collect()
}

/// The number of vendors of which it is shown where each answers alone; of more, `--print-env` shows it.
const MOST_SHOWN: usize = 8;

/// The variable for where a vendor answers alone: `acme-eu` at `PROVISO_TARGET_ACME_EU`.
fn target_variable(vendor: &str) -> String {
    format!("PROVISO_TARGET_{}", variable_prefix(vendor).trim_matches('_'))
}

/// Prints each request with the row that it met, without credentials that a client may have put into its path. That no one reads is
/// no reason to stop answering.
fn print_requests(output: &Output, redactor: Arc<Redactor>, capacity: NonZeroUsize) -> Onlooker {
    let quiet = output.quiet;
    let style = output.error_style;
    Box::new(move |met: &ServedRequest<'_>| {
        if met.crowds {
            let vendor = met.row.and_then(|row| row.split_once('/')).map_or("", |(vendor, _)| vendor);
            write_line(&format!(
                "{vendor} has more things than it can keep (--capacity {capacity}); its oldest are forgotten and answered 410"
            ));
        }
        if !quiet {
            write_line(&request_line(met, &redactor, style));
        }
    })
}

fn request_line(met: &ServedRequest<'_>, redactor: &Redactor, style: Style) -> String {
    let (faint, red, end) = match style {
        Style::Coloured => ("\x1b[2m", "\x1b[31m", "\x1b[0m"),
        Style::Plain => ("", "", ""),
    };
    let asked = redacted_line(&format!("{} {} {}", met.status, met.method, met.path), redactor);
    match (met.row, met.outcome, met.problem) {
        (Some(row), Some(outcome), _) => {
            format!("{asked} {faint}{}{end}", redacted_line(&format!("{row} -> {outcome}"), redactor))
        }
        (_, _, problem) => format!("{asked} {red}{}{end}", redacted_line(problem.unwrap_or("no row"), redactor)),
    }
}

fn redacted_line(text: &str, redactor: &Redactor) -> String {
    visible::line(&visible::inert(&redactor.redact(text)))
}

fn write_line(line: &str) {
    drop(io::stderr().lock().write_all(format!("{line}\n").as_bytes()));
}
