//! The proof that the mock keeps the contracts: every answer that it would give, held against its own outcome.

use super::accepted::Account;
use super::answer::Recipe;
use super::call::{Call, Plan};
use super::site::{State, sent};
use super::turn::Turn;
use super::world::Entity;
use super::{Mock, MockError, Settings};
use crate::contract::condition::{OURS, right_state};
use crate::contract::{Contracts, Operation, Outcome, Promise, Row, Vendor};
use crate::http::exchange::Request;
use crate::judge::check::{self, Compiled, Expected, Finding, parse};
use crate::mock::delivered;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::{Arc, OnceLock, PoisonError};
use thiserror::Error;

/// What is wrong with an answer of the mock.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Refused {
    /// The mock cannot start.
    #[error(transparent)]
    Mock(#[from] MockError),
    /// The answer cannot be made.
    #[error("the mock cannot make this answer: {0}")]
    Unmade(String),
    /// The promised body is no schema.
    #[error("the promised body is no JSON Schema: {0}")]
    Schema(String),
    /// No answer of this status can be whole.
    #[error("no answer of the status {0} {1}")]
    Status(u16, &'static str),
    /// The answer departs from its own outcome.
    #[error("the mock's answer departs from the outcome: {}", told(.0))]
    Departs(Vec<Finding>),
}

fn told(findings: &[Finding]) -> String {
    findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("; ")
}

/// A mock of one vendor, of which answers are asked without a request.
pub struct Proof {
    mock: Result<Mock, MockError>,
    /// By operation and outcome; rows share outcomes.
    compiled: Vec<Vec<OnceLock<Result<Compiled, String>>>>,
}

impl Proof {
    /// Prepares for the rows of a vendor.
    pub fn new(vendor: &Vendor) -> Self {
        let contracts = Contracts::of([vendor]);
        let settings = Settings { seed: Some(0), ..Settings::default() };
        let cells = |operation: &Operation| operation.outcomes.iter().map(|_| OnceLock::new()).collect();
        let compiled = vendor.operations.iter().map(cells).collect();
        Self { mock: Mock::new(Arc::new(contracts), &settings), compiled }
    }

    /// Makes the answer that a row would give by one of its branches, in a world as the row wants it, from the documented
    /// request; and holds it against the branch's outcome.
    pub fn check(&self, operation: &Operation, row: &Row, branch: usize) -> Result<(), Refused> {
        let mock = self.mock.as_ref().map_err(Clone::clone)?;
        let unknown = || Refused::Unmade(format!("there is no {}/{}", operation.name, row.name));
        let vendor = mock.contracts.vendors.first().ok_or_else(unknown)?;
        let site = mock.sites.first().ok_or_else(unknown)?;
        let position = vendor.operations.iter().position(|known| known.name == operation.name).ok_or_else(unknown)?;
        let call = mock.calls.get(position).ok_or_else(unknown)?;
        let plan = Plan::of(&call.space, row, &call.name, branch)?;
        let outcome = &operation[plan.outcome];
        let asker = site.accepted.account(OURS);
        let mut state = site.state.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = Some(sent(&operation.body, &site.accepted, &mut state.dice)).filter(|sent| !sent.is_null());
        let (ids, there) = ids(vendor, call, &plan, &asker, &mut state)?;
        let turn = Turn {
            vendor,
            site,
            calls: &mock.calls,
            request: &Request { method: operation.method.clone(), ..Request::default() },
            told: None,
            asker: &asker,
            ids: &ids,
            sent: sent.as_ref(),
        };
        for (resource, id) in &there {
            turn.wake(resource, id, &mut state, |call, plan| mock.recipe(call, plan));
        }
        let cell = self
            .compiled
            .get(position)
            .and_then(|outcomes| outcomes.get(plan.outcome.position()))
            .ok_or_else(unknown)?;
        let compiled =
            cell.get_or_init(|| Compiled::of(outcome)).as_ref().map_err(|why| Refused::Schema(why.clone()))?;
        hold(&turn, &plan, (outcome, compiled), mock.recipe(position, &plan), &mut state)
    }
}

/// Makes one answer and holds it against its outcome.
fn hold(
    turn: &Turn<'_>,
    plan: &Plan,
    (outcome, compiled): (&Outcome, &Compiled),
    recipe: &Recipe,
    state: &mut State,
) -> Result<(), Refused> {
    let births = turn.births(plan, state).map_err(|error| Refused::Unmade(error.to_string()))?;
    turn.with_known(plan, recipe, &births, state, |known, about| {
        let filled = recipe.fill(&plan.name, known, about).map_err(|error| Refused::Unmade(error.to_string()))?;
        let bodiless = matches!(outcome.body, Promise::Nothing | Promise::Empty);
        match filled.response.status {
            status @ 100..=199 => return Err(Refused::Status(status, "is an answer")),
            status @ (204 | 304) if !bodiless => return Err(Refused::Status(status, "has a body")),
            _ => {}
        }
        let expected = Expected { outcome, compiled, names: known };
        let response = delivered(filled.response, &turn.request.method);
        let parsed = parse(&response.body);
        let findings = check::check(&expected, &check::Answer { response: &response, parsed: &parsed });
        if findings.is_empty() { Ok(()) } else { Err(Refused::Departs(findings)) }
    })
}

/// Ids for the resources that an operation names, each with a resource behind it unless the row is about there being none.
/// Everything that is there now, the parents inside which it lives included, is told beside them.
fn ids<'a>(
    vendor: &'a Vendor,
    call: &'a Call,
    plan: &Plan,
    asker: &Account,
    state: &mut State,
) -> Result<(Ids<'a>, Ids<'a>), Refused> {
    let (mut ids, mut there): (Ids<'_>, Ids<'_>) = (Vec::new(), Vec::new());
    for resource in &call.binds {
        let id = match standing(call, plan, resource) {
            Some(standing) => raise(vendor, resource, standing, asker, state, &mut there)?,
            None => free_id(vendor, resource, state)?,
        };
        ids.push((resource, Cow::Owned(id)));
    }
    Ok((ids, there))
}

