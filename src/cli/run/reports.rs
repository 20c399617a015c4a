//! The report files that are wanted: an option for each format in the list, so that a new one needs no line here.

use clap::{Arg, ArgMatches, Command, FromArgMatches, value_parser};
use proviso::report::{FORMATS, Format};
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
