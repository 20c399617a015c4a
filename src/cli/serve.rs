//! `proviso serve`: the contracts as a stateful mock.

use crate::cli::args::Global;
use crate::cli::contracts;
use crate::cli::environment::Environment;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::value::{self, Choice};
use proviso::mock::Rule;
use std::net::SocketAddr;

/// Serve the contracts as a stateful mock.
///
/// What is created can be read, deleted, and deleted again; every answer is one that the contracts document. All vendors
/// answer at one address, by path. State is kept in memory until it stops.
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
    #[arg(long, value_name = "OPERATION/ROW=OUTCOME", value_parser = value::choice)]
    pub(crate) choose: Vec<Choice>,
    /// What goes wrong: [METHOD:]FAULT[*FIRST|@PERCENT%], as delay=200ms, 503*2 or DELETE:lost*1 (repeatable)
    #[arg(long, value_name = "FAULT")]
    pub(crate) fault: Vec<Rule>,
}

/// Serves.
pub(crate) fn run(_args: &Args, global: &Global, _environment: &Environment, output: &mut Output) -> Exit {
    if let Err(exit) = contracts::read(global, output) {
        return exit;
    }
    // The mock begins here.
    output.error("this build has no mock that answers by contracts", &[]);
    Exit::Environment
}