type Ids<'a> = Vec<(&'a str, Cow<'a, str>)>;

fn free_id(vendor: &Vendor, resource: &str, state: &mut State) -> Result<String, Refused> {
    let form = vendor.file.resources.get(resource).map_or("", |declared| declared.id.new.as_str());
    let none = || Refused::Unmade(format!("no id of the form `{form}` is free"));
    state.new_id(resource, form).ok_or_else(none)
}

/// Puts a resource into the world in a state, inside a parent that is there or is raised before it.
fn raise<'a>(
    vendor: &'a Vendor,
    resource: &'a str,
    standing: &str,
    asker: &Account,
    state: &mut State,
    there: &mut Ids<'a>,
) -> Result<String, Refused> {
    let id = free_id(vendor, resource, state)?;
    let parent = vendor.file.resources.get(resource).and_then(|declared| declared.parent.as_deref());
    let known = parent.and_then(|parent| there.iter().find(|(known, _)| *known == parent));
    let parent = match (parent, known.map(|(_, id)| id.to_string())) {
        // A resource that lives in itself has no outermost parent.
        (Some(parent), None) if there.len() < vendor.file.resources.len() => {
            let standing = right_state(vendor, parent).unwrap_or_default();
            Some(raise(vendor, parent, standing, asker, state, there)?)
        }
        (_, known) => known,
    };
    let mut entity = Entity::new(&standing.into(), asker, parent, Value::Null);
    entity.bare = true;
    state.world.supply(resource, &id, entity);
    there.push((resource, Cow::Owned(id.clone())));
    Ok(id)
}

/// The state of a resource where a row is met; none where the row may be met without any resource.
fn standing<'a>(call: &'a Call, plan: &Plan, resource: &str) -> Option<&'a str> {
    let dimension = call.space.position(resource)?;
    let mut words = plan.region.choices(dimension).map(|choice| call.space.choice(dimension, choice));
    let first = words.next()?;
    let nothing = |word: &str| ["missing", "malformed", "other_mode", "unknown"].contains(&word);
    (!nothing(first) && !words.any(nothing)).then_some(first)
}
