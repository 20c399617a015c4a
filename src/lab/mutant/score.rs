//! The score of a measurement: by kind, by page and by clause, with every survivor and the line to write against it.

use super::advice::Advice;
use super::equivalence::Equivalence;
use super::mutant_kind::MutantKind;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// The numbers of mutants, by their fates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct MutantTally {
    /// All.
    pub mutants: usize,
    /// Those that a case noticed.
    pub killed: usize,
    /// Those that break no promise, by a rule.
    pub equivalent: usize,
}

impl MutantTally {
    /// Those that no case noticed although they break a promise.
    pub fn survived(self) -> usize {
        self.mutants.saturating_sub(self.killed + self.equivalent)
    }

    /// The share of the killed among all that break a promise, in hundredths of a percent: rounded down, so that 10000 means all.
    pub fn share(self) -> usize {
        let breaking = self.mutants.saturating_sub(self.equivalent);
        // Where nothing could be broken, nothing is promised.
        (self.killed * 10_000).checked_div(breaking).unwrap_or(if self.mutants == 0 { 0 } else { 10_000 })
    }

    /// Adds one more.
    pub(super) fn add(&mut self, fate: Fate) {
        self.mutants += 1;
        match fate {
            Fate::Killed => self.killed += 1,
            Fate::Equivalent(_) => self.equivalent += 1,
            Fate::Survived => {}
        }
    }
}

/// The fate of a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Killed,
    Equivalent(Equivalence),
    Survived,
}

/// A page.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PageScore {
    /// All of its mutants.
    pub tally: MutantTally,
    /// By clause; under no name those of what no clause is about.
    pub clauses: BTreeMap<String, MutantTally>,
    /// The clauses that are cited and that no mutant breaks.
    pub unbroken: Vec<String>,
}

/// A mutant that no case noticed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Survivor {
    /// The kind.
    pub kind: MutantKind,
    /// `vendor/operation/row`.
    pub row: String,
    /// The outcome that was changed.
    pub outcome: String,
    /// The clause that was broken, if one is about it.
    pub clause: Option<String>,
    /// The words of that clause.
    pub says: Option<String>,
    /// The change.
    pub change: String,
    /// The line to write.
    pub advice: Advice,
}

/// A row that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// `vendor/operation/row`.
    pub row: String,
    /// The reason.
    pub why: String,
}

/// The score of a measurement.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Score {
    /// All mutants.
    pub tally: MutantTally,
    /// By kind.
    pub kinds: BTreeMap<MutantKind, MutantTally>,
    /// By page: `vendor/operation`.
    pub pages: BTreeMap<String, PageScore>,
    /// The number of those that each rule calls equivalent.
    pub rules: BTreeMap<Equivalence, usize>,
    /// Those that no case noticed.
    pub survivors: Vec<Survivor>,
    /// Rows whose answers cannot be had here.
    pub left_out: Vec<LeftOut>,
    /// Cases that do not conform although nothing is broken, with the reason: nothing can be measured by them.
    pub unsound: Vec<LeftOut>,
    /// The time that the mutants took.
    #[serde(serialize_with = "seconds")]
    pub took: Duration,
}

fn seconds<S: serde::Serializer>(took: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_only_all_and_equivalents_count_for_nothing() {
        let tally = |mutants, killed, equivalent| MutantTally { mutants, killed, equivalent };
        assert_eq!(tally(10, 8, 2).share(), 10_000);
        assert_eq!(tally(100_000, 99_999, 0).share(), 9_999);
        assert_eq!((tally(3, 1, 1).share(), tally(3, 1, 1).survived()), (5_000, 1));
        assert_eq!((tally(1, 0, 1).share(), MutantTally::default().share()), (10_000, 0));
    }
}
