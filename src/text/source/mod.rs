//! Files and spans: where in a contract something is said.

mod decode;
mod digest;
mod place;
mod tree;
pub mod unlinked;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub use decode::Decoder;
pub use digest::{sha256, sha256_of_parts, to_hexadecimal};
pub use place::Place;
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
    lines: OnceLock<Vec<usize>>,
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

    /// The line and column of a byte; a byte past the end is the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = character_start(&self.text, offset);
        let line = self.lines().partition_point(|start| *start <= offset).max(1);
        let start = self.lines().get(line - 1).copied().unwrap_or(0);
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count()) + 1;
        Position { line, column }
    }

    /// The bytes of a line, counted from 1, without its line end.
    pub fn line(&self, line: usize) -> Range<usize> {
        let start = self.lines().get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let end = self.lines().get(line).copied().unwrap_or(self.text.len());
        let kept = self.text.get(start..end).map_or(0, |line| line.trim_end_matches(['\n', '\r']).len());
        start..start + kept
    }

    fn lines(&self) -> &[usize] {
        self.lines
            .get_or_init(|| std::iter::once(0).chain(self.text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }
}

/// The start of the character in which a byte lies; the text's end for a byte past it.
pub fn character_start(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The end of the character in which the byte before this one lies: the next place where a text can be cut.
pub fn character_end(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// Every file read, in the order of reading.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    /// What an id of another list resolves to.
    nowhere: Source,
}

impl Sources {
    /// Adds a file by its path as typed and its text.
    pub fn add(&mut self, path: PathBuf, text: String) -> FileId {
        self.push(Source::new(path, text))
    }

    /// Adds a file that was read elsewhere, under the id that [`Sources::next`] told.
    pub fn push(&mut self, source: Source) -> FileId {
        let file = self.next();
        self.files.push(source);
        file
    }

    /// The id that the next added file will have.
    pub fn next(&self) -> FileId {
        FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX))
    }

    /// A file; an empty one without a path for an id that was never given out.
    pub fn get(&self, file: FileId) -> &Source {
        self.files.get(file.0 as usize).unwrap_or(&self.nowhere)
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// The bytes of a place: those of its key or value, or of the nearest ancestor that is written.
    pub fn resolve(&self, place: &Place) -> Span {
        let tree = self.get(place.file).tree();
        let range = tree.map_or(0..0, |tree| tree.nearest(&place.pointer, place.key));
        Span { file: place.file, range }
    }

    /// The line and column where a place begins.
    pub fn position(&self, place: &Place) -> Position {
        self.get(place.file).position(self.resolve(place).range.start)
    }
}

#[cfg(test)]
mod tests;
