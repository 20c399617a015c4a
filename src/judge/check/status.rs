//! Is the status one that is documented?

use super::{Answer, Expected, Finding, FindingCode};
use crate::contract::Outcome;
use crate::contract::language::Status;
use serde_json::json;

pub(super) fn check(expected: &Expected<'_>, answer: &Answer<'_>) -> Vec<Finding> {
    let status = answer.response.status;
    if Status::is_admitted(expected.outcome.status.as_ref(), status) {
        return Vec::new();
    }
    let promised = promised_words(expected.outcome);
    let message = format!("the status is {status}, promised is {promised}");
    let at = expected.outcome.at.child("status");
    vec![
        Finding::new(FindingCode::Status, expected.outcome, "status", message)
            .at(at)
            .values(json!(promised), json!(status)),
    ]
}

/// The statuses that an outcome promises, in words.
pub(super) fn promised_words(outcome: &Outcome) -> String {
    match &outcome.status {
        Some(documented) => documented.to_string(),
        None => "below 500 and not 429".to_owned(),
    }
}
