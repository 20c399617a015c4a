//! One case's way to its vendor: what its references stand for, and the requests that are built with that and sent.

use crate::contract::condition::Draft;
use crate::http::exchange::{Exchange, Request, Response};
use crate::http::retry::{Policy, Repeats};
use crate::http::send::{Connection, Sender};
use crate::run::answers::Answers;
use crate::run::canary::refuses_only;
use crate::run::creation::Creation;
use crate::run::early_end::EarlyEnd;
use crate::run::health::Moment;
use crate::run::learned_secrets::learn_secrets;
use crate::run::mark::Mark;
use crate::run::party::Party;
use crate::run::request_build::build_request;
use crate::run::run_context::RunContext;
use crate::run::saved_exchanges::{SavedExchanges, unsaved};
use crate::run::scope::Scope;
use crate::run::sign_of_life::{brief, is_sign_of_life};
use crate::run::target_row::TargetRow;

/// One case's way to its vendor.
pub(crate) struct VendorClient<'r, 'a> {
    /// The run.
    pub(crate) run: &'r RunContext<'a>,
    /// The vendor.
    pub(crate) party: &'r Party<'a>,
    /// The values of references.
    pub(crate) scope: Scope<'r>,
    /// The mark that the last request carried which may have made something, if it carried one.
    pub(super) carried: Option<Mark>,
    /// True once a request was on its way.
    pub(super) has_sent: bool,
    /// The saved exchanges that answer instead of the vendor, where a saved run is judged again.
    pub(super) saved: Option<SavedExchanges<'r>>,
    /// True while it removes something that was made, or looks for it: that goes on when the run has ended.
    pub(super) removes: bool,
}

impl<'r, 'a> VendorClient<'r, 'a> {
    pub(super) fn new(run: &'r RunContext<'a>, party: &'r Party<'a>) -> Self {
        let mut scope = Scope::new(party);
        scope.mark = Some(run.next_mark());
        Self { run, party, scope, carried: None, has_sent: false, saved: None, removes: false }
    }

    /// Gives the next request a mark of its own.
    pub(crate) fn renew_mark(&mut self) {
        self.scope.mark = Some(self.run.next_mark());
    }

    /// Builds a request, sends it and returns what came back. A change is not sent again once the vendor may have done it: what it is
    /// then answered would be no answer to this request.
    pub(crate) async fn send(&mut self, target: TargetRow<'_>, draft: &Draft) -> Result<Exchange, EarlyEnd> {
        let repeats = if target.changes() { Repeats::UnlessTaken } else { Repeats::Always };
        self.send_repeating(target, draft, repeats).await
    }

    /// The same for a caller who wants a change to be done, whichever try did it.
    pub(crate) async fn send_until_answered(
        &mut self,
        target: TargetRow<'_>,
        draft: &Draft,
    ) -> Result<Exchange, EarlyEnd> {
        self.send_repeating(target, draft, Repeats::Always).await
    }

    async fn send_repeating(
        &mut self,
        target: TargetRow<'_>,
        draft: &Draft,
        repeats: Repeats,
    ) -> Result<Exchange, EarlyEnd> {
        match (&self.saved, &self.run.answers) {
            (Some(saved), _) => saved.answer(self.run, self.party, &mut self.scope, target, draft),
            (None, Answers::Sent(sender)) => self.send_over(sender, target, draft, repeats).await,
            (None, Answers::Saved(_)) => Err(unsaved("its exchanges were not saved")),
        }
    }

    async fn send_over(
        &mut self,
        sender: &Sender,
        target: TargetRow<'_>,
        draft: &Draft,
        repeats: Repeats,
    ) -> Result<Exchange, EarlyEnd> {
        let (run, party) = (self.run, self.party);
        let request = build_request(party.vendor, target.operation, draft, &party.destination, &self.scope)?;
        let creation = Creation::begin(self, target, &request).await?;
        let allowance = match run.allow(self.removes) {
            Ok(allowance) => allowance,
            Err(end) => {
                if let Some(creation) = creation {
                    creation.give_up();
                }
                return Err(end);
            }
        };
        let repeats = match repeats {
            _ if is_idempotent(&request) => Repeats::Always,
            Repeats::Always if target.creates() => Repeats::UnlessLost,
            repeats => repeats,
        };
        let policy = Policy {
            retry: &run.plan.retry,
            pace: party.pace.as_ref(),
            repeats,
            until: run.cancel.until(),
            allowance: Some(allowance),
        };
        // A kept connection may end just as a request is on its way, and then nobody knows whether it arrived.
        let kept = repeats == Repeats::Always && !target.creates();
        let connection = if kept { Connection::Kept } else { Connection::Fresh };
        let accepts = |response: &Response| {
            response.status < 500 && response.status != 429 || run.judge.accepts(target.row, response, &self.scope)
        };
        let sent = party.signs.borrow_mut().now();
        self.has_sent = true;
        let exchange = sender.exchange(request, connection, &policy, accepts).await;
        self.take_sign(target, sent, &exchange);
        learn_secrets(run.teller.redactor, target, &exchange);
        if let Some(creation) = creation {
            creation.land(target, &exchange).await;
        }
        Ok(exchange)
    }

    /// Takes note of the sign of life that an answer is, or of who answered instead, where that is wanted.
    fn take_sign(&self, target: TargetRow<'_>, sent: Moment, exchange: &Exchange) {
        let (run, party) = (self.run, self.party);
        let Some(response) = exchange.response().filter(|_| party.signs.borrow().are_wanted()) else { return };
        if is_sign_of_life(&run.judge, party, target, response, &self.scope, refuses_only(party)) {
            party.signs.borrow_mut().take(target.row.id, sent);
        } else {
            party.signs.borrow_mut().take_stranger(brief(run.teller, response));
        }
    }
}

/// Returns whether a vendor takes a request that it gets twice for one.
fn is_idempotent(request: &Request) -> bool {
    request.headers.get("idempotency-key").is_some()
}
