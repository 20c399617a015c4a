//! The citations of a page's clauses, and how many clauses are accounted for.

use crate::contract::{ClauseId, Operation};
use crate::text::source::Place;
use serde::Serialize;

/// An outcome or a row that cites a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseCitation<'a> {
    /// `outcome` or `row`.
    pub kind: &'static str,
    /// Its name.
    pub name: &'a str,
    /// The place where it is written.
    pub at: &'a Place,
}

/// The outcomes that cite a clause on a page, and then the rows.
pub fn citations<'a>(operation: &'a Operation, clause: &str) -> Vec<ClauseCitation<'a>> {
    let outcomes = operation.outcomes.values().filter(|outcome| is_cited(clause, &outcome.cites));
    let outcomes = outcomes.map(|outcome| ClauseCitation { kind: "outcome", name: &outcome.name, at: &outcome.at });
    let rows = operation.rows.values().filter(|row| is_cited(clause, &row.cites));
    outcomes.chain(rows.map(|row| ClauseCitation { kind: "row", name: &row.name, at: &row.at })).collect()
}

/// Returns true if an entry of `cites` means a clause: by its id, or `200.*` by its section.
fn is_cited(clause: &str, cites: &[String]) -> bool {
    cites.iter().any(|cited| match cited.strip_suffix(".*") {
        Some(section) => ClauseId::parse(clause).is_some_and(|id| id.section == section),
        None => cited == clause,
    })
}

/// The number of a page's clauses, and of those that are accounted for in each way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ClauseTally {
    /// The number of all.
    pub clauses: usize,
    /// The number of those that an outcome or a row cites.
    pub cited: usize,
    /// The number of those that no test can hold.
    pub untestable: usize,
    /// The number of those in which the page is certainly wrong.
    pub mistaken: usize,
    /// The number of rows of the page's table.
    pub rows: usize,
}

/// Counts a page's clauses.
pub fn tally_clauses(operation: &Operation) -> ClauseTally {
    let clauses = operation.clauses.values().map(|placed| &placed.value);
    ClauseTally {
        clauses: operation.clauses.len(),
        cited: operation.clauses.keys().filter(|id| !citations(operation, id).is_empty()).count(),
        untestable: clauses.clone().filter(|clause| clause.untestable.is_some()).count(),
        mistaken: clauses.filter(|clause| clause.mistaken.is_some()).count(),
        rows: operation.rows.len(),
    }
}
