//! What kind of difference there is between an accepted answer and the one that came: pure.

use crate::contract::language::CodePlace;
use crate::contract::shape::escape;
use crate::contract::template::plain;
use crate::contract::{Outcome, Promise};
use crate::run::event::DriftClass;
use crate::run::snapshot::canonical::{Canonical, Content, escaped};
use crate::run::snapshot::placeholder::{is_placeholder, type_of};
use crate::run::snapshot::said::Said;
use serde_json::{Value, json};

/// An answer as it is accepted or pending: its canonical form, and which documented outcome it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The canonical form.
    pub canonical: Canonical,
    /// The outcome's name; none where the answer is no documented one.
    pub outcome: Option<String>,
}

/// What a contract says of the answer that came.
#[derive(Clone, Copy, Default)]
pub struct Promised<'a> {
    /// The outcome that it is.
    pub outcome: Option<&'a Outcome>,
    /// The names of all outcomes of the row.
    pub alternatives: &'a [String],
    /// The ids of the clauses that the row and its outcomes cite.
    pub clauses: &'a [String],
}

/// How two answers differ.
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
    /// What it means.
    pub class: DriftClass,
    /// Where: `request`, `status`, `outcome`, `body`, `header NAME`, or a JSON Pointer.
    pub place: String,
    /// What differs.
    pub message: String,
    /// The id of the clause that speaks of the place.
    pub clause: Option<String>,
}

/// How an answer differs from the accepted one; `None` where their texts are the same.
pub fn compare(accepted: &Snapshot, now: &Snapshot, promised: Promised<'_>) -> Option<Drift> {
    let (before, after) = (&accepted.canonical, &now.canonical);
    if before == after {
        return None;
    }
    let mut found = Found { promised, differences: Vec::new() };
    if before.request != after.request {
        let message =
            format!("the request is `{}`, it was `{}`: the contract was changed", after.request, before.request);
        found.add(DriftClass::Cosmetic, "request", message);
    }
    match flipped(accepted, now, promised) {
        // Another alternative is another answer as a whole; its status, code and fields are documented to be others.
        Some(message) => found.add(DriftClass::Risky, "outcome", message),
        None => found.answer(before, after),
    }
    if found.differences.is_empty() {
        found.add(DriftClass::Cosmetic, "body", "it is written otherwise".to_owned());
    }
    found.differences.sort_by_key(|difference| std::cmp::Reverse(difference.class));
    let class = found.differences.first().map_or(DriftClass::Cosmetic, |difference| difference.class);
    Some(Drift { class, differences: found.differences })
}

/// How the choice among documented alternatives has changed, if it has.
fn flipped(accepted: &Snapshot, now: &Snapshot, promised: Promised<'_>) -> Option<String> {
    let (before, after) = (accepted.outcome.as_ref()?, now.outcome.as_ref()?);
    // An outcome of a name that the row has no more was renamed or taken away in the contract; nobody made another choice.
    let chosen = before != after && promised.alternatives.contains(before);
    chosen.then(|| format!("of the documented answers it is `{after}` now, it was `{before}`"))
}

struct Found<'a> {
    promised: Promised<'a>,
    differences: Vec<Difference>,
}

