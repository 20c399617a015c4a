//! Where in a contract something is said: a file, a JSON Pointer, and whether the key or the value is meant.

use std::fmt::{Display, Write};

use super::FileId;

/// A place in a file, by JSON Pointer; cheap to make, resolved to bytes only when it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The JSON Pointer of the value; empty is the whole document.
    pub pointer: String,
    /// Whether the key is meant and not the value under it.
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
        let mut pointer = self.pointer.clone();
        push_segment(&mut pointer, name);
        Self::at(self.file, pointer)
    }

    /// An element of the list at this place, from 0; or the value under a key that is a number.
    #[must_use]
    pub fn index(&self, index: impl Display) -> Self {
        let mut pointer = self.pointer.clone();
        // Writing to a string cannot fail.
        let _ = write!(pointer, "/{index}");
        Self::at(self.file, pointer)
    }

    /// The key of this place in place of its value.
    #[must_use]
    pub fn key(&self) -> Self {
        Self { pointer: self.pointer.clone(), key: true, ..*self }
    }
}

/// Appends `/name` to a JSON Pointer, with `~` and `/` of the name escaped.
fn push_segment(pointer: &mut String, name: &str) {
    pointer.push('/');
    for character in name.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}
