//! A place in a contract: a file, a JSON Pointer, and whether the key or the value is meant.

use super::FileId;
use super::pointer_segments::escape_segment;
use std::fmt::Display;

/// A place in a file, by JSON Pointer; cheap to make, resolved to bytes only when it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The JSON Pointer of the value; empty is the whole document.
    pub pointer: String,
    /// True if the key is meant and not the value under it.
    pub key: bool,
}

impl Place {
    /// The whole document of a file.
    pub fn root(file: FileId) -> Self {
        Self::at(file, String::new())
    }

    /// The value at a JSON Pointer.
    pub fn at(file: FileId, pointer: impl Into<String>) -> Self {
        Self { file, pointer: pointer.into(), key: false }
    }

    /// The value under a key of this place.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        self.below(escape_segment(name))
    }

    /// An element of the list at this place, from 0; or the value under a key that is a number.
    #[must_use]
    pub fn index(&self, index: impl Display) -> Self {
        self.below(index)
    }

    /// The key of this place instead of its value.
    #[must_use]
    pub fn key(&self) -> Self {
        Self { pointer: self.pointer.clone(), key: true, ..*self }
    }

    fn below(&self, segment: impl Display) -> Self {
        Self::at(self.file, format!("{}/{segment}", self.pointer))
    }
}
