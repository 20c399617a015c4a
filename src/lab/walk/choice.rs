//! The next step of a walk: drawn by a seed, towards what was not yet met.

use crate::contract::Operation;
use crate::contract::condition::{WRONG, right_state};
use crate::lab::walk::belief::Belief;
use crate::lab::walk::model::{Model, Move, NOTHING, Step, Subject, Thing};
use crate::lab::walk::table::{Cell, Table};
use fastrand::Rng;
use std::rc::Rc;

/// One step in so many is two requests at once.
const RACES: usize = 9;
/// How often another cell is tried where the first one cannot be met now.
const TRIES: usize = 40;

/// Draws steps.
pub(crate) struct Choice<'t, 'v> {
    table: &'t Table<'v>,
    dice: Rng,
    /// How many resources of a kind may be there at once.
    resources: usize,
    /// The cells that can be met, by position: those that lead somewhere, and the others.
    leading: Vec<usize>,
    staying: Vec<usize>,
    /// For every cell, those of the same operation and the same states.
    pairs: Vec<Rc<[usize]>>,
    next: usize,
}

impl<'t, 'v> Choice<'t, 'v> {
    /// A choice that is the same for the same seed; numbers of things begin behind those that are there.
    pub(crate) fn new(table: &'t Table<'v>, seed: u64, resources: usize, first: usize) -> Self {
        let open = table.cells.iter().enumerate().filter(|(_, cell)| cell.barred.is_none());
        let (leading, staying) = open.map(|(at, cell)| (at, cell.leads)).partition::<Vec<_>, _>(|(_, leads)| *leads);
        let positions = |cells: Vec<(usize, bool)>| cells.into_iter().map(|(at, _)| at).collect();
        let (leading, staying) = (positions(leading), positions(staying));
        let key = |cell: &'t Cell| Some((table.forms.get(cell.form)?.operation, &cell.stands));
        let alike = |cell: &'t Cell| {
            let all = table.cells.iter().enumerate();
            all.filter(|(_, other)| key(other) == key(cell)).map(|(at, _)| at).collect::<Rc<[usize]>>()
        };
        let pairs = table.cells.iter().map(alike).collect();
        Self { table, dice: Rng::with_seed(seed), resources, leading, staying, pairs, next: first }
    }

    /// The next step, given how often each cell was met; none where nothing can be asked.
    pub(crate) fn step(&mut self, belief: &mut Belief, met: &[usize]) -> Option<Step> {
        self.retire(belief);
        if self.dice.usize(..RACES) == 0
            && let Some(race) = self.race(belief, met)
        {
            return Some(race);
        }
        let drawn = (0..TRIES).find_map(|_| {
            let cell = self.cell(met)?;
            self.realise(belief, cell)
        });
        let any = |choice: &mut Self| {
            let mut cells: Vec<usize> = choice.leading.iter().chain(&choice.staying).copied().collect();
            choice.dice.shuffle(&mut cells);
            cells.into_iter().find_map(|cell| choice.realise(belief, cell))
        };
        drawn.or_else(|| any(self)).map(Step::Ask)
    }

    /// A cell: as often one that leads on as one that does not, and among them those most that were met least.
    fn cell(&mut self, met: &[usize]) -> Option<usize> {
        let leading = self.staying.is_empty() || !self.leading.is_empty() && self.dice.bool();
        let cells = if leading { &self.leading } else { &self.staying };
        let often = |cell: &usize| met.get(*cell).copied().unwrap_or(0);
        // Whatever the form of its requests, a state that was seldom met is worth another look.
        let pair = |cell: &usize| self.pairs.get(*cell).map_or(0, |alike| alike.iter().map(often).sum::<usize>());
        #[expect(clippy::cast_precision_loss, reason = "a walk is not that long")]
        let weight = |cell: &usize| match often(cell) {
            0 => 8.0,
            often => 1.0 / (often as f64 * pair(cell) as f64).sqrt(),
        };
        let mut left = self.dice.f64() * cells.iter().map(weight).sum::<f64>();
        let found = cells.iter().find(|cell| {
            left -= weight(cell);
            left <= 0.0
        });
        found.or(cells.last()).copied()
    }

    /// A request that stands in a cell of some possible world, of the resources that there are; every other one answers it, too.
    fn realise(&mut self, belief: &Belief, at: usize) -> Option<Move> {
        let model = match belief.count() {
            1 => belief.world(0),
            count => belief.world(self.dice.usize(..count)),
        };
        let cell = self.table.cells.get(at)?;
        let (form, operation) = (self.table.forms.get(cell.form)?, self.table.operation(cell.form)?);
        if cell.makes && !self.has_room(model, operation, cell) {
            return None;
        }
        let actor = if form.anybody { None } else { self.dice.choice(&self.table.actors).cloned().flatten() };
        let mut subjects: Vec<Subject> = Vec::new();
        let mut child = None;
        // A child first, since it lives in one parent only.
        for (resource, stand) in operation.binds.iter().zip(&cell.stands).rev() {
            let subject = self.subject(model, (resource, stand), (&actor, form.anybody), child)?;
            subjects.push(subject);
            child = Some((subject, stand.as_str()));
        }
        subjects.reverse();
        let asked = Move { form: cell.form, actor, subjects, makes: NOTHING };
        belief.cells(self.table, &asked)?.contains(&at).then_some(())?;
        Some(if cell.makes { self.making(asked) } else { asked })
    }

    fn making(&mut self, asked: Move) -> Move {
        self.next += 1;
        Move { makes: self.next - 1, ..asked }
    }

    /// Something that stands as it should in a request's place for a resource.
    fn subject(
        &mut self,
        model: &Model,
        (resource, stand): (&str, &str),
        (actor, anybody): (&Option<String>, bool),
        child: Option<(Subject, &str)>,
    ) -> Option<Subject> {
        if WRONG.contains(&stand) && !matches!(stand, "foreign" | "misplaced") {
            let forged = self.table.forged.iter().enumerate();
            let fitting = forged.filter(|(_, forged)| forged.resource == resource && forged.wrong == stand);
            let fitting: Vec<usize> = fitting.map(|(at, _)| at).collect();
            return self.dice.choice(&fitting).map(|at| Subject::Forged(*at));
        }
        let right = right_state(self.table.vendor, resource);
        let lives = match child {
            Some((Subject::Thing(child), _)) => model.things.get(&child).and_then(|child| child.parent),
            _ => None,
        };
        let elsewhere = child.is_some_and(|(_, stand)| stand == "misplaced");
        let fits = |number: usize, thing: &Thing| match stand {
            "foreign" => thing.account != *actor && Some(thing.state.as_str()) == right,
            "misplaced" => thing.account == *actor && Some(thing.state.as_str()) == right && thing.parent.is_some(),
            state => {
                thing.state == state
                    && (anybody || thing.account == *actor)
                    && lives.is_none_or(|lives| (lives == number) != elsewhere)
            }
        };
        let fitting: Vec<usize> =
            model.in_play(resource).filter(|(number, thing)| fits(*number, thing)).map(|(number, _)| number).collect();
        self.dice.choice(&fitting).map(|number| Subject::Thing(*number))
    }

    /// Two requests at once about one resource, one of which leads it on; whichever comes first, a row answers the other.
    fn race(&mut self, belief: &Belief, met: &[usize]) -> Option<Step> {
        if !belief.has_room_for_a_race() {
            return None;
        }
        let one = (0..TRIES).find_map(|_| {
            let at = *self.dice.choice(&self.leading)?;
            let cell = self.table.cells.get(at).filter(|cell| !cell.makes)?;
            self.realise(belief, at).filter(|_| !cell.stands.is_empty())
        })?;
        if self.dice.bool() && self.is_documented(belief, &one, &one) {
            return Some(Step::Race(one.clone(), one));
        }
        (0..TRIES).find_map(|_| {
            let at = self.cell(met)?;
            let cell = self.table.cells.get(at).filter(|cell| !cell.makes)?;
            let other = self.realise(belief, at).filter(|_| !cell.stands.is_empty())?;
            let same = other.subjects.last() == one.subjects.last();
            (same && self.is_documented(belief, &one, &other)).then(|| Step::Race(one.clone(), other))
        })
    }

    /// Whether rows answer two requests in either order, whichever world is the vendor's.
    fn is_documented(&self, belief: &Belief, one: &Move, other: &Move) -> bool {
        belief.worlds().all(|world| self.is_documented_in(world, one, other))
    }

    fn is_documented_in(&self, model: &Model, one: &Move, other: &Move) -> bool {
        let then = |first: &Move, second: &Move| {
            let cell = model.cell(self.table, first).and_then(|cell| self.table.cells.get(cell));
            let Some(row) = cell.map(|cell| self.table.row(cell)) else { return false };
            let answered = |model: &Model| {
                let second = model.cell(self.table, second).and_then(|cell| self.table.cells.get(cell));
                second.is_some_and(|cell| !self.table.row(cell).may)
            };
            !row.may
                && row.then.iter().all(|branch| {
                    let mut after = model.clone();
                    after.follow(self.table, first, branch);
                    answered(&after)
                })
        };
        then(one, other) && then(other, one)
    }

    /// Whether there is room for what a cell makes.
    fn has_room(&self, model: &Model, operation: &Operation, cell: &Cell) -> bool {
        let led = self.table.row(cell).then.iter().flat_map(|branch| branch.leads.keys());
        let mut made = led.filter(|resource| !operation.binds.contains(resource));
        made.all(|resource| {
            let live = model.in_play(resource).filter(|(_, thing)| self.table.has_exit(resource, &thing.state));
            live.count() < self.resources
        })
    }

    /// Leaves the oldest alone of those that nothing leads on, with what lives in them, so that there is never more than there should be.
    fn retire(&self, belief: &mut Belief) {
        for (resource, declared) in &self.table.vendor.file.resources {
            let stays = |thing: &Thing| {
                !declared.fixtures.contains_key(&thing.state) && !self.table.has_exit(resource, &thing.state)
            };
            let ended = |number: &usize| belief.worlds().all(|world| world.things.get(number).is_some_and(stays));
            let things = belief.world(0).in_play(resource).map(|(number, _)| number);
            let ended: Vec<usize> = things.filter(ended).collect();
            let most = ended.len().saturating_sub(self.resources);
            for number in ended.into_iter().take(most) {
                belief.retire(number);
            }
        }
    }
}
