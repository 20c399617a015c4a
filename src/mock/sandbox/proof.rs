//! The proof that the mock keeps the contracts: every answer that it would give, checked against its own outcome.

use super::accepted_credentials::MockAccount;
use super::answer_recipe::AnswerRecipe;
use super::entity::Entity;
use super::prepared_operation::PreparedRow;
use super::site::{SiteState, declared_resource, sent_body};
use super::turn::Turn;
use super::{Mock, MockError, MockSettings};
use crate::contract::condition::right_state;
use crate::contract::{Branch, Contracts, Operation, Outcome, OutcomeId, Promise, Row, Vendor};
use crate::http::exchange::Request;
use crate::judge::check::{self, Compiled, Expected, Finding, parse};
use crate::mock::deliver;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use thiserror::Error;

/// The reason why an answer of the mock is not what the contract promises.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ProofError {
    /// The mock cannot start.
    #[error(transparent)]
    Mock(#[from] MockError),
    /// The answer cannot be made.
    #[error("the mock cannot make this answer: {0}")]
    Unmade(String),
    /// The promised body is not a schema.
    #[error("the promised body is no JSON Schema: {0}")]
    Schema(String),
    /// No answer of this status can be whole.
    #[error("no answer of the status {0} {1}")]
    Status(u16, &'static str),
    /// The answer departs from its own outcome.
    #[error("the mock's answer departs from the outcome: {}", join_messages(.0))]
    Departs(Vec<Finding>),
}

fn join_messages(findings: &[Finding]) -> String {
    findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("; ")
}

/// A mock of one vendor, of which answers are asked without a request.
pub struct Proof {
    mock: Result<Mock, MockError>,
    /// By outcome, since rows share them.
    compiled: HashMap<OutcomeId, OnceLock<Result<Compiled, String>>>,
}

impl Proof {
    /// Prepares for the rows of a vendor.
    pub fn new(vendor: &Vendor) -> Self {
        let contracts = Contracts::of([vendor]);
        let settings = MockSettings { seed: Some(0), ..MockSettings::default() };
        let outcomes = vendor.operations.iter().flat_map(|operation| operation.outcomes.values());
        let compiled = outcomes.map(|outcome| (outcome.id, OnceLock::new())).collect();
        Self { mock: Mock::new(Arc::new(contracts), &settings), compiled }
    }

    /// Makes the answer that a row would give by one of its branches, in a world as the row wants it, from the documented
    /// request; and checks it against the branch's outcome.
    pub fn check(&self, operation: &Operation, row: &Row, branch: &Branch) -> Result<(), ProofError> {
        let mock = self.mock.as_ref().map_err(Clone::clone)?;
        let Some((vendor, site)) = mock.contracts.vendors.iter().zip(&mock.sites).next() else {
            return Err(ProofError::Unmade(format!("there is no {}/{}", operation.name, row.name)));
        };
        let row = PreparedRow::new(vendor, row, Some(branch))?;
        let asker = site.accepted.ours();
        site.begin_again();
        let mut state = site.lock();
        let sent = sent_body(&operation.body, &site.accepted, &mut state.dice);
        let (ids, there) = documented_ids(vendor, operation, &row, asker, &mut state)?;
        let turn = Turn {
            vendor,
            site,
            request: &Request { method: operation.method.clone(), ..Request::default() },
            origin: None,
            asker,
            ids: &ids,
            sent: Some(&sent).filter(|sent| !sent.is_null()),
        };
        for (resource, id) in &there {
            turn.wake(resource, id, &mut state);
        }
        let outcome = &operation[branch.outcome];
        let compiled = match self.compiled.get(&branch.outcome) {
            Some(cell) => cell.get_or_init(|| Compiled::of(outcome)).as_ref().map_err(Clone::clone),
            None => Err(format!("there is no {}/{}", operation.name, outcome.name)),
        };
        let compiled = compiled.map_err(ProofError::Schema)?;
        check_answer(&turn, &row, (outcome, compiled), site.recipe(vendor, row.outcome), &mut state)
    }
}

/// Makes one answer and checks it against its outcome.
fn check_answer(
    turn: &Turn<'_>,
    row: &PreparedRow,
    (outcome, compiled): (&Outcome, &Compiled),
    recipe: &AnswerRecipe,
    state: &mut SiteState,
) -> Result<(), ProofError> {
    let births = turn.births(row, state).map_err(|error| ProofError::Unmade(error.to_string()))?;
    turn.with_known(row, recipe, &births, state, |names, sources| {
        let filled = recipe
            .fill(row, &turn.vendor[row.id].capture, names, sources)
            .map_err(|error| ProofError::Unmade(error.to_string()))?;
        let bodiless = matches!(outcome.body, Promise::Nothing | Promise::Empty);
        match filled.response.status {
            status @ 100..=199 => return Err(ProofError::Status(status, "is an answer")),
            status @ (204 | 304) if !bodiless => return Err(ProofError::Status(status, "has a body")),
            _ => {}
        }
        let expected = Expected { outcome, compiled, names };
        let response = deliver(filled.response, &turn.request.method);
        let parsed = parse(&response.body);
        let findings = check::check(&expected, &check::Answer { response: &response, parsed: &parsed });
        if findings.is_empty() { Ok(()) } else { Err(ProofError::Departs(findings)) }
    })
}

/// Ids by the resources that they name.
type NamedIds<'a> = Vec<(&'a str, Cow<'a, str>)>;

/// Ids for the resources that an operation names, each with a resource behind it unless the row is about there being none.
/// Beside them comes everything that is there now, the parents inside which it lives included.
fn documented_ids<'a>(
    vendor: &'a Vendor,
    operation: &'a Operation,
    row: &PreparedRow,
    asker: &MockAccount,
    state: &mut SiteState,
) -> Result<(NamedIds<'a>, NamedIds<'a>), ProofError> {
    let (mut ids, mut there) = (Vec::new(), Vec::new());
    for resource in &operation.binds {
        let id = match wanted_state(vendor, operation, row, resource) {
            Some(wanted) => raise_resource(vendor, resource, wanted, asker, state, &mut there)?,
            None => free_id(vendor, resource, state)?,
        };
        ids.push((resource.as_str(), Cow::Owned(id)));
    }
    Ok((ids, there))
}

