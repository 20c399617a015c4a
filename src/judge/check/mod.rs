//! How an answer can depart from a documented outcome: one file a check, each a pure function from both to findings.

mod body;
mod checked;
mod code;
mod compiled;
mod encoding;
mod finding;
mod header;
mod json;
mod schema;
mod status;

pub use checked::{CheckResult, Checked, checked};
pub use compiled::{Compiled, fits, validator};
pub use finding::{Finding, FindingCode};
pub use json::{Parsed, parse};

use crate::contract::template::Names;
use crate::contract::{Outcome, Promise};
use crate::http::exchange::Response;
use serde_json::Value;

/// An outcome that an answer is held against, with what its references stand for.
pub struct Expected<'a> {
    /// The outcome.
    pub outcome: &'a Outcome,
    /// Its body's schema, compiled.
    pub compiled: &'a Compiled,
    /// What its references stand for.
    pub names: &'a dyn Names,
}

/// An answer, with its body read once for all checks.
pub struct Answer<'a> {
    /// The answer as it came.
    pub response: &'a Response,
    /// Its body as JSON.
    pub parsed: &'a Parsed,
}

impl Answer<'_> {
    /// The body's value, where it is JSON.
    pub fn json(&self) -> Option<&Value> {
        match self.parsed {
            Parsed::Value { value, .. } => Some(value),
            Parsed::Unparseable(_) | Parsed::TooDeep | Parsed::TooMany => None,
        }
    }
}

/// A check: what of an outcome does an answer depart from.
pub type Check = fn(&Expected<'_>, &Answer<'_>) -> Vec<Finding>;

/// Every check, in the order in which their findings are told.
pub static CHECKS: [Check; 6] =
    [status::check, header::check, encoding::check, body::check, code::check, schema::check];

/// All the ways in which an answer departs from an outcome; none, if it conforms.
pub fn check(expected: &Expected<'_>, answer: &Answer<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = CHECKS.iter().flat_map(|check| check(expected, answer)).collect();
    for finding in &mut findings {
        if let Some(why) = expected.outcome.inferred_at(&finding.place) {
            finding.inferred = Some(why.to_owned());
            finding.clause = None;
        }
    }
    findings
}

/// Whether an outcome promises JSON, so that the body is worth reading as such.
pub fn promises_json(outcome: &Outcome) -> bool {
    matches!(outcome.body, Promise::Json(_))
}
