//! The canary: a request that shows whether a vendor is alive, sent before its cases, and again where they fail.

use crate::contract::condition::Draft;
use crate::contract::{Operation, RowId};
use crate::http::exchange::{Attempt, Exchange, Failure, Response};
use crate::judge::check::{Parsed, parse};
use crate::judge::verdict::Verdict;
use crate::run::case_end::CaseEnd;
use crate::run::event::Purpose;
use crate::run::lane::Lane;
use crate::run::leftovers::lost_at;
use crate::run::missing_id::stop_without_id;
use crate::run::party::{Health, Party, Spare};
use crate::run::run_context::RunContext;
use crate::run::scope::auth_names;
use crate::run::target_row::TargetRow;
use std::pin::pin;
use tokio::time::Instant;

/// The canary of a vendor in a run.
#[derive(Clone, Copy)]
pub(crate) struct Canary<'r, 'a> {
    run: &'r RunContext<'a>,
    party: &'r Party<'a>,
}

/// The request of a canary: a row that makes something, or the operation that the vendor's file names.
struct CanaryCall {
    row: RowId,
    draft: Draft,
    /// The resource that it makes, and the state that it is then in.
    makes: Option<(String, String)>,
}

impl<'r, 'a> Canary<'r, 'a> {
    pub(crate) fn new(run: &'r RunContext<'a>, party: &'r Party<'a>) -> Self {
        Self { run, party }
    }

    /// Asks a vendor for the first time, and reports if it does not answer as it should.
    pub(crate) async fn meet(self) {
        if let Some(health) = self.run.unless_cancelled(pin!(self.ask(true))).await {
            self.learn(health);
        }
    }

    /// Asks a vendor again after a case of it failed, unless it was asked after that; returns whether it is alive.
    async fn ask_again(self) -> bool {
        let failed = Instant::now();
        let _turn = self.party.asking.lock().await;
        if self.party.asked.get().is_none_or(|asked| asked < failed) && self.party.is_alive() {
            let health = self.ask(false).await;
            self.party.asked.set(Some(Instant::now()));
            self.learn(health);
        }
        self.party.is_alive()
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
            Health::Unknown | Health::Alive | Health::Live(_) | Health::Mistaken(_) | Health::Forbidden(_) => None,
        };
        if let Some((kind, message)) = notice {
            self.run.reporter.notice(kind, name, &message);
        }
        self.party.health.replace(health);
    }

    /// Sends the canary's request. What it makes is kept for a case, or removed.
    async fn ask(self, keep: bool) -> Health {
        let Some(call) = CanaryCall::of(self.party) else { return Health::Unknown };
        let mut lane = Lane::new(self.run, self.party);
        let target = TargetRow::of(self.party.vendor, call.row);
        let mut exchange = match lane.client.send(target, &call.draft).await {
            Ok(exchange) => exchange,
            Err(end) => return self.run.ledger.broken().map_or(Health::Dead(end.reason), Health::Barred),
        };
        if is_lost(&exchange) {
            // A create is not sent again by itself, but a canary that was lost may be.
            if let Ok(again) = lane.client.send(target, &call.draft).await {
                exchange = again;
            }
        }
        let mut health = health_of(&exchange, self.party, target.operation);
        if health == Health::Alive && call.take_made(&mut lane, target, exchange).await {
            let spare = lane.made.pop().zip(lane.transcript.observed.pop());
            match spare {
                Some((made, observed)) if keep => {
                    self.party.spare.replace(Some(Spare { made, observed }));
                }
                Some((made, _)) => {
                    lane.made.push(made);
                    lane.remove_made().await;
                }
                None => {}
            }
        } else if let mistaken @ Health::Mistaken(_) = &*self.party.health.borrow() {
            health = mistaken.clone();
        }
        health
    }
}

/// Returns whether a vendor gives a sign of life from now on.
pub(super) async fn shows_life<'a>(run: &RunContext<'a>, party: &Party<'a>) -> bool {
    Box::pin(Canary::new(run, party).ask_again()).await
}

