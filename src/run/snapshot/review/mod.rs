//! Going through what waits, one answer at a time: a state that keys change, and nothing that is decided before the end.

mod review_picture;

use crate::contract::Contracts;
use crate::run::event::DriftClass;
use crate::run::snapshot::drift::Difference;
use crate::run::snapshot::pending::{Pending, find_case};

pub use review_picture::{Screen, review_keys, review_picture};

/// The decision on one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewDecision {
    /// It becomes the accepted one.
    Accept,
    /// It is taken away.
    Reject,
    /// It goes on waiting.
    Skip,
}

/// The arrangement of two answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// One below the other, line by line.
    Unified,
    /// One beside the other.
    SideBySide,
}

impl View {
    fn other(self) -> Self {
        match self {
            Self::Unified => Self::SideBySide,
            Self::SideBySide => Self::Unified,
        }
    }
}

/// One answer that waits, as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The case.
    pub case: String,
    /// Its condition and documented outcomes in words.
    pub description: String,
    /// The kind of difference; `None` where no answer was ever accepted.
    pub class: Option<DriftClass>,
    /// The differences, each with the sentence of the clause that speaks of it.
    pub differences: Vec<(Difference, Option<String>)>,
    /// The accepted answer.
    pub before: Option<String>,
    /// The answer that waits.
    pub after: String,
}

impl Item {
    /// An answer that waits, with the sentences of the contracts about it.
    pub fn new(pending: &Pending, contracts: &Contracts) -> Self {
        let case = find_case(contracts, &pending.head.case);
        let drift = pending.drift(contracts);
        let class = drift.as_ref().map(|drift| drift.class);
        let differences = drift.into_iter().flat_map(|drift| drift.differences).map(|difference| {
            let clause = case.zip(difference.clause.as_ref());
            let clause = clause.and_then(|((operation, _), id)| operation.clauses.get(id));
            let says = clause.map(|clause| clause.value.says.clone());
            (difference, says)
        });
        Self {
            case: pending.name().into_owned(),
            description: pending.head.description.clone(),
            class,
            differences: differences.collect(),
            before: pending.before.as_ref().map(|before| before.canonical.text()),
            after: pending.after.canonical.text(),
        }
    }
}

/// The state of going through what waits.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    items: Vec<Item>,
    decisions: Vec<ReviewDecision>,
    view: View,
    over: bool,
}

/// The keys, each with its effect.
pub const KEYS: [(char, &str); 6] =
    [('a', "accept"), ('r', "reject"), ('s', "skip"), ('u', "undo"), ('d', "the other view"), ('q', "quit")];

impl Review {
    /// At the first answer, with nothing decided.
    pub fn new(items: Vec<Item>) -> Self {
        let over = items.is_empty();
        Self { items, decisions: Vec::new(), view: View::Unified, over }
    }

    /// Applies a key; one that means nothing changes nothing.
    pub fn press(&mut self, key: char) {
        if self.over {
            return;
        }
        match key.to_ascii_lowercase() {
            'a' => self.decide(ReviewDecision::Accept),
            'r' => self.decide(ReviewDecision::Reject),
            's' => self.decide(ReviewDecision::Skip),
            'u' => drop(self.decisions.pop()),
            'd' => self.view = self.view.other(),
            'q' => self.over = true,
            _ => {}
        }
    }

    fn decide(&mut self, decision: ReviewDecision) {
        self.decisions.push(decision);
        self.over = self.decisions.len() == self.items.len();
    }

    /// The answer that is decided next.
    pub fn current(&self) -> Option<&Item> {
        self.items.get(self.decisions.len()).filter(|_| !self.over)
    }

    /// The number of the current answer, from 1, and the number of all.
    pub fn position(&self) -> (usize, usize) {
        (self.decisions.len() + 1, self.items.len())
    }

    /// The arrangement of answers.
    pub fn view(&self) -> View {
        self.view
    }

    /// Returns true if nothing is left to be decided, or the user wants to decide no more.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// The decisions, in the order of the answers; those behind the last decision go on waiting.
    pub fn decisions(&self) -> &[ReviewDecision] {
        &self.decisions
    }
}

#[cfg(test)]
mod tests;
