//! The command line: arguments as typed, the environment read once, one file a command.

mod args;
mod baseline;
mod completions;
mod contracts;
mod coverage;
mod diff;
mod environment;

mod explain;
mod init;
mod interrupt;
mod judge;
mod known;
mod lint;
mod list;
mod merge;
mod mutate;
mod open_files;
mod output;
mod pages;
mod panics;
mod reference;
mod route;
mod run;
mod schema;
mod select;
mod serve;
mod settings;
mod sweep;
mod table;
mod value;
mod walk;

use args::{Args, Command};
use clap::{CommandFactory, FromArgMatches};
use environment::Environment;
use output::Output;
use proviso::report::Exit;
use std::ffi::OsString;
use std::process::ExitCode;

/// Does what was typed.
pub(crate) fn main() -> ExitCode {
    panics::hook();
    let environment = Environment::read();
    let exit = match parse(environment::typed()) {
        Ok(args) => {
            let mut output = Output::new(&args.global, &environment);
            let exit = dispatch(&args, &environment, &mut output);
            output.finish(exit)
        }
        Err(unparsed) => tell(&unparsed),
    };
    ExitCode::from(exit.code())
}

/// Why there are no arguments to act on: help was asked for, or what was typed is wrong.
type Unparsed = Box<clap::Error>;

fn parse(typed: Vec<OsString>) -> Result<Args, Unparsed> {
    let mut command = Args::command();
    let typed = route::with_command(&mut command, typed).map_err(Box::new)?;
    let mut matches = command.try_get_matches_from_mut(typed).map_err(Box::new)?;
    Args::from_arg_matches_mut(&mut matches).map_err(|error| Box::new(error.format(&mut command)))
}

fn tell(unparsed: &clap::Error) -> Exit {
    // Where nobody reads any more, nothing is left to be told.
    let _ = unparsed.print();
    if unparsed.use_stderr() { Exit::Wrong } else { Exit::Fine }
}

fn dispatch(args: &Args, environment: &Environment, output: &mut Output) -> Exit {
    let global = &args.global;
    match &args.command {
        Command::Run(args) => run::run(args, global, environment, output),
        Command::Walk(args) => walk::run(args, global, environment, output),
        Command::Serve(args) => serve::run(args, global, environment, output),
        Command::Coverage(args) => coverage::run(args, global, output),
        Command::Merge(args) => merge::run(args, environment, output),
        Command::Sweep(args) => sweep::run(args, global, environment, output),
        Command::Lint(args) => lint::run(args, global, environment, output),
        Command::List(args) => list::run(args, global, output),
        Command::Mutate(args) => mutate::run(args, global, output),
        Command::Review(args) => baseline::review::run(args, global, output),
        Command::Accept(args) => baseline::decide::accept(args, output),
        Command::Reject(args) => baseline::decide::reject(args, global, output),
        Command::Diff(args) => diff::run(args, global, environment, output),
        Command::Judge(args) => judge::run(args, global, environment, output),
        Command::Explain(args) => explain::run(args, global, output),
        Command::Pages(args) => pages::run(args, global, output),
        Command::Init(args) => init::run(args, global, output),
        Command::Reference(args) => reference::run(args, output),
        Command::Schema(args) => schema::run(args, global, output),
        Command::Completions(args) => completions::run(args, output),
    }
}
