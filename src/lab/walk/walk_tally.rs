//! What a walk met and how often, and what no walk can meet.

use crate::contract::{Row, RowId};
use crate::lab::walk::request_table::{Cell, CellId, RequestTable};
use crate::lab::walk::walk_result::{StatePair, Transition};
use indexmap::IndexMap;
use std::collections::BTreeMap;

/// A resource led from a state, or made, to a state, by a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TransitionBy<'v> {
    /// The kind of resource.
    pub(crate) resource: &'v str,
    /// The state before; none before it is made.
    pub(crate) from: Option<&'v str>,
    /// The state after.
    pub(crate) to: &'v str,
    /// The row.
    pub(crate) row: RowId,
}

/// How often each cell was met and each transition taken.
#[derive(Debug, Default)]
pub(crate) struct WalkTally<'v> {
    cells: BTreeMap<CellId, usize>,
    /// The same by operation and states, whatever the form of the request.
    pairs: BTreeMap<usize, usize>,
    transitions: BTreeMap<TransitionBy<'v>, usize>,
}

impl<'v> WalkTally<'v> {
    /// Counts a cell.
    pub(crate) fn count_cell(&mut self, table: &RequestTable<'v>, cell: CellId) {
        *self.cells.entry(cell).or_default() += 1;
        *self.pairs.entry(table[cell].pair).or_default() += 1;
    }

    /// Counts a transition.
    pub(crate) fn count_transition(&mut self, transition: TransitionBy<'v>) {
        *self.transitions.entry(transition).or_default() += 1;
    }

    /// How often a cell was met.
    pub(crate) fn of_cell(&self, cell: CellId) -> usize {
        count_of(&self.cells, &cell)
    }

    /// How often an operation was met with these states of its resources.
    pub(crate) fn of_pair(&self, pair: usize) -> usize {
        count_of(&self.pairs, &pair)
    }

    /// The number of resources that were made.
    pub(crate) fn made(&self) -> usize {
        self.transitions.iter().filter(|(transition, _)| transition.from.is_none()).map(|(_, count)| count).sum()
    }

    /// Every documented transition, with how often it was taken.
    pub(crate) fn transitions(&self, table: &RequestTable<'v>) -> Vec<Transition> {
        let mut all: IndexMap<_, Transition> = IndexMap::new();
        for cell in table.cells.iter().filter(|cell| cell.leads) {
            for transition in table.transitions(cell) {
                let TransitionBy { resource, from, to, .. } = transition;
                let count = count_of(&self.transitions, &transition);
                let known = all.entry((resource, from, to)).or_insert_with(|| Transition {
                    resource: resource.to_owned(),
                    from: from.map(str::to_owned),
                    to: to.to_owned(),
                    met: 0,
                    rows: BTreeMap::new(),
                    never: cell.barred.clone(),
                });
                if known.rows.insert(table.row_name(cell.row), count).is_none() {
                    known.met += count;
                }
                // One way there is enough.
                known.never = known.never.take().and_then(|_| cell.barred.clone());
            }
        }
        all.into_values().collect()
    }

    /// Every operation with every state of its resources, with how often it was met.
    pub(crate) fn pairs(&self, table: &RequestTable<'v>) -> Vec<StatePair> {
        let mut all: IndexMap<usize, StatePair> = IndexMap::new();
        for (id, cell) in table.cells() {
            let count = self.of_cell(id);
            let pair = all.entry(cell.pair).or_insert_with(|| StatePair {
                operation: table.vendor[cell.row.operation].name.clone(),
                state: cell.states.join(", "),
                met: 0,
                rows: BTreeMap::new(),
                never: cell.barred.clone(),
            });
            pair.met += count;
            *pair.rows.entry(table.vendor[cell.row].name.clone()).or_default() += count;
            pair.never = pair.never.take().and_then(|_| cell.barred.clone());
        }
        all.into_values().collect()
    }
}

fn count_of<K: Ord>(counts: &BTreeMap<K, usize>, key: &K) -> usize {
    counts.get(key).copied().unwrap_or(0)
}

/// The rows that no walk can meet, each with the reason.
pub(crate) fn unreachable_rows(table: &RequestTable<'_>) -> BTreeMap<String, String> {
    let rows = table.vendor.operations.iter().flat_map(|operation| operation.rows.values());
    rows.filter_map(|row| Some((table.row_name(row.id), barrier(table, row)?))).collect()
}

/// Why a row cannot be met, if so.
fn barrier(table: &RequestTable<'_>, row: &Row) -> Option<String> {
    if let Some(why) = &row.not_inducible {
        return Some(format!("not inducible: {why}"));
    }
    let mut cells = table.cells.iter().filter(|cell| cell.row == row.id);
    let Some(first) = cells.next() else { return Some("nothing that can be sent meets it".to_owned()) };
    let is_barred = |cell: &Cell<'_>| cell.barred.is_some();
    first.barred.clone().filter(|_| cells.all(is_barred))
}
