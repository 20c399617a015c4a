//! Texts and names of fields that mean another thing here than they seem to: words that older YAML takes for truth values, references
//! in braces, typographic quotes, and names of fields that look like JSON Pointers.

use super::json_pointers::is_escaped;
use super::vendor_scope::VendorScope;
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
/// The words that YAML 1.1 takes for truth values and YAML 1.2 for text.
const TRUTH_WORDS: [&str; 4] = ["yes", "no", "on", "off"];
/// The typographic quotes that open a text, and those that close it.
const TYPOGRAPHIC: (&[char], &[char]) =
    (&['“', '”', '„', '‘', '’', '«', '»', '‹'], &['“', '”', '‘', '’', '«', '»', '›']);

pub(super) fn misread_texts(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    let operations = scope.vendor.operations.iter().map(|operation| operation.at.file);
    let files: BTreeSet<FileId> = operations.chain([scope.vendor.at.file]).collect();
    let mut reader = TextReader { sources: scope.sources, found };
    for at in files.into_iter().map(Place::root) {
        if let Some(written) = scope.written(&at) {
            reader.read(written, &at, "");
        }
    }
}

/// A reader of everything that is written in the files of a vendor.
struct TextReader<'s, 'f> {
    sources: &'s Sources,
    found: &'f mut Vec<Diagnostic>,
}

impl TextReader<'_, '_> {
    /// Reads a value that is written under a key; an item of a list is under the key of its list.
    fn read(&mut self, written: &Value, at: &Place, key: &str) {
        match written {
            Value::String(text) => self.read_text(text, at, key),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.read(item, &at.index(index), key);
                }
            }
            Value::Object(map) => {
                if has_fields(at) {
                    self.read_names(map, at);
                }
                for (name, value) in map {
                    let is_clause = key == "clauses" && value.is_string();
                    self.read(value, &at.child(name), if is_clause { key } else { name });
                }
            }
            _ => {}
        }
    }

    fn read_text(&mut self, text: &str, at: &Place, key: &str) {
        let is_plain = self.is_plain(text, at);
        if is_plain && text.starts_with(TYPOGRAPHIC.0) && text.ends_with(TYPOGRAPHIC.1) {
            self.found.push(typographic_quotes(text, at));
        }
        if SENTENCES.contains(&key) {
            return;
        }
        if is_plain && TRUTH_WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)) {
            self.found.push(truth_word(text, at));
        }
        if !PATTERNS.contains(&key) {
            self.found.extend(braced_reference(text, at));
        }
    }

    /// Returns true if a text is written without quotes.
    fn is_plain(&self, text: &str, at: &Place) -> bool {
        let span = self.sources.resolve(at);
        text_part(self.sources[span.file].text(), span.range) == text
    }

    /// Reads the names of the fields that a mapping promises.
    fn read_names(&mut self, fields: &Map<String, Value>, at: &Place) {
        for name in fields.keys() {
            let place = at.child(name).key();
            if name.starts_with('/') {
                if !is_escaped(name) {
                    self.found.push(bad_escape(name, place));
                }
            } else if name.contains('/') {
                self.found.push(slash_in_name(name, place));
            }
        }
    }
}

/// Returns true if a mapping has names of fields as its keys: it is under `fields`, outside a request's body, or a shape.
fn has_fields(at: &Place) -> bool {
    let (outer, name) = at.pointer.rsplit_once('/').unwrap_or_default();
    outer == "/shapes" || name == "fields" && !outer.ends_with("/properties") && !outer.contains("/json")
}

fn typographic_quotes(text: &str, at: &Place) -> Diagnostic {
    let bare = text.trim_start_matches(TYPOGRAPHIC.0).trim_end_matches(TYPOGRAPHIC.1);
    Diagnostic::warning(Code::TypographicQuotes, "typographic quotes are part of the text that they surround")
        .at(at, "does not quote anything")
        .help(format!("write `\"{bare}\"`; if the text has these quotes, write straight ones around them"))
}

fn truth_word(text: &str, at: &Place) -> Diagnostic {
    let is_true = ["yes", "on"].iter().any(|word| text.eq_ignore_ascii_case(word));
    Diagnostic::warning(Code::TruthWord, format!("`{text}` is text here, and a truth value to readers of YAML 1.1"))
        .at(at, "text without quotes")
        .help(format!("write `\"{text}\"` for the text, or `{is_true}` for the truth value"))
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
