//! What may stand as a key, and what is refused wherever it stands.

use std::ops::Range;

use saphyr_parser::ScalarStyle;
use serde_json::Value;

use super::parse::{Builder, Key, Kind, MOST_MISTAKES};
use super::{scalar, syntax};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Tree};

impl Builder<'_> {
    /// A key as written; one that reads as a number, a truth value or null is told, and kept as text.
    pub(super) fn key(&mut self, text: &str, style: ScalarStyle, range: Range<usize>) -> Key {
        if style != ScalarStyle::Plain {
            return Key::Read(text.to_owned(), range);
        }
        if text == "<<" {
            let help = "write the keys out, or share them by a shape or a section";
            self.report(Code::MergeKey, "merge keys are not part of the language", range, "a merge key", help);
            return Key::Refused;
        }
        let kind = match scalar::plain(text) {
            Ok(Value::String(_)) => return Key::Read(text.to_owned(), range),
            Ok(Value::Null) => "null",
            Ok(Value::Bool(_)) => "a truth value",
            _ => "a number",
        };
        if text.is_empty() {
            self.report(Code::KeyNotText, "a value has no key", range, "no key stands here", "write `key: value`");
            return Key::Refused;
        }
        let message = format!("the key `{text}` reads as {kind}, but a name is text");
        self.report(Code::KeyNotText, message, range.clone(), kind, format!("quote it: `\"{text}\"`"));
        Key::Read(text.to_owned(), range)
    }

    /// Tells of a list or mapping that stands as a key.
    pub(super) fn refuse_nested_key(&mut self, range: Range<usize>) {
        let message = "a list or a mapping stands as a key, but a name is text";
        self.report(
            Code::KeyNotText,
            message,
            range,
            "a key",
            "quote text that begins with a bracket, a brace, `- ` or `? `",
        );
    }

    /// The bytes that stand for a value that is not written: those of its key. Tells of a comma that cut a sentence in two.
    pub(super) fn missing(&mut self, at: usize) -> Range<usize> {
        let Some(open) = self.open.last() else { return at..at };
        let Kind::Mapping { key: Key::Read(name, range), in_braces, .. } = &open.kind else { return at..at };
        let (name, range) = (name.clone(), range.clone());
        let rest = self.text.get(range.end..).unwrap_or_default();
        if *in_braces && !rest.trim_start().starts_with(':') {
            self.report_comma(&name, range.clone());
        }
        range
    }

    fn report_comma(&mut self, name: &str, range: Range<usize>) {
        let before = self.text.get(..range.start).unwrap_or_default().trim_end();
        let mut mistake =
            Diagnostic::error(Code::UnquotedComma, format!("a comma: `{name}` is read as a key without a value"))
                .at(self.span(range), "read as a key");
        if before.ends_with(',') {
            mistake = mistake.at(self.span(before.len() - 1..before.len()), "the comma ends the value before it");
        }
        self.push(mistake.help("quote the sentence; within braces a comma separates entries"));
    }

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
        let end = self.text.floor_char_boundary(start + 200);
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

    /// The mistake with which reading ends.
    pub(super) fn ending(
        &self,
        code: Code,
        message: impl Into<String>,
        range: Range<usize>,
        label: &str,
        help: &str,
    ) -> Box<Diagnostic> {
        Box::new(Diagnostic::error(code, message).at(self.span(range), label).help(help))
    }

    /// The tree and the mistakes of a text that was read to its end.
    pub(super) fn finish(mut self) -> (Option<Tree>, Vec<Diagnostic>) {
        if self.values == 0 || (self.tree.value.is_null() && self.values == 1 && self.is_blank()) {
            let help = "begin with `version: 1`, or remove the file";
            self.report(Code::EmptyFile, "the file is empty", 0..0, "", help);
            return (None, self.mistakes);
        }
        self.refuse_tabs();
        (Some(self.tree), self.mistakes)
    }

    /// Tells of tabs in indentation, which this parser lets pass in places where others do not.
    fn refuse_tabs(&mut self) {
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

    /// The innermost bracket or brace that is not closed yet.
    pub(super) fn open_bracket(&self) -> Option<usize> {
        let starts = self.open.iter().rev().map(|open| open.start);
        starts.filter(|start| self.text.get(*start..).is_some_and(|rest| rest.starts_with(['[', '{']))).next()
    }

    fn is_blank(&self) -> bool {
        self.text
            .lines()
            .map(str::trim)
            .all(|line| line.is_empty() || line.starts_with('#') || line == "---" || line == "...")
    }

    fn push(&mut self, mistake: Diagnostic) {
        if self.mistakes.len() < MOST_MISTAKES {
            self.mistakes.push(mistake);
        }
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span { file: self.file, range }
    }

    /// The text of a range.
    pub(super) fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }
}
