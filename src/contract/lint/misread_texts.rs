//! Texts and names of fields that mean another thing here than they seem to: words that older YAML takes for truth values, references
//! in braces, typographic quotes, and names of fields that look like JSON Pointers.

use super::json_pointers::is_escaped;
use super::vendor_scope::VendorScope;
use crate::contract::schema_mistakes::truth_value;
use crate::contract::template::reference_at;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::{FileId, Place, Sources, escape_segment, text_part};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The keys with sentences for people under them, which no test compares with anything.
const SENTENCES: [&str; 8] =
    ["clauses", "says", "untestable", "mistaken", "because", "inferred", "not_inducible", "reason"];
/// The keys with regular expressions under them, in which a dollar is an end.
const PATTERNS: [&str; 2] = ["pattern", "test"];
/// The typographic quotes that open a text, and those that close it.
const TYPOGRAPHIC: (&[char], &[char]) =
    (&['“', '”', '„', '‘', '’', '«', '»', '‹'], &['“', '”', '‘', '’', '«', '»', '›']);

pub(super) fn misread_texts(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    let operations = scope.vendor.operations.iter().map(|operation| operation.at.file);
    let files: BTreeSet<FileId> = operations.chain([scope.vendor.at.file]).collect();
    for file in files {
        if let Some(written) = scope.written(&Place::root(file)) {
            TextReader { sources: scope.sources, file, path: Vec::new(), found }.read(written, "");
        }
    }
}

/// A reader of everything that is written in a file.
struct TextReader<'s, 'f> {
    sources: &'s Sources,
    file: FileId,
    /// The way to what is read: a place is made of it only where something is found, since most values are as they seem.
    path: Vec<WrittenStep<'s>>,
    found: &'f mut Vec<Diagnostic>,
}

/// A step on the way to a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WrittenStep<'s> {
    Name(&'s str),
    Item(usize),
}

impl<'s> TextReader<'s, '_> {
    /// Reads a value that is written under a key; an item of a list is under the key of its list.
    fn read(&mut self, written: &'s Value, key: &'s str) {
        match written {
            Value::String(text) => self.read_text(text, key),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.read_below(WrittenStep::Item(index), item, key);
                }
            }
            Value::Object(map) => {
                if self.has_fields() {
                    self.read_names(map);
                }
                for (name, value) in map {
                    let is_clause = key == "clauses" && value.is_string();
                    self.read_below(WrittenStep::Name(name), value, if is_clause { key } else { name });
                }
            }
            _ => {}
        }
    }

    fn read_below(&mut self, step: WrittenStep<'s>, written: &'s Value, key: &'s str) {
        self.path.push(step);
        self.read(written, key);
        self.path.pop();
    }

    fn read_text(&mut self, text: &str, key: &str) {
        let is_quoted = text.starts_with(TYPOGRAPHIC.0) && text.ends_with(TYPOGRAPHIC.1);
        if is_quoted && self.is_plain(text) {
            self.found.push(typographic_quotes(text, &self.place()));
        }
        if SENTENCES.contains(&key) {
            return;
        }
        if let Some(value) = truth_value(text).filter(|_| self.is_plain(text)) {
            self.found.push(truth_word(text, value, &self.place()));
        }
        if text.contains("${") && !PATTERNS.contains(&key) {
            self.found.extend(braced_reference(text, &self.place()));
        }
    }

    /// The place of what is read.
    fn place(&self) -> Place {
        let mut place = Place::root(self.file);
        for step in &self.path {
            place = match step {
                WrittenStep::Name(name) => place.child(name),
                WrittenStep::Item(index) => place.index(index),
            };
        }
        place
    }

    /// Returns true if a text is written without quotes.
    fn is_plain(&self, text: &str) -> bool {
        let span = self.sources.resolve(&self.place());
        text_part(self.sources[span.file].text(), span.range) == text
    }

    /// Returns true if the mapping has names of fields as its keys: it is under `fields`, outside a request's body, or a shape.
    fn has_fields(&self) -> bool {
        match self.path.as_slice() {
            [WrittenStep::Name("shapes"), WrittenStep::Name(_)] => true,
            [outer @ .., WrittenStep::Name("fields")] => {
                outer.last() != Some(&WrittenStep::Name("properties")) && !outer.contains(&WrittenStep::Name("json"))
            }
            _ => false,
        }
    }

    /// Reads the names of the fields that a mapping promises.
    fn read_names(&mut self, fields: &Map<String, Value>) {
        for name in fields.keys().filter(|name| name.contains('/')) {
            if !name.starts_with('/') {
                self.found.push(slash_in_name(name, self.place().child(name).key()));
            } else if !is_escaped(name) {
                self.found.push(bad_escape(name, self.place().child(name).key()));
            }
        }
    }
}

fn typographic_quotes(text: &str, at: &Place) -> Diagnostic {
    let bare = text.trim_start_matches(TYPOGRAPHIC.0).trim_end_matches(TYPOGRAPHIC.1);
    Diagnostic::warning(Code::TypographicQuotes, "typographic quotes are part of the text that they surround")
        .at(at, "does not quote anything")
        .help(format!("write `\"{bare}\"`; if the text has these quotes, write straight ones around them"))
}

fn truth_word(text: &str, value: bool, at: &Place) -> Diagnostic {
    Diagnostic::warning(Code::TruthWord, format!("`{text}` is text here, and a truth value to readers of YAML 1.1"))
        .at(at, "text without quotes")
        .help(format!("write `\"{text}\"` for the text, or `{value}` for the truth value"))
}

/// The mistake of a reference that is written in braces, where a text has one.
fn braced_reference(text: &str, at: &Place) -> Option<Diagnostic> {
    // Two dollars are one that begins no reference.
    let text = text.replace("$$", "");
    let (_, rest) = text.split_once("${")?;
    let (inside, _) = rest.split_once('}')?;
    let name = inside.trim_matches(['{', ' ']);
    let mistake = Diagnostic::warning(Code::BracedReference, format!("`${{{inside}}}` is text, not a reference"))
        .at(at, "sent and expected as it is written");
    let reference = format!("${name}");
    Some(match reference_at(&reference) {
        Some((_, "")) => mistake.help(format!("write `{reference}`, without braces; `$${{` is text that begins so")),
        _ => mistake.help("references have no braces: `$link.id`; `$${` is text that begins so"),
    })
}

fn bad_escape(name: &str, at: Place) -> Diagnostic {
    let meant = name.replace("~0", "~").replace("~1", "\u{0}").replace('~', "~0").replace('\u{0}', "~1");
    Diagnostic::warning(Code::BadPointer, format!("`{name}` is not a JSON Pointer: `~` is followed by neither 0 nor 1"))
        .at(at, "this tilde begins no escape")
        .help(format!("`~0` is a tilde and `~1` a slash in a name: write `{meant}` if the name has a tilde"))
}

fn slash_in_name(name: &str, at: Place) -> Diagnostic {
    let escaped = escape_segment(name);
    Diagnostic::warning(Code::SlashInName, format!("`{name}` is the name of one field, not a path to it"))
        .at(at, "a pointer begins with `/`")
        .help(format!("write `/{name}` for the field inside another, or `/{escaped}` for a name with a slash"))
}
