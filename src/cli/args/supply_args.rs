//! Variables and secrets that the user supplies, as typed.

use crate::cli::args::option_value::{hide_value, parse_pair};
use crate::cli::environment::Environment;
use crate::cli::live::Supplied;
use crate::cli::problem::Problem;
use proviso::text::secret::Secret;
use std::fs;
use std::path::{Path, PathBuf};

/// The values that the user supplies.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What it is given")]
pub(crate) struct SupplyArgs {
    /// A variable in place of the environment's (repeatable)
    #[arg(long, value_name = "NAME=VALUE", value_parser = hide_value)]
    variable: Vec<Secret>,
    /// The same, and never shown; other users see command lines, so a file is better (repeatable)
    #[arg(long, value_name = "NAME=VALUE", value_parser = hide_value)]
    secret: Vec<Secret>,
    /// A file of NAME=VALUE lines that are never shown
    #[arg(long, value_name = "FILE")]
    secrets_file: Option<PathBuf>,
}

impl SupplyArgs {
    /// Joins the values: those of the environment count least, those of the command line most.
    pub(crate) fn gather(&self, environment: &Environment) -> Result<Supplied, Problem> {
        let mut supplied = Supplied::from(environment.variables.clone());
        if let Some(path) = &self.secrets_file {
            read_secrets(path, &mut supplied)?;
        }
        for text in &self.variable {
            let (name, value) = read_pair("--variable", text)?;
            supplied.variables.insert(name.to_owned(), value.to_owned());
        }
        for text in &self.secret {
            let (name, value) = read_pair("--secret", text)?;
            supplied.add_secret(name, value);
        }
        Ok(supplied)
    }
}

fn read_secrets(path: &Path, supplied: &mut Supplied) -> Result<(), Problem> {
    let text = fs::read_to_string(path)
        .map_err(|error| Problem::new(format_args!("cannot read {}: {error}", path.display())))?;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((name, value)) = line.strip_prefix("export ").unwrap_or(line).split_once('=') else {
            // The line itself may be a secret, so only its number is shown.
            let at = format_args!("{}:{}", path.display(), number + 1);
            return Err(Problem::new(format_args!("{at}: not written as NAME=VALUE")));
        };
        supplied.add_secret(name.trim(), unquote(value.trim()));
    }
    Ok(())
}

/// `NAME=VALUE`; another text may be a secret alone, so it is not shown.
fn read_pair<'a>(option: &str, text: &'a Secret) -> Result<(&'a str, &'a str), Problem> {
    parse_pair(text.expose()).map_err(|help| Problem::new(format_args!("the value of {option} has no name: {help}")))
}

fn unquote(value: &str) -> &str {
    ['"', '\''].into_iter().find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(value)
}
