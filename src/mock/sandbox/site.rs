//! One vendor's part of the mock: the credentials that it accepts, the bodies that its create calls send, and its world.

use super::accepted_credentials::{AcceptedCredentials, draw_text};
use super::answer_recipe::AnswerRecipe;
use super::entity::Entity;
use super::mock_world::MockWorld;
use super::prepared_operation::{PreparedOperation, PreparedRow};
use super::{MockError, MockSettings};
use crate::contract::language::WrittenResource;
use crate::contract::template::{Names, draw_by, resolve_value};
use crate::contract::{Body, OperationId, OutcomeId, RowId, Vendor};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Index;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// The most draws of an id before it is believed that none is free.
const TRIES: usize = 64;
/// The text in a documented body where a run puts its own mark.
const MARK: &str = "proviso";

/// One vendor.
pub(super) struct Site {
    pub(super) accepted: AcceptedCredentials,
    /// The operations, in the order of the contract.
    operations: Vec<PreparedOperation>,
    /// The call by which each resource is made, where there is one.
    pub(super) creates: HashMap<String, DocumentedCreate>,
    /// The address where it alone answers.
    pub(super) origin: OnceLock<String>,
    /// The operations that are called by URLs which were handed out.
    pub(super) handed_out: Vec<OperationId>,
    /// The variable and the id of every fixture.
    pub(super) fixtures: Vec<(String, String)>,
    /// The world before the first request.
    opening: MockWorld,
    state: Mutex<SiteState>,
}

/// A documented call by which a resource is made.
pub(super) struct DocumentedCreate {
    pub(super) row: RowId,
    /// The body that it sends.
    pub(super) sent: Value,
}

/// The part of a site that changes.
#[derive(Debug)]
pub(super) struct SiteState {
    pub(super) world: MockWorld,
    pub(super) dice: fastrand::Rng,
}

impl Site {
    /// Opens a vendor's part.
    pub(super) fn new(
        vendor: &Vendor,
        accepted: AcceptedCredentials,
        settings: &MockSettings,
        mut dice: fastrand::Rng,
    ) -> Result<Self, MockError> {
        let prepared = vendor.operations.iter();
        let prepared =
            prepared.map(|operation| PreparedOperation::new(vendor, operation, &accepted, &settings.choices));
        let operations: Vec<PreparedOperation> = prepared.collect::<Result<_, _>>()?;
        let creates = documented_creates(vendor, &operations, &accepted, &mut dice);
        let mut world = MockWorld::new(settings.capacity.get());
        let fixtures = supply_fixtures(vendor, &accepted, settings, &mut world, &mut dice)?;
        let by_capture = vendor.operations.iter().zip(&operations).filter(|(_, prepared)| prepared.found_by.is_some());
        Ok(Self {
            handed_out: by_capture.map(|(operation, _)| operation.id).collect(),
            accepted,
            operations,
            creates,
            origin: OnceLock::new(),
            fixtures,
            opening: world.clone(),
            state: Mutex::new(SiteState { world, dice }),
        })
    }

    /// The body that the documented create call of a resource sends.
    pub(super) fn documented(&self, resource: &str) -> &Value {
        self.creates.get(resource).map_or(&Value::Null, |create| &create.sent)
    }

    /// The prepared answer of an outcome.
    pub(super) fn recipe(&self, vendor: &Vendor, outcome: OutcomeId) -> &AnswerRecipe {
        self[outcome].get_or_init(|| AnswerRecipe::new(&vendor[outcome]))
    }

    /// Forgets everything but what was there before the first request.
    pub(super) fn begin_again(&self) {
        self.lock().world = self.opening.clone();
    }

    /// Locks the part that changes; a panic under the lock leaves no half-done change that matters.
    pub(super) fn lock(&self) -> MutexGuard<'_, SiteState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::indexing_slicing, reason = "there is a prepared operation for each of the contract's")]
impl Index<OperationId> for Site {
    type Output = PreparedOperation;

    fn index(&self, id: OperationId) -> &PreparedOperation {
        &self.operations[id.position()]
    }
}

#[expect(clippy::indexing_slicing, reason = "there is a prepared row for each of the contract's")]
impl Index<RowId> for Site {
    type Output = PreparedRow;

