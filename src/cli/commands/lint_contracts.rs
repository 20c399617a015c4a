//! `proviso lint`: every mistake of every file in one pass, and the counts of each page's clauses.

use crate::cli::align_columns::align_columns;
use crate::cli::context::Context;
use crate::cli::live::ProjectSettings;
use crate::cli::output::Output;
use crate::cli::problem::CommandResult;
use crate::cli::read_contracts::{count_mistakes, has_errors, is_vendor, unknown_vendor};
use clap::ValueEnum;
use proviso::contract::{self, Contracts, Loaded};
use proviso::lab::agree;
use proviso::report::explain::{ClauseTally, tally_clauses};
use proviso::report::{Count, Exit};
use proviso::text::diagnostic::{self, DiagnosticJson};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Find every mistake in the contracts.
#[derive(Debug, clap::Args)]
#[command(after_long_help = Exit::help_with(
    "Examples:\n  proviso lint\n  proviso lint --deny warnings\n  proviso lint specs/acme --format json\n  proviso explain duplicate-key",
    &[
        (Exit::Fine, "no mistakes, or only warnings"),
        (Exit::Wrong, "there are mistakes; with --deny warnings, or warnings"),
    ],
))]
pub(crate) struct LintArgs {
    /// Folders, files or names of vendors; without any, the folder of the contracts and `proviso.yaml`
    #[arg(value_name = "PATH|VENDOR", conflicts_with = "vendor")]
    paths: Vec<PathBuf>,
    /// Only this vendor's (repeatable)
    #[arg(long, value_name = "VENDOR")]
    vendor: Vec<String>,
    /// What fails beside mistakes
    #[arg(long, value_name = "WHAT")]
    deny: Option<LintDeny>,
    /// How the mistakes are written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: LintFormat,
}

/// The forms in which mistakes are written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum LintFormat {
    /// For people, with the source
    Text,
    /// One JSON document
    Json,
    /// Annotations of GitHub workflows; under one, `text` has them too
    Github,
}

/// The things that fail beside mistakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LintDeny {
    /// Every warning
    Warnings,
}

/// Lints the contracts.
pub(crate) fn lint_contracts(args: &LintArgs, context: &mut Context) -> CommandResult {
    let Context { project, specs, environment, output, .. } = context;
    let mut loaded = load(args, specs);
    if let Some(name) = args.vendor.iter().find(|name| !is_vendor(name, &loaded))
        && loaded.mistakes.is_empty()
    {
        return Err(unknown_vendor(name, &loaded).into());
    }
    let meant = agree::prove(&loaded);
    loaded.mistakes.extend(meant);
    if args.paths.is_empty() && args.vendor.is_empty() {
        ProjectSettings::lint(project, &mut loaded);
    }
    diagnostic::sort_by_place(&mut loaded.mistakes, &loaded.sources);
    let shown = diagnostic::shown_mistakes(&loaded.mistakes);
    match args.format {
        LintFormat::Json => output.print_json(&LintDocument::from(&loaded))?,
        LintFormat::Github => output.raw(&diagnostic::render_github(&shown, &loaded.sources)),
        LintFormat::Text => {
            if environment.github_actions {
                output.raw(&diagnostic::render_github(&shown, &loaded.sources));
            }
            output.print(&diagnostic::render_text(&shown, &loaded.sources, output.style));
            summarise(&loaded, output);
        }
    }
    let is_denied = args.deny == Some(LintDeny::Warnings) && !loaded.mistakes.is_empty();
    Ok(if is_denied || has_errors(&loaded.mistakes) { Exit::Wrong } else { Exit::Fine })
}

fn load(args: &LintArgs, specs: &PathBuf) -> Loaded {
    if args.paths.is_empty() {
        contract::load_where(std::slice::from_ref(specs), |folder| {
            args.vendor.is_empty() || args.vendor.contains(&folder.name)
        })
    } else {
        let paths: Vec<PathBuf> = args.paths.iter().map(|path| named_path(specs, path)).collect();
        contract::load(&paths)
    }
}

/// The path that is meant: as typed if there is such a file or folder, else that of the vendor or of the operation of this name.
fn named_path(specs: &Path, typed: &Path) -> PathBuf {
    let named = specs.join(typed);
    let file = PathBuf::from(format!("{}.yaml", named.display()));
    let mut known = [typed, &named, &file].into_iter().filter(|path| path.exists());
    known.next().unwrap_or(typed).to_owned()
}

/// Prints the clauses of each page, and how many mistakes there are.
fn summarise(loaded: &Loaded, output: &mut Output) {
    if output.quiet {
        return;
    }
    output.print(&page_table(&loaded.contracts, output));
    output.print(&if loaded.mistakes.is_empty() {
        format!("no mistakes in the contracts of {}\n", Count(loaded.contracts.vendors.len(), "vendor"))
    } else {
        format!("{}\n", count_mistakes(&loaded.mistakes))
    });
}

fn page_table(contracts: &Contracts, output: &Output) -> String {
    let mut rows = vec![["page", "clauses", "cited", "untestable", "mistaken", "rows"].map(str::to_owned).to_vec()];
    for PageTally { vendor, operation, clauses, cited, untestable, mistaken, rows: number } in page_tallies(contracts) {
        let numbers = [clauses, cited, untestable, mistaken, number].map(|number| number.to_string());
        rows.push([format!("{vendor}/{operation}")].into_iter().chain(numbers).collect());
    }
    match align_columns(&rows).as_slice() {
        [head, lines @ ..] if !lines.is_empty() => format!("{}\n{}\n\n", output.bold(head), lines.join("\n")),
        _ => String::new(),
    }
}

/// The result as one JSON document.
#[derive(Serialize)]
struct LintDocument<'a> {
    mistakes: Vec<DiagnosticJson<'a>>,
    pages: Vec<PageTally<'a>>,
    version: u32,
}

/// The counts of a page.
#[derive(Serialize)]
struct PageTally<'a> {
    cited: usize,
    clauses: usize,
    mistaken: usize,
    operation: &'a str,
    rows: usize,
    untestable: usize,
    vendor: &'a str,
}

impl<'a> From<&'a Loaded> for LintDocument<'a> {
    fn from(loaded: &'a Loaded) -> Self {
        Self {
            version: 1,
            mistakes: loaded.mistakes.iter().map(|mistake| DiagnosticJson::new(mistake, &loaded.sources)).collect(),
            pages: page_tallies(&loaded.contracts),
        }
    }
}

fn page_tallies(contracts: &Contracts) -> Vec<PageTally<'_>> {
    let mut pages = Vec::new();
    for vendor in &contracts.vendors {
        for operation in vendor.documented() {
            let ClauseTally { clauses, cited, untestable, mistaken, rows } = tally_clauses(operation);
            let (vendor, operation) = (vendor.name.as_str(), operation.name.as_str());
            pages.push(PageTally { cited, clauses, mistaken, operation, rows, untestable, vendor });
        }
    }
    pages
}