fn free_id(vendor: &Vendor, resource: &str, state: &mut SiteState) -> Result<String, ProofError> {
    let form = declared_resource(vendor, resource).map_or("", |declared| declared.id.new.as_str());
    let id = state.new_id(resource, form);
    id.ok_or_else(|| ProofError::Unmade(format!("no id of the form `{form}` is free")))
}

/// Puts a resource into the world in a state, inside a parent that is there or is raised before it.
fn raise_resource<'a>(
    vendor: &'a Vendor,
    resource: &'a str,
    wanted: &str,
    asker: &MockAccount,
    state: &mut SiteState,
    there: &mut NamedIds<'a>,
) -> Result<String, ProofError> {
    let id = free_id(vendor, resource, state)?;
    let parent = declared_resource(vendor, resource).and_then(|declared| declared.parent.as_deref());
    let known = parent.and_then(|parent| there.iter().find(|(known, _)| *known == parent));
    let parent = match (parent, known) {
        (_, Some((_, known))) => Some(known.to_string()),
        // A resource that lives in itself has no outermost parent.
        (Some(parent), None) if there.len() < vendor.file.resources.len() => {
            let right = right_state(vendor, parent).unwrap_or_default();
            Some(raise_resource(vendor, parent, right, asker, state, there)?)
        }
        (_, None) => None,
    };
    state.world.supply(resource, &id, Entity::supplied(wanted, asker, parent));
    there.push((resource, Cow::Owned(id.clone())));
    Ok(id)
}

/// The state of a resource where a row is met; none where the row may be met without any resource.
fn wanted_state<'a>(vendor: &'a Vendor, operation: &Operation, row: &PreparedRow, resource: &str) -> Option<&'a str> {
    let space = vendor.space(operation);
    let dimension = space.position(resource)?;
    let region = space.region(&vendor[row.id]);
    let mut words = region.choices(dimension).map(|choice| space.choice(dimension, choice));
    let first = words.next()?;
    (!is_no_resource(first) && !words.any(is_no_resource)).then_some(first)
}

/// Returns true for a choice that is about there being no resource.
fn is_no_resource(word: &str) -> bool {
    ["missing", "malformed", "other_mode", "unknown"].contains(&word)
}
