//! The next step of a walk: drawn by a seed, towards what was not yet met.

use crate::contract::Operation;
use crate::contract::condition::{WRONG, right_state};
use crate::lab::walk::belief::Belief;
use crate::lab::walk::possible_world::{PossibleWorld, Thing};
use crate::lab::walk::request_table::{Cell, CellId, RequestTable};
use crate::lab::walk::walk_step::{Move, ThingId, ThingRef, WalkStep};
use crate::lab::walk::walk_tally::WalkTally;
use fastrand::Rng;

/// One step in so many is two requests at once.
const RACES: usize = 9;
/// The tries with other cells where the first one cannot be met now.
const TRIES: usize = 40;

/// Draws steps.
pub(crate) struct StepChoice<'t, 'v> {
    table: &'t RequestTable<'v>,
    dice: Rng,
    /// The number of resources of a kind that may be there at once.
    resources: usize,
    /// The cells that can be met: those that lead somewhere, and the others.
    leading: Vec<CellId>,
    staying: Vec<CellId>,
    next: usize,
}

/// The resource that a request needs in a place of its URL.
struct WantedThing<'c> {
    resource: &'c str,
    state: &'c str,
    actor: Option<&'c str>,
    is_public: bool,
    /// The resource that lives inside this one, and its state as the request is to meet it.
    child: Option<(ThingRef, &'c str)>,
}

impl<'t, 'v> StepChoice<'t, 'v> {
    /// A choice that is the same for the same seed; numbers of things begin behind those that are there.
    pub(crate) fn new(table: &'t RequestTable<'v>, seed: u64, resources: usize, first: usize) -> Self {
        let open = table.cells().filter(|(_, cell)| cell.barred.is_none());
        let (leading, staying): (Vec<_>, Vec<_>) = open.partition(|(_, cell)| cell.leads);
        let [leading, staying] = [leading, staying].map(|cells| cells.into_iter().map(|(id, _)| id).collect());
        Self { table, dice: Rng::with_seed(seed), resources, leading, staying, next: first }
    }

