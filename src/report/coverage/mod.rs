//! The documented causes and statements that runs exercised, on which target, and why not the others. No input, no output.
//!
//! A cause is a row that a page documents; a row that is inferred alone is not one. It counts as exercised only where a
//! case of it was judged (conforms, violates or drifted): a case that was skipped, or failed on its way, tested nothing.

mod badge;
mod coverage_text;
mod exercise;
mod page_coverage;
mod share;
mod sightings;

pub use badge::Badge;
pub use coverage_text::{coverage_text, witness_text};
pub use exercise::{ByTarget, Exercise, ExerciseState};
pub use page_coverage::{Cause, Contradiction, PageCoverage, Statement, WitnessCoverage};
pub use share::{Share, Shares};
pub use sightings::{CaseGist, Run};

use super::merge::add_page;
use crate::run::event::Page;
use serde_json::{Map, Value, json};
use sightings::Sightings;

/// The part of the pages that several runs together exercised.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Coverage {
    /// The targets, in the order of the runs.
    pub targets: Vec<String>,
    /// The pages.
    pub pages: Vec<PageCoverage>,
}

impl Coverage {
    /// The coverage of these runs' own pages; several runs of one target count as one.
    pub fn of(runs: &[Run]) -> Self {
        Self::over(Vec::new(), runs)
    }

    /// The coverage of these pages and of the runs' own; a page that no run had is not run.
    pub fn over(mut pages: Vec<Page>, runs: &[Run]) -> Self {
        let mut targets: Vec<String> = Vec::new();
        for run in runs {
            if !targets.contains(&run.target) {
                targets.push(run.target.clone());
            }
            run.pages.iter().for_each(|page| add_page(&mut pages, page.clone()));
        }
        pages.sort_by(|a, b| (&a.vendor, &a.operation).cmp(&(&b.vendor, &b.operation)));
        let sightings = Sightings::new(runs);
        let pages = pages.into_iter().map(|page| PageCoverage::new(page, &targets, &sightings)).collect();
        Self { targets, pages }
    }

    /// The shares that were exercised on any target.
    pub fn shares(&self) -> Shares {
        Shares::of(&self.pages)
    }

    /// The share of what has to come for promises to be seen that came on any target.
    pub fn witnesses(&self) -> Share {
        let witnesses = self.pages.iter().flat_map(|page| &page.witnesses);
        let states = witnesses
            .map(|witness| if witness.seen.is_empty() { ExerciseState::NotRun } else { ExerciseState::Exercised });
        states.collect()
    }

    /// The shares that were exercised on one target.
    pub fn shares_on(&self, target: &str) -> Shares {
        Shares {
            causes: self
                .pages
                .iter()
                .flat_map(|page| &page.causes)
                .map(|cause| cause.targets.state_on(target))
                .collect(),
            clauses: self
                .pages
                .iter()
                .flat_map(|page| &page.clauses)
                .map(|clause| clause.targets.state_on(target))
                .collect(),
        }
    }

    /// The shares of one vendor's pages that were exercised on any target.
    pub fn shares_of_vendor(&self, vendor: &str) -> Shares {
        Shares::of(self.pages.iter().filter(|page| page.vendor == vendor))
    }

    /// The vendors, each once.
    pub fn vendors(&self) -> Vec<&str> {
        let mut vendors: Vec<&str> = self.pages.iter().map(|page| page.vendor.as_str()).collect();
        vendors.dedup();
        vendors
    }

    /// All of it as JSON: the totals, by target, by vendor, and every cause and statement by page.
    pub fn json(&self) -> Value {
        let targets = self.targets.iter().map(|target| (target.clone(), self.shares_on(target).json()));
        let vendors = self.vendors();
        let vendors = vendors.iter().map(|vendor| ((*vendor).to_owned(), self.shares_of_vendor(vendor).json()));
        json!({
            "version": 1,
            "total": self.shares().json(),
            "witnesses": self.witnesses().json(),
            "targets": targets.collect::<Map<_, _>>(),
            "vendors": vendors.collect::<Map<_, _>>(),
            "pages": self.pages,
        })
    }
}
