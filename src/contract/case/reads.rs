//! The reads that must show a resource's state: every GET that has a row for it.

use crate::contract::Vendor;
use crate::contract::condition::{Draft, IdSource, Space};

/// A read and the row by which it has to answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The operation's position in its vendor.
    pub operation: usize,
    /// The row that is due.
    pub row: String,
    /// The rows for the resource's other states, in which an answer may betray that it is in one of them.
    pub others: Vec<String>,
    /// The request; the resource's id is the one at hand.
    pub draft: Draft,
}

/// The reads that have a row for a resource in a state, everything else being right.
pub fn reads(vendor: &Vendor, resource: &str, state: &str) -> Vec<Read> {
    let mut found = Vec::new();
    for (index, operation) in vendor.operations.iter().enumerate() {
        // A read of something inside the resource shows that thing, and not the resource.
        if !operation.reads() || operation.binds.last().is_none_or(|shown| shown != resource) {
            continue;
        }
        let space = Space::of(vendor, operation);
        let Some(dimension) = space.position(resource) else { continue };
        let point = |choice: usize| {
            let mut point: Vec<Option<usize>> = space.right().into_iter().map(Some).collect();
            if let Some(place) = point.get_mut(dimension) {
                *place = Some(choice);
            }
            point
        };
        let row_at = |choice| {
            operation.rows.values().find(|row| row.not_inducible.is_none() && space.region(row).holds(&point(choice)))
        };
        let choices = space.dimensions.get(dimension).map(|dimension| dimension.choices.as_slice()).unwrap_or_default();
        let Some(choice) = choices.iter().position(|choice| choice == state) else { continue };
        let Some(row) = row_at(choice) else { continue };
        let mut others = Vec::new();
        for other in 0..choices.len() {
            match row_at(other) {
                Some(other) if other.name != row.name && !others.contains(&other.name) => {
                    others.push(other.name.clone());
                }
                _ => {}
            }
        }
        let mut draft = Draft::documented(vendor, operation);
        draft.ids = operation.binds.iter().map(|bound| (bound.clone(), right(vendor, bound))).collect();
        found.push(Read { operation: index, row: row.name.clone(), others, draft });
    }
    found
}

/// Where the id of a resource in its right state comes from.
fn right(vendor: &Vendor, resource: &str) -> IdSource {
    IdSource::State(crate::contract::condition::right_state(vendor, resource).unwrap_or_default().to_owned())
}
