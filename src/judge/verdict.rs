//! What an answer means: held against a row's outcomes, and classed where it matches none. No input, no output.

use crate::contract::template::Names;
use crate::contract::{Contracts, Operation, Outcome, OutcomeId, Row};
use crate::http::exchange::{Exchange, FailureKind, Response};
use crate::judge::check::{
    Answer, Checked, Compiled, Expected, Finding, FindingCode, Parsed, check, checked, parse, promises_json,
};
use crate::judge::compared_outcome::ComparedOutcome;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;
use std::sync::OnceLock;

/// What a case came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// One of the documented outcomes came back, whole.
    Conforms,
    /// Within the documents, but not what the baseline says.
    Drifted,
    /// Not runnable here.
    Skipped,
    /// Nothing of it was sent when the run was cut short.
    NotRun,
    /// The guard did not let it be sent.
    Refused,
    /// Not known: an arrangement failed, or a read afterwards shows no documented state.
    Undetermined,
    /// The network or an overloaded vendor is to blame.
    Environment,
    /// The answer departs from every documented outcome.
    Violates,
}

impl Verdict {
    /// Every verdict, in the order in which counts are told.
    pub const ALL: [Self; 8] = [
        Self::Conforms,
        Self::Violates,
        Self::Drifted,
        Self::Environment,
        Self::Undetermined,
        Self::Refused,
        Self::Skipped,
        Self::NotRun,
    ];

    /// Whether anything was tried: a case that was skipped, refused or not run sent nothing.
    pub fn is_tested(self) -> bool {
        !matches!(self, Self::Skipped | Self::Refused | Self::NotRun)
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Conforms => "conforms",
            Self::Drifted => "drifted",
            Self::Skipped => "skipped",
            Self::NotRun => "not run",
            Self::Refused => "refused",
            Self::Undetermined => "undetermined",
            Self::Environment => "environment",
            Self::Violates => "violates",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// An exchange held against a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Judgement {
    /// It is one of the row's outcomes.
    Matches {
        /// The position in `then`.
        outcome: usize,
        /// The departures from what is only inferred of the outcome.
        inferred: Vec<Finding>,
    },
    /// A whole answer came, and it is none of them: how it departs from the one it is nearest to.
    Departs {
        /// The position in `then` of the nearest outcome.
        nearest: usize,
        /// The departures from it.
        findings: Vec<Finding>,
    },
    /// The vendor answered that it cannot answer: 429, or 5xx, which no outcome of the row documents.
    Overloaded {
        /// The status.
        status: u16,
        /// The position in `then` of the nearest outcome.
        nearest: usize,
        /// The departures, should it turn out that the vendor is alive.
        findings: Vec<Finding>,
    },
    /// No whole answer came, or one beyond the bounds.
    Broken(FailureKind, String),
}

impl Judgement {
    /// A whole match of the outcome at a position of a row's `then`.
    pub fn matches(outcome: usize) -> Self {
        Self::Matches { outcome, inferred: Vec::new() }
    }
}

/// The likeness of an answer to an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// It has another status, media type or kind of body.
    None,
    /// It has those, and little else of what is promised.
    Kind,
    /// It also has at least half of what an empty object would lack.
    Close,
}

/// Judges answers by contracts; compiles an outcome when it is first looked at.
pub struct Judge<'a> {
    contracts: &'a Contracts,
    compiled: Vec<Vec<Vec<OnceLock<Compiled>>>>,
}

impl<'a> Judge<'a> {
    /// A judge by these contracts.
    pub fn new(contracts: &'a Contracts) -> Self {
        let cells = |operation: &Operation| operation.outcomes.iter().map(|_| OnceLock::new()).collect();
        let compiled = contracts.vendors.iter().map(|vendor| vendor.operations.iter().map(cells).collect()).collect();
        Self { contracts, compiled }
    }

    /// Holds an exchange against a row.
    pub fn judge(&self, row: &Row, exchange: &Exchange, names: &dyn Names) -> Judgement {
        match &exchange.result {
            Ok(response) => self.judge_answer(row, response, names),
            Err(failure) => Judgement::Broken(failure.kind, failure.to_string()),
        }
    }

    /// Whether an answer is one of a row's outcomes.
    pub fn accepts(&self, row: &Row, response: &Response, names: &dyn Names) -> bool {
        matches!(self.judge_answer(row, response, names), Judgement::Matches { .. })
    }

    /// The likeness of an answer to an outcome.
    pub fn likeness(&self, outcome: &Outcome, response: &Response, names: &dyn Names) -> Likeness {
        let Some(compiled) = self.compiled(outcome) else { return Likeness::None };
        let expected = Expected { outcome, compiled, names };
        let parsed = if promises_json(outcome) { parse(&response.body) } else { Parsed::Unparseable(String::new()) };
        let findings = check(&expected, &Answer { response, parsed: &parsed });
        let is_other = |finding: &Finding| {
            matches!(
                finding.code,
                FindingCode::Status | FindingCode::MediaType | FindingCode::NotJson | FindingCode::Body
            )
        };
        if findings.iter().any(is_other) {
            return Likeness::None;
        }
        let nothing = Parsed::Value { value: Value::Object(Map::new()), doubled: Vec::new() };
        let lacking = || check(&expected, &Answer { response, parsed: &nothing }).len();
        if findings.is_empty() || findings.len() * 2 <= lacking() { Likeness::Close } else { Likeness::Kind }
    }

