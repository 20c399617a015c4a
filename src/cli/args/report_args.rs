//! The report files that are asked for: an option for each format in the list, so that a new one needs no line here.

use crate::cli::environment::Environment;
use crate::cli::output::Output;
use clap::{Arg, ArgMatches, Command, FromArgMatches, value_parser};
use proviso::report::{FORMATS, Format, Github, ReportError, Reports, Terminal};
use std::path::{Path, PathBuf};

/// The files that are asked for, each with its format.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReportArgs(Vec<(&'static Format, PathBuf)>);

impl ReportArgs {
    /// Returns whether a file is asked for.
    pub(crate) fn is_any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Opens the files; `-` is the standard output.
    pub(crate) fn open(&self) -> Result<Reports, ReportError> {
        let meant = |path: &PathBuf| if path == Path::new(STREAM) { STANDARD_OUTPUT.into() } else { path.clone() };
        let files: Vec<_> = self.0.iter().map(|(format, path)| (*format, meant(path))).collect();
        Reports::open(&files)
    }

    /// The file in which the whole run is saved so that other commands can read it.
    fn saved_run(&self) -> Option<&Path> {
        let mut saved = self.0.iter().filter(|(format, path)| format.name == "json" && path != Path::new(STREAM));
        saved.next().map(|(_, path)| path.as_path())
    }

    /// Returns whether a report goes to the standard output, which is then its own.
    pub(crate) fn takes_output(&self) -> bool {
        self.0.iter().any(|(_, path)| path == Path::new(STREAM))
    }
}

/// The path that means the standard output.
const STREAM: &str = "-";
/// The file by which systems name it.
const STANDARD_OUTPUT: &str = "/dev/stdout";

fn option_name(format: &Format) -> String {
    format!("report-{}", format.name)
}

impl clap::Args for ReportArgs {
    fn augment_args(command: Command) -> Command {
        FORMATS.iter().fold(command, |command, format| {
            let name = option_name(format);
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

impl FromArgMatches for ReportArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut files = Vec::new();
        for format in FORMATS {
            files.extend(matches.get_one::<PathBuf>(&option_name(format)).map(|path| (format, path.clone())));
        }
        Ok(Self(files))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Adds the terminal, and GitHub where it is asked for or runs this.
pub(crate) fn add_streams(
    reports: &mut Reports,
    args: &ReportArgs,
    github: bool,
    environment: &Environment,
    output: &Output,
) {
    if args.takes_output() {
        reports.add(Terminal::new(Box::new(std::io::stderr()), output.error_look()).saved_in(args.saved_run()));
        return;
    }
    reports.add(Terminal::new(Box::new(std::io::stdout()), output.look()).saved_in(args.saved_run()));
    if github || environment.github_actions {
        let summary = environment.value("GITHUB_STEP_SUMMARY").map(PathBuf::from);
        reports.add(Github::new(Box::new(std::io::stdout()), summary));
    }
}
