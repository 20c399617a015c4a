//! Which documented causes and statements were exercised, on which target, and why the others were not. No input, no output.
//!
//! A cause is a row that a page documents; a row that rests on inference alone is none. It counts as exercised only where a
//! case of it was judged (conforms, violates or drifted): a case that was skipped, or failed on its way, tested nothing.

mod badge;
mod clauses;
mod rows;
mod text;

pub use badge::{endpoint, svg, write};
pub use text::text;

use super::{Saved, merge};
use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, Page};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// What coverage looks at in a run; far less than the run itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    /// The target as asked for.
    pub target: String,
    /// The pages of the cases.
    pub pages: Vec<Page>,
    /// What its cases came to; those of a row that came to the same are one.
    pub cases: HashSet<Seen>,
}

/// What coverage looks at in a case: nothing that tells it from others of its row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Seen {
    vendor: String,
    operation: String,
    row: String,
    verdict: Verdict,
    reason: Option<String>,
    chosen: Option<String>,
    broken: Vec<String>,
}

impl From<&CaseResult> for Seen {
    fn from(case: &CaseResult) -> Self {
        let clauses = case.findings.iter().filter_map(|finding| finding.clause.as_ref());
        Self {
            vendor: case.vendor.clone(),
            operation: case.operation.clone(),
            row: case.row.clone(),
            verdict: case.verdict,
            reason: case.reason.clone(),
            chosen: case.chosen.clone(),
            broken: clauses.map(|clause| clause.id.clone()).collect(),
        }
    }
}

impl From<&Saved> for Run {
    fn from(saved: &Saved) -> Self {
        let cases = saved.cases.iter().map(Seen::from).collect();
        Self { target: saved.target.clone(), pages: saved.pages.clone(), cases }
    }
}

/// What became of a documented cause or statement; of several targets or rows, the first in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A case of it was judged.
    Exercised,
    /// Its condition cannot be brought about.
    NotInducible,
    /// No test can hold it.
    Untestable,
    /// The page is certainly wrong.
    Mistaken,
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

impl State {
    /// Every state, in the order in which they are told.
    pub const ALL: [Self; 9] = [
        Self::Exercised,
        Self::NotInducible,
        Self::Untestable,
        Self::Mistaken,
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
            Self::Skipped => "skipped",
            Self::Undetermined => "undetermined",
            Self::Environment => "environment",
            Self::Refused => "refused",
            Self::NotRun => "not run",
        }
    }

    /// Whether the contract itself says why it cannot be exercised: accounted for, and no gap.
    pub fn is_excused(self) -> bool {
        matches!(self, Self::NotInducible | Self::Untestable | Self::Mistaken)
    }
}

/// Why a cause or statement stands as it does on one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// What became of it.
    pub state: State,
    /// Why, unless it was exercised.
    pub why: Option<String>,
}

/// How much of something was exercised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// How many were exercised.
    pub exercised: usize,
    /// How many the contract says cannot be.
    pub excused: usize,
    /// How many there are.
    pub total: usize,
}

impl Share {
    fn of(states: impl Iterator<Item = State>) -> Self {
        let mut share = Self::default();
        for state in states {
            share.total += 1;
            share.exercised += usize::from(state == State::Exercised);
            share.excused += usize::from(state.is_excused());
        }
        share
    }

    /// How many there are that can be exercised.
    pub fn due(self) -> usize {
        self.total - self.excused
    }

    /// Of a hundred that can be exercised, how many were, rounded down; none where there is nothing to exercise.
    pub fn percent(self) -> Option<usize> {
        (self.exercised * 100).checked_div(self.due())
    }

    /// Whether it reaches a percentage. Where nothing can be exercised, nothing is missing.
    pub fn reaches(self, percent: f64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "nobody documents 2^53 causes")]
        let (exercised, due) = (self.exercised as f64, self.due() as f64);
        exercised * 100.0 >= percent * due
    }
}

