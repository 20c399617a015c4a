//! Quotes: for each clause of a page the passage that says so, read once to make a lock and then not kept.

use crate::source::FileId;
use crate::yaml;
use indexmap::IndexMap;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The quotes of a page, by clause.
pub type Quotes = IndexMap<String, Quote>;

/// What the page has for a clause.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Quote {
    /// The passage, as it stands there.
    Passage(String),
    /// Nothing, and why.
    Absent {
        /// The reason.
        absent: String,
    },
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
    let (source, mistakes) = yaml::read(FileId(0), path.to_owned());
    if let Some(mistake) = mistakes.into_iter().next() {
        return Err(error(mistake.message));
    }
    let value = source.tree().map(|tree| tree.value.clone()).unwrap_or_default();
    let entries: IndexMap<String, serde_json::Value> =
        serde_json::from_value(value).map_err(|_| error("a mapping of clauses to passages is due".to_owned()))?;
    let decode = |(id, value): (String, _)| match serde_json::from_value(value) {
        Ok(quote) => Ok((id, quote)),
        Err(_) => Err(error(format!("`{id}` has neither a passage nor `{{ absent: why }}`"))),
    };
    entries.into_iter().map(decode).collect()
}
