//! How much of each page is accounted for, as `lint` tells it of a clean contract.

use super::clauses::citations;
use crate::contract::{Contracts, Operation, Vendor};
use std::collections::HashSet;

/// A page, and what its contract makes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageSummary {
    /// The vendor.
    pub vendor: String,
    /// The operation.
    pub operation: String,
    /// The page.
    pub page: String,
    /// Its statements, those of the sections on it included.
    pub clauses: usize,
    /// Those that an outcome or a row cites.
    pub cited: usize,
    /// Those that no test can hold, with the reason.
    pub untestable: usize,
    /// Those in which the page is certainly wrong, with the reason.
    pub mistaken: usize,
    /// The rows of its table.
    pub rows: usize,
    /// The answers that the rows lead to.
    pub outcomes: usize,
}

/// Every page of every vendor, in order.
pub fn summary(contracts: &Contracts) -> Vec<PageSummary> {
    let pages =
        |vendor: &Vendor| vendor.documented().filter_map(|operation| page(vendor, operation)).collect::<Vec<_>>();
    contracts.vendors.iter().flat_map(pages).collect()
}

fn page(vendor: &Vendor, operation: &Operation) -> Option<PageSummary> {
    let cited = citations(operation);
    let cited: HashSet<&str> =
        cited.iter().map(|citation| citation.clause).filter(|id| operation.clauses.contains_key(*id)).collect();
    let count = |holds: fn(&crate::contract::language::Clause) -> bool| {
        operation.clauses.values().filter(|clause| holds(&clause.value)).count()
    };
    Some(PageSummary {
        vendor: vendor.name.clone(),
        operation: operation.name.clone(),
        page: operation.page.as_ref()?.id.clone(),
        clauses: operation.clauses.len(),
        cited: cited.len(),
        untestable: count(|clause| clause.untestable.is_some()),
        mistaken: count(|clause| clause.mistaken.is_some()),
        rows: operation.rows.len(),
        outcomes: operation.outcomes.len(),
    })
}
