//! The ways in which answers may have come about: in each possible world, the requests one after another, each answered by its row.

use crate::contract::Branch;
use crate::http::exchange::Exchange;
use crate::judge::verdict::Judgement;
use crate::lab::walk::model::{Model, Move};
use crate::lab::walk::session::{Session, TransitionKey};
use crate::run::TargetRow;
use std::collections::BTreeSet;

/// A world and an order of requests in which rows answer as the vendor did.
pub(crate) struct Reading<'a> {
    /// The answers, in this order.
    pub(crate) answers: Vec<AnswerReading<'a>>,
    after: Model,
}

/// An answer as an outcome of a row.
pub(crate) struct AnswerReading<'a> {
    /// The position of its request among those of the step.
    pub(crate) at: usize,
    /// The row.
    pub(crate) target: TargetRow<'a>,
    /// The outcome's position in the row's `then`.
    pub(crate) outcome: usize,
    cell: usize,
    transitions: Vec<TransitionKey>,
}

/// The cells that a request may be in, and the row by which it is sent.
pub(super) struct Expected<'a> {
    pub(super) cells: Vec<usize>,
    /// The row of all cells; where there are several, one that may be answered differently comes first.
    pub(super) target: TargetRow<'a>,
    /// Whether there is one row only.
    pub(super) agreed: bool,
}

impl Expected<'_> {
    /// The cell that the request is in, if that is certain.
    pub(super) fn certain_cell(&self) -> Vec<usize> {
        if self.cells.len() == 1 { self.cells.clone() } else { Vec::new() }
    }
}

impl<'a> Session<'_, 'a> {
    /// The cells and the row of a request, if every possible world has a row for it.
    pub(super) fn expected(&self, asked: &Move) -> Option<Expected<'a>> {
        let cells = self.belief.cells(self.table, asked)?;
        let rows: BTreeSet<_> = cells.iter().filter_map(|at| self.table.cells.get(*at)).map(|cell| cell.row).collect();
        let targets = || rows.iter().map(|row| TargetRow::of(self.party.vendor, *row));
        let target = targets().find(|target| target.row.may).or_else(|| targets().next())?;
        Some(Expected { cells, target, agreed: rows.len() == 1 })
    }

    /// Every reading of some answers, with the requests in these orders.
    pub(super) fn readings<const COUNT: usize>(
        &self,
        asked: [&Move; COUNT],
        exchanges: [&Exchange; COUNT],
        orders: &[[usize; COUNT]],
    ) -> Vec<Reading<'a>> {
        let worlds = self.belief.worlds();
        worlds
            .flat_map(|world| orders.iter().filter_map(|order| self.reading(world, asked, exchanges, order)))
            .collect()
    }

    fn reading<const COUNT: usize>(
        &self,
        world: &Model,
        asked: [&Move; COUNT],
        exchanges: [&Exchange; COUNT],
        order: &[usize; COUNT],
    ) -> Option<Reading<'a>> {
        let (mut after, mut answers) = (world.clone(), Vec::with_capacity(COUNT));
        for &at in order {
            let (asked, exchange, scope) = (asked.get(at)?, exchanges.get(at)?, &self.lanes.get(at)?.client.scope);
            let cell = after.cell(self.table, asked)?;
            let target = TargetRow::of(self.party.vendor, self.table.cells.get(cell)?.row);
            let Judgement::Matches(outcome) = self.run.judge.judge(target.row, exchange, scope) else {
                return None;
            };
            let branch = target.row.then.get(outcome)?;
            let transitions = transitions(&after, asked, target, branch);
            after.follow(self.table, asked, branch);
            answers.push(AnswerReading { at, target, outcome, cell, transitions });
        }
        Some(Reading { answers, after })
    }

    /// Takes as possible only the worlds after some readings of a step, and counts what all readings have in common; the cells that
    /// were met in every one of them. Without a reading nothing is learnt.
    pub(super) fn narrow(&mut self, readings: Vec<Reading<'a>>, things: &BTreeSet<usize>) -> Vec<usize> {
        let mut readings = readings.into_iter();
        let Some(Reading { answers, after }) = readings.next() else { return Vec::new() };
        let others: Vec<Reading<'a>> = readings.collect();
        let mut met = Vec::new();
        for AnswerReading { cell, transitions, target, .. } in answers {
            let in_all =
                |holds: &dyn Fn(&AnswerReading<'_>) -> bool| others.iter().all(|other| other.answers.iter().any(holds));
            if in_all(&|answer| answer.cell == cell) {
                met.push(cell);
            }
            for key in transitions {
                if in_all(&|answer| answer.target.row.id == target.row.id && answer.transitions.contains(&key)) {
                    self.count_transition(key, target);
                }
            }
        }
        self.belief.narrow_to(after, others.into_iter().map(|other| other.after).collect(), things);
        met
    }

    /// Takes the resources to where an outcome leads them in every possible world, and counts the transitions that are the same in all.
    pub(super) fn follow(&mut self, asked: &Move, target: TargetRow<'a>, branch: &Branch) {
        let mut worlds = self.belief.worlds().map(|world| transitions(world, asked, target, branch));
        let first = worlds.next().unwrap_or_default();
        let others: Vec<_> = worlds.collect();
        for key in first {
            if others.iter().all(|other| other.contains(&key)) {
                self.count_transition(key, target);
            }
        }
        self.belief.change_worlds(|world| world.follow(self.table, asked, branch));
    }

    fn count_transition(&mut self, key: TransitionKey, target: TargetRow<'_>) {
        let row = format!("{}/{}", target.operation.name, target.row.name);
        *self.transitions.entry(key).or_default().entry(row).or_default() += 1;
    }
}

/// The transitions of the resources that an outcome leads on or makes.
fn transitions(world: &Model, asked: &Move, target: TargetRow<'_>, branch: &Branch) -> Vec<TransitionKey> {
    let leads = branch.leads.iter().map(|(resource, state)| {
        let bound = target.operation.binds.iter().position(|bound| bound == resource);
        let number = bound.and_then(|at| asked.subjects.get(at)?.number());
        let from = number.and_then(|number| world.things.get(&number)).map(|thing| thing.state.clone());
        (resource.clone(), from, state.clone())
    });
    leads.collect()
}
