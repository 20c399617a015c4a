//! One testable statement of a vendor's page, paraphrased.

use schemars::JsonSchema;
use serde::Deserialize;

/// A statement of a page, and the reason why nothing tests it where nothing does.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(from = "ClauseForm")]
#[schemars(description = "")]
pub struct Clause {
    /// The statement in our own words.
    pub says: String,
    /// The reason why no test can hold it.
    pub untestable: Option<String>,
    /// The reason why the page is certainly wrong here.
    pub mistaken: Option<String>,
}

impl Clause {
    /// Whether there is a reason why nothing tests it.
    pub fn is_explained(&self) -> bool {
        self.untestable.is_some() || self.mistaken.is_some()
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
enum ClauseForm {
    Says(#[schemars(length(min = 1))] String),
    /// The long form: the statement beside the reason why nothing tests it.
    Explained {
        /// The statement, paraphrased.
        says: String,
        /// Why no test can hold it.
        untestable: Option<String>,
        /// Why the page is certainly wrong here.
        mistaken: Option<String>,
    },
}

impl From<ClauseForm> for Clause {
    fn from(form: ClauseForm) -> Self {
        match form {
            ClauseForm::Says(says) => Self { says, ..Self::default() },
            ClauseForm::Explained { says, untestable, mistaken } => Self { says, untestable, mistaken },
        }
    }
}
