//! `proviso list`: the cases in their order, and how many each operation has.

use crate::cli::align_columns::align_columns;
use crate::cli::args::CaseArgs;
use crate::cli::context::Context;
use crate::cli::output::Output;
use crate::cli::problem::{CommandError, CommandResult, Problem};
use crate::cli::read_contracts::{CheckLevel, read_contracts};
use crate::cli::select_cases::select_cases;
use clap::ValueEnum;
use proviso::contract::case::{self, Case, Selection};
use proviso::contract::{Contracts, Loaded, Operation, Vendor};
use proviso::report::{Count, Exit};
use proviso::text::source::{Place, Position};
use serde::Serialize;
use std::collections::HashSet;

/// List the cases.
#[derive(Debug, clap::Args)]
#[command(after_long_help = Exit::help_with(
    "Examples:\n  proviso list\n  proviso list links.delete -q\n  proviso list --vendor acme --format json",
    &[
        (Exit::Fine, "cases were listed"),
        (Exit::Wrong, "the contracts are wrong"),
        (Exit::NothingTested, "nothing has such a name"),
    ],
))]
pub(crate) struct ListArgs {
    /// The cases.
    #[command(flatten)]
    cases: CaseArgs,
    /// How the cases are written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ListFormat,
}

/// The forms in which cases are written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ListFormat {
    /// A name a line, then the counts; with `-q` the names alone, with `-v` what each case needs
    Text,
    /// One JSON document
    Json,
}

/// Lists the cases.
pub(crate) fn list_cases(args: &ListArgs, context: &mut Context) -> CommandResult {
    let Context { specs, output, .. } = context;
    let selection = args.cases.selection(specs);
    let loaded = read_contracts(specs, &selection, CheckLevel::Meaning, output)?;
    match args.format {
        ListFormat::Text => print_cases(&loaded, &selection, output),
        ListFormat::Json => {
            let cases = listed_cases(&loaded, &selection, output)?;
            output.print_json(&CaseList::new(&loaded, &cases))?;
            Ok(Exit::Fine)
        }
    }
}

/// Prints the selected cases of contracts that were read.
pub(super) fn print_cases(loaded: &Loaded, selection: &Selection, output: &mut Output) -> CommandResult {
    let cases = listed_cases(loaded, selection, output)?;
    for case in &cases {
        let note = note(case, output);
        output.print(&format!("{}{note}\n", case.id));
    }
    if !output.quiet {
        output.print(&count_cases(&loaded.contracts, &cases));
    }
    Ok(Exit::Fine)
}

fn listed_cases(loaded: &Loaded, selection: &Selection, output: &mut Output) -> Result<Vec<Case>, CommandError> {
    let cases = select_cases(selection, loaded, case::compile(&loaded.contracts), output);
    if cases.is_empty() {
        return Err(Problem::new("no case is selected").exit_with(Exit::NothingTested));
    }
    Ok(cases)
}

fn note(case: &Case, output: &Output) -> String {
    match &case.barred {
        _ if output.quiet => String::new(),
        Some(why) => format!("  (never runs: {why})"),
        None if output.verbosity > 0 && !case.needs.is_empty() => format!("  (needs {})", case.needs.join(", ")),
        None => String::new(),
    }
}

/// The cases of an operation.
struct OperationCases<'a> {
    vendor: &'a Vendor,
    operation: &'a Operation,
    cases: &'a [Case],
}

impl<'a> OperationCases<'a> {
    /// The cases of each operation, in the order of the operations.
    fn group(contracts: &'a Contracts, cases: &'a [Case]) -> Vec<Self> {
        let mut groups = Vec::new();
        for cases in cases.chunk_by(|one, other| one.row.operation == other.row.operation) {
            groups.extend(cases.first().map(|case| Self {
                vendor: &contracts[case.row.vendor()],
                operation: &contracts[case.row.operation],
                cases,
            }));
        }
        groups
    }

    fn count_rows(&self) -> usize {
        self.cases.iter().map(|case| case.row).collect::<HashSet<_>>().len()
    }
}

fn count_cases(contracts: &Contracts, cases: &[Case]) -> String {
    let groups = OperationCases::group(contracts, cases);
    let mut rows = Vec::new();
    for group in &groups {
        let name = format!("{}/{}", group.vendor.name, group.operation.name);
        let of_rows = format!("of {}", Count(group.count_rows(), "row"));
        rows.push(vec![name, Count(group.cases.len(), "case").to_string(), of_rows]);
    }
    let lines = align_columns(&rows).join("\n");
    format!("\n{lines}\n{} of {}\n", Count(cases.len(), "case"), Count(groups.len(), "operation"))
}

/// The list as one JSON document.
#[derive(Serialize)]
struct CaseList<'a> {
    cases: Vec<ListedCase<'a>>,
    operations: Vec<ListedOperation<'a>>,
    total: usize,
    version: u32,
}

#[derive(Serialize)]
struct ListedOperation<'a> {
    barred: usize,
    cases: usize,
    operation: &'a str,
    rows: usize,
    vendor: &'a str,
}

#[derive(Serialize)]
struct ListedCase<'a> {
    barred: Option<&'a str>,
    changes: bool,
    id: &'a str,
    location: ListedLocation,
    needs: &'a [String],
    operation: &'a str,
    row: &'a str,
    tags: &'a [String],
    vendor: &'a str,
}

#[derive(Serialize)]
struct ListedLocation {
    column: usize,
    file: String,
    line: usize,
}

impl<'a> CaseList<'a> {
    fn new(loaded: &'a Loaded, cases: &'a [Case]) -> Self {
        let groups = OperationCases::group(&loaded.contracts, cases);
        Self {
            version: 1,
            cases: groups.iter().flat_map(|group| ListedCase::of_group(group, loaded)).collect(),
            operations: groups.iter().map(ListedOperation::from).collect(),
            total: cases.len(),
        }
    }
}

impl<'a> From<&OperationCases<'a>> for ListedOperation<'a> {
    fn from(group: &OperationCases<'a>) -> Self {
        Self {
            vendor: &group.vendor.name,
            operation: &group.operation.name,
            cases: group.cases.len(),
            rows: group.count_rows(),
            barred: group.cases.iter().filter(|case| case.barred.is_some()).count(),
        }
    }
}

impl<'a> ListedCase<'a> {
    fn of_group(group: &OperationCases<'a>, loaded: &'a Loaded) -> Vec<Self> {
        let listed = |case: &'a Case| Self {
            id: &case.id,
            vendor: &group.vendor.name,
            operation: &group.operation.name,
            row: &loaded.contracts[case.row].name,
            tags: &case.tags,
            needs: &case.needs,
            changes: case.changes,
            barred: case.barred.as_deref(),
            location: ListedLocation::new(&loaded.contracts[case.row].at, loaded),
        };
        group.cases.iter().map(listed).collect()
    }
}

impl ListedLocation {
    fn new(row: &Place, loaded: &Loaded) -> Self {
        let Position { line, column } = loaded.sources.position(&row.key());
        Self { column, file: loaded.sources[row.file].path().to_string_lossy().into_owned(), line }
    }
}
