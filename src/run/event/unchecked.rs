//! A check that was due and could not be made.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A read that was due after a case's request and was not made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct UncheckedInfo {
    /// The read: `operation/row`.
    pub read: String,
    /// Why it was not made.
    pub why: String,
    /// The URL that was not fetched, where one was handed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The host of that URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The clauses that were not exercised for want of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clauses: Vec<String>,
}

impl UncheckedInfo {
    /// What was not checked, in one line.
    pub fn words(&self) -> String {
        let Self { read, why, clauses, .. } = self;
        let lost = match clauses.as_slice() {
            [] => String::new(),
            clauses => format!("; not exercised: {}", clauses.join(", ")),
        };
        format!("{read} was not looked at: {why}{lost}")
    }
}
