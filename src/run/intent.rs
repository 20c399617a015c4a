//! Every request that may make something is written down before it is sent, and what came of it after.

use crate::contract::template::plain;
use crate::contract::{Operation, Row};
use crate::http::exchange::{Exchange, Request, Response};
use crate::judge::check::parse;
use crate::judge::verdict::Verdict;
use crate::run::lane::{Lane, Target};
use crate::run::ledger::{Flight, Intent};
use crate::run::mark::Mark;
use crate::run::scope::auth_names;
use crate::run::stop::Stop;
use std::time::SystemTime;

impl<'r> Lane<'r, '_> {
    /// Writes down what a request may make; an error where nothing may be made now. Nothing is written of what the embedded mock makes.
    pub(super) async fn intend(&mut self, target: Target<'_>, request: &Request) -> Result<Option<Flight<'r>>, Stop> {
        let makes = makes(target);
        if makes.is_empty() {
            return Ok(None);
        }
        if let Some(stop) = self.engine.stop() {
            return Err(stop);
        }
        if self.party.destination.embedded {
            return Ok(None);
        }
        self.carried = self.scope.mark.filter(|mark| carries(request, *mark));
        let intents = makes.into_iter().map(|(resource, state)| self.intent(target, resource, state)).collect();
        let flight = self.engine.ledger.intend(intents).await;
        let refused = |why| Stop::new(Verdict::Undetermined, format!("{} was not sent: {why}", target.name()));
        flight.map(Some).map_err(refused)
    }

    fn intent(&self, target: Target<'_>, resource: &str, state: &str) -> Intent {
        let text = |text: &str| self.engine.teller.text(text);
        let own = || auth_names(&self.party.vendor.file.auth).into_iter().next();
        let within = target.operation.binds.iter();
        let within = within.filter_map(|bound| Some((bound.clone(), text(&self.scope.held.get(bound)?.id))));
        Intent {
            number: 0,
            at: humantime::format_rfc3339_millis(SystemTime::now()).to_string(),
            mark: self.carried,
            vendor: self.party.vendor.name.clone(),
            target: text(&self.party.destination.target),
            origin: text(&self.party.destination.origin),
            resource: resource.to_owned(),
            operation: target.operation.name.clone(),
            state: state.to_owned(),
            account: self.scope.acting.clone().or_else(own),
            within: within.collect(),
            doubtful: false,
        }
    }

    /// Writes down what came of a request that may have made something.
    pub(super) async fn land(&self, flight: Flight<'_>, target: Target<'_>, exchange: &Exchange) {
        let ledger = &self.engine.ledger;
        for number in &flight.numbers {
            if exchange.may_have_acted_before() {
                ledger.doubt(*number);
            }
            match &exchange.result {
                Ok(response) if (200..300).contains(&response.status) => match self.given(target, *number, response) {
                    Some(id) => ledger.made(*number, &id).await,
                    None => ledger.remains(*number, "its answer gave no id"),
                },
                Ok(response) => {
                    if response.status >= 500 {
                        ledger.doubt(*number);
                    }
                    ledger.nothing(*number, &format!("answered {}", response.status));
                }
                Err(failure) if failure.kind.may_have_arrived() => {
                    ledger.remains(*number, &format!("the answer to its {} was lost", target.operation.name));
                }
                Err(_) => ledger.nothing(*number, "not received"),
            }
        }
    }

    /// The id in an answer to a create, if it is one of the resource and holds no secret.
    fn given(&self, target: Target<'_>, number: u64, response: &Response) -> Option<String> {
        let open = self.engine.ledger.open();
        let resource = &open.iter().find(|entry| entry.intent.number == number)?.intent.resource;
        let rows = std::iter::once(target.row).chain(target.operation.rows.values());
        let pointer = rows.into_iter().find_map(|row| row.capture.get("id"))?;
        let body = parse(&response.body).value()?;
        let id = body.pointer(pointer).map(plain).filter(|id| !id.is_empty())?;
        Some(id).filter(|id| self.party.is_id(resource, id) && self.engine.teller.text(id) == *id)
    }
}

/// Whether a request carries a mark.
fn carries(request: &Request, mark: Mark) -> bool {
    let mark = mark.to_string();
    let holds = |text: &[u8]| text.windows(mark.len()).any(|piece| piece == mark.as_bytes());
    let in_headers = || request.headers.iter().any(|(_, value)| holds(value.as_bytes()));
    holds(request.url.as_bytes()) || request.body.as_deref().is_some_and(holds) || in_headers()
}

/// What a request may make, and the state it is then in: what its row leads to, else what another row of its operation
/// does, since a vendor may do what the row says that it refuses.
fn makes(target: Target<'_>) -> Vec<(&str, &str)> {
    let mut makes: Vec<(&str, &str)> = Vec::new();
    for row in std::iter::once(target.row).chain(target.operation.rows.values()) {
        for (resource, state) in led(target.operation, row) {
            if makes.iter().all(|(known, _)| *known != resource) {
                makes.push((resource, state));
            }
        }
    }
    makes
}

fn led<'a>(operation: &'a Operation, row: &'a Row) -> impl Iterator<Item = (&'a str, &'a str)> {
    let leads = row.then.iter().flat_map(|branch| &branch.leads);
    let unbound = leads.filter(|(resource, _)| !operation.binds.contains(resource));
    unbound.map(|(resource, state)| (resource.as_str(), state.as_str()))
}
