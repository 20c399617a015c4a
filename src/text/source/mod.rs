//! Files and spans: the places of a contract in its text.

mod decoder;
mod place;
mod pointer_segments;
mod sha256;
mod text_part;
mod tree;
pub mod unlinked;

use serde_json::Value;
use std::ops::{Index, Range};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub use decoder::Decoder;
pub use place::Place;
pub use pointer_segments::{escape_segment, pointer_segments, unescape_segment};
pub use sha256::{sha256, sha256_of_parts, to_hexadecimal};
pub use text_part::{text_from, text_part};
pub use tree::{NodeId, Tree};

/// One read file, by its position in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A stretch of bytes in a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The bytes of its text.
    pub range: Range<usize>,
}

/// A line and a column as a person counts them: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

/// A file as it was read: its path as typed, its text, and its tree where the text could be parsed.
#[derive(Debug, Default)]
pub struct Source {
    path: PathBuf,
    text: String,
    tree: Option<Tree>,
    line_starts: OnceLock<Vec<usize>>,
}

impl Source {
    /// A file whose text is known; the text is empty where the file could not be read.
    pub fn new(path: PathBuf, text: String) -> Self {
        Self { path, text, ..Self::default() }
    }

    /// The same file with the tree that its text was parsed to.
    #[must_use]
    pub fn with_tree(mut self, tree: Option<Tree>) -> Self {
        self.tree = tree;
        self
    }

    /// The path as typed.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The text, without a byte-order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The value with its places; `None` where the text is not one YAML document.
    pub fn tree(&self) -> Option<&Tree> {
        self.tree.as_ref()
    }

    /// The value alone; null where there is no tree.
    pub fn into_value(self) -> Value {
        self.tree.map_or(Value::Null, |tree| tree.value)
    }

    /// The line and column of a byte; a byte past the end is the end.
    pub fn position(&self, offset: usize) -> Position {
        let (before, _) = self.text.split_at(self.text.floor_char_boundary(offset));
        let line = self.line_starts().partition_point(|start| *start <= before.len());
        let on_line = before.rsplit_once('\n').map_or(before, |(_, on_line)| on_line);
        Position { line, column: on_line.chars().count() + 1 }
    }

    /// The bytes of a line, counted from 1, without its line end.
    pub fn line(&self, line: usize) -> Range<usize> {
        let start = self.line_starts().iter().copied().nth(line.saturating_sub(1)).unwrap_or(self.text.len());
        let (_, rest) = self.text.split_at(start);
        let length = rest.split('\n').next().map_or(0, |line| line.trim_end_matches('\r').len());
        start..start + length
    }

    /// The entry that begins at a line, in one line: with a value on the lines below it, those are written between braces.
    pub fn folded_entry(&self, line: usize) -> String {
        let (_, rest) = self.text.split_at(self.line(line).start);
        let mut lines = rest.lines().filter(|line| !line.trim_start().starts_with('#'));
        let first = lines.next().unwrap_or_default();
        let mut entry = first.trim().to_owned();
        if !entry.ends_with(':') {
            return entry;
        }
        let indent = indent_of(first);
        let below: Vec<&str> = lines.take_while(|line| !line.trim().is_empty() && indent_of(line) > indent).collect();
        for (number, line) in below.iter().enumerate() {
            let goes_on = entry.ends_with(':') && number > 0 || line.trim_start().starts_with("- ");
            entry += if number == 0 {
                " { "
            } else if goes_on {
                " "
            } else {
                ", "
            };
            entry += line.trim();
        }
        entry + if below.is_empty() { "" } else { " }" }
    }

    fn line_starts(&self) -> &[usize] {
        let later = || self.text.match_indices('\n').map(|(at, _)| at + 1);
        self.line_starts.get_or_init(|| std::iter::once(0).chain(later()).collect())
    }
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Every file read, in the order of reading; indexed by a file's id, with an empty file without a path for an id of another list.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    nowhere: Source,
}

impl Sources {
    /// Adds a file by its path as typed and its text.
    pub fn add(&mut self, path: PathBuf, text: String) -> FileId {
        self.push(Source::new(path, text))
    }

    /// Adds a file that was read elsewhere, under the id that [`Sources::next_id`] returned.
    pub fn push(&mut self, source: Source) -> FileId {
        let file = self.next_id();
        self.files.push(source);
        file
    }

    /// The id that the next added file will have.
    pub fn next_id(&self) -> FileId {
        FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX))
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// The bytes of a place: those of its key or value, or of the nearest ancestor that is written.
    pub fn resolve(&self, place: &Place) -> Span {
        let range = self[place.file].tree().map_or(0..0, |tree| tree.nearest(&place.pointer, place.key));
        Span { file: place.file, range }
    }

    /// The line and column where a place begins.
    pub fn position(&self, place: &Place) -> Position {
        self[place.file].position(self.resolve(place).range.start)
    }
}

impl Index<FileId> for Sources {
    type Output = Source;

    fn index(&self, file: FileId) -> &Source {
        self.files.get(file.0 as usize).unwrap_or(&self.nowhere)
    }
}

#[cfg(test)]
mod tests;
