//! The line at which reading ends because it begins in another column than its neighbours.

use super::mended_text::SyntaxFailure;
use super::refuse_tabs::line_starts;
use crate::text::source::{text_from, text_part};

/// The parser's words for a line that belongs to no mapping around it.
const WORDS: [&str; 5] = [
    "did not find expected key",
    "mapping values are not allowed",
    "illegal placement of ':'",
    "invalid indentation",
    "simple key expect",
];

/// A line that begins in another column than its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MisindentedLine {
    /// The byte at which the line begins.
    pub(super) start: usize,
    /// The number of blanks before its text.
    pub(super) found: usize,
    /// The number of blanks before the text of its neighbours.
    pub(super) due: usize,
}

impl MisindentedLine {
    /// The line to blame for a failure, where there is one.
    pub(super) fn of(text: &str, failure: &SyntaxFailure) -> Option<Self> {
        if failure.open.is_some() || !WORDS.iter().any(|words| failure.info.contains(words)) {
            return None;
        }
        let lines: Vec<(usize, usize)> =
            line_starts(text).filter_map(|start| Some((start, indentation(text, start)?))).collect();
        let at = lines.iter().rposition(|(start, _)| *start <= failure.offset)?;
        let (above, rest) = lines.split_at_checked(at)?;
        let ((start, found), below) = rest.split_first().map(|(line, below)| (*line, below))?;
        let levels = levels_above(above);
        let next = below.first().map(|(_, indentation)| *indentation);
        let rank = |level: &usize| (level.abs_diff(found), next != Some(*level), usize::MAX - level);
        let due = levels.iter().copied().min_by_key(rank)?;
        if levels.contains(&found) {
            return None;
        }
        let peers_below = peers(below.iter(), found, due);
        let peers_above = peers(above.iter().rev(), due, found);
        let (last, _) = above.iter().rev().find(|(_, indentation)| *indentation == due)?;
        // One line above that differs from several below is the one that is wrong.
        if peers_above == 1 && peers_below > 0 && due > found {
            return Some(Self { start: *last, found: due, due: found });
        }
        Some(Self { start, found, due })
    }
}

/// The blanks before the text of a line; nothing of a line without text.
fn indentation(text: &str, start: usize) -> Option<usize> {
    let line = text_from(text, start).lines().next()?;
    let content = line.trim_start_matches(' ');
    (!content.is_empty() && !content.starts_with('#')).then(|| line.len() - content.len())
}

/// The indentations of the mappings in which a line may be, the innermost first.
fn levels_above(above: &[(usize, usize)]) -> Vec<usize> {
    let mut levels: Vec<usize> = Vec::new();
    for (_, indentation) in above.iter().rev() {
        if levels.last().is_none_or(|last| indentation < last) {
            levels.push(*indentation);
        }
    }
    levels
}

/// The number of lines with an indentation, as far as none is indented less than them and their neighbours.
fn peers<'l>(lines: impl Iterator<Item = &'l (usize, usize)>, indentation: usize, other: usize) -> usize {
    let least = indentation.min(other);
    let near = lines.take_while(|(_, found)| *found >= least);
    near.filter(|(_, found)| *found == indentation).count()
}

/// The byte range of a line's indentation and the first sign behind it.
pub(super) fn first_sign(text: &str, line: &MisindentedLine) -> std::ops::Range<usize> {
    let start = line.start + line.found;
    start..start + text_part(text, start..text.len()).chars().next().map_or(0, char::len_utf8)
}
