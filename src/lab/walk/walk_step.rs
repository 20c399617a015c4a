//! One step of a walk: a request, two at once, or a while in which nothing is asked.

use crate::lab::walk::request_table::{ForgedId, FormId};
use std::collections::BTreeSet;

/// A resource of a walk, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ThingId(pub(crate) usize);

/// A resource that a request names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ThingRef {
    /// A resource of the walk.
    Thing(ThingId),
    /// An id that no request has made.
    Forged(ForgedId),
}

impl ThingRef {
    /// The resource, if it is one of the walk.
    pub(crate) fn thing(self) -> Option<ThingId> {
        match self {
            Self::Thing(thing) => Some(thing),
            Self::Forged(_) => None,
        }
    }
}

/// One request of a walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Move<'v> {
    /// The form.
    pub(crate) form: FormId,
    /// The credential to act with, where that is another account's.
    pub(crate) actor: Option<&'v str>,
    /// The resources that the URL names, in their order.
    pub(crate) subjects: Vec<ThingRef>,
    /// What it makes, if it makes anything.
    pub(crate) makes: Option<ThingId>,
}

impl Move<'_> {
    /// The resources of the walk that it names.
    pub(crate) fn things(&self) -> impl Iterator<Item = ThingId> {
        self.subjects.iter().filter_map(|subject| subject.thing())
    }
}

/// One step of a walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WalkStep<'v> {
    /// A request.
    Ask(Move<'v>),
    /// Two requests at once.
    Race(Move<'v>, Move<'v>),
    /// A while in which nothing is asked.
    Lull,
}

impl<'v> WalkStep<'v> {
    /// Its requests.
    pub(crate) fn moves(&self) -> impl Iterator<Item = &Move<'v>> {
        let (one, other) = match self {
            Self::Ask(only) => (Some(only), None),
            Self::Race(one, other) => (Some(one), Some(other)),
            Self::Lull => (None, None),
        };
        one.into_iter().chain(other)
    }

    /// The resources that it asks about or makes.
    pub(crate) fn things(&self) -> BTreeSet<ThingId> {
        self.moves().flat_map(|asked| asked.things().chain(asked.makes)).collect()
    }
}
