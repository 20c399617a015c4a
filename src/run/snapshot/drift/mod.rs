//! The kind of difference between an accepted answer and the one that came: pure.

use crate::contract::language::CodePlace;
use crate::contract::template::plain;
use crate::contract::{Operation, Outcome, Row};
use crate::run::event::DriftClass;
use crate::run::snapshot::canonical::{Canonical, Content, is_invisible};
use crate::run::snapshot::placeholder::{is_placeholder, placed_type};
use crate::run::snapshot::schema_at::SchemaAt;
use crate::text::source::escape_segment;
use crate::text::visible::escape_json;
use serde_json::{Map, Value};
use std::cmp::Reverse;

/// An answer as it is accepted or pending: its canonical form, and its documented outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The canonical form.
    pub canonical: Canonical,
    /// The outcome's name; `None` where the answer is not a documented one.
    pub outcome: Option<String>,
}

/// The contract's promises about the answer that came.
#[derive(Debug, Clone, Default)]
pub struct PromisedAnswer<'a> {
    /// The outcome that it is.
    pub outcome: Option<&'a Outcome>,
    /// The names of all outcomes of the row.
    pub alternatives: Vec<&'a str>,
    /// The ids of the clauses that the row and its outcomes cite.
    pub clauses: Vec<&'a str>,
}

impl<'a> PromisedAnswer<'a> {
    /// The promises of a row about an answer that is one of its outcomes.
    pub fn new(operation: &'a Operation, row: &'a Row, outcome: Option<&'a Outcome>) -> Self {
        let alternatives = operation.outcomes_of(row).map(|outcome| outcome.name.as_str()).collect();
        Self { outcome, alternatives, clauses: operation.cited(row) }
    }

    /// The clause whose last part names a place, or the nearest thing above it.
    fn clause_of(&self, place: &str) -> Option<&'a str> {
        let words = place.rsplit('/').filter(|word| !word.is_empty());
        words
            .into_iter()
            .find_map(|word| self.clauses.iter().copied().find(|clause| clause.rsplit('.').next() == Some(word)))
    }

    /// Returns true if the error code is in the header of this name.
    fn has_code_in_header(&self, name: &str) -> bool {
        self.outcome.is_some_and(|outcome| has_code_in_header(outcome, name))
    }

    /// Returns true if the error code is at this place of the body.
    fn has_code_at(&self, pointer: &str) -> bool {
        let code = self.outcome.and_then(|outcome| outcome.code.as_ref());
        matches!(code, Some(CodePlace::Body(place)) if place == pointer)
    }
}

/// Returns true if an outcome has its error code in the header of this name.
pub(super) fn has_code_in_header(outcome: &Outcome, name: &str) -> bool {
    matches!(&outcome.code, Some(CodePlace::Header(header)) if header.eq_ignore_ascii_case(name))
}

/// The differences between two answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// The worst of the differences.
    pub class: DriftClass,
    /// The differences, the worst first.
    pub differences: Vec<Difference>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Its weight.
    pub class: DriftClass,
    /// The place: `request`, `status`, `outcome`, `body`, `header NAME`, or a JSON Pointer.
    pub place: String,
    /// The difference in words.
    pub message: String,
    /// The id of the clause that speaks of the place.
    pub clause: Option<String>,
}

/// Returns the differences of an answer from the accepted one; `None` where their texts are the same.
pub fn compare(accepted: &Snapshot, now: &Snapshot, promised: &PromisedAnswer<'_>) -> Option<Drift> {
    let (before, after) = (&accepted.canonical, &now.canonical);
    if before == after {
        return None;
    }
    let mut finder = DriftFinder { promised, differences: Vec::new() };
    if before.request != after.request {
        let (now, was) = (&after.request, &before.request);
        finder.add(
            DriftClass::Cosmetic,
            "request",
            format!("the request is `{now}`, it was `{was}`: the contract was changed"),
        );
    }
    match changed_choice(accepted, now, promised) {
        // Another alternative is another answer as a whole; its status, code and fields are documented to be others.
        Some(message) => finder.add(DriftClass::Risky, "outcome", message),
        None => finder.compare_answers(before, after),
    }
    if finder.differences.is_empty() {
        finder.add(DriftClass::Cosmetic, "body", "it is written otherwise");
    }
    let mut differences = finder.differences;
    differences.sort_by_key(|difference| Reverse(difference.class));
    let class = differences.first()?.class;
    Some(Drift { class, differences })
}

