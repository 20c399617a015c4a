//! References inside one body (`$ref: "#/..."`): whether each leads somewhere, and whether following it ends.

use super::vendor_scope::VendorScope;
use crate::contract::shape::ShapeCompiler;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use crate::text::source::escape_segment;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// The references of one outcome, with their places.
#[derive(Default)]
pub(super) struct LocalReferences<'a> {
    references: Vec<(&'a str, Place)>,
}

impl<'a> LocalReferences<'a> {
    pub(super) fn add(&mut self, reference: &'a str, at: Place) {
        self.references.push((reference, at));
    }

    /// Reports those that lead nowhere or in a circle, in the body of an outcome as written.
    pub(super) fn check(
        self,
        scope: &VendorScope<'_>,
        outcome: &Map<String, Value>,
        at: &Place,
        found: &mut Vec<Diagnostic>,
    ) {
        if self.references.is_empty() {
            return;
        }
        let mut compiler = ShapeCompiler::new(&scope.vendor.file.shapes, scope.vendor_at("shapes"));
        let body = compiler.compile_outcome(outcome, at);
        for (reference, at) in self.references {
            let Some(target) = target_of(&body.schema, reference) else {
                found.push(
                    Diagnostic::error(Code::DanglingReference, format!("`{reference}` leads to nothing"))
                        .at(at, "no such place in this body")
                        .help("`#` is the top of this body's own schema; shapes are shared by `like`"),
                );
                continue;
            };
            let mut walk = ReferenceWalk { root: &body.schema, done: HashSet::new(), open: Vec::new() };
            if walk.returns_to(target) {
                found.push(
                    Diagnostic::error(Code::ReferenceCycle, format!("`{reference}` leads back to itself"))
                        .at(at, "checking one value would never end")
                        .help("let it lead into a field or an element, or take it away"),
                );
            }
        }
    }
}

/// The pointer to which a local reference leads, if there is something.
fn target_of(root: &Value, reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    if fragment.is_empty() || fragment.starts_with('/') {
        return root.pointer(fragment).map(|_| fragment.to_owned());
    }
    anchor_below(root, fragment, String::new())
}

/// The pointer of the schema that has an anchor of this name.
fn anchor_below(node: &Value, anchor: &str, pointer: String) -> Option<String> {
    match node {
        Value::Object(map) if map.get("$anchor").is_some_and(|name| name == anchor) => Some(pointer),
        Value::Object(map) => map
            .iter()
            .find_map(|(key, value)| anchor_below(value, anchor, format!("{pointer}/{}", escape_segment(key)))),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| anchor_below(item, anchor, format!("{pointer}/{index}")))
        }
        _ => None,
    }
}

/// A walk along everything that speaks of one and the same value.
struct ReferenceWalk<'a> {
    root: &'a Value,
    done: HashSet<String>,
    /// The pointers on the way here.
    open: Vec<String>,
}

impl ReferenceWalk<'_> {
    /// Whether a schema is met again before another value is looked at.
    fn returns_to(&mut self, pointer: String) -> bool {
        if self.open.contains(&pointer) {
            return true;
        }
        if !self.done.insert(pointer.clone()) {
            return false;
        }
        let next = self.schemas_from(&pointer);
        self.open.push(pointer);
        let returns = next.into_iter().any(|pointer| self.returns_to(pointer));
        self.open.pop();
        returns
    }

    /// The schemas that speak of the same value as the one at a pointer.
    fn schemas_from(&self, pointer: &str) -> Vec<String> {
        let Some(Value::Object(map)) = self.root.pointer(pointer) else { return Vec::new() };
        let mut next = Vec::new();
        for (word, value) in map {
            match (word.as_str(), value) {
                ("$ref", Value::String(reference)) => next.extend(target_of(self.root, reference)),
                ("not" | "if" | "then" | "else", _) => next.push(format!("{pointer}/{word}")),
                ("allOf" | "anyOf" | "oneOf", Value::Array(items)) => {
                    next.extend((0..items.len()).map(|index| format!("{pointer}/{word}/{index}")));
                }
                ("dependentSchemas", Value::Object(named)) => {
                    next.extend(named.keys().map(|name| format!("{pointer}/{word}/{}", escape_segment(name))));
                }
                _ => {}
            }
        }
        next
    }
}
