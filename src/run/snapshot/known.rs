//! What is known to vary in a case because it was captured or generated there: each value with the name that stands for it.

use crate::contract::template::{Names, plain};
use crate::text::secret::percent;
use serde_json::Value;
use std::collections::HashMap;

/// The values of one case that no two runs share, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    names: HashMap<String, Value>,
    /// What is looked for in texts, the longest first.
    texts: Vec<(String, String)>,
}

/// The shortest text that is found by its value wherever it stands; a shorter one would take innocent text with it, so it is
/// only replaced where the contract says that it stands.
const DISTINCTIVE: usize = 8;

impl Known {
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
    pub fn cleaned(&self, clean: &dyn Fn(&str) -> String) -> Self {
        let names = self.names.iter().map(|(name, value)| (name.clone(), cleaned(value, clean))).collect();
        let texts = self.texts.iter().map(|(text, name)| (clean(text), name.clone())).collect();
        Self { names, texts }
    }

    /// Whether a name stands for something that varies.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.names.get(name)
    }

    /// The value that begins a text and ends at the end of a word: its length and its name.
    pub(super) fn at(&self, text: &str) -> Option<(usize, &str)> {
        let whole = |known: &str, rest: &str| !(ends_word(known) && rest.starts_with(is_word));
        let found = self.texts.iter().find(|(known, _)| {
            text.strip_prefix(known.as_str()).is_some_and(|rest| !known.is_empty() && whole(known, rest))
        });
        found.map(|(known, name)| (known.len(), name.as_str()))
    }

    fn look_for(&mut self, text: String, name: String) {
        if self.texts.iter().all(|(known, _)| *known != text) {
            self.texts.push((text, name));
            self.texts.sort_by(|(one, _), (other, _)| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        }
    }
}

/// Whether a text stands for nothing else: it is long, or letters and digits are mixed in it.
fn is_distinctive(text: &str) -> bool {
    let has = |kind: fn(char) -> bool| text.chars().any(kind);
    let length = text.chars().count();
    length >= DISTINCTIVE || length >= 6 && has(char::is_alphabetic) && has(|letter| letter.is_ascii_digit())
}

fn cleaned(value: &Value, clean: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(clean(text)),
        other => other.clone(),
    }
}

/// Whether a letter belongs to a word, so that a value that goes on with it is another one.
pub(super) fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn ends_word(text: &str) -> bool {
    text.ends_with(is_word)
}

/// Whether a text begins in the middle of a word, given the letter before it.
pub(super) fn continues(before: Option<char>, text: &str) -> bool {
    before.is_some_and(is_word) && text.starts_with(is_word)
}

/// References that stand for placeholders where their values vary, and for their values elsewhere.
pub(super) struct Placing<'a> {
    pub(super) known: &'a Known,
    pub(super) names: &'a dyn Names,
}

impl Names for Placing<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        match self.known.value(name) {
            Some(_) => Some(Value::String(format!("[{name}]"))),
            None => self.names.value(name),
        }
    }
}
