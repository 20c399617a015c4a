//! What is worked out of a vendor once, when it is first asked for, and read by all: spaces, ways, and the reads of every state.

use crate::contract::case::{CanaryCall, Read, Ways, canary_calls, harmless_reads, reads};
use crate::contract::condition::Space;
use crate::contract::stake::StakeTable;
use crate::contract::{Operation, OperationId, Row, Vendor};
use std::collections::HashMap;
use std::sync::OnceLock;

/// The parts of a vendor that its rows are together; a copy with other ids begins anew.
#[derive(Debug, Clone, Default)]
pub(super) struct Derived {
    ways: OnceLock<Ways>,
    reads: OnceLock<HashMap<(String, String), Vec<Read>>>,
    stakes: OnceLock<Vec<StakeTable>>,
    canary_calls: OnceLock<Vec<CanaryCall>>,
}

impl Vendor {
    /// The space of an operation's conditions.
    pub fn space(&self, operation: &Operation) -> &Space {
        self[operation.id].space.get_or_init(|| Space::of(self, operation))
    }

    /// The row of an operation that answers where everything is right.
    pub fn right_row(&self, operation: OperationId) -> Option<&Row> {
        let operation = &self[operation];
        let space = self.space(operation);
        space.row_at(operation, &space.right_point())
    }

    /// The calls by which it can be asked whether it lives, the one to begin with first.
    pub fn canary_calls(&self) -> &[CanaryCall] {
        self.derived.canary_calls.get_or_init(|| canary_calls(self))
    }

    /// The reads that need nothing, by which the vendor can be asked where nothing may be changed.
    pub fn harmless_reads(&self) -> Vec<CanaryCall> {
        harmless_reads(self)
    }

    /// The ways to the states of its resources.
    pub fn ways(&self) -> &Ways {
        self.derived.ways.get_or_init(|| Ways::of(self))
    }

    /// The reads that have a row for a resource in a state, everything else being right.
    pub fn reads(&self, resource: &str, state: &str) -> &[Read] {
        self.all_reads().get(&(resource.to_owned(), state.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// Returns true if a read has a row for a resource in some state.
    pub fn is_read(&self, resource: &str) -> bool {
        self.all_reads().keys().any(|(read, _)| read == resource)
    }

    fn all_reads(&self) -> &HashMap<(String, String), Vec<Read>> {
        self.derived.reads.get_or_init(|| reads(self))
    }

    /// The stakes of an operation's clauses.
    #[expect(clippy::indexing_slicing, reason = "an id is made by the vendor that it indexes")]
    pub fn stakes(&self, operation: OperationId) -> &StakeTable {
        let tables = self
            .derived
            .stakes
            .get_or_init(|| self.operations.iter().map(|operation| StakeTable::of(self, operation)).collect());
        &tables[operation.position()]
    }
}
