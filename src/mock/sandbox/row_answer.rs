//! From a request to the row that it meets, in the world as it is.

use super::Mock;
use super::no_answer::NoAnswer;
use super::prepared_operation::PreparedOperation;
use super::routes::{Arrival, Placeholder, Routes};
use super::site::{Site, SiteState};
use super::turn::{AnswerError, Turn};
use crate::contract::condition::Sight;
use crate::contract::{Contracts, Operation, OperationId, Row, Vendor, VendorId};
use crate::http::exchange::{Request, Response};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// An answer by a row.
#[derive(Debug)]
pub(super) struct RowAnswer<'a> {
    pub(super) response: Response,
    /// `vendor/operation/row`.
    pub(super) row: &'a str,
    /// The outcome's name.
    pub(super) outcome: &'a str,
    /// True for the first for which something else had to be forgotten.
    pub(super) crowds: bool,
}

/// The paths of all operations that have one of their own.
pub(super) fn operation_routes(contracts: &Contracts) -> Routes<OperationId> {
    let mut routes = Routes::default();
    for operation in contracts.vendors.iter().flat_map(|vendor| &vendor.operations) {
        if !operation.is_found_by_capture() {
            routes.add_path(&operation.url, operation.id, |name| placeholder_of(operation, name));
        }
    }
    routes
}

fn placeholder_of(operation: &Operation, name: &str) -> Placeholder {
    let resource = operation.path.get(name).map_or("", String::as_str).to_owned();
    let may_be_empty = operation.rows.values().any(|row| names_missing(row, &resource));
    Placeholder { resource, may_be_empty }
}

/// Returns true for a row that is about the empty id of a resource.
fn names_missing(row: &Row, resource: &str) -> bool {
    row.when.names(resource).contains(&"missing")
}

impl Mock {
    /// Answers by the first row that a request meets at that one of the vendors which has it, or at the only one that is asked.
    pub(super) fn answer_by_row<'s>(
        &'s self,
        only: Option<VendorId>,
        request: &'s Request,
        path: &'s str,
    ) -> Result<RowAnswer<'s>, NoAnswer> {
        let arrivals = self.arrivals(only, request, path);
        let vendors: BTreeSet<VendorId> = arrivals.iter().map(|arrival| arrival.target.vendor).collect();
        if vendors.len() > 1 {
            let sharing: Vec<String> = vendors.into_iter().map(|vendor| self.address(vendor)).collect();
            return Err(NoAnswer::shared_path(&request.method, path, &sharing));
        }
        let mut unanswered = None;
        for arrival in arrivals {
            match self.meet_row(request, &arrival) {
                Ok(answer) => return Ok(answer),
                Err(error) => drop(unanswered.get_or_insert(error)),
            }
        }
        Err(unanswered.unwrap_or_else(|| self.unknown_path(only, request, path)))
    }

    /// The vendors that are asked, each with its part of the mock.
    fn asked(&self, only: Option<VendorId>) -> impl Iterator<Item = (&Vendor, &Site)> {
        let sites = self.contracts.vendors.iter().zip(&self.sites);
        sites.filter(move |(vendor, _)| only.is_none_or(|only| vendor.id == only))
    }

    /// The answer to a request that none of the vendors has.
    fn unknown_path(&self, only: Option<VendorId>, request: &Request, path: &str) -> NoAnswer {
        if self.asked(only).any(|(_, site)| site.lock().world.has_forgotten_url(&request.url)) {
            return NoAnswer::forgotten();
        }
        let known = self.asked(only).flat_map(|(vendor, _)| {
            vendor
                .operations
                .iter()
                .map(|operation| format!("{} {} ({}/{})", operation.method, operation.url, vendor.name, operation.name))
        });
        NoAnswer::unknown_path(&request.method, path, &known.collect::<Vec<_>>())
    }

    /// The operations that a request may mean: those for which its URL was handed out, then those of its path.
    fn arrivals<'s>(
        &'s self,
        only: Option<VendorId>,
        request: &Request,
        path: &'s str,
    ) -> Vec<Arrival<'s, OperationId>> {
        let handed_out = self.asked(only).filter_map(|(vendor, site)| handed_out_arrival(vendor, site, request));
        let by_path = self
            .routes
            .find(path, |id| only.is_none_or(|only| id.vendor == only) && self.contracts[id].method == request.method);
        handed_out.chain(by_path).collect()
    }

    /// Finds the row that a request meets on an operation, gives its answer and takes its transition.
    fn meet_row<'s>(
        &'s self,
        request: &Request,
        arrival: &Arrival<'_, OperationId>,
    ) -> Result<RowAnswer<'s>, NoAnswer> {
        let vendor = &self.contracts[arrival.target.vendor];
        let (operation, site) = (&vendor[arrival.target], self.site(vendor.id));
        let prepared = &site[operation.id];
        let query = prepared.read_query(request);
        let body = prepared.read_body(request);
        let account = prepared.accounts.find(request, &query);
        if account.is_none() && !prepared.refuses_credentials {
            return Err(NoAnswer::refused_credentials(vendor, operation));
        }
        let asker = site.accepted.account(account.unwrap_or_default());
        let origin = self.origin.get().map(String::as_str);
        let turn = Turn { vendor, site, request, origin, asker, ids: &arrival.ids, sent: body.as_ref() };
        let mut state = site.lock();
        turn.prepare_world(&mut state)?;
        let forgot = state.world.forgets();
        let refers = prepared.refers || !arrival.texts.is_empty();
        let subjects = if refers { turn.subjects(&[], &state.world) } else { Vec::new() };
        let facts = turn.facts(&subjects);
        if !arrival.texts.iter().all(|(template, text)| template.matches(text, &facts)) {
            return Err(NoAnswer::unknown_path(&request.method, &request.url, &[listed(vendor, operation)]));
        }
        let sight = Sight {
            names: &facts,
            request,
            query: &query,
            json: body.as_ref(),
            ids: &arrival.ids,
            account,
            live: asker.live,
            world: &state.world,
        };
        let row = &site[recognise_row(vendor, operation, prepared, &sight)?.id];
        let response = turn.take(row, site.recipe(vendor, row.outcome), &mut state);
        let crowds = state.world.forgets() && !forgot;
        drop(state);
        match response {
            Ok(response) => Ok(RowAnswer { response, row: &row.name, outcome: &operation[row.outcome].name, crowds }),
            Err(AnswerError::NoRoom) => Err(NoAnswer::no_room()),
            Err(error) => Err(NoAnswer::unmade(vendor, operation, &row.name, &error.to_string())),
        }
    }
}

