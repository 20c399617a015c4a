//! Who answers the requests of a run.

use crate::contract::case::Case;
use crate::http::send::Sender;
use crate::run::event::CaseResult;
use std::collections::HashMap;

/// Who answers the requests of a run.
pub enum Answers<'a> {
    /// The vendors, over the network, or a mock in this process.
    Sent(&'a Sender),
    /// A saved run: nothing is sent.
    Saved(SavedCases<'a>),
}

/// The cases of a saved run, by id.
pub struct SavedCases<'a>(HashMap<&'a str, &'a CaseResult>);

impl<'a> SavedCases<'a> {
    /// Returns the result of a case then, where it was run.
    pub(super) fn result_of(&self, case: &Case) -> Option<&'a CaseResult> {
        self.0.get(case.id.as_str()).copied()
    }
}

impl<'a> From<&'a [CaseResult]> for SavedCases<'a> {
    fn from(results: &'a [CaseResult]) -> Self {
        Self(results.iter().map(|result| (result.id.as_str(), result)).collect())
    }
}
