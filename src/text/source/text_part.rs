//! Parts of a text by its bytes.

use std::ops::Range;

/// The part of a text within these bytes, begun and ended at the characters in which they lie.
pub fn text_part(text: &str, range: Range<usize>) -> &str {
    let (until, _) = text.split_at(text.floor_char_boundary(range.end));
    let (_, part) = until.split_at(until.floor_char_boundary(range.start));
    part
}

/// The part of a text from a byte on.
pub fn text_from(text: &str, start: usize) -> &str {
    text_part(text, start..text.len())
}
