//! One answer in the making: the resources it is about, its values, and the world from then on.

use super::accepted_credentials::MockAccount;
use super::answer_filler::{MadeValues, ValueSources};
use super::answer_recipe::{AnswerRecipe, FilledAnswer};
use super::entity::Entity;
use super::mock_world::{HandedOut, MockWorld};
use super::prepared_operation::PreparedRow;
use super::reference_values::{AnswerSubject, Origin, ReferenceValues, RequestFacts};
use super::site::{Site, SiteState, declared_resource};
use crate::contract::Vendor;
use crate::contract::language::WrittenResource;
use crate::contract::template::Unresolved;
use crate::http::exchange::{Request, Response};
use serde_json::Value;
use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

/// A request once it is clear what it means.
pub(super) struct Turn<'a> {
    pub(super) vendor: &'a Vendor,
    pub(super) site: &'a Site,
    pub(super) request: &'a Request,
    /// The origin that the mock was given.
    pub(super) origin: Option<&'a str>,
    pub(super) asker: &'a MockAccount,
    /// The ids in its URL, by resource.
    pub(super) ids: &'a [(&'a str, Cow<'a, str>)],
    /// Its body.
    pub(super) sent: Option<&'a Value>,
}

/// A resource that is made by an answer.
#[derive(Debug)]
pub(super) struct Birth<'a> {
    pub(super) resource: &'a str,
    pub(super) id: String,
    pub(super) entity: Entity,
}

/// The reason why an answer cannot be made.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum AnswerError {
    /// A reference in it has no value.
    #[error(transparent)]
    Unresolved(#[from] Unresolved),
    /// Every id of the form was drawn before.
    #[error("no id of the form `{0}` is free")]
    NoId(String),
    /// There is room for nothing more.
    #[error("there is no room for one more")]
    NoRoom,
}

impl<'a> Turn<'a> {
    /// Gives a row's answer and takes its transition.
    pub(super) fn take(
        &self,
        row: &PreparedRow,
        recipe: &AnswerRecipe,
        state: &mut SiteState,
    ) -> Result<Response, AnswerError> {
        let births = self.births(row, state)?;
        let filled = self.fill(row, recipe, &births, state)?;
        Ok(self.keep(row, recipe, births, filled, state))
    }

