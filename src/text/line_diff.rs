//! The lines in which two texts differ: one above the other, beside one another, or without what is far from any change.

use similar::{ChangeTag, TextDiff};

/// A line of two texts, without its line end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// The text or texts that have it.
    pub side: DiffSide,
    /// The line.
    pub text: String,
}

/// The text or texts that have a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffSide {
    /// The first text alone.
    Before,
    /// The second text alone.
    After,
    /// Both.
    Both,
}

impl DiffSide {
    /// The sign before the line.
    pub fn sign(self) -> char {
        match self {
            Self::Before => '-',
            Self::After => '+',
            Self::Both => ' ',
        }
    }
}

impl DiffLine {
    fn new(side: DiffSide, text: &str) -> Self {
        Self { side, text: text.trim_end_matches(['\n', '\r']).to_owned() }
    }

    fn is_same(&self) -> bool {
        self.side == DiffSide::Both
    }
}

/// Longer texts are not compared line by line, since that may take long; they are shown one after the other.
const MOST_COMPARED: usize = 400_000;

/// Returns every line of two texts, in order. An absent text has no line, an empty one has one.
pub fn diff_lines(before: Option<&str>, after: Option<&str>) -> Vec<DiffLine> {
    if before.map_or(0, str::len) + after.map_or(0, str::len) > MOST_COMPARED {
        let before = before.into_iter().flat_map(str::lines).map(|line| DiffLine::new(DiffSide::Before, line));
        let after = after.into_iter().flat_map(str::lines).map(|line| DiffLine::new(DiffSide::After, line));
        return before.chain(after).collect();
    }
    // With a line end, so that a last line with and one without are the same.
    let [before, after] = [before, after].map(|text| text.map_or_else(String::new, |text| format!("{text}\n")));
    let diff = TextDiff::from_lines(&before, &after);
    let lines = diff.iter_all_changes().map(|change| {
        let side = match change.tag() {
            ChangeTag::Delete => DiffSide::Before,
            ChangeTag::Insert => DiffSide::After,
            ChangeTag::Equal => DiffSide::Both,
        };
        DiffLine::new(side, change.value())
    });
    lines.collect()
}

/// The difference as one text, every line with its sign, and nothing left out.
pub fn unified_diff(before: &str, after: &str) -> String {
    let mut text = String::new();
    for line in diff_lines(Some(before), Some(after)) {
        text += format!("{} {}", line.side.sign(), line.text).trim_end();
        text.push('\n');
    }
    text
}

/// A piece of a difference that is shown without what is far from any change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffPiece<'a> {
    /// A line that differs, or is near one that does.
    Line(&'a DiffLine),
    /// Lines that are the same, and far from any that differs.
    Far(&'a [DiffLine]),
}

/// Returns the lines that differ with so many lines around each, and the others as pieces between them.
pub fn fold_far(lines: &[DiffLine], context: usize) -> Vec<DiffPiece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = lines.len();
    for run in lines.chunk_by(|one, next| one.is_same() == next.is_same()) {
        let head = if rest == lines.len() { 0 } else { context };
        rest -= run.len();
        let tail = if rest == 0 { 0 } else { context };
        let far = if run.iter().all(DiffLine::is_same) { run.len().saturating_sub(head + tail) } else { 0 };
        let (near, below) = run.split_at(if far == 0 { run.len() } else { head });
        let (far, next) = below.split_at(far);
        pieces.extend(near.iter().map(DiffPiece::Line));
        if !far.is_empty() {
            pieces.push(DiffPiece::Far(far));
        }
        pieces.extend(next.iter().map(DiffPiece::Line));
    }
    pieces
}

/// Pairs of lines beside one another; what is gone is beside what came instead of it.
pub fn side_by_side(lines: &[DiffLine]) -> Vec<(Option<&DiffLine>, Option<&DiffLine>)> {
    let mut pairs = Vec::new();
    for run in lines.chunk_by(|one, next| one.is_same() == next.is_same()) {
        let mut before = run.iter().filter(|line| line.side != DiffSide::After);
        let mut after = run.iter().filter(|line| line.side != DiffSide::Before);
        loop {
            match (before.next(), after.next()) {
                (None, None) => break,
                pair => pairs.push(pair),
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_marked_and_the_rest_stays() {
        assert_eq!(unified_diff("a\nb\nc", "a\nx\nc"), "  a\n- b\n+ x\n  c\n");
        assert_eq!(unified_diff("a", "a\n\nb"), "  a\n+\n+ b\n");
    }

    #[test]
    fn a_changed_line_stands_beside_the_one_it_replaces() {
        let lines = diff_lines(Some("a\nb\nc\nd"), Some("a\nx\nd\ne"));
        let shown: Vec<_> = side_by_side(&lines)
            .into_iter()
            .map(|(before, after)| (before.map(|line| line.text.as_str()), after.map(|line| line.text.as_str())))
            .collect();
        let expected = [
            (Some("a"), Some("a")),
            (Some("b"), Some("x")),
            (Some("c"), None),
            (Some("d"), Some("d")),
            (None, Some("e")),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_is_far_from_any_change_is_one_piece() {
        let lines = diff_lines(Some("1\n2\n3\n4\n5\n6\n7\n8"), Some("1\n2\nx\n4\n5\n6\n7\ny\n"));
        let shown = |context: usize| {
            let piece = |piece: DiffPiece<'_>| match piece {
                DiffPiece::Line(line) => line.text.clone(),
                DiffPiece::Far(lines) => format!("({})", lines.len()),
            };
            fold_far(&lines, context).into_iter().map(piece).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(1), "(1) 2 3 x 4 (2) 7 8 y ");
        assert_eq!(shown(2), "1 2 3 x 4 5 6 7 8 y ");
        assert_eq!(fold_far(&diff_lines(Some("a"), Some("a")), 3).len(), 1);
        assert_eq!(fold_far(&diff_lines(None, Some("a")), 3).len(), 1);
    }

    #[test]
    fn long_texts_do_not_take_long() {
        let (before, after) = ("a\n".repeat(150_000), "b\n".repeat(150_000));
        assert_eq!(diff_lines(Some(&before), Some(&after)).len(), 300_000);
    }
}
