//! Two texts beside or below one another, with the lines that differ marked.

use similar::{ChangeTag, TextDiff};

/// A line of a difference, without its line end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it stands.
    pub side: Side,
    /// The line.
    pub text: String,
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// In the accepted text alone.
    Before,
    /// In the other text alone.
    After,
    /// In both.
    Both,
}

impl Side {
    /// The sign before the line.
    pub fn sign(self) -> char {
        match self {
            Self::Before => '-',
            Self::After => '+',
            Self::Both => ' ',
        }
    }
}

/// Longer texts are not compared line by line, since that may take long; they are shown one after the other.
const COMPARED: usize = 400_000;

/// Every line of two texts, in order.
pub fn lines(before: &str, after: &str) -> Vec<Line> {
    let of = |side, text: &str| Line { side, text: text.trim_end_matches(['\n', '\r']).to_owned() };
    if before.len() + after.len() > COMPARED {
        let before = before.lines().map(|line| of(Side::Before, line));
        return before.chain(after.lines().map(|line| of(Side::After, line))).collect();
    }
    let (before, after) = (format!("{before}\n"), format!("{after}\n"));
    let diff = TextDiff::from_lines(&before, &after);
    let line = |change: similar::Change<&str>| match change.tag() {
        ChangeTag::Delete => of(Side::Before, change.value()),
        ChangeTag::Insert => of(Side::After, change.value()),
        ChangeTag::Equal => of(Side::Both, change.value()),
    };
    diff.iter_all_changes().map(line).collect()
}

/// The difference as one text, every line with its sign. Snapshots are short, so nothing is left out.
pub fn unified(before: &str, after: &str) -> String {
    let line = |line: Line| format!("{} {}", line.side.sign(), line.text).trim_end().to_owned() + "\n";
    lines(before, after).into_iter().map(line).collect()
}

/// Pairs of lines that stand beside one another; what is gone stands beside what came in its place.
pub fn pairs(lines: &[Line]) -> Vec<(Option<&Line>, Option<&Line>)> {
    let mut pairs = Vec::new();
    let mut rest = lines;
    while let Some(first) = rest.first() {
        if first.side == Side::Both {
            pairs.push((Some(first), Some(first)));
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let run = rest.iter().take_while(|line| line.side != Side::Both).count();
        let (changed, tail) = rest.split_at(run);
        let of = |side| changed.iter().filter(move |line| line.side == side);
        let (mut before, mut after) = (of(Side::Before), of(Side::After));
        loop {
            match (before.next(), after.next()) {
                (None, None) => break,
                pair => pairs.push(pair),
            }
        }
        rest = tail;
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_marked_and_the_rest_stays() {
        assert_eq!(unified("a\nb\nc", "a\nx\nc"), "  a\n- b\n+ x\n  c\n");
        assert_eq!(unified("a", "a\n\nb"), "  a\n+\n+ b\n");
    }

    #[test]
    fn a_changed_line_stands_beside_the_one_it_replaces() {
        let lines = lines("a\nb\nc\nd", "a\nx\nd\ne");
        let shown: Vec<_> = pairs(&lines)
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
    fn long_texts_do_not_take_long() {
        let (before, after) = ("a\n".repeat(150_000), "b\n".repeat(150_000));
        assert_eq!(lines(&before, &after).len(), 300_000);
    }
}
