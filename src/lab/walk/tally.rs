//! What a walk met and how often, and what no walk can meet.

use crate::lab::walk::session::Transitions;
use crate::lab::walk::table::Table;
use crate::lab::walk::told::{Pair, Transition};
use indexmap::IndexMap;
use std::collections::BTreeMap;

/// Every documented transition, with how often it was taken.
pub(crate) fn transitions(table: &Table<'_>, taken: &Transitions) -> Vec<Transition> {
    let mut all: IndexMap<(String, Option<String>, String), Transition> = IndexMap::new();
    for cell in table.cells.iter().filter(|cell| cell.leads) {
        let (operation, row) = (&table.vendor[cell.row.operation], table.row(cell));
        for (resource, to) in row.then.iter().flat_map(|branch| &branch.leads) {
            let bound = operation.binds.iter().position(|bound| bound == resource);
            let from = bound.and_then(|at| cell.stands.get(at)).cloned();
            let key = (resource.clone(), from.clone(), to.clone());
            let name = format!("{}/{}", operation.name, row.name);
            let count = taken.get(&key).and_then(|rows| rows.get(&name)).copied().unwrap_or(0);
            let known = all.entry(key).or_insert_with(|| Transition {
                resource: resource.clone(),
                from,
                to: to.clone(),
                met: 0,
                rows: BTreeMap::new(),
                never: cell.barred.clone(),
            });
            if known.rows.insert(name, count).is_none() {
                known.met += count;
            }
            // One way there is enough.
            known.never = known.never.take().and(cell.barred.clone());
        }
    }
    all.into_values().collect()
}

/// Every operation with every state of its resources, with how often it was met.
pub(crate) fn pairs(table: &Table<'_>, met: &[usize]) -> Vec<Pair> {
    let mut all: IndexMap<(String, String), Pair> = IndexMap::new();
    for (at, cell) in table.cells.iter().enumerate() {
        let operation = &table.vendor[cell.row.operation];
        let (count, state) = (met.get(at).copied().unwrap_or(0), cell.stands.join(", "));
        let pair = all.entry((operation.name.clone(), state.clone())).or_insert_with(|| Pair {
            operation: operation.name.clone(),
            state,
            met: 0,
            rows: BTreeMap::new(),
            never: cell.barred.clone(),
        });
        pair.met += count;
        *pair.rows.entry(table.row(cell).name.clone()).or_default() += count;
        pair.never = pair.never.take().and(cell.barred.clone());
    }
    all.into_values().collect()
}

/// The rows that no walk can meet, each with the reason.
pub(crate) fn never(table: &Table<'_>) -> BTreeMap<String, String> {
    let mut never = BTreeMap::new();
    for operation in &table.vendor.operations {
        for row in operation.rows.values() {
            let cells: Vec<_> = table.cells.iter().filter(|cell| cell.row == row.id).collect();
            let barred = cells.iter().find_map(|cell| cell.barred.clone());
            let why = match &row.not_inducible {
                Some(why) => Some(format!("not inducible: {why}")),
                None if cells.is_empty() => Some("nothing that can be sent meets it".to_owned()),
                None => barred.filter(|_| cells.iter().all(|cell| cell.barred.is_some())),
            };
            if let Some(why) = why {
                never.insert(format!("{}/{}", operation.name, row.name), why);
            }
        }
    }
    never
}
