//! A clause: its statement, its place, the rows and outcomes that cite it, and the cases that hold it.

use super::excerpt::{excerpt, page_words, position_words};
use super::{ClauseCitation, Explanation, Lines, citations};
use crate::contract::case::Case;
use crate::contract::language::Clause;
use crate::contract::stake::Stake;
use crate::contract::{Contracts, Loaded, Operation, Placed, Row, Vendor};
use crate::text::source::Sources;
use std::borrow::Cow;

/// A clause of a page, by the names on the way to it.
#[derive(Clone, Copy)]
pub(super) struct NamedClause<'a> {
    vendor: &'a Vendor,
    operation: &'a Operation,
    pub(super) id: &'a str,
    clause: &'a Placed<Clause>,
}

/// Every clause of every page.
pub(super) fn all_clauses(contracts: &Contracts) -> impl Iterator<Item = NamedClause<'_>> {
    contracts.vendors.iter().flat_map(|vendor| {
        vendor.documented().flat_map(move |operation| {
            let clauses = operation.clauses.iter();
            clauses.map(move |(id, clause)| NamedClause { vendor, operation, id, clause })
        })
    })
}

/// Explains a clause.
pub(super) fn explain_clause(loaded: &Loaded, cases: &[Case], named: NamedClause<'_>) -> Explanation {
    let clause = &named.clause.value;
    let mut written = excerpt(&loaded.sources, &named.clause.at);
    written.extend(named.operation.page.as_ref().map(page_words));
    let untestable = clause.untestable.iter().map(|why| format!("no test can hold it: {why}"));
    let mistaken = clause.mistaken.iter().map(|why| format!("the page is wrong here: {why}"));
    Explanation::new(named.name())
        .part("Says", [&clause.says])
        .part("Written", written)
        .part("Not held, because", untestable.chain(mistaken))
        .part("About", named.about())
        .part("Broken by", named.broken_by())
        .part("Cited by", named.cited_by(&loaded.sources))
        .part("Held by", named.held_by(cases))
}

impl NamedClause<'_> {
    /// `acme/links.delete/400.deleted`.
    pub(super) fn name(&self) -> String {
        format!("{}/{}/{}", self.vendor.name, self.operation.name, self.id)
    }

    /// The same with the page's name in the middle.
    pub(super) fn page_name(&self) -> String {
        let page = self.operation.page.as_ref().map_or("", |page| page.id.as_str());
        format!("{}/{page}/{}", self.vendor.name, self.id)
    }

    /// The stakes of the clause in rows that can be had.
    fn stakes(&self) -> impl Iterator<Item = &'_ Stake> {
        let stakes = self.vendor.stakes(self.operation.id).of_clause(self.id);
        stakes.filter(|stake| self.vendor[stake.row].not_inducible.is_none())
    }

    fn about(&self) -> Lines {
        let mut lines = Lines::default();
        self.stakes().for_each(|stake| lines.push_once(stake.about.to_string()));
        lines
    }

    /// An answer for each row that breaks the clause.
    fn broken_by(&self) -> Lines {
        let mut lines = Lines::default();
        for stake in self.stakes() {
            let Some(breach) = &stake.breach else { continue };
            lines.push_once(format!("{}: {}", self.vendor[stake.row].name, breach.words(self.vendor, stake.row)));
        }
        if self.vendor.stakes(self.operation.id).is_vacuous(self.id) {
            lines.push("no answer: it is vacuous, and never counts as exercised");
        }
        lines
    }

    fn cited_by(&self, sources: &Sources) -> Vec<String> {
        let citations = citations(self.operation, self.id);
        let excused = self.clause.value.untestable.is_some() || self.clause.value.mistaken.is_some();
        if citations.is_empty() && !excused {
            return vec!["nothing".to_owned()];
        }
        let lines = citations
            .iter()
            .map(|ClauseCitation { kind, name, at }| format!("{kind} `{name}`, {}", position_words(sources, at)));
        lines.collect()
    }

    /// The cases of the rows that cite the clause, or have an outcome that does.
    fn held_by<'a>(&self, cases: &'a [Case]) -> Vec<Cow<'a, str>> {
        let citations = citations(self.operation, self.id);
        let mut lines = Vec::new();
        for row in self.operation.rows.values().filter(|row| cites(self.operation, row, &citations)) {
            let name = self.vendor.row_name(row.id);
            for case in cases.iter().filter(|case| is_of_row(case, &name)) {
                lines.push(match &case.barred {
                    Some(why) => Cow::from(format!("{} (never runs: {why})", case.id)),
                    None => Cow::from(&case.id),
                });
            }
        }
        lines
    }
}

/// Returns true if a row or one of its outcomes is among those that cite a clause.
pub(super) fn cites(operation: &Operation, row: &Row, citations: &[ClauseCitation<'_>]) -> bool {
    citations.iter().any(|citation| match citation.kind {
        "row" => citation.name == row.name,
        _ => operation.outcomes_of(row).any(|outcome| outcome.name == citation.name),
    })
}

fn is_of_row(case: &Case, row: &str) -> bool {
    case.id.strip_prefix(row).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
