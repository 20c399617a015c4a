//! An operation made ready to be answered: what tells its rows apart, and what each of them gives and leads to.

use super::MockError;
use super::accepted::Accepted;
use super::answer::Recipe;
use super::choice::{Choice, chosen};
use crate::contract::condition::{Accounts, Recogniser, Region, Space};
use crate::contract::template::Template;
use crate::contract::{Body, Operation, OperationId, OutcomeId, Row, Vendor};
use std::sync::{Arc, OnceLock};

/// An operation.
pub(super) struct Call {
    /// The operation.
    pub(super) id: OperationId,
    /// `vendor/operation`.
    pub(super) name: String,
    /// Its method.
    pub(super) method: String,
    /// What was captured of a resource and is asked for in place of its id, if the operation is called by that.
    pub(super) url: Option<FoundBy>,
    /// The resources that its URL names, a parent before its child.
    pub(super) binds: Vec<String>,
    pub(super) space: Space,
    pub(super) recognisers: Vec<Recogniser>,
    pub(super) accounts: Accounts,
    /// Whether rows may be about refused credentials.
    pub(super) tells_credentials: bool,
    /// Whether anything in it depends on the query.
    pub(super) asks_query: bool,
    /// Whether a condition refers to anything.
    pub(super) asks_names: bool,
    /// How the body is read.
    pub(super) body: Reading,
    /// Its rows.
    pub(super) plans: Vec<Plan>,
    /// Its outcomes made ready, each when it is first given.
    pub(super) recipes: Vec<OnceLock<Recipe>>,
}

/// What is asked for in place of an id.
pub(super) enum FoundBy {
    /// A whole URL that was handed out.
    Url(Template),
    /// A path with something captured in it.
    Path(Template),
}

impl FoundBy {
    fn of(operation: &Operation) -> Option<Self> {
        let url = Template::parse(&operation.url);
        if operation.has_captured_url() {
            Some(Self::Url(url))
        } else {
            operation.is_found_by_capture().then_some(Self::Path(url))
        }
    }
}

/// How an operation's body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Nothing depends on it.
    Unread,
    /// As JSON.
    Json,
    /// As the fields of a form.
    Form,
}

/// A row.
pub(super) struct Plan {
    /// `vendor/operation/row`.
    pub(super) name: String,
    pub(super) region: Region,
    /// The outcome that it gives.
    pub(super) outcome: OutcomeId,
    /// Resources and their states from then on.
    pub(super) leads: Vec<(String, Arc<str>)>,
    /// What is kept of the answer: name and JSON Pointer.
    pub(super) captures: Vec<(String, String)>,
}

impl Call {
    /// Makes an operation ready for what its vendor accepts and for the alternatives that are chosen.
    pub(super) fn of(
        vendor: &Vendor,
        operation: &Operation,
        accepted: &Accepted,
        choices: &[Choice],
    ) -> Result<Self, MockError> {
        let space = vendor.space(operation).clone();
        let name = format!("{}/{}", vendor.name, operation.name);
        let has = |keys: &[&str]| keys.iter().any(|key| space.position(key).is_some());
        let auth = operation.auth.as_ref().unwrap_or(&vendor.file.auth);
        let refused = vendor.file.refused.values().flat_map(|refusal| &refusal.0).map(|(_, auth)| auth);
        let plans: Vec<Plan> = operation
            .rows
            .values()
            .map(|row| Plan::of(&space, row, &name, chosen(choices, vendor, operation, row)))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            id: operation.id,
            method: operation.method.clone(),
            url: FoundBy::of(operation),
            binds: operation.binds.clone(),
            recognisers: space.recognisers(vendor, operation, accepted),
            accounts: Accounts::of(vendor, operation, accepted),
            tells_credentials: has(&["credentials"]),
            asks_query: has(&["query"]) || std::iter::once(auth).chain(refused).any(|auth| !auth.query.is_empty()),
            asks_names: space.refers(),
            body: match operation.body {
                Body::Form(_) => Reading::Form,
                _ if has(&["json"]) || !operation.reads() && operation.method != "DELETE" => Reading::Json,
                _ => Reading::Unread,
            },
            recipes: operation.outcomes.iter().map(|_| OnceLock::new()).collect(),
            plans,
            name,
            space,
        })
    }

    /// The plan of the row that holds for a point.
    pub(super) fn plan(&self, point: &[Option<usize>]) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.region.holds(point))
    }

    /// A plan that makes a resource out of nothing.
    pub(super) fn maker(&self, resource: &str) -> Option<&Plan> {
        let makes = |plan: &&Plan| plan.leads.iter().any(|(name, _)| name == resource);
        if self.binds.iter().any(|bound| bound == resource) { None } else { self.plans.iter().find(makes) }
    }
}

impl Plan {
    /// Makes a row ready that gives the outcome at a position of its `then`.
    pub(super) fn of(space: &Space, row: &Row, call: &str, branch: usize) -> Result<Self, MockError> {
        let name = format!("{call}/{}", row.name);
        let documented = row.then.get(branch);
        let outcome = documented.map(|branch| branch.outcome);
        let leads = documented.into_iter().flat_map(|branch| &branch.leads);
        Ok(Self {
            region: space.region(row).clone(),
            outcome: outcome.ok_or_else(|| MockError::NoOutcome { row: name.clone() })?,
            leads: leads.map(|(resource, state)| (resource.clone(), state.as_str().into())).collect(),
            captures: row.capture.iter().map(|(name, pointer)| (name.clone(), pointer.clone())).collect(),
            name,
        })
    }
}
