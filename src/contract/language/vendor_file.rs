//! A vendor: where it answers, who may ask, what its resources are, and what its pages share.

use super::{Auth, CodePlace, Refusal, Section, Support, WrittenResource};
use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// `specs/<vendor>/vendor.yaml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VendorFile {
    /// The version of the language.
    pub version: Version,
    /// The vendor's name, which is the folder's name too.
    pub vendor: String,
    /// The vendor's name as it writes it.
    pub title: Option<String>,
    /// Where it answers; `sandbox` is what `--target sandbox` means.
    pub targets: IndexMap<String, Target>,
    /// Header fields of every request.
    #[serde(default)]
    pub headers: IndexMap<String, String>,
    /// The credentials that an engineer supplies.
    #[serde(default)]
    pub credentials: IndexMap<String, Credential>,
    /// The values that an engineer may supply and that are no secrets: `$name` refers to one as to a credential.
    #[serde(default)]
    pub variables: IndexMap<String, Variable>,
    /// How requests show who sends them.
    #[serde(default)]
    pub auth: Auth,
    /// Credentials that are refused, by name: each is sent in place of `auth`.
    #[serde(default)]
    pub refused: IndexMap<String, Refusal>,
    /// Where an error's code stands.
    pub error_code: Option<CodePlace>,
    /// The operation that is asked first whether the vendor is alive; else a read that needs nothing, a refused call, or a create without a page.
    pub canary: Option<String>,
    /// Objects that several outcomes share; `inferred: WHY` in one says that no page shows it.
    #[serde(default)]
    pub shapes: IndexMap<String, Map<String, Value>>,
    /// What requests act on.
    #[serde(default)]
    pub resources: IndexMap<String, WrittenResource>,
    /// Passages that several pages repeat.
    #[serde(default)]
    pub sections: IndexMap<String, Section>,
    /// Operations without a page.
    #[serde(default)]
    pub operations: IndexMap<String, Support>,
}

impl VendorFile {
    /// The environment variables that it names, whatever for.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        let credentials = self.credentials.values().map(|credential| &credential.env);
        let ids = self.resources.values().flat_map(WrittenResource::variables);
        credentials.chain(ids).map(String::as_str)
    }
}

/// A place where a vendor answers.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Scheme, host and port.
    pub origin: String,
    /// Other origins that the vendor hands out; they are called without credentials.
    #[serde(default)]
    pub also: Vec<String>,
    /// What keeps real money out of it.
    pub mode: Mode,
}

/// What keeps real money out of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The key in use picks test or live.
    Key,
    /// The host is for tests alone.
    Test,
    /// No test mode is documented: what changes anything is refused unless the engineer says otherwise.
    Undocumented,
}

/// A value that an engineer supplies by the environment, and that is never shown.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// The environment variable that holds it.
    pub env: String,
    /// The regular expression that a test value matches and a live one does not.
    pub test: Option<String>,
    /// How the mock makes the value that it accepts.
    pub mock: String,
    /// The credential in whose place this one stands for another account.
    pub replaces: Option<String>,
    /// The variable that it is, where it is no secret.
    #[serde(skip)]
    pub variable: Option<Variable>,
}

/// A value that an engineer may supply by the environment, and that is no secret: a currency, the id of a shop.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// The environment variable that holds it.
    pub env: String,
    /// How the mock makes its own value.
    pub mock: String,
    /// The value where the environment has none; without it, what needs the variable is skipped. An empty one leaves out each
    /// field, header and parameter that is nothing but the reference.
    pub default: Option<String>,
}

impl From<&Variable> for Credential {
    fn from(variable: &Variable) -> Self {
        let Variable { env, mock, .. } = variable;
        Self { env: env.clone(), test: None, mock: mock.clone(), replaces: None, variable: Some(variable.clone()) }
    }
}

impl Credential {
    /// The value where the user supplies none.
    pub fn default_value(&self) -> Option<&str> {
        self.variable.as_ref()?.default.as_deref()
    }

    /// Returns whether its value is a secret.
    pub fn is_secret(&self) -> bool {
        self.variable.is_none()
    }
}

/// The version of the language: 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version;

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The schema has reported any other: the rest of the file is read all the same, so that its mistakes are found.
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

impl JsonSchema for Version {
    fn schema_name() -> Cow<'static, str> {
        "Version".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "const": 1, "description": "The version of the contract language." })
    }
}
