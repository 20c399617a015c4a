//! A violation that is known: the vendor will not mend it, and a person answers for living with it.

use super::Location;
use super::departures::is_of_case;
use crate::judge::check::FindingCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is known of one departure of one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KnownInfo {
    /// The case.
    pub case: String,
    /// The target, by its name or its address, if it is known there alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The kind of departure.
    pub finding: FindingCode,
    /// Where in the answer, if it is known there alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Why it is lived with.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it fails nothing, as `2027-01-31`.
    pub expires: String,
    /// The address of the issue that is about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
    /// Whether that day was over when the run began.
    pub expired: bool,
    /// Where it is written.
    pub location: Location,
}

impl KnownInfo {
    /// Whether a departure of a case is the one that is known; so it is where other cases see it of the case's row.
    pub fn covers(&self, case: &str, finding: FindingCode, place: &str) -> bool {
        is_of_case(&self.case, case)
            && self.finding == finding
            && self.place.as_ref().is_none_or(|known| known == place)
    }

    /// What is known, in one line for a reader of the departure.
    pub fn words(&self) -> String {
        let Self { reason, owner, expires, .. } = self;
        let until = if self.expired { "was known until" } else { "known until" };
        let issue = self.issue.as_ref().map(|issue| format!(" ({issue})")).unwrap_or_default();
        format!("{until} {expires}, {owner}: {reason}{issue}")
    }
}
