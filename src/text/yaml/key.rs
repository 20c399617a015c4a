//! What may stand as a key, and what stands for a value that is not written.

use std::ops::Range;

use saphyr_parser::ScalarStyle;
use serde_json::Value;

use super::parse::{Builder, Key, Kind};
use super::scalar;
use crate::text::diagnostic::{Code, Diagnostic};

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
}
