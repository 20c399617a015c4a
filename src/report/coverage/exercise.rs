//! The fate of a documented cause or statement on a target, and the reason.

use crate::judge::verdict::Verdict;
use serde::Serialize;
use std::collections::BTreeMap;

/// The fate of a documented cause or statement; of several targets or rows, the first in this order counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ExerciseState {
    /// A case of it was judged.
    Exercised,
    /// Its condition cannot be set up.
    NotInducible,
    /// No test can hold it.
    Untestable,
    /// The page is certainly wrong.
    Mistaken,
    /// The page contradicts itself, and another of its answers came.
    NotSeen,
    /// The check that it takes was due and could not be made.
    Unchecked,
    /// No answer can break it.
    Vacuous,
    /// Its cases were not runnable here.
    Skipped,
    /// Its cases' arrangement failed.
    Undetermined,
    /// Its cases met a network or an overloaded vendor.
    Environment,
    /// The guard did not let its cases be sent.
    Refused,
    /// None of its cases was selected.
    NotRun,
}

impl ExerciseState {
    /// Every state but that of having been exercised, in the order in which they are listed.
    pub const UNEXERCISED: [Self; 11] = [
        Self::NotInducible,
        Self::Untestable,
        Self::Mistaken,
        Self::NotSeen,
        Self::Unchecked,
        Self::Vacuous,
        Self::Skipped,
        Self::Undetermined,
        Self::Environment,
        Self::Refused,
        Self::NotRun,
    ];

    /// The words for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exercised => "exercised",
            Self::NotInducible => "not inducible",
            Self::Untestable => "untestable",
            Self::Mistaken => "mistaken",
            Self::NotSeen => "not seen",
            Self::Unchecked => "unchecked",
            Self::Vacuous => "vacuous",
            Self::Skipped => "skipped",
            Self::Undetermined => "undetermined",
            Self::Environment => "environment",
            Self::Refused => "refused",
            Self::NotRun => "not run",
        }
    }

    /// Returns true if the contract itself has the reason why it cannot be exercised: accounted for, and not a gap.
    pub fn is_excused(self) -> bool {
        matches!(self, Self::NotInducible | Self::Untestable | Self::Mistaken)
    }
}

impl From<Verdict> for ExerciseState {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Conforms | Verdict::Violates | Verdict::Drifted => Self::Exercised,
            Verdict::Skipped => Self::Skipped,
            Verdict::Undetermined => Self::Undetermined,
            Verdict::Environment => Self::Environment,
            Verdict::Refused => Self::Refused,
            Verdict::NotRun => Self::NotRun,
        }
    }
}

/// The fate of a cause or statement on one target, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exercise {
    /// The fate.
    pub state: ExerciseState,
    /// The reason, unless it was exercised.
    pub why: Option<String>,
}

impl Exercise {
    /// The fate of a cause or statement of which no case was selected.
    pub(super) const NOT_RUN: Self = Self { state: ExerciseState::NotRun, why: None };

    /// The fate for which there is a reason.
    pub(super) fn because(state: ExerciseState, why: &str) -> Self {
        Self { state, why: Some(why.to_owned()) }
    }

    /// The best of several.
    pub(super) fn best<'a>(exercises: impl IntoIterator<Item = &'a Self>) -> Self {
        exercises.into_iter().min_by_key(|exercise| exercise.state).unwrap_or(&Self::NOT_RUN).clone()
    }
}

/// The fate of a cause or statement on each target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ByTarget(BTreeMap<String, Exercise>);

impl FromIterator<(String, Exercise)> for ByTarget {
    fn from_iter<I: IntoIterator<Item = (String, Exercise)>>(exercises: I) -> Self {
        Self(exercises.into_iter().collect())
    }
}

impl ByTarget {
    /// The best of all targets.
    pub(super) fn best(&self) -> Exercise {
        Exercise::best(self.0.values())
    }

    pub(super) fn state_on(&self, target: &str) -> ExerciseState {
        self.0.get(target).map_or(ExerciseState::NotRun, |exercise| exercise.state)
    }
}
