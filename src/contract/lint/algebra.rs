//! Bodies as sets of values: whether one holds another, whether two have a value in common, whether one is empty or everything.
//!
//! Only what is proved is answered; where the algebra cannot decide, nothing is claimed.

use crate::contract::template::refers;
use crate::contract::{Outcome, Promise, language::Status};
use jsonschema::canonical::{
    CanonicalKind, CanonicalSchema, Containment, Satisfiability, UnsatisfiableReason, options,
};
use jsonschema::{Draft, PatternOptions};
use serde_json::{Map, Value, json};

/// The set of values that a schema admits; `None` where it cannot be told.
pub(super) fn set(schema: &Value) -> Option<CanonicalSchema> {
    let plain = concrete(schema)?;
    let options = options().with_draft(Draft::Draft202012).should_validate_formats(true).offline();
    let set = options.with_pattern_options(PatternOptions::regex()).canonicalize(&plain).ok()?;
    (set.kind() != CanonicalKind::Raw).then_some(set)
}

/// Whether a set is certainly empty.
pub(super) fn is_empty(set: &CanonicalSchema) -> bool {
    set.satisfiability() == Satisfiability::No
}

/// Which keywords of a schema exclude each other, where that can be told.
pub(super) fn conflict(schema: &Value) -> Vec<String> {
    let options = options().with_draft(Draft::Draft202012).should_validate_formats(true).offline();
    let reasons = options.prepare(schema).and_then(|prepared| prepared.unsatisfiable()).unwrap_or_default();
    let causes = match reasons.get("") {
        Some(UnsatisfiableReason::Conflict(causes)) => causes.as_slice(),
        Some(UnsatisfiableReason::Empty(cause)) => std::slice::from_ref(cause),
        _ => &[],
    };
    causes.iter().filter(|cause| cause.pointer.is_empty()).flat_map(|cause| cause.keywords.clone()).collect()
}

/// Whether a set certainly holds every value.
pub(super) fn is_everything(set: &CanonicalSchema) -> bool {
    set.kind() == CanonicalKind::True
}

/// A schema in which a constant that is a reference stands for one unknown value of its own: equal to itself and to nothing else.
/// `None` where something depends on what such a value is not.
fn concrete(schema: &Value) -> Option<Value> {
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
                    "examples" | "default" => continue,
                    _ => concrete(value)?,
                };
                plain.insert(keyword.clone(), value);
            }
            Some(Value::Object(plain))
        }
        Value::Array(items) => items.iter().map(concrete).collect::<Option<Vec<_>>>().map(Value::Array),
        other => Some(other.clone()),
    }
}

/// Whether every answer that satisfies one outcome certainly satisfies another.
pub(super) fn implies(strict: &Outcome, weak: &Outcome) -> bool {
    let status = || (100..600).all(|status| !admits(strict, status) || admits(weak, status));
    let headers = weak.headers.iter().all(|(name, promise)| strict.headers.get(name) == Some(promise));
    let media = weak.media.is_none() || weak.media == strict.media;
    let body = || match (&strict.body, &weak.body) {
        (_, Promise::Nothing) | (Promise::Empty, Promise::Empty) | (Promise::Text, Promise::Text) => true,
        (Promise::Json(strict), Promise::Json(weak)) => {
            strict.schema == weak.schema || holds(&weak.schema, &strict.schema)
        }
        _ => false,
    };
    headers && media && status() && body()
}

fn holds(weak: &Value, strict: &Value) -> bool {
    let (Some(weak), Some(strict)) = (set(weak), set(strict)) else { return false };
    !is_empty(&strict) && weak.covers(&strict).is_ok_and(|answer| answer == Containment::Yes)
}

/// Whether some answer certainly satisfies two outcomes.
pub(super) fn meet(left: &Outcome, right: &Outcome) -> bool {
    let status = (100..600).any(|status| admits(left, status) && admits(right, status));
    let headers = left.headers == right.headers || left.headers.is_empty() || right.headers.is_empty();
    status && headers && left.media == right.media && bodies_meet(&left.body, &right.body)
}

fn bodies_meet(left: &Promise, right: &Promise) -> bool {
    let is_possible = |promise: &Promise| match promise {
        Promise::Json(shape) => set(&shape.schema).is_some_and(|set| set.satisfiability() == Satisfiability::Yes),
        _ => true,
    };
    match (left, right) {
        (Promise::Nothing, other) | (other, Promise::Nothing) => is_possible(other),
        (Promise::Empty, Promise::Empty) | (Promise::Text, Promise::Text) => true,
        (Promise::Json(left), Promise::Json(right)) => {
            let (Some(left), Some(right)) = (set(&left.schema), set(&right.schema)) else { return false };
            left.intersect(&right).is_ok_and(|both| both.satisfiability() == Satisfiability::Yes)
        }
        _ => false,
    }
}

fn admits(outcome: &Outcome, status: u16) -> bool {
    Status::is_admitted(outcome.status.as_ref(), status)
}
