//! References inside one body (`$ref: "#/..."`): whether each leads somewhere, and whether following it ends.

use super::scope::Scope;
use crate::contract::shape::{Compiler, escape};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// The references of one outcome.
#[derive(Default)]
pub(super) struct Locals {
    found: Vec<(String, Place)>,
}

impl Locals {
    pub(super) fn add(&mut self, reference: &str, at: Place) {
        self.found.push((reference.to_owned(), at));
    }

    /// Tells which of them lead nowhere or in a circle, in the body of an outcome as written.
    pub(super) fn check(
        self,
        scope: &Scope<'_>,
        outcome: &Map<String, Value>,
        at: &Place,
        found: &mut Vec<Diagnostic>,
    ) {
        if self.found.is_empty() {
            return;
        }
        let mut compiler = Compiler::new(&scope.vendor.file.shapes, scope.at("shapes"));
        let fields = outcome.get("fields").and_then(Value::as_object);
        let body = match outcome.get("body") {
            Some(schema) => compiler.body(schema, None, at),
            None => compiler.fields(outcome.get("like").and_then(Value::as_str), fields, None, at),
        };
        for (reference, at) in self.found {
            let Some(target) = target(&body.schema, &reference) else {
                found.push(
                    Diagnostic::error(Code::DanglingReference, format!("`{reference}` leads to nothing"))
                        .at(at, "no such place in this body")
                        .help("`#` is the top of this body's own schema; shapes are shared by `like`"),
                );
                continue;
            };
            let mut walk = Walk { root: &body.schema, done: HashSet::new(), open: Vec::new() };
            if walk.returns(&target) {
                found.push(
                    Diagnostic::error(Code::ReferenceCycle, format!("`{reference}` leads back to itself"))
                        .at(at, "checking one value would never end")
                        .help("let it lead into a field or an element, or take it away"),
                );
            }
        }
    }
}

/// The pointer to which a local reference leads, if something stands there.
fn target(root: &Value, reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    if fragment.is_empty() || fragment.starts_with('/') {
        return root.pointer(fragment).map(|_| fragment.to_owned());
    }
    anchored(root, fragment, String::new())
}

/// The pointer of the schema that has an anchor of this name.
fn anchored(node: &Value, anchor: &str, pointer: String) -> Option<String> {
    match node {
        Value::Object(map) if map.get("$anchor").is_some_and(|name| name == anchor) => Some(pointer),
        Value::Object(map) => {
            map.iter().find_map(|(key, value)| anchored(value, anchor, format!("{pointer}/{}", escape(key))))
        }
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| anchored(item, anchor, format!("{pointer}/{index}")))
        }
        _ => None,
    }
}

/// A walk along everything that speaks of one and the same value.
struct Walk<'a> {
    root: &'a Value,
    done: HashSet<String>,
    open: Vec<String>,
}

impl Walk<'_> {
    /// Whether a schema is met again before another value is looked at.
    fn returns(&mut self, pointer: &str) -> bool {
        if self.open.iter().any(|open| open == pointer) {
            return true;
        }
        if !self.done.insert(pointer.to_owned()) {
            return false;
        }
        let Some(Value::Object(map)) = self.root.pointer(pointer) else { return false };
        self.open.push(pointer.to_owned());
        let mut next: Vec<String> = Vec::new();
        for (word, value) in map {
            match (word.as_str(), value) {
                ("$ref", Value::String(reference)) => next.extend(target(self.root, reference)),
                ("not" | "if" | "then" | "else", _) => next.push(format!("{pointer}/{word}")),
                ("allOf" | "anyOf" | "oneOf", Value::Array(items)) => {
                    next.extend((0..items.len()).map(|index| format!("{pointer}/{word}/{index}")));
                }
                ("dependentSchemas", Value::Object(named)) => {
                    next.extend(named.keys().map(|name| format!("{pointer}/{word}/{}", escape(name))));
                }
                _ => {}
            }
        }
        let returns = next.iter().any(|pointer| self.returns(pointer));
        self.open.pop();
        returns
    }
}
