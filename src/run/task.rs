//! One piece of work of a run: a case, or the walk of a vendor.

use crate::contract::case::Case;
use crate::contract::{RowId, VendorId};
use crate::run::party::Party;
use crate::run::run_context::RunContext;

/// A piece of work at one vendor.
pub trait Task {
    /// The vendor at which it is done.
    fn vendor(&self) -> VendorId;

    /// The case that it is, if it is one.
    fn case(&self) -> Option<&Case> {
        None
    }

    /// The row that it tests, if it is a case.
    fn row(&self) -> Option<RowId> {
        self.case().map(|case| case.row)
    }

    /// Returns whether it would send anything, as far as is known before the run.
    fn is_runnable(&self, party: &Party<'_>) -> bool;

    /// Returns whether it may make, change or remove anything there.
    fn changes(&self) -> bool;

    /// Does it, and reports its result.
    fn perform<'a>(&self, run: &RunContext<'a>, party: &Party<'a>) -> impl Future<Output = ()>;
}

impl<T: Task> Task for &T {
    fn vendor(&self) -> VendorId {
        (**self).vendor()
    }

    fn case(&self) -> Option<&Case> {
        (**self).case()
    }

    fn is_runnable(&self, party: &Party<'_>) -> bool {
        (**self).is_runnable(party)
    }

    fn changes(&self) -> bool {
        (**self).changes()
    }

    fn perform<'a>(&self, run: &RunContext<'a>, party: &Party<'a>) -> impl Future<Output = ()> {
        (**self).perform(run, party)
    }
}
