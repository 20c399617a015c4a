//! The ways in which answers may have come about: in each possible world, the requests one after another, each answered by its row.

use crate::contract::Branch;
use crate::http::exchange::Exchange;
use crate::judge::verdict::Judgement;
use crate::lab::walk::belief::is_one_row;
use crate::lab::walk::possible_world::PossibleWorld;
use crate::lab::walk::request_table::CellId;
use crate::lab::walk::session::Session;
use crate::lab::walk::walk_step::Move;
use crate::lab::walk::walk_tally::TransitionBy;
use crate::run::TargetRow;

/// A world and an order of requests in which rows answer as the vendor did.
pub(crate) struct Explanation<'a> {
    /// The answers, in this order.
    pub(crate) answers: Vec<ExplainedAnswer<'a>>,
    after: PossibleWorld<'a>,
}

/// An answer as an outcome of a row.
pub(crate) struct ExplainedAnswer<'a> {
    /// The position of its request among those of the step.
    pub(crate) at: usize,
    /// The row.
    pub(crate) target: TargetRow<'a>,
    /// The outcome's position in the row's `then`.
    pub(crate) outcome: usize,
    cell: CellId,
    transitions: Vec<TransitionBy<'a>>,
}

/// The cells that a request may be in, and the row by which it is sent.
#[derive(Clone)]
pub(super) struct Expectation<'a> {
    pub(super) cells: Vec<CellId>,
    /// The row of all cells; where there are several, one that the page does not promise comes first.
    pub(super) target: TargetRow<'a>,
    /// Whether there is one row only.
    pub(super) is_agreed: bool,
}

impl<'a> Explanation<'a> {
    fn is_in(&self, cell: CellId) -> bool {
        self.answers.iter().any(|answer| answer.cell == cell)
    }

    fn takes(&self, transition: &TransitionBy<'a>) -> bool {
        self.answers.iter().any(|answer| answer.transitions.contains(transition))
    }
}

impl<'a> Session<'_, 'a> {
    /// The cells and the row of a request, if every possible world has a row for it.
    pub(super) fn expect(&self, asked: &Move<'a>) -> Option<Expectation<'a>> {
        let cells = self.belief.cells(self.table, asked)?;
        let mut targets = cells.iter().map(|cell| TargetRow::of(self.party.vendor, self.table[*cell].row));
        let first = targets.next()?;
        let target = if first.row.may { first } else { targets.find(|target| target.row.may).unwrap_or(first) };
        Some(Expectation { target, is_agreed: is_one_row(self.table, &cells), cells })
    }

    /// Every explanation of some answers, with the requests in these orders.
    pub(super) fn explain<const COUNT: usize>(
        &self,
        asked: [&Move<'a>; COUNT],
        exchanges: [&Exchange; COUNT],
        orders: &[[usize; COUNT]],
    ) -> Vec<Explanation<'a>> {
        let mut found = Vec::new();
        for world in self.belief.worlds() {
            found.extend(orders.iter().filter_map(|order| self.explain_in(world, asked, exchanges, order)));
        }
        found
    }

    fn explain_in<const COUNT: usize>(
        &self,
        world: &PossibleWorld<'a>,
        asked: [&Move<'a>; COUNT],
        exchanges: [&Exchange; COUNT],
        order: &[usize; COUNT],
    ) -> Option<Explanation<'a>> {
        let (mut after, mut answers) = (world.clone(), Vec::with_capacity(COUNT));
        for &at in order {
            let (asked, exchange, lane) = (asked.get(at)?, exchanges.get(at)?, self.lanes.get(at)?);
            let cell = after.cell(self.table, asked)?;
            let target = TargetRow::of(self.party.vendor, self.table[cell].row);
            let judgement = self.run.judge.judge(target.row, exchange, &lane.client.scope);
            let Judgement::Matches { outcome, .. } = judgement else { return None };
            let branch = target.row.then.get(outcome)?;
            let transitions = transitions(&after, asked, target, branch).collect();
            after.follow(self.table, asked, branch);
            answers.push(ExplainedAnswer { at, target, outcome, cell, transitions });
        }
        Some(Explanation { answers, after })
    }

    /// Keeps only the worlds after some explanations of a step as possible, and counts what they all have in common. Without an
    /// explanation nothing is learnt.
    pub(super) fn narrow<'m>(
        &mut self,
        explanations: Vec<Explanation<'a>>,
        asked: impl IntoIterator<Item = &'m Move<'a>>,
    ) where
        'a: 'm,
    {
        let mut explanations = explanations.into_iter();
        let Some(Explanation { answers, after }) = explanations.next() else { return };
        // Where both orders lead to the same world, the first of them is as good as the other.
        let others: Vec<Explanation<'a>> = explanations.filter(|other| other.after != after).collect();
        for ExplainedAnswer { cell, transitions, .. } in answers {
            if others.iter().all(|other| other.is_in(cell)) {
                self.tally.count_cell(self.table, cell);
            }
            for transition in transitions {
                if others.iter().all(|other| other.takes(&transition)) {
                    self.tally.count_transition(transition);
                }
            }
        }
        self.belief.replace(after, others.into_iter().map(|other| other.after).collect(), asked);
    }

    /// Takes the resources to where an outcome leads them in every possible world, and counts the transitions that are the same in all.
    pub(super) fn follow(&mut self, asked: &Move<'a>, target: TargetRow<'a>, branch: &'a Branch) {
        for transition in transitions(self.belief.first(), asked, target, branch) {
            let takes = |world| transitions(world, asked, target, branch).any(|other| other == transition);
            if self.belief.worlds().all(takes) {
                self.tally.count_transition(transition);
            }
        }
        self.belief.change(|world| world.follow(self.table, asked, branch));
    }
}

/// The transitions of the resources that an outcome leads on or makes.
fn transitions<'a>(
    world: &PossibleWorld<'a>,
    asked: &Move<'a>,
    target: TargetRow<'a>,
    branch: &'a Branch,
) -> impl Iterator<Item = TransitionBy<'a>> {
    branch.leads.iter().map(move |(resource, to)| {
        let bound = target.operation.binds.iter().position(|bound| bound == resource);
        let thing = bound.and_then(|at| world.things.get(&asked.subjects.get(at)?.thing()?));
        TransitionBy { resource, from: thing.map(|thing| thing.state), to, row: target.row.id }
    })
}