    fn index(&self, id: RowId) -> &PreparedRow {
        &self[id.operation].rows[id.position()]
    }
}

#[expect(clippy::indexing_slicing, reason = "there is a recipe for each of the contract's outcomes")]
impl Index<OutcomeId> for Site {
    type Output = OnceLock<AnswerRecipe>;

    fn index(&self, id: OutcomeId) -> &OnceLock<AnswerRecipe> {
        &self[id.operation].recipes[id.position()]
    }
}

/// The create call of every resource that one makes out of nothing.
fn documented_creates(
    vendor: &Vendor,
    operations: &[PreparedOperation],
    accepted: &AcceptedCredentials,
    dice: &mut fastrand::Rng,
) -> HashMap<String, DocumentedCreate> {
    let mut creates = HashMap::new();
    for resource in vendor.file.resources.keys() {
        let mut unbound = vendor.operations.iter().zip(operations).filter(|(known, _)| !known.binds.contains(resource));
        let create = unbound.find_map(|(operation, prepared)| {
            Some((operation, prepared.rows.iter().find(|row| row.leads_resource(resource))?))
        });
        if let Some((operation, row)) = create {
            let sent = sent_body(&operation.body, accepted, dice);
            creates.insert(resource.clone(), DocumentedCreate { row: row.id, sent });
        }
    }
    creates
}

/// Puts every fixture into the world, and returns its variable and its id.
fn supply_fixtures(
    vendor: &Vendor,
    accepted: &AcceptedCredentials,
    settings: &MockSettings,
    world: &mut MockWorld,
    dice: &mut fastrand::Rng,
) -> Result<Vec<(String, String)>, MockError> {
    let mut fixtures = Vec::new();
    for (resource, declared) in &vendor.file.resources {
        for (state, variable) in &declared.fixtures {
            let id = settings.draw_value(variable, accepted.ours().id_form(&declared.id), dice)?;
            world.supply(resource, &id, Entity::supplied(state.as_str(), accepted.ours(), None));
            fixtures.push((variable.clone(), id));
        }
        // Nothing has it here: what is wrong with it shows in its form.
        if let (Some(variable), Some(form)) = (&declared.id.other_mode_env, &declared.id.other_mode) {
            fixtures.push((variable.clone(), settings.draw_value(variable, form, dice)?));
        }
    }
    Ok(fixtures)
}

impl SiteState {
    /// An id of a form that nothing has.
    pub(super) fn new_id(&mut self, resource: &str, form: &str) -> Option<String> {
        (0..TRIES)
            .filter_map(|_| draw_text(form, &mut self.dice))
            .find(|id| !id.is_empty() && self.world.find(resource, id).is_none())
    }
}

/// A resource as its vendor declares it.
pub(super) fn declared_resource<'v>(vendor: &'v Vendor, resource: &str) -> Option<&'v WrittenResource> {
    vendor.file.resources.get(resource)
}

/// A documented body as a request would send it.
pub(super) fn sent_body(body: &Body, accepted: &AcceptedCredentials, dice: &mut fastrand::Rng) -> Value {
    let names = SentNames { accepted, dice: RefCell::new(dice) };
    match body {
        Body::Json(value) => names.resolve_or_keep(value),
        Body::Form(fields) => {
            fields.iter().map(|(name, text)| (name.as_str(), names.resolve_or_keep(&text.as_str().into()))).collect()
        }
        Body::None | Body::Raw { .. } => Value::Null,
    }
}

/// The values of references in a request.
struct SentNames<'a> {
    accepted: &'a AcceptedCredentials,
    dice: RefCell<&'a mut fastrand::Rng>,
}

impl SentNames<'_> {
    fn resolve_or_keep(&self, value: &Value) -> Value {
        resolve_value(value, self).unwrap_or_else(|_| value.clone())
    }
}

impl Names for SentNames<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        match name {
            "mark" => Some(MARK.into()),
            _ => self.accepted.value(name).or_else(|| draw_by(&mut self.dice.borrow_mut(), name)),
        }
    }
}
