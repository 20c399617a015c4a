//! The part of something that was exercised.

use super::{ExerciseState, PageCoverage};
use crate::report::count::Count;
use serde_json::{Value, json};

/// The part of all causes, or of all statements, that was exercised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// The number that were exercised.
    pub exercised: usize,
    /// The number that cannot be, by the contract.
    pub excused: usize,
    /// The number of those of which another documented answer came.
    pub not_seen: usize,
    /// The number of all.
    pub total: usize,
}

impl FromIterator<ExerciseState> for Share {
    fn from_iter<I: IntoIterator<Item = ExerciseState>>(states: I) -> Self {
        let mut share = Self::default();
        for state in states {
            share.total += 1;
            share.exercised += usize::from(state == ExerciseState::Exercised);
            share.excused += usize::from(state.is_excused());
            share.not_seen += usize::from(state == ExerciseState::NotSeen);
        }
        share
    }
}

impl Share {
    /// The number that can be exercised.
    pub fn exercisable(self) -> usize {
        self.total - self.excused
    }

    /// Of a hundred that can be exercised, how many were, rounded down; none where there is nothing to exercise.
    pub fn percent(self) -> Option<usize> {
        (self.exercised * 100).checked_div(self.exercisable())
    }

    /// Returns true if it reaches a percentage. Where nothing can be exercised, nothing is missing.
    pub fn reaches(self, percent: f64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "no page documents 2^53 causes")]
        let (exercised, exercisable) = (self.exercised as f64, self.exercisable() as f64);
        exercised * 100.0 >= percent * exercisable
    }

    /// The share in words: `38 of 40 causes that can be exercised (2 cannot, 1 not seen)`.
    pub fn words(self, noun: &str) -> String {
        let Self { exercised, excused, not_seen, total } = self;
        match (excused, not_seen) {
            (0, 0) => format!("{exercised} of {}", Count(total, noun)),
            (0, _) => format!("{exercised} of {} ({not_seen} not seen)", Count(total, noun)),
            _ => {
                let seen = if not_seen == 0 { String::new() } else { format!(", {not_seen} not seen") };
                let all = Count(self.exercisable(), noun);
                format!("{exercised} of {all} that can be exercised ({excused} cannot{seen})")
            }
        }
    }

    pub(super) fn json(self) -> Value {
        json!({
            "exercised": self.exercised,
            "excused": self.excused,
            "not_seen": self.not_seen,
            "total": self.total,
            "percent": self.percent(),
        })
    }
}

/// The parts of causes and of statements that were exercised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shares {
    /// Of the documented causes.
    pub causes: Share,
    /// Of the statements.
    pub clauses: Share,
}

impl Shares {
    /// The shares of pages, on any target.
    pub(super) fn of<'a>(pages: impl IntoIterator<Item = &'a PageCoverage, IntoIter: Clone>) -> Self {
        let pages = pages.into_iter();
        Self {
            causes: pages.clone().flat_map(|page| &page.causes).map(|cause| cause.state).collect(),
            clauses: pages.flat_map(|page| &page.clauses).map(|clause| clause.state).collect(),
        }
    }

    /// Both shares in words.
    pub fn words(self) -> String {
        format!("{}, {}", self.causes.words("documented cause"), self.clauses.words("clause"))
    }

    pub(super) fn json(self) -> Value {
        json!({ "causes": self.causes.json(), "clauses": self.clauses.json() })
    }
}
