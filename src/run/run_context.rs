//! What all tasks of a run share.

use crate::contract::Contracts;
use crate::http::tally::{Allowance, Tally};
use crate::judge::verdict::Judge;
use crate::run::answers::Answers;
use crate::run::cancel_token::{CancelReason, CancelToken};
use crate::run::early_end::EarlyEnd;
use crate::run::ledger::Ledger;
use crate::run::made::Made;
use crate::run::mark::{Mark, RunId};
use crate::run::ownership::Ownership;
use crate::run::reporter::{Listener, Reporter};
use crate::run::run_plan::RunPlan;
use crate::run::teller::Teller;
use std::cell::Cell;
use std::pin::Pin;

/// The requests that removing a thing may take: two looks at it, by itself and in a list, and the removal.
const TO_REMOVE: usize = 3;

/// The values that all tasks of a run share.
pub struct RunContext<'a> {
    /// The plan.
    pub(super) plan: &'a RunPlan,
    /// Who answers.
    pub(super) answers: Answers<'a>,
    /// The judge.
    pub(crate) judge: Judge<'a>,
    /// The teller, which keeps secrets out of everything that is reported.
    pub(crate) teller: Teller<'a>,
    /// The reporter.
    pub(super) reporter: Reporter<'a>,
    /// The ledger of what the run has made.
    pub(super) ledger: Ledger,
    /// The token that ends it early.
    pub(crate) cancel: CancelToken,
    id: RunId,
    marks: Cell<u64>,
    tally: Tally,
    things: Cell<usize>,
}

impl<'a> RunContext<'a> {
    /// A run that has not begun.
    pub fn new(
        contracts: &'a Contracts,
        answers: Answers<'a>,
        plan: &'a RunPlan,
        teller: Teller<'a>,
        listener: Listener<'a>,
    ) -> Self {
        let id = RunId::begin();
        Self {
            plan,
            answers,
            judge: Judge::new(contracts),
            teller,
            reporter: Reporter::new(contracts, plan, teller, listener),
            ledger: Ledger::new(plan.state.clone(), id),
            cancel: CancelToken::new(plan.max_time, plan.wind_down),
            id,
            marks: Cell::new(0),
            tally: Tally::new(plan.max_requests),
            things: Cell::new(0),
        }
    }

    /// The mark of the next thing that is made.
    pub(crate) fn next_mark(&self) -> Mark {
        self.marks.set(self.marks.get() + 1);
        Mark { run: self.id, number: self.marks.get() }
    }

    /// Returns whether a thing was made by this very run, as its mark says.
    pub(super) fn has_made(&self, made: &Made) -> bool {
        matches!(made.ownership, Ownership::Claimed(Some(mark)) if mark.run == self.id)
    }

    /// Counts a request that is about to go out, and returns what further ones its exchange may use; an error where none may go out
    /// any more. Unless it removes something, the run has to go on, and enough are left for removing what was made.
    pub(super) fn allow(&self, removes: bool) -> Result<Allowance<'_>, EarlyEnd> {
        if let Some(end) = self.cancel.early_end().filter(|_| !removes) {
            return Err(end);
        }
        let is_reserved = !removes && self.tally.is_bounded();
        let reserve = if is_reserved { self.ledger.count_open() * TO_REMOVE } else { 0 };
        let allowance = Allowance { tally: &self.tally, reserve };
        if allowance.take() {
            return Ok(allowance);
        }
        self.cancel.cancel(CancelReason::OutOfRequests);
        Err(CancelReason::OutOfRequests.unfinished())
    }

    /// Counts a thing that was made.
    pub(super) fn count_thing(&self) {
        self.things.set(self.things.get() + 1);
    }

    /// The number of things that were made.
    pub fn things(&self) -> usize {
        self.things.get()
    }

    /// The number of requests that were sent, tries included.
    pub fn requests(&self) -> usize {
        self.tally.sent()
    }

    /// The reason why the run ended early, if it did.
    pub fn cancelled(&self) -> Option<CancelReason> {
        self.cancel.reason()
    }

    /// Does work to its end, or until the run is cancelled and no answer is expected any more that shows what was made.
    pub(crate) async fn unless_cancelled<T>(&self, work: Pin<&mut impl Future<Output = T>>) -> Option<T> {
        self.cancel.unless_cancelled(work, self.ledger.landed()).await
    }
}
