//! The citations of a page: the clause that each names, and where.

use super::clause_lack::clause_lack;
use crate::contract::language::Clause;
use crate::contract::{ClauseId, Operation, Placed};
use crate::text::source::Place;

/// A clause that an outcome or a row cites.
pub(super) struct ClauseCitation<'a> {
    /// The clause's id.
    pub(super) id: &'a str,
    /// The clause; `None` where the page has none of that id.
    pub(super) clause: Option<&'a Placed<Clause>>,
    /// The element of `cites`.
    pub(super) at: Place,
    /// Whether the element cites all field clauses of a section.
    pub(super) is_whole: bool,
}

/// The citations of a page; one that cites several clauses is given for each of them.
pub(super) fn citations(operation: &Operation) -> Vec<ClauseCitation<'_>> {
    let mut citations = Vec::new();
    for outcome in operation.outcomes.values() {
        for (at, cite) in placed_cites(&outcome.cites, &outcome.at) {
            match cite.strip_suffix(".*") {
                None => citations.push(ClauseCitation::of(operation, cite, at)),
                Some(section) => {
                    let open = clauses_of(operation, section).filter(|(_, clause)| !clause.value.is_explained());
                    let held = open.filter(|(id, _)| clause_lack(outcome, id).is_none());
                    citations.extend(held.map(|(id, clause)| ClauseCitation {
                        id,
                        clause: Some(clause),
                        at: at.clone(),
                        is_whole: true,
                    }));
                }
            }
        }
    }
    for row in operation.rows.values() {
        let cites = placed_cites(&row.cites, &row.at);
        citations.extend(cites.map(|(at, cite)| ClauseCitation::of(operation, cite, at)));
    }
    citations
}

impl<'a> ClauseCitation<'a> {
    fn of(operation: &'a Operation, id: &'a str, at: Place) -> Self {
        Self { id, clause: operation.clauses.get(id), at, is_whole: false }
    }
}

/// The elements of `cites` of something at a place.
pub(super) fn placed_cites<'a>(cites: &'a [String], at: &Place) -> impl Iterator<Item = (Place, &'a String)> {
    let at = at.child("cites");
    cites.iter().enumerate().map(move |(index, cite)| (at.index(index), cite))
}

/// The clauses of a section.
pub(super) fn clauses_of<'a>(
    operation: &'a Operation,
    section: &str,
) -> impl Iterator<Item = (&'a str, &'a Placed<Clause>)> {
    let clauses = operation.clauses.iter().map(|(id, clause)| (id.as_str(), clause));
    clauses.filter(move |(id, _)| ClauseId::parse(id).is_some_and(|id| id.section == section))
}
