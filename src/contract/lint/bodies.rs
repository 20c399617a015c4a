//! The promises of bodies and headers as they are written: schemas that cannot fail or cannot hold, and words that mean nothing.

use super::keywords::{Keyword, STRING, TYPES, says_something, types_of};
use super::local_references::LocalReferences;
use super::schema_walk::{SchemaWalk, ValueFacts, can_fail, vacuous_schema};
use super::shapes::shapes;
use super::value_set::{ValueSet, conflicting_keywords};
use super::vendor_scope::VendorScope;
use crate::contract::shape::{ShapeCompiler, only_varies};
use crate::contract::template::plain;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use serde_json::{Map, Value};

pub(super) fn bodies(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    let mut walk = SchemaWalk::new(scope, found);
    for (name, fields) in &scope.vendor.file.shapes {
        walk.inside = Some(name);
        walk.check_fields(fields, &scope.vendor_at("shapes").child(name));
    }
    walk.inside = None;
    for passage in scope.passages() {
        for (at, outcome) in passage.outcomes() {
            walk.check_outcome(outcome, &at);
        }
    }
    let uses = walk.uses;
    shapes(scope, &uses, found);
}

impl<'a> SchemaWalk<'a, '_> {
    fn check_outcome(&mut self, outcome: &'a Map<String, Value>, at: &Place) {
        self.locals = LocalReferences::default();
        self.note_use(outcome, outcome.contains_key("code"));
        for (key, value) in outcome {
            let at = at.child(key);
            match (key.as_str(), value) {
                ("fields", Value::Object(fields)) => self.check_fields(fields, &at),
                ("body", Value::Object(_)) => self.check_value(value, &at),
                ("code", code) => self.check_promise(code, &at),
                ("headers", Value::Object(headers)) => {
                    headers.iter().for_each(|(header, promise)| self.check_header(promise, &at.child(header)));
                }
                _ => {}
            }
        }
        std::mem::take(&mut self.locals).check(self.scope, outcome, at, self.found);
    }

    pub(super) fn check_fields(&mut self, fields: &'a Map<String, Value>, at: &Place) {
        for (name, promise) in fields {
            self.check_promise(promise, &at.child(name));
        }
    }

    /// The value behind a field's name.
    fn check_promise(&mut self, promise: &'a Value, at: &Place) {
        match promise {
            note if only_varies(note) => {}
            Value::Object(_) => self.check_value(promise, at),
            Value::String(word) if TYPES.iter().any(|(name, _)| name == word) => self.found.push(
                Diagnostic::error(Code::TypeAsConstant, format!("the field would have to be the very word `{word}`"))
                    .at(at, "a constant, not a type")
                    .help(format!("write `{{ type: {word} }}`; if the word is meant, `{{ const: {word} }}`")),
            ),
            _ => {}
        }
    }

    fn check_header(&mut self, promise: &'a Value, at: &Place) {
        match promise {
            Value::Object(map) if types_of(map).is_some_and(|types| types & STRING == 0) => self.found.push(
                Diagnostic::error(Code::Contradiction, "a header's value is text")
                    .at(at.child("type"), "no header has a value of this type")
                    .help("promise text with a `pattern`"),
            ),
            Value::Object(map) => {
                self.walk_schema(map, at, ValueFacts::TEXT);
                if !says_something(promise) {
                    self.found.push(vacuous_schema(at));
                }
            }
            Value::String(_) => {}
            other => self.found.push(
                Diagnostic::error(Code::WrongType, "a header's value is text")
                    .at(at, "no text")
                    .help(format!("quote it: `\"{}\"`", plain(other))),
            ),
        }
    }

    /// A schema of a value of its own, which has to say something that can hold.
    pub(super) fn check_value(&mut self, schema: &'a Value, at: &Place) {
        let Value::Object(map) = schema else {
            if *schema == Value::Bool(true) {
                self.found.push(vacuous_schema(at));
            }
            return;
        };
        let before = self.found.len();
        self.walk_schema(map, at, ValueFacts::UNKNOWN);
        if self.found.iter().skip(before).any(|mistake| mistake.code != Code::NotYetRun) {
            return;
        }
        if !can_fail(map) {
            self.found.push(vacuous_schema(at));
        } else if !is_simple(map) {
            self.check_set(schema, at);
        }
    }

    /// Asks the algebra whether a schema admits everything or nothing.
    fn check_set(&mut self, schema: &'a Value, at: &Place) {
        if schema.get("not").is_some_and(|not| !says_something(not)) {
            return;
        }
        let mut compiler = ShapeCompiler::new(&self.scope.vendor.file.shapes, self.scope.vendor_at("shapes"));
        let plain = compiler.compile_schema(schema, None, at).schema;
        let Some(set) = ValueSet::of(&plain) else { return };
        if set.is_everything() {
            self.found.push(vacuous_schema(at));
        } else if set.is_empty() {
            let words: Vec<String> = conflicting_keywords(&plain).iter().map(|word| format!("`{word}`")).collect();
            let label = match words.as_slice() {
                [] => "these exclude each other".to_owned(),
                words => format!("by {}", words.join(" and ")),
            };
            self.found.push(
                Diagnostic::error(Code::Contradiction, "no value can satisfy this promise")
                    .at(at, label)
                    .help("correct the bounds or the type; a field that must not be there is promised by `false`"),
            );
        }
    }
}

/// The keywords that certainly say something that can hold, each of them and three of them together.
const SIMPLE: [&str; 9] = ["type", "format", "pattern", "minLength", "minimum", "minItems", "items", "like", "fields"];

/// Whether a schema is so plain that it certainly says something that can hold; the schemas in it are looked at on their own.
fn is_simple(map: &Map<String, Value>) -> bool {
    let words = map.keys().map(String::as_str).filter(|word| Keyword::find(word).is_some_and(Keyword::can_fail));
    let words: Vec<&str> = words.collect();
    if let [word] = words.as_slice()
        && ["const", "enum", "$ref"].contains(word)
    {
        return true;
    }
    types_of(map).is_none_or(|types| types.count_ones() < 4)
        && words.len() <= 3
        && words.iter().all(|word| SIMPLE.contains(word))
        && !["minLength", "minItems"].iter().any(|word| map.get(*word).and_then(Value::as_u64) == Some(0))
}
