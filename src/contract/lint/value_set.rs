//! Schemas as sets of values: whether one includes another, whether two have a value in common, whether one is empty or everything.
//!
//! Only what is proved is answered; where the algebra cannot decide, nothing is claimed.

use crate::contract::template::refers;
use jsonschema::canonical::{
    CanonicalKind, CanonicalSchema, CanonicalizeOptions, Containment, Satisfiability, UnsatisfiableReason, options,
};
use jsonschema::{Draft, PatternOptions};
use serde_json::{Map, Value, json};

/// The set of values that a schema admits.
pub(super) struct ValueSet(CanonicalSchema);

impl ValueSet {
    /// The set of a schema; `None` where it cannot be found.
    pub(super) fn of(schema: &Value) -> Option<Self> {
        let plain = with_unknowns(schema)?;
        let set = canonical().with_pattern_options(PatternOptions::regex()).canonicalize(&plain).ok()?;
        (set.kind() != CanonicalKind::Raw).then_some(Self(set))
    }

    /// Whether it certainly has no value.
    pub(super) fn is_empty(&self) -> bool {
        self.0.satisfiability() == Satisfiability::No
    }

    /// Whether it certainly has a value.
    pub(super) fn has_value(&self) -> bool {
        self.0.satisfiability() == Satisfiability::Yes
    }

    /// Whether it certainly has every value.
    pub(super) fn is_everything(&self) -> bool {
        self.0.kind() == CanonicalKind::True
    }

    /// Whether it certainly has all values of another one, and that one has any.
    pub(super) fn includes(&self, other: &Self) -> bool {
        !other.is_empty() && self.0.covers(&other.0).is_ok_and(|answer| answer == Containment::Yes)
    }

    /// Whether some value is certainly in both.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.0.intersect(&other.0).is_ok_and(|both| Self(both).has_value())
    }
}

/// The keywords of a schema that exclude each other, where that can be found.
pub(super) fn conflicting_keywords(schema: &Value) -> Vec<String> {
    let reasons = canonical().prepare(schema).and_then(|prepared| prepared.unsatisfiable());
    let causes = match reasons.ok().and_then(|mut reasons| reasons.remove("")) {
        Some(UnsatisfiableReason::Conflict(causes)) => causes,
        Some(UnsatisfiableReason::Empty(cause)) => vec![cause],
        _ => Vec::new(),
    };
    causes.into_iter().filter(|cause| cause.pointer.is_empty()).flat_map(|cause| cause.keywords).collect()
}

fn canonical() -> CanonicalizeOptions<'static> {
    options().with_draft(Draft::Draft202012).should_validate_formats(true).offline()
}

/// The members that are promised by a page.
fn promised_members(properties: &Value) -> Value {
    let members = properties.as_object().into_iter().flatten();
    members.filter(|(_, member)| !is_inferred(member)).map(|(name, member)| (name.clone(), member.clone())).collect()
}

/// The names of members that a page promises to be there.
fn promised_names(required: &Value, properties: Option<&Value>) -> Value {
    let is_promised = |name: &&Value| {
        let member = name.as_str().and_then(|name| properties?.get(name));
        !member.is_some_and(is_inferred)
    };
    required.as_array().into_iter().flatten().filter(is_promised).cloned().collect()
}

fn is_inferred(schema: &Value) -> bool {
    schema.get("inferred").is_some_and(Value::is_string)
}

/// A schema in which a constant that is a reference is one unknown value of its own: equal to itself and to nothing else.
/// `None` where something depends on what such a value is not.
fn with_unknowns(schema: &Value) -> Option<Value> {
    match schema {
        Value::Object(map) => {
            if ["not", "if", "oneOf", "uniqueItems"].iter().any(|keyword| map.get(*keyword).is_some_and(refers)) {
                return None;
            }
            if let Some(constant) = map.get("const").filter(|constant| refers(constant)) {
                return Some(json!({ "const": constant }));
            }
            let mut plain = Map::new();
            for (keyword, value) in map {
                let value = match keyword.as_str() {
                    "const" | "enum" | "pattern" | "patternProperties" | "$ref" => value.clone(),
                    "examples" | "default" | "inferred" => continue,
                    // What no page promises keeps no answer from being one of an outcome.
                    "properties" => with_unknowns(&promised_members(value))?,
                    "required" => promised_names(value, map.get("properties")),
                    _ => with_unknowns(value)?,
                };
                plain.insert(keyword.clone(), value);
            }
            Some(Value::Object(plain))
        }
        Value::Array(items) => items.iter().map(with_unknowns).collect::<Option<Vec<_>>>().map(Value::Array),
        scalar => Some(scalar.clone()),
    }
}