/// The change of the choice among documented alternatives, in words, if there is one.
fn changed_choice(accepted: &Snapshot, now: &Snapshot, promised: &PromisedAnswer<'_>) -> Option<String> {
    let (before, after) = (accepted.outcome.as_ref()?, now.outcome.as_ref()?);
    // An outcome of a name that the row has no more was renamed or taken away in the contract; the vendor made no other choice.
    let chosen = before != after && promised.alternatives.contains(&before.as_str());
    chosen.then(|| format!("of the documented answers it is `{after}` now, it was `{before}`"))
}

struct DriftFinder<'a> {
    promised: &'a PromisedAnswer<'a>,
    differences: Vec<Difference>,
}

impl DriftFinder<'_> {
    fn add(&mut self, class: DriftClass, place: &str, message: impl Into<String>) {
        let clause = self.promised.clause_of(place).map(str::to_owned);
        self.differences.push(Difference { class, place: place.to_owned(), message: message.into(), clause });
    }

    fn compare_answers(&mut self, before: &Canonical, after: &Canonical) {
        if before.status != after.status {
            let message = format!("the status is {}, it was {}", after.status, before.status);
            self.add(DriftClass::Breaking, "status", message);
        }
        self.compare_headers(&before.headers, &after.headers);
        self.compare_bodies(&before.body, &after.body);
    }

    fn compare_headers(&mut self, before: &[(String, String)], after: &[(String, String)]) {
        let mut left: Vec<&(String, String)> = after.iter().collect();
        for (name, old) in before {
            if let Some(index) = left.iter().position(|(other, _)| other.eq_ignore_ascii_case(name)) {
                self.compare_header((name, old), left.remove(index));
            } else {
                let message = format!("the header {name} is gone; it was {}", quoted(old));
                self.add(DriftClass::Breaking, &header_place(name), message);
            }
        }
        for (name, value) in left {
            let message = format!("the header {name} is new: {}", quoted(value));
            self.add(DriftClass::Additive, &header_place(name), message);
        }
    }

    fn compare_header(&mut self, (name, old): (&String, &String), (now, new): &(String, String)) {
        let place = header_place(name);
        if now != name {
            self.add(DriftClass::Cosmetic, &place, format!("the name is written `{now}`, it was `{name}`"));
        }
        if old != new {
            let class = self.header_class(name, old, new);
            self.add(class, &place, format!("{place} is {}, it was {}", quoted(new), quoted(old)));
        }
    }

    fn header_class(&self, name: &str, old: &str, new: &str) -> DriftClass {
        if self.promised.has_code_in_header(name) {
            DriftClass::Breaking
        } else if !name.eq_ignore_ascii_case("content-type") {
            text_class(old, new)
        } else if media_type(old).eq_ignore_ascii_case(media_type(new)) {
            DriftClass::Cosmetic
        } else {
            DriftClass::Breaking
        }
    }

    fn compare_bodies(&mut self, before: &Content, after: &Content) {
        match (before, after) {
            (Content::Json(old), Content::Json(new)) => {
                self.compare_values(old, new, &SchemaAt::of_body(self.promised.outcome), "");
            }
            (old, new) if old == new => {}
            (Content::Text(_), Content::Text(_)) => {
                self.add(DriftClass::Cosmetic, "body", "the text is another one");
            }
            (Content::Binary(old, _), Content::Binary(new, _)) => {
                self.add(DriftClass::Risky, "body", format!("the body is of other bytes: {new} of them, it was {old}"));
            }
            (Content::None, new) => self.add(DriftClass::Additive, "body", format!("there is {} now", noun(new))),
            (old, new) => {
                self.add(DriftClass::Breaking, "body", format!("there is {}, it was {}", noun(new), noun(old)));
            }
        }
    }

    fn compare_values(&mut self, old: &Value, new: &Value, schema: &SchemaAt<'_>, pointer: &str) {
        match (old, new) {
            (old, new) if old == new => {}
            (Value::Object(old), Value::Object(new)) => self.compare_members(old, new, schema, pointer),
            (Value::Array(old), Value::Array(new)) => self.compare_items(old, new, schema, pointer),
            (old, new) => {
                let class = self.scalar_class(old, new, schema, pointer);
                let place = place_of(pointer);
                self.add(class, place, format!("{place} is {}, it was {}", short(new), short(old)));
            }
        }
    }

    fn compare_members(
        &mut self,
        old: &Map<String, Value>,
        new: &Map<String, Value>,
        schema: &SchemaAt<'_>,
        pointer: &str,
    ) {
        for (key, value) in old {
            let below = format!("{pointer}/{}", escape_segment(key));
            match new.get(key) {
                Some(new) => self.compare_values(value, new, &schema.member(key), &below),
                None => {
                    self.add(DriftClass::Breaking, &below, format!("{below} is gone; it was {}", short(value)));
                }
            }
        }
        for (key, value) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
            let below = format!("{pointer}/{}", escape_segment(key));
            self.add(DriftClass::Additive, &below, format!("{below} is new: {}", short(value)));
        }
    }

    fn compare_items(&mut self, old: &[Value], new: &[Value], schema: &SchemaAt<'_>, pointer: &str) {
        if sorted_texts(old) == sorted_texts(new) {
            let place = place_of(pointer);
            return self.add(DriftClass::Cosmetic, place, format!("the items of {place} stand in another order"));
        }
        for (index, (old, new)) in old.iter().zip(new).enumerate() {
            self.compare_values(old, new, &schema.item(index), &format!("{pointer}/{index}"));
        }
        for (index, item) in old.iter().enumerate().skip(new.len()) {
            let below = format!("{pointer}/{index}");
            self.add(DriftClass::Risky, &below, format!("the item {below} is gone; it was {}", short(item)));
        }
        for (index, item) in new.iter().enumerate().skip(old.len()) {
            let below = format!("{pointer}/{index}");
            self.add(DriftClass::Additive, &below, format!("the item {below} is new: {}", short(item)));
        }
    }

    fn scalar_class(&self, old: &Value, new: &Value, schema: &SchemaAt<'_>, pointer: &str) -> DriftClass {
        let is_code = self.promised.has_code_at(pointer);
        match (placed_type(old), placed_type(new)) {
            // Null is a value that readers must expect from now on, or need not any more; no type is gone.
            ("null", _) | (_, "null") => DriftClass::Risky,
            (before, after) if before != after => DriftClass::Breaking,
            ("string", _) if !schema.is_listed() => match text_class(&plain(old), &plain(new)) {
                DriftClass::Risky if is_code => DriftClass::Breaking,
                class => class,
            },
            _ if is_code => DriftClass::Breaking,
            ("number", _) if old.as_f64() == new.as_f64() && old.is_f64() != new.is_f64() => DriftClass::Cosmetic,
            _ => DriftClass::Risky,
        }
    }
}

