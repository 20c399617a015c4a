//! Whether a vendor is alive: asked before its cases, and again where they fail.

use crate::contract::condition::Draft;
use crate::contract::{Operation, RowId};
use crate::http::exchange::{Attempt, Exchange, Failure};
use crate::run::engine::Engine;
use crate::run::event::Purpose;
use crate::run::lane::{Lane, Target};
use crate::run::party::{Health, Party, Spare};
use crate::run::scope::auth_names;
use std::pin::pin;
use tokio::time::Instant;

/// The canary of a vendor: a row that makes something, or the operation that its file names.
struct Canary {
    row: RowId,
    draft: Draft,
    makes: Option<(String, String)>,
}

impl<'a> Engine<'a> {
    /// Asks a vendor for the first time, and tells if it does not answer as it should.
    pub async fn meet(&self, party: &Party<'a>) {
        if let Some(health) = self.unless_cut(pin!(self.canary(party, true))).await {
            self.learn(party, health);
        }
    }

    /// Asks a vendor again after a case of it failed, unless somebody asked after that; whether it is alive.
    pub(super) async fn ask_again(&self, party: &Party<'a>) -> bool {
        let failed = Instant::now();
        let _turn = party.asking.lock().await;
        if party.asked.get().is_none_or(|asked| asked < failed) && party.is_alive() {
            let health = self.canary(party, false).await;
            party.asked.set(Some(Instant::now()));
            self.learn(party, health);
        }
        party.is_alive()
    }

    fn learn(&self, party: &Party<'a>, health: Health) {
        let name = &party.vendor.name;
        match &health {
            Health::Dead(why) => self.notice(
                "dead-vendor",
                name,
                &format!("{name} does not answer at {}: {why}{}", party.destination.origin, self.lost_at(party)),
            ),
            Health::Barred(why) => self.notice("ledger", name, &format!("nothing is made at {name}: {why}")),
            Health::Refuses(why) => self.notice("refused-credentials", name, why),
            Health::Unknown | Health::Alive | Health::Live(_) | Health::Forbidden(_) => {}
        }
        party.health.replace(health);
    }

    async fn canary(&self, party: &Party<'a>, keep: bool) -> Health {
        let Some(canary) = canary_of(party) else { return Health::Unknown };
        let mut lane = Lane::new(self, party);
        let target = Target::of(party.vendor, canary.row);
        let mut exchange = match lane.send(target, &canary.draft).await {
            Ok(exchange) => exchange,
            Err(stop) => return self.ledger.broken().map_or(Health::Dead(stop.reason), Health::Barred),
        };
        if is_lost(&exchange) {
            // A create is not sent again by itself, but a canary that was lost may be.
            if let Ok(again) = lane.send(target, &canary.draft).await {
                exchange = again;
            }
        }
        let health = health(&exchange, party, target.operation);
        if let (Some((resource, state)), Some(response), Health::Alive) = (&canary.makes, exchange.response(), &health)
        {
            let mut followed = lane.capture(target, &canary.draft, resource, state, response);
            lane.keep(Purpose::Canary, target, exchange);
            if followed.is_ok() {
                followed = lane.confirm(target).await;
            }
            let made = lane.made.last().cloned().filter(|_| followed.is_ok()).zip(lane.observed.pop());
            match made {
                Some((made, observed)) if keep => {
                    party.spare.replace(Some(Spare { made, observed }));
                }
                Some(_) => lane.remove_made().await,
                None => {}
            }
        }
        health
    }
}

/// Whether a request may have arrived, and was not sent again although no answer came.
fn is_lost(exchange: &Exchange) -> bool {
    let lost = |failure: &Failure| failure.kind.may_have_arrived() && failure.kind.is_passing();
    let before = |attempt: &Attempt| matches!(attempt, Attempt::Failure(failure) if lost(failure));
    exchange.result.as_ref().is_err_and(lost) && !exchange.earlier.iter().any(before)
}

fn health(exchange: &Exchange, party: &Party<'_>, operation: &Operation) -> Health {
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

/// Why an answer that says it is JSON is none.
fn unreadable(response: &crate::http::exchange::Response) -> Option<String> {
    let media = response.headers.get("content-type").unwrap_or_default();
    if !media.contains("json") || response.body.is_empty() {
        return None;
    }
    match crate::judge::check::parse(&response.body) {
        crate::judge::check::Parsed::Value { .. } => None,
        crate::judge::check::Parsed::Unparseable(why) => Some(why),
        crate::judge::check::Parsed::TooDeep => Some("it is nested too deep".to_owned()),
        crate::judge::check::Parsed::TooMany => Some("it holds too many values".to_owned()),
    }
}

/// Whether a vendor is asked if it is alive by a request that changes something there.
pub(super) fn canary_changes(party: &Party<'_>) -> bool {
    canary_of(party).is_some_and(|canary| !party.vendor[canary.row.operation].reads())
}

fn canary_of(party: &Party<'_>) -> Option<Canary> {
    let named = party.vendor.file.canary.as_ref();
    let mut chosen =
        party.vendor.operations.iter().filter(|operation| named.is_none_or(|named| *named == operation.name));
    chosen.find_map(|operation| {
        if !operation.binds.is_empty() {
            return None;
        }
        let row = party.vendor.right_row(operation.id)?;
        let makes = row
            .then
            .iter()
            .flat_map(|branch| &branch.leads)
            .next()
            .map(|(resource, state)| (resource.clone(), state.clone()));
        if makes.is_none() && named.is_none() {
            return None;
        }
        Some(Canary { row: row.id, draft: Draft::documented(party.vendor, operation), makes })
    })
}
