//! One method and path of a vendor, and what its page says comes back.

use super::{Auth, Clause, Version, WrittenOutcome, WrittenRow};
use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;

/// An operation: with a page in a file of its own beside `vendor.yaml`, or without one as a support call inside it.
///
/// [`OperationFile`] and [`Support`] are its two schemas; a support call has none of [`PAGE_KEYS`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Operation")]
pub struct WrittenOperation {
    /// The version of the language.
    pub version: Option<Version>,
    /// The operation's name, which is the file's name too.
    pub operation: Option<String>,
    /// What it does, in a few words.
    pub title: Option<String>,
    /// The page that documents it.
    pub page: Option<Page>,
    /// The vendor's shared sections that stand on this page too.
    #[serde(default)]
    pub with: Vec<String>,
    /// Method and URL below the target's origin: `DELETE /links/{link_id}`.
    pub request: String,
    /// The resource whose id stands in each `{placeholder}`.
    #[serde(default)]
    pub path: IndexMap<String, String>,
    /// Query parameters.
    #[serde(default)]
    pub query: IndexMap<String, String>,
    /// Header fields beside the vendor's; null takes one of the vendor's away.
    #[serde(default)]
    pub headers: IndexMap<String, Option<String>>,
    /// The body, as JSON.
    pub json: Option<Value>,
    /// The body, as a form.
    pub form: Option<IndexMap<String, String>>,
    /// The body, as it stands.
    pub raw: Option<Raw>,
    /// Another auth than the vendor's.
    pub auth: Option<Auth>,
    /// Words by which cases are selected.
    #[serde(default)]
    pub tags: Vec<String>,
    /// What the page says, one testable statement each.
    #[serde(default)]
    pub clauses: IndexMap<String, Clause>,
    /// The documented answers, by name; null takes a section's away.
    #[serde(default)]
    pub outcomes: IndexMap<String, Option<WrittenOutcome>>,
    /// The table: condition to outcome; null takes a section's row away.
    pub rows: IndexMap<String, Option<WrittenRow>>,
}

/// The keys of an operation that has a page.
pub const PAGE_KEYS: [&str; 4] = ["version", "operation", "page", "clauses"];

/// The schema of an operation that has a page: a file under `specs/<vendor>/`.
#[derive(Debug)]
pub struct OperationFile;

impl JsonSchema for OperationFile {
    fn schema_name() -> Cow<'static, str> {
        "OperationFile".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = WrittenOperation::json_schema(generator);
        if let Some(Value::Array(required)) = schema.get_mut("required") {
            required.extend(PAGE_KEYS.map(Value::from));
        }
        schema.insert(
            "description".to_owned(),
            "One method and path of a vendor, and what its page says comes back.".into(),
        );
        schema
    }
}

/// An operation without a page, in `vendor.yaml`: what tests need to bring a condition about or to see its effect.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Support(pub WrittenOperation);

impl JsonSchema for Support {
    fn schema_name() -> Cow<'static, str> {
        "Support".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = WrittenOperation::json_schema(generator);
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            properties.retain(|key, _| !PAGE_KEYS.contains(&key.as_str()));
        }
        let about = "An operation without a page: what tests need to bring a condition about or to see its effect.";
        schema.insert("description".to_owned(), about.into());
        schema
    }
}

/// A page of the vendor's documentation.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// A short name for it.
    pub id: String,
    /// Where it stands.
    pub url: String,
    /// The day on which it was read.
    pub read: String,
}

/// A body that is neither JSON nor a form.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Raw {
    /// Its media type.
    pub media: String,
    /// Its text.
    pub text: String,
}

/// A passage that several pages repeat; its clauses count on every page that has it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// What the passage says.
    #[serde(default)]
    pub clauses: IndexMap<String, Clause>,
    /// The documented answers, by name.
    #[serde(default)]
    pub outcomes: IndexMap<String, Option<WrittenOutcome>>,
    /// The table.
    #[serde(default)]
    pub rows: IndexMap<String, Option<WrittenRow>>,
}
