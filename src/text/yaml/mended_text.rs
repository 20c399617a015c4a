//! A text that is not YAML by a slip whose cure is certain, with the slip cured: what else is wrong with it can then be found too.

use std::ops::Range;

use super::misindented_line::MisindentedLine;
use crate::text::diagnostic::{At, Diagnostic};
use crate::text::source::{text_from, text_part};

/// The end of reading by a mistake of syntax: the byte, the parser's own words, and the bracket or brace that is open.
#[derive(Debug, Clone)]
pub(super) struct SyntaxFailure {
    pub(super) offset: usize,
    pub(super) info: String,
    pub(super) open: Option<usize>,
}

impl SyntaxFailure {
    /// The bracket or brace that is not closed on the lines before the one where reading ended, nor before what closes another.
    pub(super) fn unclosed_bracket(&self, text: &str) -> Option<usize> {
        let words = ["invalid indentation", "expected ',' or", "end of stream", "mapping values", "illegal placement"];
        let may_be = words.iter().any(|words| self.info.contains(words)) && self.unclosed_quote(text).is_none();
        let is_above = |open: &usize| text_part(text, *open..self.offset).contains('\n');
        let is_end = self.offset >= text.trim_end().len() || self.is_at_closing(text);
        self.open.filter(|open| may_be && (is_end || is_above(open)))
    }

    /// Returns true if reading ended at what closes a bracket or brace.
    fn is_at_closing(&self, text: &str) -> bool {
        text_from(text, self.offset).starts_with(['}', ']'])
    }

    /// The quote that is not closed.
    pub(super) fn unclosed_quote(&self, text: &str) -> Option<usize> {
        let is_quote = text_from(text, self.offset).starts_with(['"', '\'']);
        let words = ["invalid indentation in quoted scalar", "unexpected end of stream"];
        (is_quote && words.iter().any(|words| self.info.contains(words))).then_some(self.offset)
    }
}

/// One change of a text: a stretch of it that is replaced.
#[derive(Debug)]
pub(super) struct Mend {
    at: usize,
    removed: usize,
    inserted: String,
}

impl Mend {
    /// The cure of a failure, where it is certain.
    pub(super) fn of(text: &str, failure: &SyntaxFailure) -> Option<Self> {
        if let Some(quote) = failure.unclosed_quote(text) {
            return Some(Self::closing_quote(text, quote, failure.open.is_some()));
        }
        if let Some(open) = failure.unclosed_bracket(text) {
            let closing = if text_from(text, open).starts_with('[') { "]" } else { "}" };
            return Some(Self::insertion(last_text_before(text, failure), closing));
        }
        let MisindentedLine { start, found, due } = MisindentedLine::of(text, failure)?;
        Some(Self { at: start, removed: found, inserted: " ".repeat(due) })
    }

    /// Closes a quote at the end of its line, before what closes braces there.
    fn closing_quote(text: &str, quote: usize, in_brackets: bool) -> Self {
        let rest = text_from(text, quote);
        let line = rest.lines().next().unwrap_or_default().trim_end();
        let quoted = if in_brackets { line.trim_end_matches([' ', '}', ']', ',']) } else { line };
        Self::insertion(quote + quoted.len().max(1), if rest.starts_with('"') { "\"" } else { "'" })
    }

    fn insertion(at: usize, inserted: &str) -> Self {
        Self { at, removed: 0, inserted: inserted.to_owned() }
    }

    /// The text with the change.
    pub(super) fn apply(&self, text: &str) -> String {
        let (before, behind) = (text_part(text, 0..self.at), text_from(text, self.at + self.removed));
        format!("{before}{}{behind}", self.inserted)
    }

    /// The byte of the text before the change for one behind it.
    fn origin(&self, byte: usize) -> usize {
        match byte.checked_sub(self.at + self.inserted.len()) {
            Some(behind) => self.at + self.removed + behind,
            None => byte.min(self.at),
        }
    }
}

/// The bytes of a text as it was for those of the text with all changes, the first of which was made first.
pub(super) fn origin_of(mends: &[Mend], bytes: Range<usize>) -> Range<usize> {
    let mut range = bytes;
    for mend in mends.iter().rev() {
        range = mend.origin(range.start)..mend.origin(range.end);
    }
    range
}

/// Moves the labels of a mistake from a text with changes to the text as it was.
pub(super) fn move_labels(mistake: &mut Diagnostic, mends: &[Mend]) {
    for label in &mut mistake.labels {
        if let At::Span(span) = &mut label.at {
            span.range = origin_of(mends, span.range.clone());
        }
    }
}

/// The end of the last text before the line where reading ended; before the very place where that ends the text or closes another
/// bracket.
fn last_text_before(text: &str, failure: &SyntaxFailure) -> usize {
    let before = text_part(text, 0..failure.offset);
    let is_here = failure.is_at_closing(text) || failure.offset >= text.trim_end().len();
    let line = before.rfind('\n').filter(|_| !is_here).unwrap_or(before.len());
    text_part(text, 0..line).trim_end().len()
}
