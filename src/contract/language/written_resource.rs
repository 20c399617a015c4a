//! What requests act on: how its ids look, and where one comes from when no request can make it.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// A kind of thing that a vendor keeps for us.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Resource")]
pub struct WrittenResource {
    /// What its ids look like.
    pub id: Ids,
    /// The resource inside which it lives.
    #[serde(rename = "in")]
    pub parent: Option<String>,
    /// States that an engineer supplies: the state to the environment variable that holds an id.
    #[serde(default)]
    pub fixtures: IndexMap<String, String>,
    /// The environment variable of things that are ready, for accounts that may not make them: ids in the state that a create leads to,
    /// with commas between them. Where it is set, nothing is made; a case that changes one uses it up.
    pub ready: Option<String>,
    /// How what a run has left behind is found again.
    pub sweep: Option<Sweep>,
    /// Reserved: states that are reached by themselves after a while.
    pub settles: Option<Value>,
}

impl WrittenResource {
    /// The environment variables that hold ids.
    pub fn variables(&self) -> impl Iterator<Item = &String> {
        self.fixtures.values().chain(&self.id.other_mode_env).chain(&self.ready)
    }
}

/// The form of a resource's ids.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ids {
    /// The regular expression that every well-formed id matches.
    pub pattern: String,
    /// How a well-formed id that nobody has is made; the mock's new ids are made so too.
    pub new: String,
    /// How a well-formed id of the other mode is made.
    pub other_mode: Option<String>,
    /// The environment variable of an id of the other mode that the account really has. With it, such ids are only read: a case that
    /// would change something by one cannot be run, and the others are skipped where the variable is not set.
    pub other_mode_env: Option<String>,
    /// Further well-formed ids that are not ours, such as a page's own example, by name: each is a case beside the one that is drawn.
    #[serde(default)]
    pub unknown: IndexMap<String, String>,
    /// Ids that are not well formed, by name: one case each.
    #[serde(default)]
    pub malformed: IndexMap<String, String>,
}

/// The documented list call by which left-over resources are found.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// The operation that lists them.
    pub list: String,
    /// The JSON Pointer to the list in its answer.
    pub items: String,
    /// The JSON Pointer to an item's id.
    pub id: String,
    /// The JSON Pointers to the fields that may hold the run's mark: of an item, and of the thing in any other answer that shows it.
    pub marks: Vec<String>,
    /// The query parameter that says how many items to skip.
    pub offset: Option<String>,
    /// The query parameter that says how many items to give at most.
    pub limit: Option<String>,
}
