//! Quotes: for each clause of a page the passage that says so, read once to make a lock and then not kept.

use crate::text::source::FileId;
use crate::text::yaml;
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The quotes of a page, by clause.
pub type Quotes = IndexMap<String, Quote>;

/// What the page has for a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quote {
    /// The passage, as it stands there.
    Passage(String),
    /// Nothing, and why.
    Absent(String),
}

/// The long form, for a clause whose passage a copy does not have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Explained {
    absent: String,
}

/// Why quotes could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} has no quotes that could be read: {why}", path.display())]
pub struct QuoteError {
    path: PathBuf,
    why: String,
}

/// Reads a YAML file of quotes: a clause's id, then the passage, or `{ absent: why }` where the page has none.
pub fn quotes(path: &Path) -> Result<Quotes, QuoteError> {
    let error = |why: String| QuoteError { path: path.to_owned(), why };
    let (source, mistakes) = yaml::read_file(FileId(0), path.to_owned());
    if let Some(mistake) = mistakes.into_iter().next() {
        return Err(error(mistake.message));
    }
    let value = source.tree().map(|tree| tree.value.clone()).unwrap_or_default();
    let entries: IndexMap<String, Value> =
        serde_json::from_value(value).map_err(|_| error("a mapping of clauses to passages is due".to_owned()))?;
    let decode = |(id, value)| match quote(value) {
        Some(quote) => Ok((id, quote)),
        None => Err(error(format!("`{id}` has neither a passage nor `{{ absent: why }}`"))),
    };
    entries.into_iter().map(decode).collect()
}

fn quote(value: Value) -> Option<Quote> {
    match value {
        Value::String(passage) => Some(Quote::Passage(passage)),
        other => serde_json::from_value(other).ok().map(|Explained { absent }| Quote::Absent(absent)),
    }
}
