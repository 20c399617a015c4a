//! Files of a page that could not be read or written.

use std::path::{Path, PathBuf};

/// A lock, a copy of a page or its quotes that could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} {problem}: {why}", path.display())]
pub struct PageFileError {
    path: PathBuf,
    problem: &'static str,
    why: String,
}

impl PageFileError {
    /// An error about a file, in words that follow its name, with the reason.
    pub(super) fn new(path: &Path, problem: &'static str, why: impl Into<String>) -> Self {
        Self { path: path.to_owned(), problem, why: why.into() }
    }
}
