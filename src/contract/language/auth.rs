//! How a request shows who sends it, and the ways in which it may fail to.

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::borrow::Cow;

/// What stands in a request for its sender; empty, or the word `none`, sends nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Auth {
    /// HTTP Basic: user, password or both.
    pub basic: Option<Basic>,
    /// HTTP Bearer: the token alone.
    pub bearer: Option<String>,
    /// Header fields: another scheme word, a bare `Authorization`, one or several keys.
    pub headers: IndexMap<String, String>,
    /// Query parameters.
    pub query: IndexMap<String, String>,
    /// Reserved: a signature computed over the request.
    pub hmac: Option<Value>,
}

/// The two halves of HTTP Basic; the half that is left out is empty.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Basic {
    /// What stands before the colon.
    #[serde(default)]
    pub user: String,
    /// What stands behind the colon.
    #[serde(default)]
    pub password: String,
}

/// The mapping as written, before the word `none` is understood.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Parts {
    /// HTTP Basic: user, password or both.
    basic: Option<Basic>,
    /// HTTP Bearer: the token alone.
    bearer: Option<String>,
    /// Header fields: another scheme word, a bare `Authorization`, one or several keys.
    #[serde(default)]
    headers: IndexMap<String, String>,
    /// Query parameters.
    #[serde(default)]
    query: IndexMap<String, String>,
    /// Reserved: a signature computed over the request.
    hmac: Option<Value>,
}

impl JsonSchema for Auth {
    fn schema_name() -> Cow<'static, str> {
        "Auth".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let parts = Parts::json_schema(generator);
        json_schema!({ "anyOf": [{ "const": "none" }, parts] })
    }
}

impl Auth {
    fn decode(value: Value) -> Result<Self, String> {
        match value {
            Value::String(word) if word == "none" => Ok(Self::default()),
            other => serde_json::from_value::<Parts>(other)
                .map(|Parts { basic, bearer, headers, query, hmac }| Self { basic, bearer, headers, query, hmac })
                .map_err(|error| error.to_string()),
        }
    }

    /// Every text in it that may hold a reference, with its pointer below the auth.
    pub fn texts(&self) -> Vec<(String, &str)> {
        let mut texts = Vec::new();
        if let Some(basic) = &self.basic {
            texts.push(("/basic/user".to_owned(), basic.user.as_str()));
            texts.push(("/basic/password".to_owned(), basic.password.as_str()));
        }
        texts.extend(self.bearer.as_deref().map(|token| ("/bearer".to_owned(), token)));
        texts.extend(self.headers.iter().map(|(name, text)| (format!("/headers/{name}"), text.as_str())));
        texts.extend(self.query.iter().map(|(name, text)| (format!("/query/{name}"), text.as_str())));
        texts
    }
}

impl<'de> Deserialize<'de> for Auth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::decode(Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// One way of being refused, or several of them by name: each a whole auth that is sent in place of the right one.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal(pub Vec<(Option<String>, Auth)>);

impl<'de> Deserialize<'de> for Refusal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if let Ok(auth) = Auth::decode(value.clone()) {
            return Ok(Self(vec![(None, auth)]));
        }
        let Value::Object(samples) = value else { return Err(D::Error::custom("an auth, or several by name")) };
        let decode = |(name, value)| Auth::decode(value).map(|auth| (Some(name), auth));
        samples.into_iter().map(decode).collect::<Result<_, _>>().map(Refusal).map_err(D::Error::custom)
    }
}

impl JsonSchema for Refusal {
    fn schema_name() -> Cow<'static, str> {
        "Refusal".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let parts = Parts::json_schema(generator);
        let auth = generator.subschema_for::<Auth>();
        json_schema!({
            "description": "What is sent in place of the right credentials: one auth, or several by name.",
            "anyOf": [{ "const": "none" }, parts, { "type": "object", "additionalProperties": auth, "minProperties": 1 }]
        })
    }
}
