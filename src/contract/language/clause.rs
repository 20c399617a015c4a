//! One testable statement of a vendor's page, paraphrased.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::borrow::Cow;

/// What a page says in one place, and why nothing tests it where nothing does.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Clause {
    /// The statement in our own words.
    pub says: String,
    /// Why no test can hold it.
    pub untestable: Option<String>,
    /// Why the page is certainly wrong here.
    pub mistaken: Option<String>,
}

/// The long form: the statement beside the reason why nothing tests it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Explained {
    /// The statement, paraphrased.
    says: String,
    /// Why no test can hold it.
    untestable: Option<String>,
    /// Why the page is certainly wrong here.
    mistaken: Option<String>,
}

impl<'de> Deserialize<'de> for Clause {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(says) => Ok(Self { says, ..Self::default() }),
            other => serde_json::from_value::<Explained>(other)
                .map(|Explained { says, untestable, mistaken }| Self { says, untestable, mistaken })
                .map_err(D::Error::custom),
        }
    }
}

impl JsonSchema for Clause {
    fn schema_name() -> Cow<'static, str> {
        "Clause".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let explained = Explained::json_schema(generator);
        json_schema!({ "anyOf": [{ "type": "string", "minLength": 1 }, explained] })
    }
}