    /// The resources that a row makes: those that it leads somewhere and that are not there.
    pub(super) fn births<'r>(
        &self,
        row: &'r PreparedRow,
        state: &mut SiteState,
    ) -> Result<Vec<Birth<'r>>, AnswerError> {
        let mut births = Vec::new();
        for lead in &row.leads {
            let bound = self.id(&lead.resource).filter(|id| !id.is_empty());
            if bound.is_some_and(|id| state.world.find(&lead.resource, id).is_some()) {
                continue;
            }
            let Some(declared) = self.declared(&lead.resource) else { continue };
            if !state.world.has_room() {
                return Err(AnswerError::NoRoom);
            }
            let form = self.asker.id_form(&declared.id);
            let id = match bound {
                Some(id) => id.to_owned(),
                None => state.new_id(&lead.resource, form).ok_or_else(|| AnswerError::NoId(form.to_owned()))?,
            };
            let parent = declared.parent.as_deref().and_then(|parent| self.id(parent)).map(str::to_owned);
            let sent = self.sent.unwrap_or(&Value::Null).clone();
            let entity = Entity::new(Arc::clone(&lead.state), self.asker, parent, sent);
            births.push(Birth { resource: &lead.resource, id, entity });
        }
        Ok(births)
    }

    fn declared(&self, resource: &str) -> Option<&'a WrittenResource> {
        declared_resource(self.vendor, resource)
    }

    fn id(&self, resource: &str) -> Option<&'a str> {
        self.ids.iter().find(|(name, _)| *name == resource).map(|(_, id)| id.as_ref())
    }

    /// The resource among those in the URL that an answer is about: the innermost.
    fn innermost(&self) -> Option<(&'a str, &'a str)> {
        match self.ids {
            [] => None,
            [(resource, id)] => Some((resource, id)),
            several => {
                let innermost = several.iter().max_by_key(|(resource, _)| self.ancestors(resource).count());
                innermost.map(|(resource, id)| (*resource, id.as_ref()))
            }
        }
    }

    /// The resources inside which a resource lives, the nearest first.
    fn ancestors(&self, resource: &str) -> impl Iterator<Item = &'a str> {
        let nearest = self.declared(resource).and_then(|declared| declared.parent.as_deref());
        std::iter::successors(nearest, |name| self.declared(name)?.parent.as_deref())
            .take(self.vendor.file.resources.len())
    }

    /// Fills in the answer of a row.
    fn fill(
        &self,
        row: &PreparedRow,
        recipe: &AnswerRecipe,
        births: &[Birth<'_>],
        state: &mut SiteState,
    ) -> Result<FilledAnswer, Unresolved> {
        self.with_known(row, recipe, births, state, |names, sources| {
            recipe.fill(row, &self.vendor[row.id].capture, names, sources)
        })
    }

    /// Hands on the values of all references for an answer of a row, and the places where other values are looked for.
    pub(super) fn with_known<T>(
        &self,
        row: &PreparedRow,
        recipe: &AnswerRecipe,
        births: &[Birth<'_>],
        state: &mut SiteState,
        make: impl FnOnce(&ReferenceValues<'_>, ValueSources<'_>) -> T,
    ) -> T {
        let SiteState { world, dice } = state;
        let subjects = self.subjects(births, world);
        let sources = match births.first() {
            _ if recipe.refuses() && row.leads.is_empty() => ValueSources::default(),
            Some(birth) => {
                let kept_at = self.vendor[row.id].capture.get("id");
                let new_id = kept_at.map(|pointer| (pointer.as_str(), birth.id.as_str()));
                ValueSources { sent: None, entity: Some(&birth.entity), new_id }
            }
            None => {
                let entity = self.innermost().and_then(|(resource, id)| world.find(resource, id));
                ValueSources { sent: self.sent, entity, new_id: None }
            }
        };
        make(&self.known(&subjects, dice), sources)
    }

    fn known<'k>(&'k self, subjects: &'k [AnswerSubject<'k>], dice: &'k mut fastrand::Rng) -> ReferenceValues<'k> {
        ReferenceValues { facts: self.facts(subjects), dice: RefCell::new(dice), drawn: RefCell::default() }
    }

    /// The values of references before anything is answered.
    pub(super) fn facts<'k>(&'k self, subjects: &'k [AnswerSubject<'k>]) -> RequestFacts<'k> {
        RequestFacts {
            accepted: &self.site.accepted,
            subjects,
            request: self.request,
            origin: Origin { host: self.request.headers.get("host"), given: self.origin },
            live: self.asker.live,
        }
    }

    fn subject<'k>(&'k self, resource: &'k str, id: &'k str, entity: Option<&'k Entity>) -> AnswerSubject<'k> {
        AnswerSubject { resource, id, entity, documented: self.site.documented(resource) }
    }

    /// The resources that are made, those that the URL names, and those in which they live.
    pub(super) fn subjects<'k>(&'k self, births: &'k [Birth<'_>], world: &'k MockWorld) -> Vec<AnswerSubject<'k>> {
        let made = births.iter().map(|birth| self.subject(birth.resource, &birth.id, Some(&birth.entity)));
        let named = self.ids.iter().map(|(resource, id)| self.subject(resource, id, world.find(resource, id)));
        let mut subjects: Vec<AnswerSubject<'k>> = made.chain(named).collect();
        let mut index = 0;
        while let Some(child) = subjects.get(index) {
            let parent = self.declared(child.resource).and_then(|declared| declared.parent.as_deref());
            let id = child.entity.and_then(|entity| entity.parent.as_deref());
            if let Some((parent, id)) = parent.zip(id)
                && subjects.iter().all(|known| known.resource != parent)
            {
                subjects.push(self.subject(parent, id, world.find(parent, id)));
            }
            index += 1;
        }
        subjects
    }

    /// Lets the world be as the row leads it, and remembers the values of its answer.
    fn keep(
        &self,
        row: &PreparedRow,
        recipe: &AnswerRecipe,
        births: Vec<Birth<'_>>,
        filled: FilledAnswer,
        state: &mut SiteState,
    ) -> Response {
        for lead in &row.leads {
            let entity = self.id(&lead.resource).and_then(|id| state.world.find_mut(&lead.resource, id));
            if let Some(entity) = entity {
                entity.state = Arc::clone(&lead.state);
                self.sent.into_iter().for_each(|sent| entity.change(sent));
            }
        }
        let shows = !recipe.refuses() || !row.leads.is_empty();
        let FilledAnswer { response, made } = filled;
        let mut births = births.into_iter();
        if let Some(mut first) = births.next() {
            first.entity.remember(made);
            if let Some(id) = first.entity.captured("id").and_then(Value::as_str) {
                id.clone_into(&mut first.id);
            }
            for birth in std::iter::once(first).chain(births) {
                state.world.add(birth.resource, &birth.id, birth.entity);
                self.hand_out(birth.resource, &birth.id, state);
            }
        } else if shows
            && !(made.shown.is_empty() && self.vendor[row.id].capture.is_empty())
            && let Some((resource, id)) = self.innermost()
        {
            self.remember((resource, id), made, state);
        }
        response
    }

    /// Keeps the values of an answer about a resource that is there.
    fn remember(&self, (resource, id): (&str, &str), made: MadeValues, state: &mut SiteState) {
        if let Some(entity) = state.world.find_mut(resource, id) {
            entity.remember(made);
            state.world.reweigh(resource, id);
            self.hand_out(resource, id, state);
        }
    }

    /// Makes a resource found by the URLs that were handed out for it.
    fn hand_out(&self, resource: &str, id: &str, state: &mut SiteState) {
        for operation in &self.site.handed_out {
            if self.vendor[*operation].binds.iter().all(|bound| bound != resource) {
                continue;
            }
            let SiteState { world, dice } = &mut *state;
            let subjects = [self.subject(resource, id, world.find(resource, id))];
            let found_by = self.site[*operation].found_by.as_ref();
            let url = found_by.and_then(|found_by| found_by.url(&self.known(&subjects, dice)));
            if let Some(key) = url.as_deref().and_then(path_and_query) {
                let handed_out = HandedOut { operation: *operation, resource: resource.into(), id: id.into() };
                state.world.hand_out(key, handed_out);
            }
        }
    }

    /// Lets a resource that was there from the start be as if the documented create call had made it.
    pub(super) fn wake(&self, resource: &str, id: &str, state: &mut SiteState) {
        let Some(entity) = state.world.find_mut(resource, id).filter(|entity| entity.bare) else { return };
        entity.bare = false;
        let create = self.site.creates.get(resource);
        entity.sent = create.map_or(Value::Null, |create| create.sent.clone());
        let Some(create) = create else { return };
        let births = [Birth { resource, id: id.to_owned(), entity: entity.clone() }];
        let row = &self.site[create.row];
        let recipe = self.site.recipe(self.vendor, row.outcome);
        if let Ok(FilledAnswer { made, .. }) = self.fill(row, recipe, &births, state) {
            self.remember((resource, id), made, state);
        }
    }
}

impl Entity {
    /// Keeps the values of an answer.
    fn remember(&mut self, made: MadeValues) {
        for (name, value) in made.captured {
            self.capture(name, value);
        }
        for (pointer, value) in made.shown {
            self.show(pointer, value);
        }
    }
}

/// The path and query of a URL.
fn path_and_query(url: &str) -> Option<&str> {
    let url = url.split_once('#').map_or(url, |(url, _)| url);
    if url.starts_with('/') {
        return Some(url);
    }
    let (_, rest) = url.split_once("://")?;
    Some(rest.find('/').map_or("/", |at| rest.split_at(at).1))
}
