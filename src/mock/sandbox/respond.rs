//! From a request to the row that it meets, in the world as it stands.

use super::Mock;
use super::answer::Recipe;
use super::call::{Call, Plan, Reading};
use super::route::{Arrival, Routes};
use super::site::{Site, State};
use super::told::{Untold, listed};
use super::turn::{Turn, Unmade};
use crate::contract::condition::Sight;
use crate::contract::{Contracts, Operation, Row, Vendor, VendorId};
use crate::http::exchange::{Request, Response, pairs};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{LazyLock, MutexGuard, PoisonError};

/// An answer by a row.
#[derive(Debug)]
pub(super) struct Given<'a> {
    pub(super) response: Response,
    /// `vendor/operation/row`.
    pub(super) row: &'a str,
    /// The outcome's name.
    pub(super) outcome: &'a str,
    /// Whether this was the first for which something else had to be forgotten.
    pub(super) crowds: bool,
}

/// The paths of all calls that have one of their own.
pub(super) fn routes(contracts: &Contracts, calls: &[Call]) -> Routes {
    let mut routes = Routes::default();
    for (number, call) in calls.iter().enumerate().filter(|(_, call)| call.url.is_none()) {
        let operation = &contracts[call.id];
        routes.add(&operation.method, &operation.url, number, |placeholder| {
            let resource = operation.path.get(placeholder).cloned().unwrap_or_default();
            let missing = operation.rows.values().any(|row| names_missing(row, &resource));
            (resource, missing)
        });
    }
    routes
}

/// Whether a row is about the empty id of a resource.
fn names_missing(row: &Row, resource: &str) -> bool {
    match row.when.0.get(resource) {
        Some(Value::Array(names)) => names.iter().any(|name| name == "missing"),
        Some(name) => name == "missing",
        None => false,
    }
}

/// A call with where it is written.
#[derive(Clone, Copy)]
struct Place<'a> {
    number: usize,
    call: &'a Call,
    site: &'a Site,
    vendor: &'a Vendor,
    operation: &'a Operation,
}