    /// Holds a whole answer against a row.
    pub fn judge_answer(&self, row: &Row, response: &Response, names: &dyn Names) -> Judgement {
        let parsed = self.parse_for(row, response);
        if let Some(why) = beyond(&parsed) {
            return Judgement::Broken(FailureKind::TooLarge, why.to_owned());
        }
        let answer = Answer { response, parsed: &parsed };
        let (mut inferred, mut nearest) = (None, None);
        for comparison in self.comparisons(row, &answer, names) {
            if comparison.findings.is_empty() {
                return Judgement::matches(comparison.position);
            }
            if comparison.is_inferred() {
                inferred.get_or_insert(comparison);
            } else if nearest.as_ref().is_none_or(|known: &ComparedOutcome| comparison.distance() < known.distance()) {
                nearest = Some(comparison);
            }
        }
        self.conclude(row, &answer, names, (inferred, nearest))
    }

    /// The comparison of an answer with each outcome of a row, whether or not an earlier one matches: the very ones that a judgement
    /// is derived from, each with all its checks. There is none of a body that is beyond the bounds.
    pub fn compare(&self, row: &Row, response: &Response, names: &dyn Names) -> Vec<(ComparedOutcome, Vec<Checked>)> {
        let parsed = self.parse_for(row, response);
        if beyond(&parsed).is_some() {
            return Vec::new();
        }
        let answer = Answer { response, parsed: &parsed };
        let mut all = Vec::new();
        for comparison in self.comparisons(row, &answer, names) {
            let outcome = &self.contracts[row.id.operation][comparison.outcome];
            if let Some(compiled) = self.compiled(outcome) {
                let checks = checked(&Expected { outcome, compiled, names }, &answer, &comparison.findings);
                all.push((comparison, checks));
            }
        }
        all
    }

    /// The body of an answer, read if a row's outcomes speak of JSON.
    fn parse_for(&self, row: &Row, response: &Response) -> Parsed {
        let mut wanted = self.contracts[row.id.operation].outcomes_of(row);
        if wanted.any(promises_json) { parse(&response.body) } else { Parsed::Unparseable(String::new()) }
    }

    /// The comparison of an answer with each outcome of a row, in the order of its `then`.
    fn comparisons<'s>(
        &'s self,
        row: &'s Row,
        answer: &'s Answer<'_>,
        names: &'s dyn Names,
    ) -> impl Iterator<Item = ComparedOutcome> + 's {
        let outcomes = self.contracts[row.id.operation].outcomes_of(row).enumerate();
        outcomes.filter_map(move |(position, outcome)| {
            let compiled = self.compiled(outcome)?;
            let findings = check(&Expected { outcome, compiled, names }, answer);
            Some(ComparedOutcome { position, outcome: outcome.id, findings })
        })
    }

    /// The judgement of an answer that matches none of a row's outcomes whole: the first of those from which it departs in nothing
    /// but what no page says, and the nearest of the others.
    fn conclude(
        &self,
        row: &Row,
        answer: &Answer<'_>,
        names: &dyn Names,
        (inferred, nearest): (Option<ComparedOutcome>, Option<ComparedOutcome>),
    ) -> Judgement {
        let operation = &self.contracts[row.id.operation];
        if let Some(ComparedOutcome { position, outcome, findings }) = inferred {
            let is_unshared = findings.iter().any(|finding| operation[outcome].is_unshared(&finding.place));
            if !(is_unshared && self.is_another(row, answer, names)) {
                return Judgement::Matches { outcome: position, inferred: findings };
            }
        }
        let (nearest, mut findings) = nearest.map(|it| (it.position, it.findings)).unwrap_or_default();
        if is_of_another_outcome(operation, answer.response.status, &findings) {
            findings.retain(|finding| matches!(finding.code, FindingCode::Status | FindingCode::LiveMode));
        }
        match answer.response.status {
            status @ (429 | 500..) => Judgement::Overloaded { status, findings, nearest },
            _ => Judgement::Departs { nearest, findings },
        }
    }

    /// Returns whether an answer is exactly an outcome of the operation that is not one of a row.
    fn is_another(&self, row: &Row, answer: &Answer<'_>, names: &dyn Names) -> bool {
        let outcomes = self.contracts[row.id.operation].outcomes.values();
        let mut others = outcomes.filter(|other| row.then.iter().all(|branch| branch.outcome != other.id));
        others.any(|outcome| {
            let compiled = self.compiled(outcome);
            compiled.is_some_and(|compiled| check(&Expected { outcome, compiled, names }, answer).is_empty())
        })
    }

    fn compiled(&self, outcome: &Outcome) -> Option<&Compiled> {
        let OutcomeId { operation, .. } = outcome.id;
        let of_vendor = self.compiled.get(operation.vendor.position())?;
        let cell = of_vendor.get(operation.position())?.get(outcome.id.position())?;
        // A schema that does not compile is a mistake that lint has told; here it checks nothing.
        Some(cell.get_or_init(|| Compiled::of(outcome).unwrap_or_default()))
    }
}

/// The bound that a body passes when it is read, if it passes one.
fn beyond(parsed: &Parsed) -> Option<&'static str> {
    match parsed {
        Parsed::TooDeep => Some("the answer is nested deeper than the bound of 128"),
        Parsed::TooMany => Some("the answer holds more values than are kept in memory"),
        Parsed::Value { .. } | Parsed::Unparseable(_) => None,
    }
}

/// Returns whether a status that is not the expected one is that of another outcome of the operation: then the answer is not to be
/// compared field by field.
fn is_of_another_outcome(operation: &Operation, status: u16, findings: &[Finding]) -> bool {
    let mut documented = operation.outcomes.values().filter_map(|outcome| outcome.status.as_ref());
    findings.iter().any(|finding| finding.code == FindingCode::Status) && documented.any(|known| known.admits(status))
}