/// Charges the vendor with a 5xx that came again and again, where it is alive.
pub(crate) async fn settle_overload<'a>(run: &RunContext<'a>, party: &Party<'a>, mut end: CaseEnd) -> CaseEnd {
    if end.verdict != Verdict::Environment {
        return end;
    }
    // Whether the vendor of a trial is alive is known, and a mutant must not say otherwise.
    if run.reporter.takes_trials() || Box::pin(Canary::new(run, party).ask_again()).await {
        end.blame_vendor();
    }
    end
}

/// Returns whether a vendor is asked if it is alive by a request that changes something there.
pub(super) fn canary_changes(party: &Party<'_>) -> bool {
    CanaryCall::of(party).is_some_and(|call| !party.vendor[call.row.operation].reads())
}

impl CanaryCall {
    fn of(party: &Party<'_>) -> Option<Self> {
        let named = party.vendor.file.canary.as_ref();
        let operations = party.vendor.operations.iter().filter(|operation| operation.binds.is_empty());
        let mut chosen = operations.filter(|operation| named.is_none_or(|named| *named == operation.name));
        chosen.find_map(|operation| {
            let row = party.vendor.right_row(operation.id)?;
            let makes = row.then.iter().flat_map(|branch| &branch.leads).next();
            if makes.is_none() && named.is_none() {
                return None;
            }
            let makes = makes.map(|(resource, state)| (resource.clone(), state.clone()));
            Some(Self { row: row.id, draft: Draft::documented(party.vendor, operation), makes })
        })
    }

    /// Takes what the request has made, once it is known to be ours; returns whether there is anything.
    async fn take_made(&self, lane: &mut Lane<'_, '_>, target: TargetRow<'_>, exchange: Exchange) -> bool {
        let (Some((resource, state)), Some(response)) = (&self.makes, exchange.response()) else { return false };
        let captured = lane.capture(target, &self.draft, resource, state, response);
        if captured.is_err() && !lane.client.scope.held.contains_key(resource) {
            stop_without_id(&lane.client, target, resource, &exchange);
        }
        lane.keep(Purpose::Canary, target, exchange);
        captured.is_ok() && lane.confirm(target).await.is_ok()
    }
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

fn health_of(exchange: &Exchange, party: &Party<'_>, operation: &Operation) -> Health {
    match &exchange.result {
        Err(failure) => Health::Dead(failure.to_string()),
        Ok(response) if response.status == 429 || response.status >= 500 => {
            Health::Dead(format!("{} answers {}", operation.name, response.status))
        }
        Ok(response) if matches!(response.status, 401 | 403) => {
            let used = auth_names(operation.auth.as_ref().unwrap_or(&party.vendor.file.auth));
            let credentials = used.iter().filter_map(|name| party.vendor.file.credentials.get(name));
            let variables: Vec<_> = credentials.map(|credential| format!("${}", credential.env)).collect();
            Health::Refuses(format!(
                "{} refuses the credentials ({} to {}); check {}",
                party.vendor.name,
                response.status,
                operation.name,
                variables.join(", ")
            ))
        }
        Ok(response) => match unreadable(response) {
            Some(why) => Health::Dead(format!("the answer to {} cannot be read: {why}", operation.name)),
            None => Health::Alive,
        },
    }
}

/// The reason why an answer that is announced as JSON is not JSON.
fn unreadable(response: &Response) -> Option<String> {
    let is_json = response.headers.get("content-type").is_some_and(|media| media.contains("json"));
    if !is_json || response.body.is_empty() {
        return None;
    }
    match parse(&response.body) {
        Parsed::Value { .. } => None,
        Parsed::Unparseable(why) => Some(why),
        Parsed::TooDeep => Some("it is nested too deep".to_owned()),
        Parsed::TooMany => Some("it holds too many values".to_owned()),
    }
}
