//! One value or a list of them, where the language lets a person leave the brackets out.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::borrow::Cow;
use std::ops::Deref;

/// One or several: `live` and `[live, used]` alike.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plural<T>(pub Vec<T>);

impl<T> Deref for Plural<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Plural<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = match Value::deserialize(deserializer)? {
            Value::Array(items) => items,
            single => vec![single],
        };
        let decoded = items.into_iter().map(serde_json::from_value).collect::<Result<_, _>>();
        decoded.map(Plural).map_err(D::Error::custom)
    }
}

impl<T: JsonSchema> JsonSchema for Plural<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMore_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [item, { "type": "array", "items": item, "minItems": 1 }] })
    }
}
