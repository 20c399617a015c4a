//! One request and what came of it, as it is told.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// One request and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExchangeInfo {
    /// What it was for.
    pub purpose: Purpose,
    /// The operation and row that it was sent for: `links.create/new`.
    pub step: String,
    /// The method.
    pub method: String,
    /// The URL.
    pub url: String,
    /// The request's header fields.
    pub headers: Vec<(String, String)>,
    /// The request's body.
    pub body: Option<String>,
    /// The answer's status; none if no whole answer came.
    pub status: Option<u16>,
    /// The answer's header fields.
    pub answer_headers: Vec<(String, String)>,
    /// The answer's body.
    pub answer: Option<String>,
    /// Whether the answer's body is told otherwise than it came: cut, or with bytes replaced that are no text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
    /// Why no whole answer came.
    pub failure: Option<String>,
    /// How often it was tried before.
    pub earlier_tries: usize,
    /// Whether the vendor may have acted on one of those, although its answer was lost.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub acted_before: bool,
    /// What references stood for that no answer tells: `mark`, `uuid` and whatever else was drawn for the request, as
    /// `link: alnum19` what was drawn for an id that no request has made, and as `link.id` an id that the engineer supplied.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub drawn: BTreeMap<String, Value>,
    /// A command line that sends it again, with secrets as `$VARIABLES`.
    pub curl: String,
    /// When it was sent, RFC 3339.
    pub started: String,
    /// How long the last try took.
    #[serde(with = "super::seconds")]
    #[schemars(with = "f64", range(min = 0.0))]
    pub took: Duration,
}

/// What an exchange was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// To see whether the vendor is alive.
    Canary,
    /// To bring the condition about.
    Arrange,
    /// The case itself.
    Case,
    /// To see the state afterwards.
    Read,
    /// To see that a read is right before the request.
    Control,
    /// To remove what was made.
    Cleanup,
}

impl Purpose {
    /// It in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Canary => "to see whether the vendor is alive",
            Self::Arrange => "to set the condition up",
            Self::Case => "the case itself",
            Self::Read => "to see the state afterwards",
            Self::Control => "to see that the read is right before",
            Self::Cleanup => "to remove what was made",
        }
    }
}