impl Found<'_> {
    fn add(&mut self, class: DriftClass, place: &str, message: String) {
        let clause = self.clause(place).cloned();
        self.differences.push(Difference { class, place: place.to_owned(), message, clause });
    }

    /// The clause whose last part names a place, or the nearest thing above it.
    fn clause(&self, place: &str) -> Option<&String> {
        let named = |word: &str| self.promised.clauses.iter().find(|clause| clause.rsplit('.').next() == Some(word));
        place.rsplit('/').filter(|word| !word.is_empty()).find_map(named)
    }

    fn answer(&mut self, before: &Canonical, after: &Canonical) {
        if before.status != after.status {
            let message = format!("the status is {}, it was {}", after.status, before.status);
            self.add(DriftClass::Breaking, "status", message);
        }
        self.headers(&before.headers, &after.headers);
        self.body(&before.body, &after.body);
    }

    fn headers(&mut self, before: &[(String, String)], after: &[(String, String)]) {
        let mut left: Vec<&(String, String)> = after.iter().collect();
        for (name, old) in before {
            let place = format!("header {}", name.to_ascii_lowercase());
            match left.iter().position(|(other, _)| other.eq_ignore_ascii_case(name)) {
                Some(index) => {
                    let (now, new) = left.remove(index);
                    if now != name {
                        self.add(DriftClass::Cosmetic, &place, format!("the name is written `{now}`, it was `{name}`"));
                    }
                    if old != new {
                        self.add(
                            self.header_class(name, old, new),
                            &place,
                            was(&place, &short(&json!(new)), &short(&json!(old))),
                        );
                    }
                }
                None => self.add(
                    DriftClass::Breaking,
                    &place,
                    format!("the header {name} is gone; it was {}", short(&json!(old))),
                ),
            }
        }
        for (name, value) in left {
            let place = format!("header {}", name.to_ascii_lowercase());
            self.add(DriftClass::Additive, &place, format!("the header {name} is new: {}", short(&json!(value))));
        }
    }

    fn header_class(&self, name: &str, old: &str, new: &str) -> DriftClass {
        let essence = |value: &str| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let code = matches!(self.promised.outcome.and_then(|outcome| outcome.code.as_ref()), Some(CodePlace::Header(code)) if code.eq_ignore_ascii_case(name));
        match name.to_ascii_lowercase().as_str() {
            _ if code => DriftClass::Breaking,
            "content-type" if essence(old) == essence(new) => DriftClass::Cosmetic,
            "content-type" => DriftClass::Breaking,
            _ => text_class(old, new),
        }
    }

    fn body(&mut self, before: &Content, after: &Content) {
        match (before, after) {
            (Content::Json(old), Content::Json(new)) => {
                let outcome = self.promised.outcome;
                let schema = outcome.and_then(|outcome| match &outcome.body {
                    Promise::Json(shape) => Some(&shape.schema),
                    _ => None,
                });
                self.value(old, new, &Said::of(schema), "");
            }
            (old, new) if old == new => {}
            (Content::Text(_), Content::Text(_)) => {
                self.add(DriftClass::Cosmetic, "body", "the text is another one".to_owned());
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

    fn value(&mut self, old: &Value, new: &Value, said: &Said<'_>, pointer: &str) {
        if old == new {
            return;
        }
        let place = if pointer.is_empty() { "body" } else { pointer };
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => {
                for (key, value) in old {
                    let below = format!("{pointer}/{}", escape(key));
                    match new.get(key) {
                        Some(new) => self.value(value, new, &said.member(key), &below),
                        None => {
                            self.add(DriftClass::Breaking, &below, format!("{below} is gone; it was {}", short(value)));
                        }
                    }
                }
                for (key, value) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
                    let below = format!("{pointer}/{}", escape(key));
                    self.add(DriftClass::Additive, &below, format!("{below} is new: {}", short(value)));
                }
            }
            (Value::Array(old), Value::Array(new)) => self.items(old, new, said, pointer),
            (old, new) => {
                let class = self.scalar_class(old, new, said, pointer);
                self.add(class, place, was(place, &short(new), &short(old)));
            }
        }
    }

    fn items(&mut self, old: &[Value], new: &[Value], said: &Said<'_>, pointer: &str) {
        let place = if pointer.is_empty() { "body" } else { pointer };
        let written = |items: &[Value]| {
            let mut texts: Vec<String> = items.iter().map(Value::to_string).collect();
            texts.sort();
            texts
        };
        if written(old) == written(new) {
            return self.add(DriftClass::Cosmetic, place, format!("the items of {place} stand in another order"));
        }
        for (index, (old, new)) in old.iter().zip(new).enumerate() {
            self.value(old, new, &said.item(index), &format!("{pointer}/{index}"));
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

    fn scalar_class(&self, old: &Value, new: &Value, said: &Said<'_>, pointer: &str) -> DriftClass {
        let code = matches!(self.promised.outcome.and_then(|outcome| outcome.code.as_ref()), Some(CodePlace::Body(code)) if code == pointer);
        match (type_of(old), type_of(new)) {
            // Null is a value that readers must expect from now on, or need not any more; no type is gone.
            ("null", _) | (_, "null") => DriftClass::Risky,
            (before, after) if before != after => DriftClass::Breaking,
            ("string", _) if !said.is_listed() => match text_class(&plain(old), &plain(new)) {
                DriftClass::Risky if code => DriftClass::Breaking,
                class => class,
            },
            _ if code => DriftClass::Breaking,
            ("number", _) if old.as_f64() == new.as_f64() && old.is_f64() != new.is_f64() => DriftClass::Cosmetic,
            _ => DriftClass::Risky,
        }
    }
}

/// What a change of a text means: a sentence may be worded anew, but programs compare what is one word.
fn text_class(old: &str, new: &str) -> DriftClass {
    if is_prose(old) && is_prose(new) { DriftClass::Cosmetic } else { DriftClass::Risky }
}

/// Whether a text is made for people: several words, or one with a sentence's end.
fn is_prose(text: &str) -> bool {
    let words = !is_placeholder(text) && text.trim().contains(char::is_whitespace);
    words || text.ends_with(['.', '!', '?', '…'])
}

fn was(place: &str, new: &str, old: &str) -> String {
    format!("{place} is {new}, it was {old}")
}

/// A value on one line, cut where it is long.
fn short(value: &Value) -> String {
    let text = escaped(&value.to_string());
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
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
