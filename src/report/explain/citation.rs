//! Who cites a page's clauses, and how many of them are accounted for.

use crate::contract::{ClauseId, Operation};
use crate::text::source::Place;
use serde::Serialize;

/// An outcome or a row that cites a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation<'a> {
    /// `outcome` or `row`.
    pub kind: &'static str,
    /// Its name.
    pub name: &'a str,
    /// Where it is written.
    pub at: &'a Place,
}

/// Who cites a clause on a page: its outcomes first.
pub fn citations<'a>(operation: &'a Operation, clause: &str) -> Vec<Citation<'a>> {
    let cites = |list: &[String]| list.iter().any(|cited| names(cited, clause));
    let outcomes = operation.outcomes.values().filter(|outcome| cites(&outcome.cites));
    let outcomes = outcomes.map(|outcome| Citation { kind: "outcome", name: &outcome.name, at: &outcome.at });
    let rows = operation.rows.values().filter(|row| cites(&row.cites));
    outcomes.chain(rows.map(|row| Citation { kind: "row", name: &row.name, at: &row.at })).collect()
}

/// Whether an entry of `cites` means a clause: by its id, or `200.*` by its section.
pub(super) fn names(cited: &str, clause: &str) -> bool {
    match cited.strip_suffix(".*") {
        Some(section) => ClauseId::parse(clause).is_some_and(|id| id.section == section),
        None => cited == clause,
    }
}

/// How many clauses a page has, and what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// How many there are.
    pub clauses: usize,
    /// How many an outcome or a row cites.
    pub cited: usize,
    /// How many no test can hold.
    pub untestable: usize,
    /// In how many the page is certainly wrong.
    pub mistaken: usize,
    /// How many rows the page's table has.
    pub rows: usize,
}

/// Counts a page's clauses.
pub fn tally(operation: &Operation) -> Tally {
    let count = |wanted: &dyn Fn(&str) -> bool| operation.clauses.keys().filter(|id| wanted(id)).count();
    let explained = |why: fn(&crate::contract::language::Clause) -> &Option<String>| {
        operation.clauses.values().filter(|clause| why(&clause.value).is_some()).count()
    };
    Tally {
        clauses: operation.clauses.len(),
        cited: count(&|id| !citations(operation, id).is_empty()),
        untestable: explained(|clause| &clause.untestable),
        mistaken: explained(|clause| &clause.mistaken),
        rows: operation.rows.len(),
    }
}
