//! The canary: requests that ask a vendor for a sign of life, sent before its cases, and again where one of them fails.

use crate::contract::case::{CanaryCall, referred};
use crate::contract::condition::IdSource;
use crate::contract::{RowId, Vendor};
use crate::http::exchange::{Attempt, Exchange, Failure, Response};
use crate::judge::verdict::Verdict;
use crate::run::arrange_case::{arrange, needs_nothing};
use crate::run::case_end::CaseEnd;
use crate::run::event::Purpose;
use crate::run::health::{Health, Moment, may_vouch};
use crate::run::lane::Lane;
use crate::run::leftovers::lost_at;
use crate::run::missing_id::stop_without_id;
use crate::run::party::{Party, Spare};
use crate::run::run_context::RunContext;
use crate::run::scope::auth_names;
use crate::run::sign_of_life::{brief, is_html};
use crate::run::target_row::TargetRow;
use futures_util::future::join_all;
use std::collections::BTreeSet;
use std::pin::pin;

/// The most further calls that are sent at once: where a stranger answered the first one, and where the vendor may be too busy.
const BY_STRANGER: usize = 8;
const BY_BUSY: usize = 2;

/// The canary of a vendor in a run.
#[derive(Clone, Copy)]
pub(crate) struct Canary<'r, 'a> {
    run: &'r RunContext<'a>,
    party: &'r Party<'a>,
}

/// What a canary's request showed.
enum Shown {
    /// A sign of life; where the request had the documented credentials, they are good.
    Life,
    /// The documented credentials are refused.
    Refusal(String),
    /// Nothing may be made, so that it was not sent.
    Bar(String),
    /// No answer, or one of a vendor that cannot answer now.
    Nothing(String),
    /// An answer that could not be the vendor's.
    Stranger(String),
    /// That the vendor cannot be reached at all.
    NoWay(String),
}

impl<'r, 'a> Canary<'r, 'a> {
    pub(crate) fn new(run: &'r RunContext<'a>, party: &'r Party<'a>) -> Self {
        Self { run, party }
    }

    /// Asks a vendor for the first time, and reports if it does not answer as it should.
    pub(crate) async fn meet(self) {
        let health = self.run.unless_cancelled(pin!(self.ask_first())).await;
        // What was not sent any more since the run ends tells nothing of the vendor.
        if let Some(health) = health.filter(|_| self.run.cancel.early_end().is_none()) {
            self.learn(health);
        }
    }

    /// Asks by the first call; by others too where it shows no life, or not whether the credentials are good.
    async fn ask_first(self) -> Health {
        let is_kept = self.party.may_change.get() && !self.party.destination.embedded;
        if let Some(why) = is_kept.then(|| self.run.ledger.prepare().err()).flatten() {
            return Health::Barred(why);
        }
        let calls: Vec<&CanaryCall> = calls(self.party).collect();
        let Some((first, others)) = calls.split_first() else { return Health::Open };
        let shown = self.send(first, true).await;
        if let mistaken @ Health::Mistaken(_) = &*self.party.health.borrow() {
            return mistaken.clone();
        }
        let others: Vec<&CanaryCall> = match &shown {
            Shown::Life if first.is_authorized => return Health::Open,
            Shown::Life => others.iter().copied().filter(|call| call.is_authorized).take(1).collect(),
            _ => further(first, others, &shown),
        };
        let more = join_all(others.iter().map(|call| self.send(call, false))).await;
        let asked = std::iter::once(*first).chain(others);
        health_of(asked.map(|call| call.is_authorized).zip(std::iter::once(shown).chain(more)))
    }

    /// Returns whether a vendor shows by a call since a moment that an answer to a row is its own; if none has, it is asked.
    async fn vouches(self, row: RowId, moment: Moment) -> bool {
        let alone = is_alone(self.party, row);
        let vouched = || self.party.signs.borrow().vouch(row, alone, moment);
        if vouched() {
            return true;
        }
        let _turn = self.party.asking.lock().await;
        if vouched() || *self.party.health.borrow() != Health::Open {
            return vouched();
        }
        self.party.signs.borrow_mut().begin_awaiting();
        let shown = self.ask_others(row, alone).await;
        self.party.signs.borrow_mut().end_awaiting();
        // Another case's request may have shown life meanwhile, or one that may not vouch for this row.
        if let Some(why) = shown.filter(|_| !self.party.signs.borrow().since(moment)) {
            self.learn(Health::Dead(why));
        }
        vouched()
    }

    /// Asks by the first call that may vouch for a row, then by the others; what came where none of them showed life.
    async fn ask_others(self, row: RowId, alone: bool) -> Option<String> {
        let calls: Vec<&CanaryCall> = calls(self.party).filter(|call| may_vouch(call.row, row, alone)).collect();
        let (first, others) = calls.split_first()?;
        let shown = self.send(first, false).await;
        let more = match &shown {
            Shown::Life => return None,
            _ => join_all(further(first, others, &shown).into_iter().map(|call| self.send(call, false))).await,
        };
        match shown {
            _ if more.iter().any(|shown| matches!(shown, Shown::Life)) => None,
            Shown::Life => None,
            Shown::NoWay(why) | Shown::Nothing(why) | Shown::Stranger(why) | Shown::Refusal(why) | Shown::Bar(why) => {
                Some(why)
            }
        }
    }

