//! The worlds that the answers so far leave possible: one, or several while the order of two requests at once is open.

use crate::lab::walk::model::{Model, Move, Thing};
use crate::lab::walk::table::Table;
use std::collections::BTreeSet;

/// The most worlds that are kept apart; a race may double them.
const MOST_WORLDS: usize = 16;

/// The possible worlds, all of the same things: at least one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Belief {
    first: Model,
    others: Vec<Model>,
}

impl Belief {
    /// The worlds, in the order in which they were found possible.
    pub(crate) fn worlds(&self) -> impl Iterator<Item = &Model> {
        std::iter::once(&self.first).chain(&self.others)
    }

    fn worlds_mut(&mut self) -> impl Iterator<Item = &mut Model> {
        std::iter::once(&mut self.first).chain(&mut self.others)
    }

    /// The number of worlds.
    pub(crate) fn count(&self) -> usize {
        1 + self.others.len()
    }

    /// The world at a position; the first one where there are not so many.
    pub(crate) fn world(&self, at: usize) -> &Model {
        self.worlds().nth(at).unwrap_or(&self.first)
    }

    /// Whether the worlds after a race can all be kept apart.
    pub(crate) fn has_room_for_a_race(&self) -> bool {
        2 * self.count() <= MOST_WORLDS
    }

    /// A thing, in its state of the first world.
    pub(crate) fn thing(&self, number: usize) -> Option<&Thing> {
        self.first.things.get(&number)
    }

    /// The state of a thing, if every world has it in the same one.
    pub(crate) fn certain_state(&self, number: usize) -> Option<&str> {
        let thing = self.thing(number).filter(|thing| !thing.lost)?;
        let state = |world: &Model| world.things.get(&number).is_some_and(|other| other.state == thing.state);
        self.worlds().all(state).then_some(thing.state.as_str())
    }

    /// The cells in which a request stands, each once. There are none where some world has none, or where the worlds do not
    /// agree on the row of a request that makes something: what is captured from its answer depends on the row.
    pub(crate) fn cells(&self, table: &Table<'_>, asked: &Move) -> Option<Vec<usize>> {
        let mut cells = Vec::with_capacity(1);
        for world in self.worlds() {
            let cell = world.cell(table, asked)?;
            if !cells.contains(&cell) {
                cells.push(cell);
            }
        }
        let known = || cells.iter().filter_map(|cell| table.cells.get(*cell));
        let row = known().next()?.row;
        (known().all(|cell| cell.row == row) || !known().any(|cell| cell.makes)).then_some(cells)
    }

    /// Adds a thing that was made.
    pub(crate) fn add(&mut self, number: usize, thing: &Thing) {
        self.worlds_mut().for_each(|world| {
            world.things.insert(number, thing.clone());
        });
    }

    /// Asks nothing more of a thing and of what lives in it.
    pub(crate) fn retire(&mut self, number: usize) {
        self.change_worlds(|world| {
            let inside = |(at, thing): &(&usize, &mut Thing)| **at == number || thing.parent == Some(number);
            world.things.iter_mut().filter(inside).for_each(|(_, thing)| thing.retired = true);
        });
    }

    /// Changes every world.
    pub(crate) fn change_worlds(&mut self, change: impl FnMut(&mut Model)) {
        self.worlds_mut().for_each(change);
    }

    /// Takes these worlds as the possible ones, `first` being one of them; the things are lost if there are too many of them.
    pub(crate) fn narrow_to(&mut self, first: Model, others: Vec<Model>, things: &BTreeSet<usize>) {
        *self = Self { first, others };
        self.merge();
        if self.count() > MOST_WORLDS {
            self.lose(things);
        }
    }

    /// Asks nothing more of things whose state is no longer known, and forgets in what they differ.
    pub(crate) fn lose(&mut self, things: &BTreeSet<usize>) {
        for number in things {
            let Some(state) = self.thing(*number).map(|thing| thing.state.clone()) else { continue };
            for thing in self.worlds_mut().filter_map(|world| world.things.get_mut(number)) {
                thing.state.clone_from(&state);
                thing.retired = true;
                thing.lost = true;
            }
        }
        self.merge();
    }

    /// Keeps one of the worlds that are the same.
    fn merge(&mut self) {
        let mut distinct: Vec<Model> = Vec::new();
        for world in self.others.drain(..) {
            if world != self.first && !distinct.contains(&world) {
                distinct.push(world);
            }
        }
        self.others = distinct;
    }
}
