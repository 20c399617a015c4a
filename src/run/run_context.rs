//! What all tasks of a run share.

use crate::contract::Contracts;
use crate::judge::verdict::Judge;
use crate::run::answers::Answers;
use crate::run::cancel_token::{CancelReason, CancelToken};
use crate::run::ledger::Ledger;
use crate::run::mark::{Mark, RunId};
use crate::run::reporter::{Listener, Reporter};
use crate::run::run_plan::RunPlan;
use crate::run::teller::Teller;
use std::cell::Cell;
use std::pin::Pin;

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
    requests: Cell<usize>,
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
            requests: Cell::new(0),
        }
    }

    /// The mark of the next thing that is made.
    pub(crate) fn next_mark(&self) -> Mark {
        self.marks.set(self.marks.get() + 1);
        Mark { run: self.id, number: self.marks.get() }
    }

    /// Counts requests.
    pub(crate) fn count_requests(&self, requests: usize) {
        self.requests.set(self.requests.get() + requests);
    }

    /// The number of requests that were sent, tries included.
    pub fn requests(&self) -> usize {
        self.requests.get()
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