impl Mock {
    /// Answers by the first row that a request meets at that one of these vendors which has it.
    pub(super) fn answer_within<'s>(
        &'s self,
        vendors: Range<usize>,
        request: &'s Request,
        path: &'s str,
    ) -> Result<Given<'s>, Untold> {
        let arrivals = self.arrivals(&vendors, request, path);
        let vendor_of = |arrival: &Arrival<'_>| self.calls.get(arrival.call).map(|call| call.id.vendor);
        let having: BTreeSet<VendorId> = arrivals.iter().filter_map(vendor_of).collect();
        if having.len() > 1 {
            let sharing: Vec<String> = having.into_iter().map(|vendor| self.address(vendor)).collect();
            return Err(Untold::shared(&request.method, path, &sharing));
        }
        let mut untold = None;
        for arrival in arrivals {
            let Some(place) = self.place(arrival.call) else { continue };
            match self.meet(place, request, &arrival) {
                Ok(given) => return Ok(given),
                Err(error) => drop(untold.get_or_insert(error)),
            }
        }
        Err(untold.unwrap_or_else(|| self.unknown(vendors, request, path)))
    }

    /// What is told of a request that none of these vendors has.
    fn unknown(&self, vendors: Range<usize>, request: &Request, path: &str) -> Untold {
        let sites = self.sites.get(vendors.clone()).unwrap_or_default();
        if sites.iter().any(|site| lock(site).world.has_forgotten_url(&request.url)) {
            return Untold::forgotten(None);
        }
        let vendors = self.contracts.vendors.get(vendors).unwrap_or_default();
        let known = |vendor| move |operation| listed(vendor, operation);
        let known = vendors.iter().flat_map(|vendor| vendor.operations.iter().map(known(vendor)));
        Untold::path(&request.method, path, &known.collect::<Vec<_>>())
    }

    fn place(&self, number: usize) -> Option<Place<'_>> {
        let call = self.calls.get(number)?;
        let vendor = &self.contracts[call.id.vendor];
        let site = self.sites.get(call.id.vendor.position())?;
        Some(Place { number, call, site, vendor, operation: &vendor[call.id] })
    }

    /// The operations of these vendors that a request may mean: those for which its URL was handed out, then those of its path.
    fn arrivals<'s>(&'s self, vendors: &Range<usize>, request: &Request, path: &'s str) -> Vec<Arrival<'s>> {
        let sites = self.sites.get(vendors.clone()).unwrap_or_default();
        let handed_out = sites.iter().filter_map(|site| self.handed_out(site, request));
        let wanted =
            |number: usize| self.calls.get(number).is_some_and(|call| vendors.contains(&call.id.vendor.position()));
        handed_out.chain(self.routes.find(&request.method, path, wanted)).collect()
    }

    /// The operation for which a request's URL was handed out.
    fn handed_out<'s>(&'s self, site: &Site, request: &Request) -> Option<Arrival<'s>> {
        let mut calls = site.handed_out.iter().filter_map(|number| self.calls.get(*number));
        if !calls.any(|call| call.method == request.method) {
            return None;
        }
        let state = lock(site);
        let known = state.world.handed_out(&request.url)?;
        let call = self.calls.get(known.operation).filter(|call| call.method == request.method)?;
        let resource = call.binds.iter().find(|name| **name == *known.resource)?;
        Some(Arrival {
            call: known.operation,
            ids: vec![(resource.as_str(), Cow::Owned(known.id.to_string()))],
            texts: Vec::new(),
        })
    }

    /// Finds the row that a request meets on an operation, gives its answer and takes its transition.
    fn meet<'s>(&'s self, place: Place<'s>, request: &Request, arrival: &Arrival<'_>) -> Result<Given<'s>, Untold> {
        let Place { number, call, site, vendor, operation } = place;
        let query = if call.asks_query { query(&request.url) } else { Vec::new() };
        let json = body(call.body, request);
        let account = call.accounts.find(request, &query);
        if account.is_none() && !call.tells_credentials {
            return Err(Untold::credentials(number, call, operation));
        }
        let asker = site.accepted.account(account.unwrap_or_default());
        let turn = Turn {
            vendor,
            site,
            calls: &self.calls,
            request,
            told: self.origin.get().map(String::as_str),
            asker: &asker,
            ids: &arrival.ids,
            sent: json.as_ref(),
        };
        let mut state = lock(site);
        if arrival.ids.iter().any(|(resource, id)| state.world.has_forgotten(resource, id)) {
            return Err(Untold::forgotten(Some(number)));
        }
        let forgets = state.world.forgets();
        for (resource, id) in arrival.ids.iter().filter(|_| !site.fixtures.is_empty()) {
            turn.wake(resource, id, &mut state, |call, plan| self.recipe(call, plan));
        }
        let asks_names = call.asks_names || !arrival.texts.is_empty();
        let subjects = if asks_names { turn.subjects(&[], &state.world) } else { Vec::new() };
        let facts = turn.facts(&subjects);
        if !arrival.texts.iter().all(|(template, text)| template.matches(text, &facts)) {
            return Err(Untold::path(&request.method, &request.url, &[listed(vendor, operation)]));
        }
        let sight = Sight {
            names: &facts,
            request,
            query: &query,
            json: json.as_ref(),
            ids: &arrival.ids,
            account,
            live: asker.live,
            world: &state.world,
        };
        let point: Vec<Option<usize>> = call.recognisers.iter().map(|recognise| recognise(&sight)).collect();
        let plan = call.plan(&point).ok_or_else(|| Untold::point(number, call, operation, &point))?;
        let recipe = self.recipe(number, plan);
        let filled = turn.take(plan, recipe, &mut state);
        let crowds = state.world.forgets() && !forgets;
        drop(state);
        let filled = filled.map_err(|error| match error {
            Unmade::NoRoom => Untold::full(number),
            error => Untold::unmade(number, call, operation, &plan.name, &error.to_string()),
        })?;
        let outcome = operation[plan.outcome].name.as_str();
        Ok(Given { response: filled.response, row: &plan.name, outcome, crowds })
    }

    /// The outcome of a plan made ready.
    pub(super) fn recipe(&self, number: usize, plan: &Plan) -> &Recipe {
        static NONE: LazyLock<Recipe> = LazyLock::new(Recipe::default);
        let made = self.place(number).and_then(|Place { call, operation, .. }| {
            Some(call.recipes.get(plan.outcome.position())?.get_or_init(|| Recipe::of(&operation[plan.outcome])))
        });
        made.unwrap_or(&NONE)
    }
}

/// Whoever panicked while holding it left no half-done change that matters.
pub(super) fn lock(site: &Site) -> MutexGuard<'_, State> {
    site.state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn query(url: &str) -> Vec<(String, String)> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    pairs(query.split('#').next().unwrap_or_default())
}

/// What a request sent, where it can be read: JSON, or the fields of a form.
fn body(reading: Reading, request: &Request) -> Option<Value> {
    let bytes = request.body.as_deref().filter(|body| !body.is_empty())?;
    match reading {
        Reading::Unread => None,
        Reading::Json => serde_json::from_slice(bytes).ok(),
        Reading::Form => {
            let fields = pairs(&String::from_utf8_lossy(bytes));
            Some(fields.into_iter().map(|(name, value)| (name, Value::from(value))).collect())
        }
    }
}
