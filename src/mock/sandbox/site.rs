//! One vendor's part of the mock: what it accepts, what its create calls send, and the world behind it.

use super::accepted::{Accepted, draw_text};
use super::call::Call;
use super::world::{Entity, World};
use super::{MockError, Settings};
use crate::contract::condition::OURS;
use crate::contract::template::{Names, draw_by, resolve_value};
use crate::contract::{Body, Vendor};
use indexmap::IndexMap;
use serde_json::Value;
use std::cell::RefCell;
use std::sync::{Mutex, OnceLock};

/// How often an id is drawn before it is believed that none is free.
const TRIES: usize = 64;
/// What stands in a documented body where a run puts its own mark.
const MARK: &str = "proviso";

/// One vendor.
pub(super) struct Site {
    pub(super) accepted: Accepted,
    /// For every resource that something makes: the call and the row's plan by which it is made.
    pub(super) makers: IndexMap<String, (usize, usize)>,
    /// For every resource what the documented create call sends.
    documented: IndexMap<String, Value>,
    /// Where it alone answers.
    pub(super) origin: OnceLock<String>,
    /// The calls that go to URLs which were handed out.
    pub(super) handed_out: Vec<usize>,
    /// The variable and the id of every fixture.
    pub(super) fixtures: Vec<(String, String)>,
    pub(super) state: Mutex<State>,
}

/// What changes.
#[derive(Debug)]
pub(super) struct State {
    pub(super) world: World,
    pub(super) dice: fastrand::Rng,
}

impl Site {
    /// Opens a vendor's part; `calls` are its own, with the number of the first.
    pub(super) fn new(
        vendor: &Vendor,
        accepted: Accepted,
        (first, calls): (usize, &[Call]),
        settings: &Settings,
        mut dice: fastrand::Rng,
    ) -> Result<Self, MockError> {
        let mut makers = IndexMap::new();
        let mut documented = IndexMap::new();
        for resource in vendor.file.resources.keys() {
            let maker = calls.iter().enumerate().find_map(|(index, call)| {
                let made = call.maker(resource)?;
                let plan = call.plans.iter().position(|plan| std::ptr::eq(plan, made))?;
                Some((index, call.id, plan))
            });
            if let Some((index, operation, plan)) = maker {
                makers.insert(resource.clone(), (first + index, plan));
                documented.insert(resource.clone(), sent(&vendor[operation].body, &accepted, &mut dice));
            }
        }
        let (mut world, mut fixtures) = (World::new(settings.capacity.get()), Vec::new());
        for (resource, declared) in &vendor.file.resources {
            for (state, variable) in &declared.fixtures {
                let account = accepted.account(OURS);
                let form = declared.id.other_mode.as_ref().filter(|_| account.live).unwrap_or(&declared.id.new);
                let given = settings.values.get(variable).filter(|value| !value.is_empty()).cloned();
                let id = given
                    .or_else(|| draw_text(form, &mut dice))
                    .ok_or_else(|| MockError::Unmakeable { variable: variable.clone(), template: form.clone() })?;
                let mut entity = Entity::new(&state.as_str().into(), &account, None, Value::Null);
                entity.bare = true;
                world.supply(resource, &id, entity);
                fixtures.push((variable.clone(), id));
            }
        }
        let handed_out = calls.iter().enumerate().filter(|(_, call)| call.url.is_some());
        let handed_out = handed_out.map(|(index, _)| first + index).collect();
        let (origin, state) = (OnceLock::new(), Mutex::new(State { world, dice }));
        Ok(Self { accepted, makers, documented, origin, handed_out, fixtures, state })
    }

    /// What the documented create call of a resource sends.
    pub(super) fn documented(&self, resource: &str) -> &Value {
        self.documented.get(resource).unwrap_or(&Value::Null)
    }
}

impl State {
    /// An id of a form that nothing has.
    pub(super) fn new_id(&mut self, resource: &str, form: &str) -> Option<String> {
        (0..TRIES)
            .filter_map(|_| draw_text(form, &mut self.dice))
            .find(|id| !id.is_empty() && self.world.find(resource, id).is_none())
    }
}

/// A documented body as a request would send it.
pub(super) fn sent(body: &Body, accepted: &Accepted, dice: &mut fastrand::Rng) -> Value {
    let names = Sender { accepted, dice: RefCell::new(dice) };
    let resolved = |value: &Value| resolve_value(value, &names).unwrap_or_else(|_| value.clone());
    match body {
        Body::Json(value) => resolved(value),
        Body::Form(fields) => {
            fields.iter().map(|(name, text)| (name.clone(), resolved(&Value::from(text.as_str())))).collect()
        }
        Body::None | Body::Raw { .. } => Value::Null,
    }
}

/// What references in a request stand for.
struct Sender<'a> {
    accepted: &'a Accepted,
    dice: RefCell<&'a mut fastrand::Rng>,
}

impl Names for Sender<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        match name {
            "mark" => Some(MARK.into()),
            _ => self.accepted.value(name).or_else(|| draw_by(&mut self.dice.borrow_mut(), name)),
        }
    }
}
