//! The differences between an answer and the accepted one, by what they mean for its readers.

use super::ClauseInfo;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How an answer differs from the accepted one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DriftInfo {
    /// The worst of its differences.
    pub class: DriftClass,
    /// The differences, the worst first.
    pub differences: Vec<DifferenceInfo>,
    /// The file of the accepted answer.
    pub baseline: String,
    /// The file of the answer that waits to be accepted, where one was written.
    pub pending: Option<String>,
    /// The difference line by line, as a unified diff.
    pub diff: String,
}

/// What a difference means for whoever relies on the answer; the later, the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DriftClass {
    /// Wording, order, the case of a header's name.
    Cosmetic,
    /// A field that was not there before.
    Additive,
    /// Another value, null where there was none, another documented alternative than last time.
    Risky,
    /// A field gone or of another type, another status or error code.
    Breaking,
}

impl DriftClass {
    /// Every class, the worst first.
    pub const ALL: [Self; 4] = [Self::Breaking, Self::Risky, Self::Additive, Self::Cosmetic];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Risky => "risky",
            Self::Additive => "additive",
            Self::Cosmetic => "cosmetic",
        }
    }
}

/// One difference between an answer and the accepted one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DifferenceInfo {
    /// What it means.
    pub class: DriftClass,
    /// Where: `request`, `status`, `outcome`, `body`, `header NAME`, or a JSON Pointer.
    pub place: String,
    /// One line: what differs.
    pub message: String,
    /// The clause of the page that speaks of the place, where one does.
    pub clause: Option<ClauseInfo>,
}
