//! A world that a walk believes possible: the resources that there are, by the rows that led them to where they are.

use crate::contract::Branch;
use crate::contract::condition::right_state;
use crate::lab::walk::table::{Table, asked_of};
use std::collections::{BTreeMap, BTreeSet};

/// A resource in a walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Thing {
    /// The kind of resource.
    pub(crate) resource: String,
    /// Its state.
    pub(crate) state: String,
    /// The credential that it was made with, where that is another account's.
    pub(crate) account: Option<String>,
    /// The thing inside which it lives, where that is known.
    pub(crate) parent: Option<usize>,
    /// What was captured when it was made, by name.
    pub(crate) captured: BTreeSet<String>,
    /// Whether the walk asks nothing more of it.
    pub(crate) retired: bool,
    /// Whether its state is no longer known, so that no row says how it answers.
    pub(crate) lost: bool,
}

/// What stands in a request's place for a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A resource of the walk, by its number.
    Thing(usize),
    /// An id that nobody made, by its position in the table.
    Forged(usize),
}

impl Subject {
    /// The number of a resource of the walk.
    pub(crate) fn number(&self) -> Option<usize> {
        match self {
            Self::Thing(number) => Some(*number),
            Self::Forged(_) => None,
        }
    }
}

/// One request of a walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Move {
    /// The form's position in the table.
    pub(crate) form: usize,
    /// The credential to act with, where that is another account's.
    pub(crate) actor: Option<String>,
    /// What stands for each resource that the URL names, in their order.
    pub(crate) subjects: Vec<Subject>,
    /// The number of what it makes, if it makes anything.
    pub(crate) makes: usize,
}

impl Move {
    /// The numbers of the resources that it names.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = usize> {
        self.subjects.iter().filter_map(Subject::number)
    }
}

/// One step of a walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// A request.
    Ask(Move),
    /// Two requests at once.
    Race(Move, Move),
    /// A while in which nothing is asked.
    Lull,
}

impl Step {
    /// Its requests.
    pub(crate) fn moves(&self) -> impl Iterator<Item = &Move> {
        let moves = match self {
            Self::Ask(only) => vec![only],
            Self::Race(one, other) => vec![one, other],
            Self::Lull => Vec::new(),
        };
        moves.into_iter()
    }

    /// The resources that it asks about or makes.
    pub(crate) fn things(&self) -> BTreeSet<usize> {
        let numbers = self.moves().flat_map(|asked| asked.numbers().chain([asked.makes]));
        numbers.filter(|number| *number != NOTHING).collect()
    }
}

/// The number of what a request makes that makes nothing.
pub(crate) const NOTHING: usize = usize::MAX;

/// The resources of a walk, by number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Model {
    /// The resources.
    pub(crate) things: BTreeMap<usize, Thing>,
}

impl Model {
    /// The cell in which a request stands now; none where one of its resources is not there, or where no row answers it.
    pub(crate) fn cell(&self, table: &Table<'_>, asked: &Move) -> Option<usize> {
        let stands = (0..asked.subjects.len()).map(|at| self.stand(table, asked, at)).collect::<Option<Vec<_>>>()?;
        table.find(asked.form, stands)
    }

    /// How one of a request's resources stands: first whose it is, then where it lives, then its state.
    fn stand(&self, table: &Table<'_>, asked: &Move, at: usize) -> Option<String> {
        let number = match asked.subjects.get(at)? {
            Subject::Forged(position) => return table.forged.get(*position).map(|forged| forged.wrong.clone()),
            Subject::Thing(number) => *number,
        };
        let (thing, form, operation) =
            (self.things.get(&number)?, table.forms.get(asked.form)?, table.operation(asked.form)?);
        if thing.lost || !asked_of(operation, &thing.resource).iter().all(|name| thing.captured.contains(*name)) {
            return None;
        }
        // The pages speak of others' resources, and of those that live elsewhere, only as they are made.
        let as_made = || right_state(table.vendor, &thing.resource) == Some(thing.state.as_str());
        if !form.anybody && thing.account != asked.actor {
            return as_made().then(|| "foreign".to_owned());
        }
        let parent = table.vendor.file.resources.get(&thing.resource)?.parent.as_ref();
        let asked_in = parent.and_then(|parent| operation.binds.iter().position(|bound| bound == parent));
        match (thing.parent, asked_in.and_then(|at| asked.subjects.get(at))) {
            (Some(lives), Some(Subject::Thing(other))) if lives != *other => as_made().then(|| "misplaced".to_owned()),
            (Some(_), Some(Subject::Forged(_))) => None,
            _ => Some(thing.state.clone()),
        }
    }

    /// Takes the resources that a request names to where an outcome leads them.
    pub(crate) fn follow(&mut self, table: &Table<'_>, asked: &Move, branch: &Branch) {
        let Some(operation) = table.operation(asked.form) else { return };
        for (resource, subject) in operation.binds.iter().zip(&asked.subjects) {
            if let (Some(state), Subject::Thing(number)) = (branch.leads.get(resource), subject)
                && let Some(thing) = self.things.get_mut(number)
            {
                thing.state.clone_from(state);
            }
        }
    }

    /// The resources of a kind that the walk still asks about.
    pub(crate) fn in_play<'m>(&'m self, resource: &'m str) -> impl Iterator<Item = (usize, &'m Thing)> {
        let of = move |(_, thing): &(&usize, &Thing)| thing.resource == resource && !thing.retired;
        self.things.iter().filter(of).map(|(number, thing)| (*number, thing))
    }
}
