//! A request that may make something: written down before it is sent, and what came of it after.

use crate::contract::template::plain;
use crate::contract::{Operation, Row};
use crate::http::exchange::{Exchange, Request, Response};
use crate::judge::check::parse;
use crate::judge::verdict::Verdict;
use crate::run::early_end::EarlyEnd;
use crate::run::ledger::{Flight, Intent};
use crate::run::mark::Mark;
use crate::run::party::Party;
use crate::run::run_context::RunContext;
use crate::run::scope::auth_names;
use crate::run::target_row::TargetRow;
use crate::run::vendor_client::VendorClient;
use crate::text::secret::Showing;
use std::time::SystemTime;

/// A request that may make something, while it is under way.
pub(super) struct Creation<'r, 'a> {
    run: &'r RunContext<'a>,
    party: &'r Party<'a>,
    flight: Flight<'r>,
}

impl<'r, 'a> Creation<'r, 'a> {
    /// Writes down what a request may make; an error where nothing may be made now. Nothing is written of what the embedded mock makes.
    pub(super) async fn begin(
        client: &mut VendorClient<'r, 'a>,
        target: TargetRow<'_>,
        request: &Request,
    ) -> Result<Option<Self>, EarlyEnd> {
        let makes = makes(target);
        let (run, party) = (client.run, client.party);
        if makes.is_empty() {
            return Ok(None);
        }
        if let Some(end) = run.cancel.early_end() {
            return Err(end);
        }
        if party.destination.embedded {
            return Ok(None);
        }
        client.carried = client.scope.mark.filter(|mark| carries(request, *mark));
        let intents = makes.into_iter().map(|(resource, state)| intent(client, target, resource, state)).collect();
        match run.ledger.intend(intents).await {
            Ok(flight) => Ok(Some(Self { run, party, flight })),
            Err(why) => Err(EarlyEnd::new(Verdict::Undetermined, format!("{} was not sent: {why}", target.name()))),
        }
    }

    /// Writes down that it was not sent.
    pub(super) fn give_up(self) {
        for number in &self.flight.numbers {
            self.run.ledger.nothing(*number, "not sent");
        }
    }

    /// Writes down what came of it.
    pub(super) async fn land(self, target: TargetRow<'_>, exchange: &Exchange) {
        let ledger = &self.run.ledger;
        for number in &self.flight.numbers {
            if exchange.may_have_acted_before() {
                ledger.doubt(*number);
            }
            match &exchange.result {
                Ok(response) if (200..300).contains(&response.status) => {
                    if let Some(id) = self.id_in(target, *number, response) {
                        ledger.made(*number, &id).await;
                    } else {
                        let showing = Showing::Answer(&target.operation.shown(target.row));
                        ledger.answered(*number, &self.run.teller.body(&response.body, showing).0);
                        ledger.remains(*number, "the contract finds no id in the answer to its create");
                    }
                }
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
    fn id_in(&self, target: TargetRow<'_>, number: u64, response: &Response) -> Option<String> {
        let resource = self.run.ledger.resource_of(number)?;
        let rows = std::iter::once(target.row).chain(target.operation.rows.values());
        id_in_answer(self.party, rows, &resource, &response.body).filter(|id| self.run.teller.text(id) == *id)
    }
}

/// The id of a resource in an answer, by the first of some rows that captures one.
pub(super) fn id_in_answer<'v>(
    party: &Party<'_>,
    mut rows: impl Iterator<Item = &'v Row>,
    resource: &str,
    answer: &[u8],
) -> Option<String> {
    let pointer = rows.find_map(|row| row.capture.get("id"))?;
    let id = parse(answer).value()?.pointer(pointer).map(plain).filter(|id| !id.is_empty())?;
    Some(id).filter(|id| party.is_id(resource, id))
}

fn intent(client: &VendorClient<'_, '_>, target: TargetRow<'_>, resource: &str, state: &str) -> Intent {
    let VendorClient { run, party, scope, .. } = client;
    let bound = target.operation.binds.iter();
    let within = bound.filter_map(|bound| Some((bound.clone(), run.teller.text(&scope.held.get(bound)?.id))));
    Intent {
        number: 0,
        at: humantime::format_rfc3339_millis(SystemTime::now()).to_string(),
        mark: client.carried,
        vendor: party.vendor.name.clone(),
        target: run.teller.text(&party.destination.target),
        origin: run.teller.text(&party.destination.origin),
        resource: resource.to_owned(),
        operation: target.operation.name.clone(),
        state: state.to_owned(),
        account: scope.acting.clone().or_else(|| auth_names(&party.vendor.file.auth).into_iter().next()),
        within: within.collect(),
        doubtful: false,
    }
}

/// Returns whether a request carries a mark.
fn carries(request: &Request, mark: Mark) -> bool {
    let mark = mark.to_string();
    let mut texts = request.headers.iter().map(|(_, value)| value.as_bytes());
    contains(request.url.as_bytes(), &mark)
        || request.body.as_deref().is_some_and(|body| contains(body, &mark))
        || texts.any(|text| contains(text, &mark))
}

fn contains(text: &[u8], mark: &str) -> bool {
    text.windows(mark.len()).any(|piece| piece == mark.as_bytes())
}

/// The resources that a request may make, and the states they are then in: what its row leads to, else what another row of its operation
/// does, since a vendor may do what the row says that it refuses.
fn makes(target: TargetRow<'_>) -> Vec<(&str, &str)> {
    let mut makes: Vec<(&str, &str)> = Vec::new();
    for row in std::iter::once(target.row).chain(target.operation.rows.values()) {
        for (resource, state) in unbound_leads(target.operation, row) {
            if makes.iter().all(|(known, _)| *known != resource) {
                makes.push((resource, state));
            }
        }
    }
    makes
}

fn unbound_leads<'a>(operation: &'a Operation, row: &'a Row) -> impl Iterator<Item = (&'a str, &'a str)> {
    let leads = row.then.iter().flat_map(|branch| &branch.leads);
    let unbound = leads.filter(|(resource, _)| !operation.binds.contains(resource));
    unbound.map(|(resource, state)| (resource.as_str(), state.as_str()))
}
