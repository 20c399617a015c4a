//! The report files that are wanted: an option for each format in the list, so that a new one needs no line here.

use crate::cli::environment::Environment;
use crate::cli::output::Output;
use clap::{Arg, ArgMatches, Command, FromArgMatches, value_parser};
use proviso::report::Exit;
use proviso::report::{FORMATS, Format, Github, Level, Look, Reports, Terminal};
use proviso::text::diagnostic::Style;
use std::io::IsTerminal;
use std::path::PathBuf;

/// The files that are asked for, each with its format.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted(pub(crate) Vec<(&'static Format, PathBuf)>);

fn option(format: &Format) -> String {
    format!("report-{}", format.name)
}

impl clap::Args for Wanted {
    fn augment_args(command: Command) -> Command {
        FORMATS.iter().fold(command, |command, format| {
            let name = option(format);
            command.arg(
                Arg::new(name.clone())
                    .long(name)
                    .value_name("FILE")
                    .help(format.about)
                    .help_heading("What it writes")
                    .value_parser(value_parser!(PathBuf)),
            )
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Wanted {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let path = |format: &'static Format| Some((format, matches.get_one::<PathBuf>(&option(format))?.clone()));
        Ok(Self(FORMATS.iter().filter_map(path).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Adds the terminal, and GitHub where it is wanted or listens.
pub(crate) fn add_streams(reports: &mut Reports, github: bool, environment: &Environment, output: &Output) {
    reports.add(Terminal::new(Box::new(std::io::stdout()), look(output, environment)));
    if github || environment.github_actions {
        let summary = environment.get("GITHUB_STEP_SUMMARY").map(PathBuf::from);
        reports.add(Github::new(Box::new(std::io::stdout()), summary));
    }
}

/// How results look on this terminal.
pub(crate) fn look(output: &Output, environment: &Environment) -> Look {
    let level = match (output.quiet, output.verbosity) {
        (true, _) => Level::Quiet,
        (false, 0) => Level::Normal,
        (false, 1) => Level::Verbose,
        (false, _) => Level::Exchanges,
    };
    let terminal = std::io::stdout().is_terminal();
    Look {
        level,
        colour: output.style == Style::Coloured,
        live: terminal && environment.get("CI").is_none(),
        width: || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)),
    }
}

/// Tells what could not be written, which counts as a failure of the environment.
pub(crate) fn close(reports: Reports, mut exit: Exit, output: &mut Output) -> Exit {
    for error in reports.close() {
        output.error(&error.to_string(), &[]);
        exit = Exit::outranking([exit, Exit::Environment]);
    }
    exit
}
