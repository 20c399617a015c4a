//! Reads a file to its text, and a text to a tree in which every key and value has its place.

mod file;
mod key;
mod offsets;
mod parse;
mod refuse;
mod scalar;
mod syntax;

use std::path::PathBuf;

pub use file::{LARGEST_FILE, read};
pub use parse::{DEEPEST, MOST_VALUES, parse};

use crate::text::diagnostic::Diagnostic;
use crate::text::source::{FileId, Sources};

/// Reads and parses a file, and adds it to the sources whether or not it could be read, so that its mistakes have a place.
pub fn load(sources: &mut Sources, path: PathBuf) -> (FileId, Vec<Diagnostic>) {
    let (source, diagnostics) = read(sources.next(), path);
    (sources.push(source), diagnostics)
}

#[cfg(test)]
mod tests;
