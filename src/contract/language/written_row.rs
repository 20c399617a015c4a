//! One row of a page's table: when this is so, that comes back, and from then on that is so.

use super::Plural;
use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Condition, documented outcomes, the state they lead to, and the clauses that say so.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Row")]
pub struct WrittenRow {
    /// What is so; what is not named is right.
    #[serde(default)]
    pub when: When,
    /// The outcome that comes back; several, where the page contradicts itself or an answer decides.
    pub then: Plural<WrittenBranch>,
    /// The states of resources from then on.
    #[serde(default)]
    pub leads: IndexMap<String, String>,
    /// What is kept of the answer for the resource that the row makes: name to JSON Pointer.
    #[serde(default)]
    pub capture: IndexMap<String, String>,
    /// The clauses that name this cause.
    #[serde(default)]
    pub cites: Vec<String>,
    /// The read that shows an effect which the row cites: clause to operation. Without it, every read of the state does.
    #[serde(default)]
    pub seen_by: IndexMap<String, String>,
    /// Why several outcomes are documented.
    pub because: Option<Because>,
    /// Why this is expected although no page says so.
    pub inferred: Option<String>,
    /// Why the condition cannot be brought about.
    pub not_inducible: Option<String>,
    /// The page says *may*: another answer is no violation.
    #[serde(default)]
    pub may: bool,
    /// Words by which cases are selected.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Reserved: the header under which a request is known again when it is sent a second time.
    pub repeats: Option<String>,
    /// Reserved: the events that the vendor sends when the row has come about.
    pub events: Option<Plural<String>>,
}

/// The reason why several outcomes are documented: a sentence, which may have an owner and a day on which it is to be looked at again.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(from = "BecauseForm")]
#[schemars(description = "")]
pub struct Because {
    /// The reason.
    pub says: String,
    /// Reserved: who answers for it.
    pub owner: Option<String>,
    /// Reserved: the day from which it does not count any more.
    pub expires: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
enum BecauseForm {
    Says(String),
    /// The long form of a reason.
    Owned {
        /// The reason.
        says: String,
        /// Reserved: who answers for it.
        owner: Option<String>,
        /// Reserved: the day from which it does not count any more.
        expires: Option<String>,
    },
}

impl From<BecauseForm> for Because {
    fn from(form: BecauseForm) -> Self {
        match form {
            BecauseForm::Says(says) => Self { says, ..Self::default() },
            BecauseForm::Owned { says, owner, expires } => Self { says, owner, expires },
        }
    }
}

/// The condition of a row: `credentials`, `headers`, `query`, `json`, `form`, `raw`, or a resource and its state.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct When(pub IndexMap<String, Value>);

impl When {
    /// The words under a key whose value is one word or a list of them.
    pub fn names(&self, key: &str) -> Vec<&str> {
        match self.0.get(key) {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

impl JsonSchema for When {
    fn schema_name() -> Cow<'static, str> {
        "When".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let names = generator.subschema_for::<Plural<String>>();
        let mut credentials = names.clone();
        credentials.insert("description".to_owned(), "What is sent in place of the right credentials: a name under the vendor's `refused`, or several, one case each.".into());
        json_schema!({
            "type": "object",
            "properties": {
                "credentials": credentials,
                "headers": patch_schema("Header fields"),
                "query": patch_schema("Query parameters"),
                "form": patch_schema("Fields of the form"),
                "json": { "description": "A merge patch on the documented JSON body; null takes a field away." },
                "raw": { "type": "string", "description": "Another text than the documented one as the body." },
            },
            "additionalProperties": names,
            "description": "What is so; a resource that the request names stands under its name, with its state or states.",
        })
    }
}

/// The schema of texts by name that replace those of the documented request.
fn patch_schema(what: &str) -> Schema {
    json_schema!({
        "type": "object", "minProperties": 1, "additionalProperties": { "type": ["string", "null"] },
        "description": format!("{what} other than documented; null takes one away."),
    })
}

/// An outcome, with the states it leads to where they depend on it.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(from = "BranchForm")]
#[schemars(rename = "Then", description = "")]
pub struct WrittenBranch {
    /// The outcome's name.
    pub outcome: String,
    /// The states from then on, if this outcome came; else the row's own.
    pub leads: Option<IndexMap<String, String>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
enum BranchForm {
    Outcome(String),
    /// The long form of an outcome in `then`.
    Leading {
        /// The outcome's name.
        outcome: String,
        /// The states that it leads to.
        #[serde(default)]
        leads: BTreeMap<String, String>,
    },
}

impl From<BranchForm> for WrittenBranch {
    fn from(form: BranchForm) -> Self {
        match form {
            BranchForm::Outcome(outcome) => Self { outcome, leads: None },
            BranchForm::Leading { outcome, leads } => Self { outcome, leads: Some(leads.into_iter().collect()) },
        }
    }
}
