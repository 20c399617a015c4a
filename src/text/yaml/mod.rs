//! Reads a file to its text, and a text to a tree in which every key and value has its place.

mod key;
mod mended_text;
mod misindented_line;
mod mistakes;
mod offsets;
mod parse_tree;
mod plain_scalar;
mod read_file;
mod refuse_tabs;
mod refuse_unseen;
mod syntax_mistake;

use std::path::PathBuf;

pub use parse_tree::{DEEPEST, MOST_VALUES, parse_tree};
pub use read_file::{LARGEST_FILE, read_file, read_value};

use crate::text::diagnostic::Diagnostic;
use crate::text::source::{FileId, Sources};

/// Reads and parses a file, and adds it to the sources whether or not it could be read, so that its mistakes have a place.
pub fn load(sources: &mut Sources, path: PathBuf) -> (FileId, Vec<Diagnostic>) {
    let (source, diagnostics) = read_file(sources.next_id(), path);
    (sources.push(source), diagnostics)
}

#[cfg(test)]
mod tests;
