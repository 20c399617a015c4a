//! One value or a list of them, where the language lets a person leave the brackets out.

use crate::text::source::Place;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::borrow::Cow;
use std::ops::Deref;

/// One or several: `live` and `[live, used]` alike.
#[derive(Debug, Clone, PartialEq)]
pub enum Plural<T> {
    /// One, without brackets.
    One(T),
    /// A list.
    Several(Vec<T>),
}

impl<T> Plural<T> {
    /// Each with its place, where all of it is at a place.
    pub fn places<'a>(&'a self, at: &'a Place) -> impl Iterator<Item = (Place, &'a T)> {
        self.iter().enumerate().map(|(index, item)| match self {
            Self::One(_) => (at.clone(), item),
            Self::Several(_) => (at.index(index), item),
        })
    }
}

impl<T> Deref for Plural<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::One(item) => std::slice::from_ref(item),
            Self::Several(items) => items,
        }
    }
}

impl<T> Default for Plural<T> {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Plural<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let decoded = match Value::deserialize(deserializer)? {
            Value::Array(items) => {
                items.into_iter().map(serde_json::from_value).collect::<Result<_, _>>().map(Self::Several)
            }
            single => serde_json::from_value(single).map(Self::One),
        };
        decoded.map_err(D::Error::custom)
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
