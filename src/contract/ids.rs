//! Ids of vendors, operations, rows and outcomes: an id is made where its thing is, and finds it again without a search.

use crate::contract::{Contracts, Operation, Outcome, Row, Vendor};
use std::ops::Index;

/// A vendor of some contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VendorId(usize);

/// An operation of a vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId {
    /// The vendor.
    pub vendor: VendorId,
    place: usize,
}

/// A row of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId {
    /// The operation.
    pub operation: OperationId,
    place: usize,
}

/// An outcome of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutcomeId {
    /// The operation.
    pub operation: OperationId,
    place: usize,
}

impl VendorId {
    /// The vendor that is read after so many others.
    pub(super) fn after(vendors: usize) -> Self {
        Self(vendors)
    }

    /// The position among the vendors, for tables that run beside theirs.
    pub fn position(self) -> usize {
        self.0
    }

    /// The operation of this vendor that is resolved after so many others.
    pub(super) fn operation(self, place: usize) -> OperationId {
        OperationId { vendor: self, place }
    }
}

impl OperationId {
    /// The position among its vendor's operations, for tables that run beside theirs.
    pub fn position(self) -> usize {
        self.place
    }

    pub(super) fn row(self, place: usize) -> RowId {
        RowId { operation: self, place }
    }

    pub(super) fn outcome(self, place: usize) -> OutcomeId {
        OutcomeId { operation: self, place }
    }
}

impl RowId {
    /// The vendor.
    pub fn vendor(self) -> VendorId {
        self.operation.vendor
    }

    /// The position among its operation's rows, for tables that run beside theirs.
    pub fn position(self) -> usize {
        self.place
    }
}

impl OutcomeId {
    /// The position among its operation's outcomes, for tables that run beside theirs.
    pub fn position(self) -> usize {
        self.place
    }
}

/// Each finds its own by position: an id is made by the contracts that it indexes, so it is within them.
macro_rules! index {
    ($($by:ty => $of:ty, $output:ty, |$whole:ident, $id:ident| $found:expr;)+) => { $(
        impl Index<$by> for $of {
            type Output = $output;

            fn index(&self, $id: $by) -> &$output {
                let $whole = self;
                &$found
            }
        }
    )+ };
}

index! {
    VendorId => Contracts, Vendor, |contracts, id| contracts.vendors[id.0];
    OperationId => Contracts, Operation, |contracts, id| contracts[id.vendor][id];
    RowId => Contracts, Row, |contracts, id| contracts[id.operation][id];
    OutcomeId => Contracts, Outcome, |contracts, id| contracts[id.operation][id];
    OperationId => Vendor, Operation, |vendor, id| vendor.operations[id.place];
    RowId => Vendor, Row, |vendor, id| vendor[id.operation][id];
    OutcomeId => Vendor, Outcome, |vendor, id| vendor[id.operation][id];
    RowId => Operation, Row, |operation, id| operation.rows[id.place];
    OutcomeId => Operation, Outcome, |operation, id| operation.outcomes[id.place];
}