    /// The next step, given how often each cell was met; none where nothing can be asked.
    pub(crate) fn next_step(&mut self, belief: &mut Belief<'v>, tally: &WalkTally<'v>) -> Option<WalkStep<'v>> {
        self.retire(belief);
        if self.dice.usize(..RACES) == 0
            && let Some(race) = self.race(belief, tally)
        {
            return Some(race);
        }
        let drawn = (0..TRIES).find_map(|_| {
            let cell = self.draw_cell(tally)?;
            self.realise(belief, cell)
        });
        drawn.or_else(|| self.realise_any(belief)).map(WalkStep::Ask)
    }

    fn realise_any(&mut self, belief: &Belief<'v>) -> Option<Move<'v>> {
        let mut cells: Vec<CellId> = self.leading.iter().chain(&self.staying).copied().collect();
        self.dice.shuffle(&mut cells);
        cells.into_iter().find_map(|cell| self.realise(belief, cell))
    }

    /// A cell: as often one that leads on as one that does not, and among them those most that were met least.
    fn draw_cell(&mut self, tally: &WalkTally<'v>) -> Option<CellId> {
        let leading = self.staying.is_empty() || !self.leading.is_empty() && self.dice.bool();
        let cells = if leading { &self.leading } else { &self.staying };
        let weights = || cells.iter().map(|cell| weight(self.table, tally, *cell));
        let mut left = self.dice.f64() * weights().sum::<f64>();
        let found = cells.iter().zip(weights()).find(|(_, weight)| {
            left -= weight;
            left <= 0.0
        });
        found.map(|(cell, _)| cell).or(cells.last()).copied()
    }

    /// A request in a cell of some possible world, of the resources that there are; a row answers it in every other one, too.
    fn realise(&mut self, belief: &Belief<'v>, id: CellId) -> Option<Move<'v>> {
        let world = match belief.count() {
            1 => belief.first(),
            count => belief.world(self.dice.usize(..count)),
        };
        let cell = &self.table[id];
        let (form, operation) = (&self.table[cell.form], self.table.operation(cell.form));
        if cell.makes && !self.has_room(world, operation, cell) {
            return None;
        }
        let actor = if form.is_public { None } else { self.dice.choice(&self.table.actors).copied().flatten() };
        let mut subjects: Vec<ThingRef> = Vec::new();
        let mut child = None;
        // A child first, since it lives in one parent only.
        for (resource, state) in operation.binds.iter().zip(&cell.states).rev() {
            let wanted = WantedThing { resource, state, actor, is_public: form.is_public, child };
            let subject = self.draw_subject(world, &wanted)?;
            subjects.push(subject);
            child = Some((subject, state));
        }
        subjects.reverse();
        let mut asked = Move { form: cell.form, actor, subjects, makes: None };
        belief.cells(self.table, &asked)?.contains(&id).then_some(())?;
        if cell.makes {
            asked.makes = Some(ThingId(self.next));
            self.next += 1;
        }
        Some(asked)
    }

    /// A resource in the state that a request needs.
    fn draw_subject(&mut self, world: &PossibleWorld<'v>, wanted: &WantedThing<'_>) -> Option<ThingRef> {
        if WRONG.contains(&wanted.state) && !matches!(wanted.state, "foreign" | "misplaced") {
            let fitting: Vec<_> = self.table.forged_of(wanted.resource, wanted.state).collect();
            return self.dice.choice(&fitting).map(|id| ThingRef::Forged(*id));
        }
        let right = right_state(self.table.vendor, wanted.resource);
        let child = wanted.child.and_then(|(child, _)| child.thing());
        let home = child.and_then(|child| world.things.get(&child)?.parent);
        let things = world.in_play(wanted.resource).filter(|(id, thing)| wanted.is_met_by(*id, thing, right, home));
        let fitting: Vec<ThingId> = things.map(|(id, _)| id).collect();
        self.dice.choice(&fitting).map(|id| ThingRef::Thing(*id))
    }

    /// Two requests at once about one resource, one of which leads it on; whichever comes first, a row answers the other.
    fn race(&mut self, belief: &Belief<'v>, tally: &WalkTally<'v>) -> Option<WalkStep<'v>> {
        if !belief.has_room_for_race() {
            return None;
        }
        let one = (0..TRIES).find_map(|_| {
            let cell = *self.dice.choice(&self.leading)?;
            self.realise_for_race(belief, cell)
        })?;
        if self.dice.bool() && self.is_documented(belief, &one, &one) {
            return Some(WalkStep::Race(one.clone(), one));
        }
        let other = (0..TRIES).find_map(|_| {
            let cell = self.draw_cell(tally)?;
            let other = self.realise_for_race(belief, cell)?;
            let is_same = other.subjects.last() == one.subjects.last();
            (is_same && self.is_documented(belief, &one, &other)).then_some(other)
        })?;
        Some(WalkStep::Race(one, other))
    }

    /// A request that makes nothing and names a resource.
    fn realise_for_race(&mut self, belief: &Belief<'v>, id: CellId) -> Option<Move<'v>> {
        if self.table[id].makes {
            return None;
        }
        self.realise(belief, id).filter(|asked| !asked.subjects.is_empty())
    }

    /// Whether rows answer two requests in either order, whichever world is the vendor's.
    fn is_documented(&self, belief: &Belief<'v>, one: &Move<'v>, other: &Move<'v>) -> bool {
        belief.worlds().all(|world| self.answers_both(world, one, other) && self.answers_both(world, other, one))
    }

    /// Whether rows that promise an answer answer two requests, one after the other, wherever the first leads.
    fn answers_both(&self, world: &PossibleWorld<'v>, first: &Move<'v>, second: &Move<'v>) -> bool {
        let promised = |world: &PossibleWorld<'v>, asked| {
            let row = self.table.row(&self.table[world.cell(self.table, asked)?]);
            (!row.may).then_some(row)
        };
        promised(world, first).is_some_and(|row| {
            row.then.iter().all(|branch| {
                let mut after = world.clone();
                after.follow(self.table, first, branch);
                promised(&after, second).is_some()
            })
        })
    }

    /// Whether there is room for what a cell makes.
    fn has_room(&self, world: &PossibleWorld<'v>, operation: &Operation, cell: &Cell<'v>) -> bool {
        let led = self.table.row(cell).then.iter().flat_map(|branch| branch.leads.keys());
        led.filter(|resource| !operation.binds.contains(resource)).all(|resource| {
            let things = world.in_play(resource);
            things.filter(|(_, thing)| self.table.has_exit(resource, thing.state)).count() < self.resources
        })
    }

    /// Retires the oldest of those that nothing leads on, with what lives in them, so that there is never more than there should be.
    fn retire(&self, belief: &mut Belief<'v>) {
        for (resource, declared) in &self.table.vendor.file.resources {
            let things = belief.first().in_play(resource).map(|(id, _)| id);
            let ended: Vec<ThingId> = things
                .filter(|id| {
                    belief.worlds().filter_map(|world| world.things.get(id)).all(|thing| {
                        !declared.fixtures.contains_key(thing.state) && !self.table.has_exit(resource, thing.state)
                    })
                })
                .collect();
            let most = ended.len().saturating_sub(self.resources);
            ended.into_iter().take(most).for_each(|id| belief.retire(id));
        }
    }
}

impl WantedThing<'_> {
    /// Whether a thing is in the state that is needed; `home` is where the child lives.
    fn is_met_by(&self, id: ThingId, thing: &Thing<'_>, right: Option<&str>, home: Option<ThingId>) -> bool {
        match self.state {
            "foreign" => thing.account != self.actor && Some(thing.state) == right,
            "misplaced" => thing.account == self.actor && Some(thing.state) == right && thing.parent.is_some(),
            state => {
                let is_misplaced = self.child.is_some_and(|(_, state)| state == "misplaced");
                thing.state == state
                    && (self.is_public || thing.account == self.actor)
                    && home.is_none_or(|home| (home == id) != is_misplaced)
            }
        }
    }
}

/// The weight of a cell in a draw. Whatever the form of its requests, a state that was seldom met is worth another look.
#[expect(clippy::cast_precision_loss, reason = "a walk is not that long")]
fn weight(table: &RequestTable<'_>, tally: &WalkTally<'_>, cell: CellId) -> f64 {
    match tally.of_cell(cell) {
        0 => 8.0,
        often => 1.0 / (often as f64 * tally.of_pair(table[cell].pair) as f64).sqrt(),
    }
}
