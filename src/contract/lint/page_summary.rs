//! How much of each page is accounted for, as `lint` prints it of a clean contract.

use super::citations::citations;
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

impl PageSummary {
    /// Sums up the page of an operation; `None` of one without a page.
    fn of(vendor: &Vendor, operation: &Operation) -> Option<Self> {
        let page = operation.page.as_ref()?;
        let cited = citations(operation).into_iter().filter(|citation| citation.clause.is_some());
        let cited: HashSet<&str> = cited.map(|citation| citation.id).collect();
        let clauses = operation.clauses.values().map(|clause| &clause.value);
        Some(Self {
            vendor: vendor.name.clone(),
            operation: operation.name.clone(),
            page: page.id.clone(),
            clauses: operation.clauses.len(),
            cited: cited.len(),
            untestable: clauses.clone().filter(|clause| clause.untestable.is_some()).count(),
            mistaken: clauses.filter(|clause| clause.mistaken.is_some()).count(),
            rows: operation.rows.len(),
            outcomes: operation.outcomes.len(),
        })
    }
}

/// Every page of every vendor, in order.
pub fn page_summaries(contracts: &Contracts) -> Vec<PageSummary> {
    let operations = contracts.vendors.iter().flat_map(|vendor| vendor.operations.iter().map(move |it| (vendor, it)));
    operations.filter_map(|(vendor, operation)| PageSummary::of(vendor, operation)).collect()
}
