//! A world that a walk believes possible: the resources that there are, by the rows that led them to where they are.

use crate::contract::condition::right_state;
use crate::contract::{Branch, Operation};
use crate::lab::walk::request_table::{CellId, RequestTable};
use crate::lab::walk::walk_step::{Move, ThingId, ThingRef};
use std::collections::BTreeMap;

/// A resource in a walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Thing<'v> {
    /// The kind of resource.
    pub(crate) resource: &'v str,
    /// Its state.
    pub(crate) state: &'v str,
    /// The credential that it was made with, where that is another account's.
    pub(crate) account: Option<&'v str>,
    /// The thing inside which it lives, where that is known.
    pub(crate) parent: Option<ThingId>,
    /// The names of what was captured when it was made.
    pub(crate) captured: Vec<&'v str>,
    /// Its part in the walk.
    pub(crate) part: ThingPart,
}

/// The part of a resource in the rest of a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ThingPart {
    /// Requests are drawn for it.
    InPlay,
    /// No request is drawn for it any more.
    Retired,
    /// Its state is no longer known, so that no row says how it answers.
    Lost,
}

/// The resources of a walk, each in one state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PossibleWorld<'v> {
    /// The resources.
    pub(crate) things: BTreeMap<ThingId, Thing<'v>>,
}

impl<'v> PossibleWorld<'v> {
    /// The cell of a request; none where one of its resources is not there, or where no row answers it.
    pub(crate) fn cell(&self, table: &RequestTable<'v>, asked: &Move<'v>) -> Option<CellId> {
        let states = (0..asked.subjects.len()).map(|at| self.state(table, asked, at)).collect::<Option<Vec<_>>>()?;
        table.cell(asked.form, states)
    }

    /// The state of one of a request's resources as the request meets it: first whose it is, then where it lives, then its own.
    fn state(&self, table: &RequestTable<'v>, asked: &Move<'v>, at: usize) -> Option<&'v str> {
        let id = match *asked.subjects.get(at)? {
            ThingRef::Forged(id) => return Some(table[id].wrong),
            ThingRef::Thing(id) => id,
        };
        let (thing, operation) = (self.things.get(&id)?, table.operation(asked.form));
        if thing.part == ThingPart::Lost
            || !asked_of(operation, thing.resource).all(|name| thing.captured.contains(&name))
        {
            return None;
        }
        // The pages speak of others' resources, and of those that live elsewhere, only as they are made.
        let as_made = right_state(table.vendor, thing.resource) == Some(thing.state);
        if !table[asked.form].is_public && thing.account != asked.actor {
            return as_made.then_some("foreign");
        }
        let parent = table.vendor.file.resources.get(thing.resource)?.parent.as_ref();
        let asked_in = parent.and_then(|parent| operation.binds.iter().position(|bound| bound == parent));
        match (thing.parent, asked_in.and_then(|at| asked.subjects.get(at))) {
            (Some(lives), Some(ThingRef::Thing(other))) if lives != *other => as_made.then_some("misplaced"),
            (Some(_), Some(ThingRef::Forged(_))) => None,
            _ => Some(thing.state),
        }
    }

    /// Takes the resources that a request names to where an outcome leads them.
    pub(crate) fn follow(&mut self, table: &RequestTable<'v>, asked: &Move<'v>, branch: &'v Branch) {
        for (resource, subject) in table.operation(asked.form).binds.iter().zip(&asked.subjects) {
            if let (Some(state), Some(id)) = (branch.leads.get(resource), subject.thing())
                && let Some(thing) = self.things.get_mut(&id)
            {
                thing.state = state;
            }
        }
    }

    /// The resources of a kind for which requests are drawn.
    pub(crate) fn in_play<'m>(&'m self, resource: &'m str) -> impl Iterator<Item = (ThingId, &'m Thing<'v>)> {
        let things = self.things.iter().map(|(id, thing)| (*id, thing));
        things.filter(move |(_, thing)| thing.resource == resource && thing.part == ThingPart::InPlay)
    }
}

/// The names that an operation's URL asks of a resource, such as `payment_uri`.
fn asked_of<'o>(operation: &'o Operation, resource: &str) -> impl Iterator<Item = &'o str> {
    operation.url.split('$').skip(1).filter_map(move |piece| {
        let end = piece.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_' && letter != '.');
        let name = piece.get(..end.unwrap_or(piece.len()))?.strip_prefix(resource)?.strip_prefix('.')?;
        (name != "id").then_some(name)
    })
}
