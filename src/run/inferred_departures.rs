//! Departures from what no page says: gathered over a run, so that each is reported once and not for every case.

use crate::judge::check::{Finding, FindingCode};
use crate::text::source::Place;
use std::collections::BTreeMap;

/// The departures of a run, by where in the contracts they are expected to be otherwise.
#[derive(Default)]
pub(super) struct InferredDepartures(BTreeMap<(String, Place, FindingCode), InferredDeparture>);

/// A departure, and the cases that saw it.
pub(super) struct InferredDeparture {
    /// The vendor.
    pub(super) vendor: String,
    /// The departure as it was seen first.
    pub(super) finding: Finding,
    cases: Vec<String>,
}

impl InferredDepartures {
    /// Notes departures that a case has seen.
    pub(super) fn note(&mut self, case: &str, vendor: &str, findings: &[Finding]) {
        for finding in findings {
            let key = (vendor.to_owned(), finding.at.clone(), finding.code);
            let known = self.0.entry(key).or_insert_with(|| InferredDeparture {
                vendor: vendor.to_owned(),
                finding: finding.clone(),
                cases: Vec::new(),
            });
            if !known.cases.iter().any(|known| known == case) {
                known.cases.push(case.to_owned());
            }
        }
    }

    /// All of them, in the order of vendors and places.
    pub(super) fn into_departures(self) -> impl Iterator<Item = InferredDeparture> {
        self.0.into_values()
    }
}

impl InferredDeparture {
    /// The cases that saw it, in words.
    pub(super) fn cases_in_words(&self) -> String {
        match self.cases.as_slice() {
            [only] => only.clone(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
            [] => "the run".to_owned(),
        }
    }
}
