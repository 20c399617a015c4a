//! One answer in the making: what it is about, what it says, and what the world is like from then on.

use super::accepted::Account;
use super::answer::{About, Filled, Recipe};
use super::call::{Call, FoundBy, Plan};
use super::known::{Facts, Known, Origin, Subject};
use super::site::{Site, State};
use super::world::{Entity, HandedOut, World};
use crate::contract::Vendor;
use crate::contract::template::{Encoded, Unresolved};
use crate::http::exchange::Request;
use serde_json::Value;
use std::borrow::Cow;
use std::cell::RefCell;

/// What is known of a request once it is clear what it means.
pub(super) struct Turn<'a> {
    pub(super) vendor: &'a Vendor,
    pub(super) site: &'a Site,
    /// All calls of the mock, by number.
    pub(super) calls: &'a [Call],
    pub(super) request: &'a Request,
    pub(super) told: Option<&'a str>,
    pub(super) asker: &'a Account,
    /// The ids in its URL, by resource.
    pub(super) ids: &'a [(&'a str, Cow<'a, str>)],
    /// What it sent.
    pub(super) sent: Option<&'a Value>,
}

/// A resource that is made by an answer.
#[derive(Debug)]
pub(super) struct Birth {
    pub(super) resource: String,
    pub(super) id: String,
    pub(super) entity: Entity,
}

/// Why an answer cannot be made.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unmade {
    /// A reference in it stands for nothing.
    #[error(transparent)]
    Unresolved(#[from] Unresolved),
    /// Every id of the form was drawn before.
    #[error("no id of the form `{0}` is free")]
    NoId(String),
    /// There is room for nothing more.
    #[error("there is no room for one more")]
    NoRoom,
}

