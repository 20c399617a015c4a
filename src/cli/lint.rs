//! `proviso lint`: every mistake of every file in one pass, and what each page's clauses come to.

use crate::cli::args::Global;
use crate::cli::contracts::{count, is_wrong, plural};
use crate::cli::environment::Environment;
use crate::cli::output::Output;
use crate::cli::{settings, table};
use clap::ValueEnum;
use proviso::contract::{self, Contracts, Loaded};
use proviso::report::Exit;
use proviso::report::explain::{Tally, tally};
use proviso::text::diagnostic;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Find every mistake in the contracts.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  proviso lint\n  proviso lint specs/acme --format json\n  proviso explain duplicate-key\n\n\
    Exit codes:\n  0  no mistakes, or only warnings\n  2  there are mistakes"
)]
pub(crate) struct Args {
    /// Folders or files; without any, the folder of the contracts and `proviso.yaml`
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How the mistakes are written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// How mistakes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, with the source
    Text,
    /// One JSON document
    Json,
    /// Annotations of GitHub workflows; under one, `text` has them too
    Github,
}

/// Lints.
pub(crate) fn run(args: &Args, global: &Global, environment: &Environment, output: &mut Output) -> Exit {
    let mut loaded = match args.paths.as_slice() {
        [] => contract::load(std::slice::from_ref(&global.specs)),
        paths => contract::load(paths),
    };
    let meant = proviso::lab::agree::prove(&loaded);
    loaded.mistakes.extend(meant);
    if args.paths.is_empty() {
        settings::check(&mut loaded);
    }
    diagnostic::sort(&mut loaded.mistakes, &loaded.sources);
    match args.format {
        Format::Json => output.document(&to_json(&loaded)),
        Format::Github => output.raw(&diagnostic::github(&loaded.mistakes, &loaded.sources)),
        Format::Text => {
            if environment.github_actions {
                output.raw(&diagnostic::github(&loaded.mistakes, &loaded.sources));
            }
            output.print(&diagnostic::text(&loaded.mistakes, &loaded.sources, output.style));
            summarise(&loaded, output);
        }
    }
    if is_wrong(&loaded.mistakes) { Exit::Wrong } else { Exit::Fine }
}

/// The clauses of each page, and how many mistakes there are.
fn summarise(loaded: &Loaded, output: &mut Output) {
    if !output.quiet {
        output.print(&table(&loaded.contracts, output));
        let vendors = plural(loaded.contracts.vendors.len(), "vendor");
        output.print(&match loaded.mistakes.as_slice() {
            [] => format!("no mistakes in the contracts of {vendors}\n"),
            mistakes => format!("{}\n", count(mistakes)),
        });
    }
}

fn pages(contracts: &Contracts) -> impl Iterator<Item = (String, Tally)> {
    contracts.vendors.iter().flat_map(|vendor| {
        vendor.documented().map(|operation| (format!("{}/{}", vendor.name, operation.name), tally(operation)))
    })
}

fn table(contracts: &Contracts, output: &Output) -> String {
    let cells = |(name, tally): (String, Tally)| {
        let numbers = [tally.clauses, tally.cited, tally.untestable, tally.mistaken, tally.rows];
        std::iter::once(name).chain(numbers.iter().map(usize::to_string)).collect()
    };
    let mut rows = vec![["page", "clauses", "cited", "untestable", "mistaken", "rows"].map(str::to_owned).to_vec()];
    rows.extend(pages(contracts).map(cells));
    if rows.len() == 1 {
        return String::new();
    }
    let mut lines = table::lines(&rows);
    if let Some(head) = lines.first_mut() {
        *head = output.bold(head);
    }
    lines.join("\n") + "\n\n"
}

fn to_json(loaded: &Loaded) -> String {
    let mistakes: Vec<Value> =
        loaded.mistakes.iter().map(|mistake| diagnostic::object(mistake, &loaded.sources)).collect();
    let page = |(name, tally): (String, Tally)| {
        let (vendor, operation) = name.split_once('/').unwrap_or_default();
        let Tally { clauses, cited, untestable, mistaken, rows } = tally;
        json!({ "vendor": vendor, "operation": operation, "clauses": clauses, "cited": cited, "untestable": untestable,
                "mistaken": mistaken, "rows": rows })
    };
    let pages: Vec<Value> = pages(&loaded.contracts).map(page).collect();
    format!("{:#}\n", json!({ "version": 1, "mistakes": mistakes, "pages": pages }))
}
