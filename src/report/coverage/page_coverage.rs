//! The fate of each documented cause and statement of a page; a statement as the cases that could have found it broken.

use super::sightings::{PageSightings, Sightings};
use super::{ByTarget, Exercise, ExerciseState, Shares};
use crate::run::event::{ClauseInfo, Page, RowInfo};
use serde::Serialize;
use std::collections::BTreeMap;

/// The causes and statements of one page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PageCoverage {
    /// The vendor.
    pub vendor: String,
    /// The operation that the page documents.
    pub operation: String,
    /// The page's short name.
    pub page: String,
    /// The page's address.
    pub url: String,
    /// Its documented causes.
    pub causes: Vec<Cause>,
    /// Its statements.
    pub clauses: Vec<Statement>,
    /// What has to come for its promises to be seen.
    pub witnesses: Vec<WitnessCoverage>,
}

/// A thing that has to come for a promise to be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WitnessCoverage {
    /// The thing in words.
    pub witness: String,
    /// The targets on which it came.
    pub seen: Vec<String>,
}

/// A documented cause.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cause {
    /// The row's name.
    pub row: String,
    /// The condition in words.
    pub when: String,
    /// The fate on the target on which it went best.
    pub state: ExerciseState,
    /// The reason, unless it was exercised.
    pub why: Option<String>,
    /// The same by target.
    pub targets: ByTarget,
    /// The different outcomes that the page documents for it, where there are several.
    pub contradiction: Option<Contradiction>,
}

/// Several outcomes that a page documents for one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    /// The reason why they are all documented.
    pub because: Option<String>,
    /// The outcomes.
    pub outcomes: Vec<String>,
    /// Which of them were seen, by target.
    pub seen: BTreeMap<String, Vec<String>>,
}

/// A statement of a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Statement {
    /// Its id on the page.
    pub id: String,
    /// The statement, paraphrased.
    pub says: String,
    /// The fate on the target on which it went best.
    pub state: ExerciseState,
    /// The reason, unless it was exercised.
    pub why: Option<String>,
    /// The same by target.
    pub targets: ByTarget,
    /// The targets on which a finding named it.
    pub broken: Vec<String>,
}

impl PageCoverage {
    pub(super) fn new(page: Page, targets: &[String], sightings: &Sightings<'_>) -> Self {
        let Page { vendor, operation, page, url, clauses, vacuous, witnesses, rows, .. } = page;
        let seen = PageSightings { sightings, targets, vendor: &vendor, operation: &operation };
        let is_vacuous = |clause: &ClauseInfo| vacuous.contains(&clause.id);
        let clauses =
            clauses.into_iter().map(|clause| Statement::new(is_vacuous(&clause), clause, &rows, &seen)).collect();
        let witnesses =
            witnesses.into_iter().map(|witness| WitnessCoverage { seen: seen.witnessed_on(&rows, &witness), witness });
        let witnesses = witnesses.collect();
        let documented = rows.into_iter().filter(|row| row.inferred.is_none());
        let causes = documented.map(|row| Cause::new(row, &seen)).collect();
        Self { vendor, operation, page, url, causes, clauses, witnesses }
    }

    /// The shares of the page that were exercised.
    pub fn shares(&self) -> Shares {
        Shares::of([self])
    }
}

impl Cause {
    fn new(row: RowInfo, seen: &PageSightings<'_>) -> Self {
        let targets = seen.by_target(|target| seen.exercise_of_row(target, &row));
        let Exercise { state, why } = targets.best();
        let contradiction = (row.then.len() > 1).then(|| Contradiction {
            because: row.because,
            seen: seen.chosen_outcomes(&row.row),
            outcomes: row.then,
        });
        Self { row: row.row, when: row.when, state, why, targets, contradiction }
    }
}

impl Statement {
    fn new(is_vacuous: bool, clause: ClauseInfo, rows: &[RowInfo], seen: &PageSightings<'_>) -> Self {
        let citing: Vec<&RowInfo> = rows.iter().filter(|row| row.cites.contains(&clause.id)).collect();
        let targets = seen.by_target(|target| match (&clause.untestable, &clause.mistaken) {
            (Some(why), _) => Exercise::because(ExerciseState::Untestable, why),
            (None, Some(why)) => Exercise::because(ExerciseState::Mistaken, why),
            (None, None) if is_vacuous => Exercise::because(ExerciseState::Vacuous, "no answer can break it"),
            (None, None) => seen.exercise_of_clause(target, &citing, &clause.id),
        });
        let Exercise { state, why } = targets.best();
        let broken = seen.targets.iter().filter(|target| seen.is_broken(target, rows, &clause.id));
        Self { broken: broken.cloned().collect(), id: clause.id, says: clause.says, state, why, targets }
    }
}