impl Turn<'_> {
    /// Gives a row's answer and takes its transition.
    pub(super) fn take(&self, plan: &Plan, recipe: &Recipe, state: &mut State) -> Result<Filled, Unmade> {
        let births = self.births(plan, state)?;
        let filled =
            self.with_known(plan, recipe, &births, state, |known, about| recipe.fill(&plan.name, known, about))?;
        self.keep(plan, recipe, births, &filled, state);
        Ok(filled)
    }

    /// The resources that a row makes: those that it leads somewhere and that are not there.
    pub(super) fn births(&self, plan: &Plan, state: &mut State) -> Result<Vec<Birth>, Unmade> {
        let mut births = Vec::new();
        for (resource, next) in &plan.leads {
            let bound = self.id(resource).filter(|id| !id.is_empty());
            if bound.is_some_and(|id| state.world.find(resource, id).is_some()) {
                continue;
            }
            let Some(declared) = self.vendor.file.resources.get(resource) else { continue };
            if !state.world.has_room() {
                return Err(Unmade::NoRoom);
            }
            let form = declared.id.other_mode.as_ref().filter(|_| self.asker.live).unwrap_or(&declared.id.new);
            let id = match bound {
                Some(id) => id.to_owned(),
                None => state.new_id(resource, form).ok_or_else(|| Unmade::NoId(form.clone()))?,
            };
            let parent = declared.parent.as_deref().and_then(|parent| self.id(parent)).map(str::to_owned);
            let entity = Entity::new(next, self.asker, parent, self.sent.cloned().unwrap_or_default());
            births.push(Birth { resource: resource.clone(), id, entity });
        }
        Ok(births)
    }

    fn id(&self, resource: &str) -> Option<&str> {
        self.ids.iter().find(|(name, _)| *name == resource).map(|(_, id)| id.as_ref())
    }

    /// The resource among those in the URL that an answer is about: the innermost.
    fn innermost(&self) -> Option<(&str, &str)> {
        let depth = |resource: &str| ancestors(self.vendor, resource).count();
        let innermost = self.ids.iter().max_by_key(|(resource, _)| depth(resource));
        innermost.map(|(resource, id)| (*resource, id.as_ref()))
    }

    /// Hands on everything that is known for an answer of a row, and what that answer is about.
    pub(super) fn with_known<T>(
        &self,
        plan: &Plan,
        recipe: &Recipe,
        births: &[Birth],
        state: &mut State,
        make: impl FnOnce(&Known<'_>, About<'_>) -> T,
    ) -> T {
        let State { world, dice } = state;
        let subjects = self.subjects(births, world);
        let first = births.first();
        let there = || self.innermost().and_then(|(resource, id)| world.find(resource, id));
        let about = if recipe.refuses() && plan.leads.is_empty() {
            About::default()
        } else {
            About {
                sent: self.sent.filter(|_| first.is_none()),
                entity: first.map(|birth| &birth.entity).or_else(there),
                captures: &plan.captures,
                id: first.map(|birth| birth.id.as_str()),
            }
        };
        make(&self.known(&subjects, dice), about)
    }

    fn known<'k>(&'k self, subjects: &'k [Subject<'k>], dice: &'k mut fastrand::Rng) -> Known<'k> {
        Known { facts: self.facts(subjects), dice: RefCell::new(dice), drawn: RefCell::default() }
    }

    /// What references stand for before anything is answered.
    pub(super) fn facts<'k>(&'k self, subjects: &'k [Subject<'k>]) -> Facts<'k> {
        Facts {
            accepted: &self.site.accepted,
            subjects,
            request: self.request,
            origin: Origin { host: self.request.headers.get("host"), told: self.told },
            live: self.asker.live,
        }
    }

    /// What is made, what the URL names, and what those live in.
    pub(super) fn subjects<'k>(&'k self, births: &'k [Birth], world: &'k World) -> Vec<Subject<'k>> {
        let subject = |resource: &'k str, id: &'k str, entity| Subject {
            resource,
            id,
            entity,
            documented: self.site.documented(resource),
        };
        let mut subjects: Vec<Subject<'k>> =
            births.iter().map(|birth| subject(&birth.resource, &birth.id, Some(&birth.entity))).collect();
        subjects.extend(self.ids.iter().map(|(resource, id)| subject(resource, id, world.find(resource, id))));
        let mut index = 0;
        while let Some(child) = subjects.get(index) {
            let parent = self.vendor.file.resources.get(child.resource).and_then(|child| child.parent.as_deref());
            let id = child.entity.and_then(|entity| entity.parent.as_deref());
            if let Some((parent, id)) = parent.zip(id)
                && subjects.iter().all(|known| known.resource != parent)
            {
                subjects.push(subject(parent, id, world.find(parent, id)));
            }
            index += 1;
        }
        subjects
    }

    /// Lets the world be as the row says, and remembers what was said of it.
    fn keep(&self, plan: &Plan, recipe: &Recipe, births: Vec<Birth>, filled: &Filled, state: &mut State) {
        for (resource, next) in &plan.leads {
            let id = self.id(resource).unwrap_or_default();
            if let Some(entity) = state.world.find_mut(resource, id) {
                entity.state = next.clone();
                self.sent.into_iter().for_each(|sent| entity.change(sent));
            }
        }
        let tells = !recipe.refuses() || !plan.leads.is_empty();
        if births.is_empty() && tells && !(filled.shown.is_empty() && plan.captures.is_empty()) {
            let Some((resource, id)) = self.innermost() else { return };
            if let Some(entity) = state.world.find_mut(resource, id) {
                entity.remember(plan, filled);
                state.world.reweigh(resource, id);
                self.hand_out(resource, id, state);
            }
        }
        for (position, mut birth) in births.into_iter().enumerate() {
            if position == 0 {
                birth.entity.remember(plan, filled);
                let id = birth.entity.captured("id").and_then(Value::as_str);
                birth.id = id.map_or(birth.id, str::to_owned);
            }
            state.world.add(&birth.resource, &birth.id, birth.entity);
            self.hand_out(&birth.resource, &birth.id, state);
        }
    }

    /// Makes a resource found by the URLs that were handed out for it.
    fn hand_out(&self, resource: &str, id: &str, state: &mut State) {
        for number in &self.site.handed_out {
            let Some(call) = self.calls.get(*number).filter(|call| call.binds.iter().any(|bound| bound == resource))
            else {
                continue;
            };
            let State { world, dice } = &mut *state;
            let entity = world.find(resource, id);
            let subjects = [Subject { resource, id, entity, documented: self.site.documented(resource) }];
            let known = self.known(&subjects, dice);
            let url = call.url.as_ref().and_then(|url| match url {
                FoundBy::Url(url) => url.text(&known).ok(),
                FoundBy::Path(path) => path.text(&Encoded(&known)).ok(),
            });
            if let Some(key) = url.as_deref().and_then(path_of) {
                let handed_out = HandedOut { operation: *number, resource: resource.into(), id: id.into() };
                state.world.hand_out(key.to_owned(), handed_out);
            }
        }
    }

    /// Lets a resource that was there from the start be as if the documented create call had made it.
    pub(super) fn wake<'r>(
        &self,
        resource: &str,
        id: &str,
        state: &mut State,
        recipe: impl Fn(usize, &Plan) -> &'r Recipe,
    ) {
        let Some(entity) = state.world.find_mut(resource, id).filter(|entity| entity.bare) else { return };
        entity.bare = false;
        entity.sent = self.site.documented(resource).clone();
        let entity = entity.clone();
        let Some((call, plan)) = self.site.makers.get(resource) else { return };
        let Some(plan) = self.calls.get(*call).and_then(|call| call.plans.get(*plan)) else { return };
        let births = [Birth { resource: resource.to_owned(), id: id.to_owned(), entity }];
        let recipe = recipe(*call, plan);
        let filled =
            self.with_known(plan, recipe, &births, state, |known, about| recipe.fill(&plan.name, known, about));
        if let (Ok(filled), Some(entity)) = (filled, state.world.find_mut(resource, id)) {
            entity.remember(plan, &filled);
            state.world.reweigh(resource, id);
            self.hand_out(resource, id, state);
        }
    }
}

impl Entity {
    /// Keeps what a row keeps of its answer, and what was made for it.
    fn remember(&mut self, plan: &Plan, filled: &Filled) {
        for (name, pointer) in &plan.captures {
            let value = filled.json.as_ref().and_then(|json| json.pointer(pointer));
            if let Some(value) = value.filter(|value| !value.is_null()) {
                self.capture(name, value.clone());
            }
        }
        for (pointer, value) in &filled.shown {
            self.show(pointer, value.clone());
        }
    }

    /// Lays what a later request sent over what is there.
    fn change(&mut self, sent: &Value) {
        let Value::Object(changes) = sent else { return };
        match &mut self.sent {
            Value::Object(there) => there.extend(changes.clone()),
            there => *there = sent.clone(),
        }
    }
}

/// The resources inside which a resource lives, the nearest first.
fn ancestors<'a>(vendor: &'a Vendor, resource: &'a str) -> impl Iterator<Item = &'a str> {
    let parent = |name: &&'a str| vendor.file.resources.get(*name).and_then(|resource| resource.parent.as_deref());
    std::iter::successors(parent(&resource), parent).take(vendor.file.resources.len())
}

/// The path and query of a URL.
fn path_of(url: &str) -> Option<&str> {
    let url = url.split('#').next().unwrap_or_default();
    if url.starts_with('/') {
        return Some(url);
    }
    let (_, rest) = url.split_once("://")?;
    Some(rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"))
}
