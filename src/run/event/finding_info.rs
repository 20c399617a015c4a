//! One departure of a case, as it is reported.

use super::{ClauseInfo, KnownInfo, Location};
use crate::judge::check::FindingCode;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// One departure from what is documented.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingInfo {
    /// What kind of departure.
    pub code: FindingCode,
    /// One line: what is wrong.
    pub message: String,
    /// Where in the answer: `status`, `body`, `header NAME`, a JSON Pointer, or `state`.
    pub place: String,
    /// The clause that says otherwise, where one clause does.
    pub clause: Option<ClauseInfo>,
    /// The other clauses that it breaks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Where the contract promises otherwise.
    pub location: Location,
    /// Why it is expected, where no page says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inferred: Option<String>,
    /// What was promised; a JSON null is a promise too.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub expected: Option<Value>,
    /// What came.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub actual: Option<Value>,
    /// What `proviso.yaml` says of it, where it is known there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<KnownInfo>,
    /// When the first run began that is known to have found the same, where the run was given one that did, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_before: Option<String>,
}

impl FindingInfo {
    /// Whether it is known, and not for too long.
    pub(super) fn is_known(&self) -> bool {
        self.known.as_ref().is_some_and(|known| !known.expired)
    }

    /// Whether it is known, or was seen before.
    pub(super) fn is_old(&self) -> bool {
        self.is_known() || self.seen_before.is_some()
    }
}

/// A value that is there, null included; without this a null would be read back as absent.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
