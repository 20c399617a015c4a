//! The judgement of a case step by step: what was compared in each answer, and what followed from it.

use super::FindingInfo;
use serde_json::Value;

/// The steps by which a case was judged, without secrets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JudgedCase {
    /// The case.
    pub id: String,
    /// The things that its request was about, once its condition was set up.
    pub things: Vec<ThingInfo>,
    /// The answers that were judged, in order.
    pub steps: Vec<JudgedStep>,
}

/// A thing of some kind while a case's request was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThingInfo {
    /// The kind of resource.
    pub resource: String,
    /// Its id.
    pub id: String,
    /// Its state; empty where no request has made it.
    pub state: String,
    /// The variable with the credential of the other account that it belongs to, where it is not ours.
    pub account: Option<String>,
}

/// The judgement of one answer.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedStep {
    /// The position of its exchange among those of the case.
    pub exchange: usize,
    /// The row that it was compared with: `operation/row`.
    pub row: String,
    /// The comparison with each documented outcome of the row.
    pub outcomes: Vec<OutcomeInfo>,
    /// The conclusion.
    pub conclusion: StepConclusion,
    /// The state that a read of one shows.
    pub state: Option<StateShown>,
}

/// The state of a thing that an answer to a read shows, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateShown {
    /// The expected one.
    Expected(String),
    /// Another one.
    Another(String),
    /// None that is known.
    Unknown(String),
}

/// The conclusion of a comparison with all outcomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepConclusion {
    /// It is the outcome at a position among the compared ones.
    Matches(usize),
    /// It is none of them; the nearest.
    Departs(usize),
    /// It is none of them, and a status that says that the vendor cannot answer; the nearest.
    Overloaded(usize),
    /// It cannot be compared.
    Broken(String),
}

/// An answer compared with one documented outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct OutcomeInfo {
    /// The outcome's name.
    pub name: String,
    /// The distance from it, by which the nearest is found.
    pub distance: usize,
    /// Every check.
    pub checks: Vec<CheckInfo>,
}

/// One check of an answer, without secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckInfo {
    /// The place in the answer: `status`, `body`, `header NAME`, or a JSON Pointer.
    pub place: String,
    /// The promise: a text in words, or a JSON Schema.
    pub promise: Value,
    /// The value that came, where the result alone does not say it.
    pub actual: Option<Value>,
    /// The reason why nothing was checked, where nothing was there to check.
    pub not_made: Option<String>,
    /// The departures; where there are none and something was checked, the promise is kept.
    pub findings: Vec<FindingInfo>,
}

impl CheckInfo {
    /// Returns whether the answer departs there from what a page says.
    pub fn has_failed(&self) -> bool {
        self.findings.iter().any(|finding| finding.inferred.is_none())
    }
}
