//! The worlds that the answers so far leave possible: one, or several while the order of two requests at once is open.

use crate::lab::walk::possible_world::{PossibleWorld, Thing, ThingPart};
use crate::lab::walk::request_table::{CellId, RequestTable};
use crate::lab::walk::walk_step::{Move, ThingId};

/// The most worlds that are kept apart; a race may double them.
const MOST_WORLDS: usize = 16;

/// The possible worlds, all of the same things: at least one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Belief<'v> {
    first: PossibleWorld<'v>,
    others: Vec<PossibleWorld<'v>>,
}

impl<'v> Belief<'v> {
    /// The worlds, in the order in which they were found possible.
    pub(crate) fn worlds(&self) -> impl Iterator<Item = &PossibleWorld<'v>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    fn worlds_mut(&mut self) -> impl Iterator<Item = &mut PossibleWorld<'v>> {
        std::iter::once(&mut self.first).chain(&mut self.others)
    }

    /// The number of worlds.
    pub(crate) fn count(&self) -> usize {
        1 + self.others.len()
    }

    /// The first world.
    pub(crate) fn first(&self) -> &PossibleWorld<'v> {
        &self.first
    }

    /// The world at a position; the first one where there are not so many.
    pub(crate) fn world(&self, at: usize) -> &PossibleWorld<'v> {
        self.worlds().nth(at).unwrap_or(&self.first)
    }

    /// Whether the worlds after a race can all be kept apart.
    pub(crate) fn has_room_for_race(&self) -> bool {
        2 * self.count() <= MOST_WORLDS
    }

    /// The state of a thing, if every world has it in the same one.
    pub(crate) fn certain_state(&self, id: ThingId) -> Option<&'v str> {
        let thing = self.first.things.get(&id).filter(|thing| thing.part != ThingPart::Lost)?;
        let agrees = |other: &Thing<'_>| other.state == thing.state;
        self.worlds().all(|world| world.things.get(&id).is_some_and(agrees)).then_some(thing.state)
    }

    /// The cells of a request, each once. There are none where some world has none, or where the worlds do not agree on the row of
    /// a request that makes something: what is captured from its answer depends on the row.
    pub(crate) fn cells(&self, table: &RequestTable<'v>, asked: &Move<'v>) -> Option<Vec<CellId>> {
        let mut cells = Vec::with_capacity(1);
        for world in self.worlds() {
            let cell = world.cell(table, asked)?;
            if !cells.contains(&cell) {
                cells.push(cell);
            }
        }
        let is_sendable = is_one_row(table, &cells) || !cells.iter().any(|cell| table[*cell].makes);
        is_sendable.then_some(cells)
    }

    /// Adds a thing that was made.
    pub(crate) fn add(&mut self, id: ThingId, thing: Thing<'v>) {
        for world in &mut self.others {
            world.things.insert(id, thing.clone());
        }
        self.first.things.insert(id, thing);
    }

    /// Draws no more requests for a thing and for what lives in it.
    pub(crate) fn retire(&mut self, id: ThingId) {
        for world in self.worlds_mut() {
            for (other, thing) in &mut world.things {
                if thing.part == ThingPart::InPlay && (*other == id || thing.parent == Some(id)) {
                    thing.part = ThingPart::Retired;
                }
            }
        }
    }

    /// Changes every world.
    pub(crate) fn change(&mut self, change: impl FnMut(&mut PossibleWorld<'v>)) {
        self.worlds_mut().for_each(change);
    }

    /// Replaces the worlds by those after a step; the things that it names are lost if there are too many.
    pub(crate) fn replace<'m>(
        &mut self,
        first: PossibleWorld<'v>,
        others: Vec<PossibleWorld<'v>>,
        asked: impl IntoIterator<Item = &'m Move<'v>>,
    ) where
        'v: 'm,
    {
        *self = Self { first, others };
        self.merge();
        if self.count() > MOST_WORLDS {
            self.lose(asked);
        }
    }

    /// Asks nothing more of the things that requests name, whose state is no longer known, and forgets in what the worlds differ.
    pub(crate) fn lose<'m>(&mut self, asked: impl IntoIterator<Item = &'m Move<'v>>)
    where
        'v: 'm,
    {
        for id in asked.into_iter().flat_map(Move::things) {
            let Some(state) = self.first.things.get(&id).map(|thing| thing.state) else { continue };
            for thing in self.worlds_mut().filter_map(|world| world.things.get_mut(&id)) {
                (thing.state, thing.part) = (state, ThingPart::Lost);
            }
        }
        self.merge();
    }

    /// Keeps one of the worlds that are the same.
    fn merge(&mut self) {
        let mut distinct: Vec<PossibleWorld<'v>> = Vec::new();
        for world in self.others.drain(..) {
            if world != self.first && !distinct.contains(&world) {
                distinct.push(world);
            }
        }
        self.others = distinct;
    }
}

/// Whether the same row answers in all cells.
pub(crate) fn is_one_row(table: &RequestTable<'_>, cells: &[CellId]) -> bool {
    let mut rows = cells.iter().map(|cell| table[*cell].row);
    rows.next().is_none_or(|first| rows.all(|row| row == first))
}
