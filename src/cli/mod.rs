//! The command line: arguments as typed, the environment read once, one file a command.

mod align_columns;
mod args;
mod commands;
mod context;
mod environment;
mod insert_command;
mod interruption;
mod live;
mod output;
mod problem;
mod project_folder;
mod raise_open_file_limit;
mod read_contracts;
mod select_cases;
mod set_panic_hook;
mod typed_name;

use args::{Args, GlobalArgs, Subcommand};
use clap::{CommandFactory, FromArgMatches};
use context::Context;
use environment::{Environment, typed_arguments};
use output::Output;
use problem::{CommandResult, Problem};
use proviso::report::Exit;
use std::ffi::OsString;
use std::process::ExitCode;

/// Does what was typed.
pub(crate) fn main() -> ExitCode {
    set_panic_hook::set_panic_hook();
    let environment = Environment::read();
    let typed = typed_arguments();
    let is_bare = typed.len() < 2;
    let exit = match parse_arguments(typed) {
        Ok(Args { global, command }) => {
            let mut context = Context::new(global, environment);
            let exit = if is_bare && !context.specs.exists() {
                Ok(greet(&mut context.output))
            } else {
                dispatch(&command, &mut context)
            };
            let exit = exit.unwrap_or_else(|error| error.show(&mut context.output));
            context.output.finish(exit)
        }
        Err(Unparsed::Clap(error)) => print_unparsed(&error),
        Err(Unparsed::Problem(problem)) => {
            let mut output = Output::new(&GlobalArgs::default(), &environment);
            output.error(&problem);
            Exit::Wrong
        }
    };
    ExitCode::from(exit.code())
}

/// The answer where there are no arguments to act on: help that was asked for, or what is wrong with the command line.
enum Unparsed {
    Clap(Box<clap::Error>),
    Problem(Problem),
}

impl From<clap::Error> for Unparsed {
    fn from(error: clap::Error) -> Self {
        Self::Clap(Box::new(error))
    }
}

impl From<Problem> for Unparsed {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

fn parse_arguments(typed: Vec<OsString>) -> Result<Args, Unparsed> {
    let mut command = Args::command();
    let typed = insert_command::insert_command(&mut command, typed)?;
    let mut matches = command.try_get_matches_from_mut(typed)?;
    Args::from_arg_matches_mut(&mut matches).map_err(|error| Unparsed::from(error.format(&mut command)))
}

fn print_unparsed(unparsed: &clap::Error) -> Exit {
    // Where the stream is closed, there is nowhere left to write.
    let _ = unparsed.print();
    if unparsed.use_stderr() { Exit::Wrong } else { Exit::Fine }
}

/// Welcomes a user who typed nothing where there are no contracts.
fn greet(output: &mut Output) -> Exit {
    output.print(&format!(
        "proviso {} tests whether an HTTP API still does what its documentation says. There are no contracts here.\n\
         Try `proviso demo`, which shows a run, or `proviso init NAME`, which begins the contract of a vendor.\n",
        env!("CARGO_PKG_VERSION")
    ));
    Exit::Fine
}

fn dispatch(command: &Subcommand, context: &mut Context) -> CommandResult {
    match command {
        Subcommand::Run(args) => commands::run_cases(args, context),
        Subcommand::Walk(args) => commands::walk_vendors(args, context),
        Subcommand::Serve(args) => commands::serve_mock(args, context),
        Subcommand::Coverage(args) => commands::show_coverage(args, context),
        Subcommand::Merge(args) => commands::merge_reports(args, context),
        Subcommand::Doctor(args) => commands::check_setup(args, context),
        Subcommand::Sweep(args) => commands::sweep_leftovers(args, context),
        Subcommand::Lint(args) => commands::lint_contracts(args, context),
        Subcommand::List(args) => commands::list_cases(args, context),
        Subcommand::Mutate(args) => commands::measure_mutants(args, context),
        Subcommand::Review(args) => commands::review_pending(args, context),
        Subcommand::Accept(args) => commands::accept_pending(args, context),
        Subcommand::Reject(args) => commands::reject_pending(args, context),
        Subcommand::Diff(args) => commands::compare_sides(args, context),
        Subcommand::Judge(args) => commands::judge_saved(args, context),
        Subcommand::Known(args) => commands::write_known(args, context),
        Subcommand::Explain(args) => commands::explain_name(args, context),
        Subcommand::Pages(args) => commands::lock_or_check_page(args, context),
        Subcommand::Init(args) => commands::init_vendor(args, context),
        Subcommand::Demo(args) => commands::show_demo(args, context),
        Subcommand::Reference(args) => Ok(commands::print_reference(args, context)),
        Subcommand::Schema(args) => commands::write_schemas(args, context),
        Subcommand::Completions(args) => Ok(commands::print_completions(args, context)),
    }
}
