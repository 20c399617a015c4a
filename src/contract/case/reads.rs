//! The reads that must show a resource's state: every GET that has a row for it.

use crate::contract::condition::{Choice, Draft, ILL_FORMED, IdSource};
use crate::contract::{Operation, RowId, Vendor};
use indexmap::IndexSet;
use std::collections::HashMap;

/// A read and the row by which it has to answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The row that is due.
    pub row: RowId,
    /// The rows for the resource's other states, in which an answer may betray that it is in one of them.
    pub others: Vec<RowId>,
    /// The request; the resource's id is the one at hand.
    pub draft: Draft,
}

/// The reads that have a row for each resource in each state, everything else being right.
pub(in crate::contract) fn reads(vendor: &Vendor) -> HashMap<(String, String), Vec<Read>> {
    let mut reads: HashMap<(String, String), Vec<Read>> = HashMap::new();
    for operation in vendor.operations.iter().filter(|operation| operation.reads()) {
        // A read of something inside the resource shows that thing, and not the resource.
        let Some(resource) = operation.binds.last() else { continue };
        for (state, read) in reads_of(vendor, operation, resource) {
            reads.entry((resource.clone(), state)).or_default().push(read);
        }
    }
    reads
}

/// What a read shows of a resource, by the resource's state.
fn reads_of(vendor: &Vendor, operation: &Operation, resource: &str) -> Vec<(String, Read)> {
    let space = vendor.space(operation);
    let Some(position) = space.position(resource) else { return Vec::new() };
    let states =
        space.dimensions.iter().skip(position).take(1).flat_map(|dimension| &dimension.choices).map(Choice::word);
    let mut rows: Vec<(&str, RowId)> = Vec::new();
    for (choice, state) in states.enumerate() {
        let point = space.right_but(position, choice);
        let mut inducible = operation.rows.values().filter(|row| row.not_inducible.is_none());
        rows.extend(inducible.find(|row| space.region(row).holds(&point)).map(|row| (state, row.id)));
    }
    let mut draft = Draft::documented(vendor, operation);
    draft.ids = operation.binds.iter().map(|bound| (bound.clone(), right(vendor, bound))).collect();
    let reads = rows.iter().map(|(state, row)| {
        let possible = rows.iter().filter(|(state, other)| other != row && !ILL_FORMED.contains(state));
        let others: IndexSet<RowId> = possible.map(|(_, other)| *other).collect();
        let read = Read { row: *row, others: others.into_iter().collect(), draft: draft.clone() };
        ((*state).to_owned(), read)
    });
    reads.collect()
}

/// Where the id of a resource in its right state comes from.
fn right(vendor: &Vendor, resource: &str) -> IdSource {
    IdSource::State(crate::contract::condition::right_state(vendor, resource).unwrap_or_default().to_owned())
}