fn place_of(pointer: &str) -> &str {
    if pointer.is_empty() { "body" } else { pointer }
}

fn header_place(name: &str) -> String {
    format!("header {}", name.to_ascii_lowercase())
}

/// The media type alone, without its parameters.
fn media_type(value: &str) -> &str {
    value.split_once(';').map_or(value, |(media_type, _)| media_type).trim()
}

fn sorted_texts(items: &[Value]) -> Vec<String> {
    let mut texts: Vec<String> = items.iter().map(Value::to_string).collect();
    texts.sort();
    texts
}

/// The weight of a change of a text: a sentence may be worded anew, but programs compare single words.
fn text_class(old: &str, new: &str) -> DriftClass {
    if is_prose(old) && is_prose(new) { DriftClass::Cosmetic } else { DriftClass::Risky }
}

/// Returns true for a text that is made for people: several words, or one with a sentence's end.
fn is_prose(text: &str) -> bool {
    let words = !is_placeholder(text) && text.trim().contains(char::is_whitespace);
    words || text.ends_with(['.', '!', '?', '…'])
}

/// A text as JSON on one line, cut where it is long.
fn quoted(text: &str) -> String {
    short(&Value::from(text))
}

/// A value on one line, cut where it is long.
fn short(value: &Value) -> String {
    let text = escape_json(&value.to_string(), is_invisible);
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", text.split_at(end).0),
        None => text,
    }
}

fn noun(content: &Content) -> &'static str {
    match content {
        Content::None => "no body",
        Content::Json(_) => "JSON",
        Content::Text(_) => "a text",
        Content::Binary(..) => "a body that is no text",
    }
}

#[cfg(test)]
mod tests;
