//! From characters, which the parser counts, to bytes.

use std::ops::Range;

use crate::text::source::text_from;

/// The number of characters between two byte offsets that are kept.
const STRIDE: usize = 64;

/// The byte offsets of a text's characters, found in constant time; nothing is stored for plain ASCII.
pub(super) struct Offsets<'a> {
    text: &'a str,
    marks: Vec<u32>,
}

impl<'a> Offsets<'a> {
    /// Reads the text once.
    pub(super) fn new(text: &'a str) -> Self {
        if text.is_ascii() {
            return Self { text, marks: Vec::new() };
        }
        let marks = text.char_indices().step_by(STRIDE).map(|(byte, _)| u32::try_from(byte).unwrap_or(u32::MAX));
        Self { text, marks: marks.collect() }
    }

    /// The byte at which a character begins; the text's length for one past the end.
    pub(super) fn byte(&self, character: usize) -> usize {
        if self.marks.is_empty() {
            return character.min(self.text.len());
        }
        let Some(mark) = self.marks.get(character / STRIDE) else { return self.text.len() };
        let start = *mark as usize;
        let mut behind = text_from(self.text, start).char_indices();
        behind.nth(character % STRIDE).map_or(self.text.len(), |(byte, _)| start + byte)
    }

    /// The bytes of a range of characters.
    pub(super) fn bytes(&self, characters: Range<usize>) -> Range<usize> {
        self.byte(characters.start)..self.byte(characters.end)
    }
}
