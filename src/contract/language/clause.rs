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
    /// The part of a request without which, as it says, there is no success.
    pub required: Option<RequiredPart>,
}

/// A part of a request that a page requires.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum RequiredPart {
    /// A field of the body, by its JSON Pointer.
    Field(#[schemars(regex(pattern = "^/"))] String),
    /// A header field.
    Header {
        /// Its name.
        header: String,
    },
    /// A query parameter.
    Query {
        /// Its name.
        query: String,
    },
    /// A part of the path.
    Path {
        /// Its name, without braces.
        path: String,
    },
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
        /// What is required: a field of the body (`/field`), or a `header`, `query` or `path` part. Some row has to leave it out.
        required: Option<RequiredPart>,
    },
}

impl From<ClauseForm> for Clause {
    fn from(form: ClauseForm) -> Self {
        match form {
            ClauseForm::Says(says) => Self { says, ..Self::default() },
            ClauseForm::Explained { says, untestable, mistaken, required } => {
                Self { says, untestable, mistaken, required }
            }
        }
    }
}