    fn learn(self, health: Health) {
        let (name, origin) = (&self.party.vendor.name, &self.party.destination.origin);
        let notice = match &health {
            Health::Dead(why) => {
                let lost = lost_at(self.run, self.party);
                Some(("dead-vendor", format!("{name} does not answer at {origin}: {why}{lost}")))
            }
            Health::Barred(why) => Some(("ledger", format!("nothing is made at {name}: {why}"))),
            Health::Refuses(why) => Some(("refused-credentials", why.clone())),
            Health::Open | Health::Live(_) | Health::Mistaken(_) | Health::Forbidden(_) => None,
        };
        if let Some((kind, message)) = notice {
            self.run.reporter.notice(kind, name, &message);
        }
        self.party.health.replace(health);
    }

    /// Sends a call. What it makes is kept for a case, or removed.
    async fn send(self, call: &CanaryCall, keep: bool) -> Shown {
        let mut lane = Lane::new(self.run, self.party);
        let target = TargetRow::of(self.party.vendor, call.row);
        if let Err(end) = arrange(&mut lane, call.row, &call.draft).await {
            return Shown::Nothing(end.reason);
        }
        let began = self.party.signs.borrow_mut().now();
        let mut exchange = match lane.client.send(target, &call.draft).await {
            Ok(exchange) => exchange,
            Err(end) => return self.run.ledger.broken().map_or(Shown::Nothing(end.reason), Shown::Bar),
        };
        if is_lost(&exchange) {
            // A create is not sent again by itself, but a canary that was lost may be.
            if let Ok(again) = lane.client.send(target, &call.draft).await {
                exchange = again;
            }
        }
        let is_life = self.party.signs.borrow().of(call.row, began);
        let shown = self.shown(call, target, &exchange, is_life);
        let is_made = exchange.response().is_some_and(|answer| (200..300).contains(&answer.status) && !is_html(answer));
        if (is_life || is_made) && take_made(call, &mut lane, target, exchange).await {
            self.keep_made(&mut lane, keep).await;
        }
        shown
    }

    /// Keeps what a call has made for a case, or removes it.
    async fn keep_made(self, lane: &mut Lane<'_, 'a>, keep: bool) {
        match lane.made.pop().zip(lane.transcript.observed.pop()) {
            Some((made, observed)) if keep => {
                self.party.spare.replace(Some(Spare { made, observed, served: None }));
            }
            Some((made, _)) => {
                lane.made.push(made);
                lane.remove_made().await;
            }
            None => {}
        }
    }

    /// What an exchange shows of the vendor.
    fn shown(self, call: &CanaryCall, target: TargetRow<'_>, exchange: &Exchange, is_life: bool) -> Shown {
        let name = &target.operation.name;
        match &exchange.result {
            Ok(response) if call.is_authorized && matches!(response.status, 401 | 403) && !is_html(response) => {
                Shown::Refusal(refusal(self.party.vendor, target, response))
            }
            Ok(_) if is_life => Shown::Life,
            Ok(response) if response.status == 429 || response.status >= 500 => {
                Shown::Nothing(format!("{name} answers {}", response.status))
            }
            Ok(response) => {
                let (vendor, answer) = (&self.party.vendor.name, brief(self.run.teller, response));
                Shown::Stranger(format!("what answers {name} is not {vendor}: {answer}"))
            }
            Err(failure) if failure.kind.may_have_arrived() => Shown::Nothing(failure.to_string()),
            Err(failure) => Shown::NoWay(failure.to_string()),
        }
    }
}

/// Returns whether a vendor gives a sign of life since a moment that shows that an answer to a row is its own.
pub(super) async fn shows_life<'a>(run: &RunContext<'a>, party: &Party<'a>, row: RowId, moment: Moment) -> bool {
    Box::pin(Canary::new(run, party).vouches(row, moment)).await
}

/// Charges the vendor with a 5xx that came again and again, where it gives a sign of life.
pub(crate) async fn settle_overload<'a>(
    run: &RunContext<'a>,
    party: &Party<'a>,
    row: RowId,
    mut end: CaseEnd,
) -> CaseEnd {
    if end.verdict == Verdict::Environment {
        let now = party.signs.borrow_mut().now();
        if shows_life(run, party, row, now).await {
            end.blame_vendor();
        }
    }
    end
}

/// The calls by which a vendor may be asked: where the run changes nothing there, no canary does.
fn calls<'p, 'a>(party: &'p Party<'a>) -> impl Iterator<Item = &'a CanaryCall> + use<'p, 'a> {
    let vendor = party.vendor;
    let may_send = |call: &&CanaryCall| party.may_change.get() || vendor[call.row.operation].reads();
    supplied_calls(party).filter(may_send)
}