impl Turn<'_> {
    /// Refuses a request about a resource that was forgotten, and wakes the fixtures that it is about.
    fn prepare_world(&self, state: &mut SiteState) -> Result<(), NoAnswer> {
        if self.ids.iter().any(|(resource, id)| state.world.has_forgotten(resource, id)) {
            return Err(NoAnswer::forgotten());
        }
        if !self.site.fixtures.is_empty() {
            self.ids.iter().for_each(|(resource, id)| self.wake(resource, id, state));
        }
        Ok(())
    }
}

/// An operation in a list of those that there are.
fn listed(vendor: &Vendor, operation: &Operation) -> String {
    format!("{} {} ({}/{})", operation.method, operation.url, vendor.name, operation.name)
}

/// The operation for which a request's URL was handed out.
fn handed_out_arrival<'s>(vendor: &'s Vendor, site: &Site, request: &Request) -> Option<Arrival<'s, OperationId>> {
    if site.handed_out.iter().all(|id| vendor[*id].method != request.method) {
        return None;
    }
    let state = site.lock();
    let known = state.world.handed_out(&request.url)?;
    let operation = &vendor[known.operation];
    let resource = operation.binds.iter().find(|name| **name == *known.resource)?;
    let ids = vec![(resource.as_str(), Cow::Owned(known.id.to_string()))];
    let arrival = Arrival { target: operation.id, ids, texts: Vec::new() };
    (operation.method == request.method).then_some(arrival)
}

/// The row whose region holds the point that a request is.
fn recognise_row<'v>(
    vendor: &Vendor,
    operation: &'v Operation,
    prepared: &PreparedOperation,
    sight: &Sight<'_>,
) -> Result<&'v Row, NoAnswer> {
    let point: Vec<Option<usize>> = prepared.recognisers.iter().map(|recognise| recognise(sight)).collect();
    let row = vendor.space(operation).row_at(operation, &point);
    row.ok_or_else(|| NoAnswer::no_row(vendor, operation, &point))
}
