//! The values of a case that vary because they were captured or generated there, each with the name that replaces it.

use crate::contract::template::{Names, plain};
use crate::text::secret::percent;
use serde_json::Value;
use std::collections::HashMap;

/// The values of one case that no two runs share, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VaryingValues {
    names: HashMap<String, Value>,
    /// The texts that are looked for, the longest first.
    texts: Vec<(String, String)>,
}

/// The shortest text that is found by its value wherever it is; a shorter one would take innocent text with it, so it is only
/// replaced where the contract has it.
const DISTINCTIVE: usize = 8;

impl VaryingValues {
    /// Adds a value under a name, `link.id`; a text that is there already keeps its first name.
    pub fn add(&mut self, name: &str, value: &Value) {
        let text = plain(value);
        if text.is_empty() || self.names.contains_key(name) {
            return;
        }
        self.names.insert(name.to_owned(), value.clone());
        if !is_distinctive(&text) {
            return;
        }
        let encoded = percent(&text);
        if encoded != text {
            self.look_for(encoded, format!("{name} encoded"));
        }
        self.look_for(text, name.to_owned());
    }

    /// The same, with every value as `clean` makes it: what is looked for in texts without secrets must be without them too.
    #[must_use]
    pub fn cleaned(self, clean: &dyn Fn(&str) -> String) -> Self {
        let names = self.names.into_iter().map(|(name, value)| match value {
            Value::String(text) => (name, Value::String(clean(&text))),
            other => (name, other),
        });
        let texts = self.texts.into_iter().map(|(text, name)| (clean(&text), name));
        Self { names: names.collect(), texts: texts.collect() }
    }

    /// The value of a name, if it varies.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.names.get(name)
    }

    /// The value that begins a text and ends at the end of a word: its length and its name.
    pub(super) fn find_at(&self, text: &str) -> Option<(usize, &str)> {
        let found = self.texts.iter().find(|(known, _)| begins_with_word(text, known));
        found.map(|(known, name)| (known.len(), name.as_str()))
    }

    fn look_for(&mut self, text: String, name: String) {
        if self.texts.iter().all(|(known, _)| *known != text) {
            self.texts.push((text, name));
            self.texts.sort_by(|(one, _), (other, _)| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        }
    }
}

/// Returns true if a text means nothing else: it is long, or letters and digits are mixed in it.
fn is_distinctive(text: &str) -> bool {
    let length = text.chars().count();
    let is_mixed = text.contains(char::is_alphabetic) && text.contains(|letter: char| letter.is_ascii_digit());
    length >= DISTINCTIVE || length >= 6 && is_mixed
}

/// Returns true if a text begins with a word that does not go on.
fn begins_with_word(text: &str, word: &str) -> bool {
    let rest = text.strip_prefix(word).filter(|_| !word.is_empty());
    rest.is_some_and(|rest| !(word.ends_with(is_of_word) && rest.starts_with(is_of_word)))
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Returns true if a text begins in the middle of a word, given the letter before it.
pub(super) fn continues_word(before: Option<char>, text: &str) -> bool {
    before.is_some_and(is_of_word) && text.starts_with(is_of_word)
}

/// References as placeholders where their values vary, and as their values elsewhere.
pub(super) struct PlacingNames<'a> {
    pub(super) varying: &'a VaryingValues,
    pub(super) names: &'a dyn Names,
}

impl Names for PlacingNames<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        match self.varying.value(name) {
            Some(_) => Some(Value::String(format!("[{name}]"))),
            None => self.names.value(name),
        }
    }
}
