//! What is refused wherever it stands, and how a mistake is kept.

use std::ops::Range;

use super::parse::{Builder, Ended, Step};
use super::syntax;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::{Span, character_start};

/// Mistakes of one file beyond this number are counted, not told.
const MOST_MISTAKES: usize = 1_000;

impl Builder<'_> {
    /// Tells of two equal keys of one mapping.
    pub(super) fn report_duplicate(&mut self, first: Range<usize>, second: Range<usize>) {
        let mistake = Diagnostic::error(Code::DuplicateKey, format!("the key `{}` stands twice", self.slice(&second)))
            .at(self.span(second), "again here")
            .at(self.span(first), "first here")
            .help("remove one of the two, or rename it");
        self.push(mistake);
    }

    /// Tells of an anchor or a tag before a value.
    pub(super) fn refuse_properties(&mut self, anchor: bool, tag: bool, start: usize) {
        if anchor {
            let help = "remove it; values are shared by shapes and sections";
            let range = self.property('&', start);
            self.report(Code::AnchorOrAlias, "anchors are not part of the language", range, "an anchor", help);
        }
        if tag {
            let help = "remove it; quote a value that is to be text";
            let range = self.property('!', start);
            self.report(Code::Tag, "tags are not part of the language", range, "a tag", help);
        }
    }

    /// The bytes of the anchor or tag among the words before a value.
    fn property(&self, sign: char, start: usize) -> Range<usize> {
        // No more than a line's worth is looked at: the text may be one long word.
        let end = character_start(self.text, start + 200);
        let mut at = start;
        for word in self.text.get(start..end).unwrap_or_default().split_inclusive(char::is_whitespace) {
            if word.starts_with(sign) {
                let length = word.find(|end: char| end.is_whitespace() || ",[]{}".contains(end)).unwrap_or(word.len());
                return at..at + length;
            }
            at += word.len();
        }
        start..start
    }

    /// Tells of tabs in indentation, which this parser lets pass in places where others do not.
    pub(super) fn refuse_tabs(&mut self) {
        if !self.text.contains('\t') {
            return;
        }
        let starts = std::iter::once(0).chain(self.text.match_indices('\n').map(|(end, _)| end + 1));
        for tab in starts.filter_map(|start| syntax::indentation_tab(self.text, start)) {
            let before = self.long_texts.partition_point(|text| text.start < tab);
            let within =
                before.checked_sub(1).and_then(|last| self.long_texts.get(last)).is_some_and(|text| tab < text.end);
            if !within {
                self.push(syntax::tab_indentation(self.file, tab));
            }
        }
    }

    /// Tells of characters that nobody sees and that readers of YAML take differently.
    pub(super) fn refuse_unseen(&mut self) {
        if self.text.bytes().all(|byte| (b' '..0x7f).contains(&byte) || b"\t\n\r".contains(&byte)) {
            return;
        }
        let unseen = |character: char| match character {
            '\t' | '\n' | '\r' | '\u{85}' => false,
            '\u{feff}' | '\u{fffe}' | '\u{ffff}' => true,
            other => other.is_control(),
        };
        for (at, character) in self.text.char_indices().filter(|(_, character)| unseen(*character)) {
            let message = format!("the text holds the character U+{:04X}, which nobody sees", u32::from(character));
            let help = "remove it, or write it as an escape within double quotes";
            self.report(Code::UnseenCharacter, message, at..at + character.len_utf8(), "here", help);
        }
    }

    /// Tells of lines such as `%YAML 1.2` before the document.
    pub(super) fn refuse_directives(&mut self, start: usize) {
        let before = self.text.get(..start).unwrap_or_default();
        let mut at = 0;
        for line in before.split_inclusive('\n') {
            if line.starts_with('%') {
                let range = at..at + line.trim_end().len();
                self.report(
                    Code::Syntax,
                    "directives are not part of the language",
                    range,
                    "a directive",
                    "remove the line",
                );
            }
            at += line.len();
        }
    }

    /// Adds a mistake at bytes.
    pub(super) fn report(
        &mut self,
        code: Code,
        message: impl Into<String>,
        range: Range<usize>,
        label: &str,
        help: impl Into<String>,
    ) {
        let mistake = Diagnostic::error(code, message).at(self.span(range), label).help(help);
        self.push(mistake);
    }

    /// Adds a mistake with which reading ends.
    pub(super) fn stop(
        &mut self,
        code: Code,
        message: impl Into<String>,
        range: Range<usize>,
        label: &str,
        help: &str,
    ) -> Step {
        let mistake = Diagnostic::error(code, message).at(self.span(range), label).help(help);
        self.end_with(mistake)
    }

    /// Adds a mistake with which reading ends; it is told however many were told before it.
    pub(super) fn end_with(&mut self, mistake: Diagnostic) -> Step {
        self.mistakes.push(mistake);
        Err(Ended)
    }

    /// Adds a mistake, unless there are too many to be of use.
    pub(super) fn push(&mut self, mistake: Diagnostic) {
        if self.mistakes.len() < MOST_MISTAKES {
            self.mistakes.push(mistake);
        } else {
            self.untold += 1;
        }
    }

    /// The mistakes told, the last with the number of those that are not.
    pub(super) fn told(&mut self) -> Vec<Diagnostic> {
        let mut mistakes = std::mem::take(&mut self.mistakes);
        if self.untold > 0
            && let Some(last) = mistakes.pop()
        {
            mistakes.push(last.help(format!("{} further mistakes of this file are not shown", self.untold)));
        }
        mistakes
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span { file: self.file, range }
    }

    /// The text of a range.
    pub(super) fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }
}
