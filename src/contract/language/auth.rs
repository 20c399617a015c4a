//! The credentials in a request, and the ways in which they may be wrong.

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The credentials in a request; empty, or the word `none`, sends nothing.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(from = "AuthForm")]
#[schemars(description = "")]
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

#[derive(Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
enum AuthForm {
    Word(NoAuth),
    /// The mapping as written, before the word `none` is understood.
    Parts {
        /// HTTP Basic: user, password or both.
        basic: Option<Basic>,
        /// HTTP Bearer: the token alone.
        bearer: Option<String>,
        /// Header fields: another scheme word, a bare `Authorization`, one or several keys.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// Query parameters.
        #[serde(default)]
        query: BTreeMap<String, String>,
        /// Reserved: a signature computed over the request.
        hmac: Option<Value>,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum NoAuth {
    None,
}

impl JsonSchema for NoAuth {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "NoAuth".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "const": "none" })
    }
}

impl From<AuthForm> for Auth {
    fn from(form: AuthForm) -> Self {
        match form {
            AuthForm::Word(NoAuth::None) => Self::default(),
            AuthForm::Parts { basic, bearer, headers, query, hmac } => {
                let (headers, query) = (headers.into_iter().collect(), query.into_iter().collect());
                Self { basic, bearer, headers, query, hmac }
            }
        }
    }
}

impl Auth {
    /// Every text in it that may hold a reference, with the keys that lead to it.
    pub fn texts(&self) -> Vec<(Vec<&str>, &str)> {
        let mut texts = Vec::new();
        if let Some(basic) = &self.basic {
            texts.push((vec!["basic", "user"], basic.user.as_str()));
            texts.push((vec!["basic", "password"], basic.password.as_str()));
        }
        texts.extend(self.bearer.iter().map(|token| (vec!["bearer"], token.as_str())));
        texts.extend(self.headers.iter().map(|(name, text)| (vec!["headers", name.as_str()], text.as_str())));
        texts.extend(self.query.iter().map(|(name, text)| (vec!["query", name.as_str()], text.as_str())));
        texts
    }
}

/// One way of being refused, or several of them by name: each a whole auth that is sent in place of the right one.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "RefusalForm")]
pub struct Refusal(pub Vec<(Option<String>, Auth)>);

#[derive(Deserialize)]
#[serde(untagged)]
enum RefusalForm {
    One(Box<Auth>),
    Samples(BTreeMap<String, Auth>),
}

impl From<RefusalForm> for Refusal {
    fn from(form: RefusalForm) -> Self {
        match form {
            RefusalForm::One(auth) => Self(vec![(None, *auth)]),
            RefusalForm::Samples(samples) => Self(samples.into_iter().map(|(name, auth)| (Some(name), auth)).collect()),
        }
    }
}

impl JsonSchema for Refusal {
    fn schema_name() -> Cow<'static, str> {
        "Refusal".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let auth = generator.subschema_for::<Auth>();
        let samples = json_schema!({ "type": "object", "additionalProperties": auth, "minProperties": 1 });
        let mut schema = Auth::json_schema(generator);
        if let Some(Value::Array(forms)) = schema.get_mut("anyOf") {
            forms.push(samples.to_value());
        }
        let about = "What is sent in place of the right credentials: one auth, or several by name.";
        schema.insert("description".to_owned(), about.into());
        schema
    }
}
