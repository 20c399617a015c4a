//! Going through what waits, one answer at a time: a state that keys change, and nothing that is decided before the end.

mod picture;

use crate::contract::Contracts;
use crate::run::event::DriftClass;
use crate::run::snapshot::drift::Difference;
use crate::run::snapshot::pending::{Pending, drift_of, find};

pub use picture::{Look, keys, picture};

/// What is decided of one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It becomes the accepted one.
    Accept,
    /// It is taken away.
    Reject,
    /// It goes on waiting.
    Skip,
}

/// How two answers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// One below the other, line by line.
    Unified,
    /// One beside the other.
    SideBySide,
}

/// One answer that waits, as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The case.
    pub case: String,
    /// Its condition and documented outcomes in words.
    pub description: String,
    /// What kind of difference it is; none where no answer was ever accepted.
    pub class: Option<DriftClass>,
    /// The differences, each with what the clause says that speaks of it.
    pub differences: Vec<(Difference, Option<String>)>,
    /// The accepted answer.
    pub before: Option<String>,
    /// The answer that waits.
    pub after: String,
}

impl Item {
    /// An answer that waits, with what contracts say of it.
    pub fn of(pending: &Pending, contracts: &Contracts) -> Self {
        let drift = drift_of(pending, contracts);
        let says = |id: &String| {
            let (operation, _) = find(contracts, &pending.head.case)?;
            operation.clauses.get(id).map(|clause| clause.value.says.clone())
        };
        let explained = |difference: Difference| {
            let says = difference.clause.as_ref().and_then(says);
            (difference, says)
        };
        Self {
            case: pending.name(),
            description: pending.head.description.clone(),
            class: drift.as_ref().map(|drift| drift.class),
            differences: drift.into_iter().flat_map(|drift| drift.differences).map(explained).collect(),
            before: pending.before.as_ref().map(|before| before.canonical.text()),
            after: pending.after.canonical.text(),
        }
    }
}

/// Where somebody is who goes through what waits.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    items: Vec<Item>,
    decisions: Vec<Decision>,
    view: View,
    over: bool,
}

/// The keys, and what each does.
pub const KEYS: [(char, &str); 6] =
    [('a', "accept"), ('r', "reject"), ('s', "skip"), ('u', "undo"), ('d', "the other view"), ('q', "quit")];

impl Review {
    /// At the first answer, with nothing decided.
    pub fn new(items: Vec<Item>) -> Self {
        let over = items.is_empty();
        Self { items, decisions: Vec::new(), view: View::Unified, over }
    }

    /// What a key does; one that means nothing changes nothing.
    pub fn press(&mut self, key: char) {
        if self.over {
            return;
        }
        match key.to_ascii_lowercase() {
            'a' => self.decide(Decision::Accept),
            'r' => self.decide(Decision::Reject),
            's' => self.decide(Decision::Skip),
            'u' => drop(self.decisions.pop()),
            'd' => {
                self.view = match self.view {
                    View::Unified => View::SideBySide,
                    View::SideBySide => View::Unified,
                }
            }
            'q' => self.over = true,
            _ => {}
        }
    }

    fn decide(&mut self, decision: Decision) {
        self.decisions.push(decision);
        self.over = self.decisions.len() == self.items.len();
    }

    /// The answer that is decided next.
    pub fn current(&self) -> Option<&Item> {
        self.items.get(self.decisions.len()).filter(|_| !self.over)
    }

    /// The number of the current answer, from 1, and how many there are.
    pub fn position(&self) -> (usize, usize) {
        (self.decisions.len() + 1, self.items.len())
    }

    /// How answers are shown.
    pub fn view(&self) -> View {
        self.view
    }

    /// Whether nothing is left to be decided, or nobody wants to decide more.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// What is decided, in the order of the answers; those behind the last decision go on waiting.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }
}

#[cfg(test)]
mod tests;
