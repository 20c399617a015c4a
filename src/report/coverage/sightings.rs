//! The cases of runs as coverage sees them, found by target and row.

use super::{ByTarget, Exercise, ExerciseState};
use crate::judge::verdict::Verdict;
use crate::report::SavedRun;
use crate::run::event::{CaseResult, Page, RowInfo, UncheckedInfo};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A run as coverage sees it; far less than the run itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    /// The target as asked for.
    pub target: String,
    /// The pages of the cases.
    pub pages: Vec<Page>,
    /// The results of its cases; those of a row with the same result are one.
    pub cases: HashSet<CaseGist>,
}

/// A case as coverage sees it: nothing in which it differs from others of its row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CaseGist {
    vendor: String,
    operation: String,
    row: String,
    verdict: Verdict,
    reason: Option<String>,
    chosen: Option<String>,
    exercised: Vec<String>,
    unchecked: Vec<UncheckedInfo>,
    witnessed: Vec<String>,
    broken: Vec<String>,
}

impl From<&CaseResult> for CaseGist {
    fn from(case: &CaseResult) -> Self {
        Self {
            vendor: case.vendor.clone(),
            operation: case.operation.clone(),
            row: case.row.clone(),
            verdict: case.verdict,
            reason: case.reason.clone(),
            chosen: case.chosen.clone(),
            exercised: case.exercised.clone(),
            unchecked: case.unchecked.clone(),
            witnessed: case.witnessed.clone(),
            broken: case.broken().map(str::to_owned).collect(),
        }
    }
}

impl From<&SavedRun> for Run {
    fn from(saved: &SavedRun) -> Self {
        let cases = saved.cases.iter().map(CaseGist::from).collect();
        Self { target: saved.target.clone(), pages: saved.pages.clone(), cases }
    }
}

/// Every case of every run, by target, vendor, operation and row.
pub(super) struct Sightings<'a>(HashMap<[&'a str; 4], Vec<&'a CaseGist>>);

impl<'a> Sightings<'a> {
    pub(super) fn new(runs: &'a [Run]) -> Self {
        let mut cases: HashMap<[&str; 4], Vec<&CaseGist>> = HashMap::new();
        for run in runs {
            for case in &run.cases {
                let key = [run.target.as_str(), &case.vendor, &case.operation, &case.row];
                cases.entry(key).or_default().push(case);
            }
        }
        Self(cases)
    }
}

/// The cases of one page.
pub(super) struct PageSightings<'a> {
    pub(super) sightings: &'a Sightings<'a>,
    pub(super) targets: &'a [String],
    pub(super) vendor: &'a str,
    pub(super) operation: &'a str,
}

impl PageSightings<'_> {
    fn cases<'b>(&'b self, target: &'b str, row: &'b str) -> impl Iterator<Item = &'b CaseGist> {
        let cases = self.sightings.0.get(&[target, self.vendor, self.operation, row]);
        cases.into_iter().flatten().copied()
    }

    /// Something that is worked out for every target.
    pub(super) fn by_target(&self, of: impl Fn(&str) -> Exercise) -> ByTarget {
        self.targets.iter().map(|target| (target.clone(), of(target))).collect()
    }

    /// The fate of a row on a target.
    pub(super) fn exercise_of_row(&self, target: &str, row: &RowInfo) -> Exercise {
        let cases = self.cases(target, &row.row);
        let best = cases.map(|case| (ExerciseState::from(case.verdict), case.reason.as_ref())).min();
        match (best, &row.not_inducible) {
            (Some((ExerciseState::Exercised, _)), _) => Exercise { state: ExerciseState::Exercised, why: None },
            (_, Some(why)) => Exercise::because(ExerciseState::NotInducible, why),
            (Some((state, why)), None) => Exercise { state, why: why.cloned() },
            (None, None) => Exercise::NOT_RUN,
        }
    }

    /// The fate of a clause of rows on a target: exercised only by a case that could have found it broken.
    pub(super) fn exercise_of_clause(&self, target: &str, citing: &[&RowInfo], clause: &str) -> Exercise {
        let cases = || citing.iter().flat_map(|row| self.cases(target, &row.row));
        if cases().any(|case| case.exercised.iter().any(|exercised| exercised == clause)) {
            return Exercise { state: ExerciseState::Exercised, why: None };
        }
        let exercises: Vec<Exercise> = citing.iter().map(|row| self.exercise_of_row(target, row)).collect();
        let best = Exercise::best(&exercises);
        if best.state != ExerciseState::Exercised {
            return best;
        }
        let mut unchecked = cases().flat_map(|case| &case.unchecked);
        match unchecked.find(|unchecked| unchecked.clauses.iter().any(|known| known == clause)) {
            Some(unchecked) => Exercise::because(ExerciseState::Unchecked, &unchecked.why),
            None => Exercise { state: ExerciseState::NotSeen, why: None },
        }
    }

    /// The targets on which what a promise takes to be seen came.
    pub(super) fn witnessed_on(&self, rows: &[RowInfo], witness: &str) -> Vec<String> {
        let came = |target: &&String| {
            let mut cases = rows.iter().flat_map(|row| self.cases(target, &row.row));
            cases.any(|case| case.witnessed.iter().any(|known| known == witness))
        };
        self.targets.iter().filter(came).cloned().collect()
    }

    /// Returns true if a finding on a target named a clause of the page.
    pub(super) fn is_broken(&self, target: &str, rows: &[RowInfo], clause: &str) -> bool {
        let cases = rows.iter().flat_map(|row| self.cases(target, &row.row));
        cases.flat_map(|case| &case.broken).any(|broken| broken == clause)
    }

    /// The outcomes of a row that were seen, by target.
    pub(super) fn chosen_outcomes(&self, row: &str) -> BTreeMap<String, Vec<String>> {
        let mut seen = BTreeMap::new();
        for target in self.targets {
            let mut chosen: Vec<&String> = self.cases(target, row).filter_map(|case| case.chosen.as_ref()).collect();
            chosen.sort();
            chosen.dedup();
            if !chosen.is_empty() {
                seen.insert(target.clone(), chosen.into_iter().cloned().collect());
            }
        }
        seen
    }
}
