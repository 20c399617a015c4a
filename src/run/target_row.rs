//! The row of an operation that a request is sent for.

use crate::contract::{Operation, Outcome, Row, RowId, Vendor};

/// The row of an operation that a request is sent for.
#[derive(Clone, Copy)]
pub(crate) struct TargetRow<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) row: &'a Row,
}

impl<'a> TargetRow<'a> {
    pub(crate) fn of(vendor: &'a Vendor, row: RowId) -> Self {
        Self { operation: &vendor[row.operation], row: &vendor[row] }
    }

    /// The outcome at a position of the row's `then`.
    pub(super) fn outcome(self, index: usize) -> Option<&'a Outcome> {
        self.operation.outcomes_of(self.row).nth(index)
    }

    /// `operation/row`.
    pub(super) fn name(self) -> String {
        format!("{}/{}", self.operation.name, self.row.name)
    }

    /// Returns whether the operation's URL names a resource.
    pub(super) fn binds(self, resource: &str) -> bool {
        self.operation.binds.iter().any(|bound| bound == resource)
    }

    /// Returns whether the row leads on a resource that the operation's URL names.
    pub(crate) fn changes(self) -> bool {
        self.row.then.iter().flat_map(|branch| branch.leads.keys()).any(|resource| self.binds(resource))
    }

    /// Returns whether the row may make a resource that the URL does not name.
    pub(super) fn creates(self) -> bool {
        let mut led = self.row.then.iter().flat_map(|branch| branch.leads.keys());
        led.any(|resource| !self.binds(resource))
    }
}