/// How much of causes and of statements was exercised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Shares {
    /// Of the documented causes.
    pub causes: Share,
    /// Of the statements.
    pub clauses: Share,
}

/// A documented cause.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cause {
    /// The row's name.
    pub row: String,
    /// The condition in words.
    pub when: String,
    /// What became of it on whichever target it went best.
    pub state: State,
    /// Why, unless it was exercised.
    pub why: Option<String>,
    /// The same by target.
    pub targets: BTreeMap<String, Standing>,
    /// What the page says of it in several ways, where it does.
    pub contradiction: Option<Contradiction>,
}

/// Several outcomes that a page documents for one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    /// Why they all stand.
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
    /// What became of it on whichever target it went best.
    pub state: State,
    /// Why, unless it was exercised.
    pub why: Option<String>,
    /// The same by target.
    pub targets: BTreeMap<String, Standing>,
    /// The targets on which a finding named it.
    pub broken: Vec<String>,
}

/// The causes and statements of one page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Subject {
    /// The vendor.
    pub vendor: String,
    /// The operation that the page documents.
    pub operation: String,
    /// The page's short name.
    pub page: String,
    /// Where the page stands.
    pub url: String,
    /// Its documented causes.
    pub causes: Vec<Cause>,
    /// Its statements.
    pub clauses: Vec<Statement>,
}

/// What several runs together exercised.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Coverage {
    /// The targets, in the order of the runs.
    pub targets: Vec<String>,
    /// The pages.
    pub pages: Vec<Subject>,
}

impl Coverage {
    /// What these runs exercised of their own pages; several runs of one target count as one.
    pub fn of(runs: &[Run]) -> Self {
        Self::over(Vec::new(), runs)
    }

    /// What these runs exercised of these pages and of their own; a page that no run had is not run.
    pub fn over(mut pages: Vec<Page>, runs: &[Run]) -> Self {
        let mut targets: Vec<String> = Vec::new();
        for run in runs {
            if !targets.contains(&run.target) {
                targets.push(run.target.clone());
            }
            run.pages.iter().cloned().for_each(|page| merge::add_page(&mut pages, page));
        }
        pages.sort_by(|a, b| (&a.vendor, &a.operation).cmp(&(&b.vendor, &b.operation)));
        let sights = rows::Sights::of(runs);
        let pages = pages.iter().map(|page| clauses::subject(page, &targets, &sights)).collect();
        Self { targets, pages }
    }

    /// How much was exercised on whichever target.
    pub fn shares(&self) -> Shares {
        shares(&self.pages, |cause| cause.state, |clause| clause.state)
    }

    /// How much was exercised on one target.
    pub fn on(&self, target: &str) -> Shares {
        let state = |targets: &BTreeMap<String, Standing>| targets.get(target).map_or(State::NotRun, |at| at.state);
        shares(&self.pages, |cause| state(&cause.targets), |clause| state(&clause.targets))
    }

    /// The part of one vendor.
    #[must_use]
    pub fn of_vendor(&self, vendor: &str) -> Self {
        let pages = self.pages.iter().filter(|page| page.vendor == vendor).cloned().collect();
        Self { targets: self.targets.clone(), pages }
    }

    /// The vendors, each once.
    pub fn vendors(&self) -> Vec<&str> {
        let mut vendors: Vec<&str> = self.pages.iter().map(|page| page.vendor.as_str()).collect();
        vendors.dedup();
        vendors
    }
}

impl Subject {
    /// How much of the page was exercised.
    pub fn shares(&self) -> Shares {
        shares(std::slice::from_ref(self), |cause| cause.state, |clause| clause.state)
    }
}

fn shares(
    pages: &[Subject],
    cause_state: impl Fn(&Cause) -> State,
    statement_state: impl Fn(&Statement) -> State,
) -> Shares {
    Shares {
        causes: Share::of(pages.iter().flat_map(|page| &page.causes).map(cause_state)),
        clauses: Share::of(pages.iter().flat_map(|page| &page.clauses).map(statement_state)),
    }
}
