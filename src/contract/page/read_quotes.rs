//! Reads quotes: for each clause of a page its passage, read once to make a lock and then not kept.

use super::PageFileError;
use crate::text::yaml;
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;
use std::path::Path;

/// The quotes of a page, by clause.
pub type Quotes = IndexMap<String, Quote>;

/// The passage of a page for a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quote {
    /// The passage, as it is there.
    Passage(String),
    /// No passage, and the reason.
    Absent(String),
}

/// The long form, for a clause whose passage a copy does not have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AbsentQuote {
    absent: String,
}

/// Reads a YAML file of quotes: a clause's id, then the passage, or `{ absent: why }` where the page has none.
pub fn read_quotes(path: &Path) -> Result<Quotes, PageFileError> {
    let value = yaml::read_value(path).map_err(|mistake| unread(path, mistake.message))?;
    let entries: IndexMap<String, Value> =
        IndexMap::deserialize(value).map_err(|_| unread(path, "a mapping of clauses to passages is due"))?;
    entries.into_iter().map(|(id, value)| read_quote(id, value, path)).collect()
}

fn read_quote(id: String, value: Value, path: &Path) -> Result<(String, Quote), PageFileError> {
    if let Value::String(passage) = value {
        return Ok((id, Quote::Passage(passage)));
    }
    match AbsentQuote::deserialize(value) {
        Ok(AbsentQuote { absent }) => Ok((id, Quote::Absent(absent))),
        Err(_) => Err(unread(path, format!("`{id}` has neither a passage nor `{{ absent: why }}`"))),
    }
}

fn unread(path: &Path, why: impl Into<String>) -> PageFileError {
    PageFileError::new(path, "has no quotes that could be read", why)
}
