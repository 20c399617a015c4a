//! A documented answer: status, body, headers and error code.

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;
use std::num::ParseIntError;

/// A documented answer. `fields` and `body` exclude each other; with neither, nothing is promised of the body but its `code`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Outcome")]
pub struct WrittenOutcome {
    /// The statuses that are documented; left out, the page documents none: any below 500 but 429.
    pub status: Option<Status>,
    /// The shape from which `fields` start.
    pub like: Option<String>,
    /// An object that has each of these: a scalar or list is an exact constant, a mapping a JSON Schema, with `inferred: WHY` where no
    /// page says so.
    pub fields: Option<Map<String, Value>>,
    /// A whole JSON Schema, or `any`, `empty` or `text`.
    pub body: Option<BodyPromise>,
    /// Headers that the answer carries: a constant, or a JSON Schema of the value, with `inferred: WHY` where no page says so.
    #[serde(default)]
    pub headers: IndexMap<String, Value>,
    /// The media type, where it is not what the body implies.
    pub media: Option<String>,
    /// The error code, standing where the vendor's `error_code` says.
    pub code: Option<Value>,
    /// The clauses of the page that say what this answer looks like.
    #[serde(default)]
    pub cites: Vec<String>,
    /// Why this is expected although no page says so.
    pub inferred: Option<String>,
    /// Pointers to values that the vendor mints and that must never be shown.
    #[serde(default)]
    pub secret: Vec<String>,
    /// Pointers to values that have the name of a secret, such as `/access_token`, and are shown all the same.
    #[serde(default)]
    pub shown: Vec<String>,
}

/// A promise of a body that `fields` cannot make.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyPromise {
    /// Nothing.
    Any,
    /// That there is none.
    Empty,
    /// That it is text, and not empty.
    Text,
    /// That it satisfies a JSON Schema.
    Schema(Value),
}

impl<'de> Deserialize<'de> for BodyPromise {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(word) if word == "any" => Ok(Self::Any),
            Value::String(word) if word == "empty" => Ok(Self::Empty),
            Value::String(word) if word == "text" => Ok(Self::Text),
            schema @ Value::Object(_) => Ok(Self::Schema(schema)),
            _ => Err(D::Error::custom("a JSON Schema, `any`, `empty` or `text`")),
        }
    }
}

impl JsonSchema for BodyPromise {
    fn schema_name() -> Cow<'static, str> {
        "Body".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "enum": ["any", "empty", "text"] }, { "type": "object" }] })
    }
}

/// The place of a vendor's error code.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(from = "CodePlaceForm")]
#[schemars(description = "")]
pub enum CodePlace {
    /// A JSON Pointer into the body.
    Body(String),
    /// A header's value.
    Header(String),
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
enum CodePlaceForm {
    /// A JSON Pointer, which begins with a slash.
    Pointer(#[schemars(regex(pattern = "^/"))] String),
    /// The long form of a code's place.
    InHeader {
        /// The header's name.
        header: String,
    },
}

impl From<CodePlaceForm> for CodePlace {
    fn from(form: CodePlaceForm) -> Self {
        match form {
            CodePlaceForm::Pointer(pointer) => Self::Body(pointer),
            CodePlaceForm::InHeader { header } => Self::Header(header),
        }
    }
}

/// The statuses that a page documents for an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "StatusForm")]
#[schemars(description = "")]
pub enum Status {
    /// One of these.
    Exact(Vec<u16>),
    /// A class: 4 for `4xx`. Never 429.
    Class(u16),
}

impl Status {
    /// Whether a status is one that is documented.
    pub fn admits(&self, status: u16) -> bool {
        match self {
            Self::Exact(list) => list.contains(&status),
            Self::Class(hundred) => status / 100 == *hundred && status != 429,
        }
    }

    /// Whether a status is one that is documented; of an outcome that documents none, whether it is below 500 and not 429.
    pub fn is_admitted(documented: Option<&Self>, status: u16) -> bool {
        documented.map_or(status < 500 && status != 429, |documented| documented.admits(status))
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(list) => {
                let words: Vec<_> = list.iter().map(u16::to_string).collect();
                formatter.write_str(&words.join(" or "))
            }
            Self::Class(hundred) => write!(formatter, "{hundred}xx"),
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum StatusForm {
    One(#[schemars(range(min = 100, max = 599))] u16),
    Several(#[schemars(length(min = 1), inner(range(min = 100, max = 599)), extend("uniqueItems" = true))] Vec<u16>),
    /// A status, a list of them, or a class such as `4xx`.
    Class(#[schemars(regex(pattern = "^[1-5]xx$"))] String),
}

impl TryFrom<StatusForm> for Status {
    type Error = ParseIntError;

    fn try_from(form: StatusForm) -> Result<Self, ParseIntError> {
        match form {
            StatusForm::One(status) => Ok(Self::Exact(vec![status])),
            StatusForm::Several(list) => Ok(Self::Exact(list)),
            StatusForm::Class(class) => class.trim_end_matches("xx").parse().map(Self::Class),
        }
    }
}
