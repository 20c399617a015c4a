//! `proviso list`: the cases in their order, and how many each operation has.

use crate::cli::args::Global;
use crate::cli::contracts::{self, plural};
use crate::cli::output::Output;
use crate::cli::select::Select;
use crate::cli::table;
use clap::ValueEnum;
use indexmap::IndexMap;
use proviso::contract::case::{self, Case};
use proviso::contract::{Contracts, Loaded};
use proviso::report::Exit;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// List the cases.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  proviso list\n  proviso list links.delete -q\n  proviso list --vendor acme --format json\n\n\
    Exit codes:\n  0  cases were listed\n  2  the contracts are wrong\n  4  nothing has such a name"
)]
pub(crate) struct Args {
    /// Which cases.
    #[command(flatten)]
    select: Select,
    /// How the cases are written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// How cases are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A name a line, then the counts; with `-q` the names alone, with `-v` what each case needs
    Text,
    /// One JSON document
    Json,
}

/// Lists.
pub(crate) fn run(args: &Args, global: &Global, output: &mut Output) -> Exit {
    let loaded = match contracts::read_for_listing(global, output) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    print(&loaded, &args.select, args.format == Format::Json, output)
}

/// Prints the selected cases of contracts that were read.
pub(crate) fn print(loaded: &Loaded, select: &Select, as_json: bool, output: &mut Output) -> Exit {
    let all = case::compile(&loaded.contracts);
    select.tell_unmatched(&loaded.contracts, &all, output);
    let cases = select.selection().select(&loaded.contracts, all);
    if cases.is_empty() {
        output.error("no case is selected", &[]);
        return Exit::NothingTested;
    }
    if as_json {
        output.document(&to_json(loaded, &cases));
    } else {
        for case in &cases {
            output.print(&line(case, output));
        }
        if !output.quiet {
            output.print(&counts(&loaded.contracts, &cases));
        }
    }
    Exit::Fine
}

fn line(case: &Case, output: &Output) -> String {
    let note = match &case.barred {
        _ if output.quiet => String::new(),
        Some(why) => format!("  (never runs: {why})"),
        None if output.verbosity > 0 && !case.needs.is_empty() => format!("  (needs {})", case.needs.join(", ")),
        None => String::new(),
    };
    format!("{}{note}\n", case.id)
}

/// The cases of each operation, in the order of the operations.
fn by_operation<'a>(contracts: &'a Contracts, cases: &'a [Case]) -> IndexMap<(&'a str, &'a str), Vec<&'a Case>> {
    let mut groups: IndexMap<_, Vec<_>> = IndexMap::new();
    for case in cases {
        let (vendor, operation) = (&contracts[case.row.vendor()], &contracts[case.row.operation]);
        groups.entry((vendor.name.as_str(), operation.name.as_str())).or_default().push(case);
    }
    groups
}

fn rows(cases: &[&Case]) -> usize {
    cases.iter().map(|case| &case.row).collect::<BTreeSet<_>>().len()
}

fn counts(contracts: &Contracts, cases: &[Case]) -> String {
    let groups = by_operation(contracts, cases);
    let row = |((vendor, operation), cases): (&(&str, &str), &Vec<&Case>)| {
        vec![format!("{vendor}/{operation}"), plural(cases.len(), "case"), format!("of {}", plural(rows(cases), "row"))]
    };
    let lines = table::lines(&groups.iter().map(row).collect::<Vec<_>>());
    let total = format!("{} of {}", plural(cases.len(), "case"), plural(groups.len(), "operation"));
    format!("\n{}\n{total}\n", lines.join("\n"))
}

fn to_json(loaded: &Loaded, cases: &[Case]) -> String {
    let groups = by_operation(&loaded.contracts, cases);
    let operations = groups.iter().map(|((vendor, operation), cases)| {
        let barred = cases.iter().filter(|case| case.barred.is_some()).count();
        json!({ "vendor": vendor, "operation": operation, "cases": cases.len(), "rows": rows(cases), "barred": barred })
    });
    let cases_of = |((vendor, operation), cases): (&(&str, &str), &Vec<&Case>)| -> Vec<Value> {
        cases.iter().map(|case| object(loaded, vendor, operation, case)).collect()
    };
    let listed: Vec<Value> = groups.iter().flat_map(cases_of).collect();
    let document =
        json!({ "version": 1, "cases": listed, "operations": operations.collect::<Vec<_>>(), "total": cases.len() });
    format!("{document:#}\n")
}

fn object(loaded: &Loaded, vendor: &str, operation: &str, case: &Case) -> Value {
    let row = &loaded.contracts[case.row];
    let position = loaded.sources.position(&row.at.clone().key());
    let file = loaded.sources.get(row.at.file).path().to_string_lossy();
    let location = json!({ "file": file, "line": position.line, "column": position.column });
    json!({ "id": case.id, "vendor": vendor, "operation": operation, "row": row.name, "tags": case.tags,
            "needs": *case.needs, "changes": case.changes, "barred": case.barred, "location": location })
}