/// The calls of a vendor for which everything is supplied.
fn supplied_calls<'p, 'a>(party: &'p Party<'a>) -> impl Iterator<Item = &'a CanaryCall> + use<'p, 'a> {
    let calls = party.vendor.canary_calls().iter();
    calls.filter(|call| needs_nothing(party, &call.draft) && party.has_credentials(&call.draft))
}

/// The environment variables that the calls of a vendor send.
pub(super) fn canary_variables(party: &Party<'_>) -> BTreeSet<String> {
    call_variables(party, supplied_calls(party))
}

/// The environment variables that these calls send.
pub(super) fn call_variables<'c>(party: &Party<'_>, calls: impl Iterator<Item = &'c CanaryCall>) -> BTreeSet<String> {
    let (vendor, resources) = (party.vendor, &party.vendor.file.resources);
    let of_call = |call: &CanaryCall| {
        let names = referred(&call.draft);
        let credentials =
            names.iter().filter_map(|name| vendor.credential(name)).map(|(_, credential)| credential.env.clone());
        let fixtures = call.draft.ids.iter().filter_map(|(resource, source)| match source {
            IdSource::State(state) => resources.get(resource)?.fixtures.get(state).cloned(),
            _ => None,
        });
        credentials.chain(fixtures).collect::<Vec<_>>()
    };
    calls.flat_map(of_call).collect()
}

/// The calls after one that showed no life, those of other operations first.
fn further<'c>(first: &CanaryCall, others: &[&'c CanaryCall], shown: &Shown) -> Vec<&'c CanaryCall> {
    let most = match shown {
        Shown::NoWay(_) => 0,
        Shown::Nothing(_) => BY_BUSY,
        _ => BY_STRANGER,
    };
    let (own, foreign): (Vec<&CanaryCall>, Vec<&CanaryCall>) =
        others.iter().copied().partition(|call| call.row.operation == first.row.operation);
    foreign.into_iter().chain(own).take(most).collect()
}

/// Returns whether no call of a vendor succeeds without a thing that would have to be made first.
pub(super) fn refuses_only(party: &Party<'_>) -> bool {
    calls(party).all(|call| call.is_refused)
}

/// Returns whether a vendor can be asked by no other operation than a row's own.
fn is_alone(party: &Party<'_>, row: RowId) -> bool {
    calls(party).all(|call| call.row.operation == row.operation)
}

/// The health that calls show: each with whether it had the documented credentials.
fn health_of(shown: impl Iterator<Item = (bool, Shown)>) -> Health {
    let (mut is_alive, mut is_good) = (false, false);
    let (mut refusal, mut bar, mut nothing) = (None, None, None);
    for (is_authorized, shown) in shown {
        match shown {
            Shown::Life => (is_alive, is_good) = (true, is_good || is_authorized),
            Shown::Refusal(why) => refusal = refusal.or(Some(why)),
            Shown::Bar(why) => bar = bar.or(Some(why)),
            Shown::Nothing(why) | Shown::Stranger(why) | Shown::NoWay(why) => nothing = nothing.or(Some(why)),
        }
    }
    match (refusal, bar, nothing) {
        (_, Some(why), _) => Health::Barred(why),
        (Some(why), _, _) if !is_good => Health::Refuses(why),
        (_, _, Some(why)) if !is_alive => Health::Dead(why),
        _ => Health::Open,
    }
}

/// Takes what a call has made, once it is known to be ours; returns whether there is anything.
async fn take_made(call: &CanaryCall, lane: &mut Lane<'_, '_>, target: TargetRow<'_>, exchange: Exchange) -> bool {
    let (Some((resource, state)), Some(response)) = (&call.makes, exchange.response()) else { return false };
    let captured = lane.capture(target, &call.draft, resource, state, response);
    if captured.is_err() && !lane.client.scope.held.contains_key(resource) {
        stop_without_id(&lane.client, target, resource, &exchange);
    }
    lane.keep(Purpose::Canary, target, exchange);
    captured.is_ok() && lane.confirm(target).await.is_ok()
}

/// Returns whether a request may have arrived, and was not sent again although no answer came.
fn is_lost(exchange: &Exchange) -> bool {
    exchange.result.as_ref().is_err_and(is_lost_answer)
        && !exchange
            .earlier
            .iter()
            .any(|attempt| matches!(attempt, Attempt::Failure(failure) if is_lost_answer(failure)))
}

fn is_lost_answer(failure: &Failure) -> bool {
    failure.kind.may_have_arrived() && failure.kind.is_passing()
}

/// The words for documented credentials that are refused.
pub(super) fn refusal(vendor: &Vendor, target: TargetRow<'_>, response: &Response) -> String {
    let used = auth_names(target.operation.auth.as_ref().unwrap_or(&vendor.file.auth));
    let credentials = used.iter().filter_map(|name| vendor.file.credentials.get(name));
    let variables: Vec<_> = credentials.map(|credential| format!("${}", credential.env)).collect();
    format!(
        "{} refuses the credentials ({} to {}); check {}",
        vendor.name,
        response.status,
        target.operation.name,
        variables.join(", ")
    )
}
