//! A clause: what it says, where it stands, who cites it, and which cases hold it.

use super::place::{excerpt, position};
use super::{Explanation, citations};
use crate::contract::case::Case;
use crate::contract::{Contracts, Loaded, Operation, Vendor};
use crate::text::source::Sources;

/// A clause of a page, by the names on the way to it.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) vendor: &'a Vendor,
    pub(super) operation: &'a Operation,
    pub(super) id: &'a str,
}

impl Named<'_> {
    /// `acme/links.delete/400.deleted`.
    pub(super) fn name(&self) -> String {
        format!("{}/{}/{}", self.vendor.name, self.operation.name, self.id)
    }

    /// The same with the page's name in the middle.
    pub(super) fn page_name(&self) -> String {
        let page = self.operation.page.as_ref().map_or("", |page| page.id.as_str());
        format!("{}/{page}/{}", self.vendor.name, self.id)
    }
}

/// Every clause of every page.
pub(super) fn all(contracts: &Contracts) -> impl Iterator<Item = Named<'_>> {
    contracts.vendors.iter().flat_map(|vendor| {
        vendor
            .documented()
            .flat_map(move |operation| operation.clauses.keys().map(move |id| Named { vendor, operation, id }))
    })
}

/// Explains a clause.
pub(super) fn explain(loaded: &Loaded, cases: &[Case], named: Named<'_>) -> Explanation {
    let Named { operation, id, .. } = named;
    let Some(clause) = operation.clauses.get(id) else { return Explanation::of(named.name()) };
    let page = operation.page.iter().map(|page| format!("{}, {}, read on {}", page.id, page.url, page.read));
    let mut written = excerpt(&loaded.sources, &clause.at);
    written.extend(page);
    let unheld =
        [("no test can hold it", &clause.value.untestable), ("the page is wrong here", &clause.value.mistaken)];
    let unheld = unheld.iter().filter_map(|(what, why)| why.as_ref().map(|why| format!("{what}: {why}")));
    Explanation::of(named.name())
        .part("Says", vec![clause.value.says.clone()])
        .part("Written", written)
        .part("Not held, because", unheld.collect())
        .part("Cited by", cited_by(&loaded.sources, operation, id))
        .part("Held by", held_by(cases, named))
}

fn cited_by(sources: &Sources, operation: &Operation, id: &str) -> Vec<String> {
    let line = |citation: super::Citation<'_>| {
        format!("{} `{}`, {}", citation.kind, citation.name, position(sources, citation.at))
    };
    let lines: Vec<String> = citations(operation, id).into_iter().map(line).collect();
    let explained = operation
        .clauses
        .get(id)
        .is_some_and(|clause| clause.value.untestable.is_some() || clause.value.mistaken.is_some());
    if lines.is_empty() && !explained { vec!["nothing".to_owned()] } else { lines }
}

/// The cases of the rows that cite a clause, or have an outcome that does.
fn held_by(cases: &[Case], Named { vendor, operation, id }: Named<'_>) -> Vec<String> {
    let citing = citations(operation, id);
    let is_cited =
        |kind: &str, name: &str| citing.iter().any(|citation| citation.kind == kind && citation.name == name);
    let rows = operation.rows.values().filter(|row| {
        is_cited("row", &row.name) || operation.outcomes_of(row).any(|outcome| is_cited("outcome", &outcome.name))
    });
    rows.flat_map(|row| {
        let prefix = format!("{}/{}/{}", vendor.name, operation.name, row.name);
        let of_row = move |case: &&Case| {
            case.id.strip_prefix(&prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        cases.iter().filter(of_row).map(|case| match &case.barred {
            Some(why) => format!("{} (never runs: {why})", case.id),
            None => case.id.clone(),
        })
    })
    .collect()
}
