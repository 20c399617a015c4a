//! What is expected although no page says so, from all the places where a contract may say so: fields, shapes, headers, and what an
//! outcome that is itself inferred has alone.

use crate::contract::model::{Operation, Outcome, Promise};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The reason why a field or a header is expected, where its promise says that no page names it.
pub(super) fn inferred_field(promise: &Value) -> Option<&str> {
    promise.get("inferred")?.as_str()
}

/// The reason why a shape is expected: a text under `inferred` is no field, which would be written `/inferred`.
pub(super) fn inferred_shape(shape: &Map<String, Value>) -> Option<&str> {
    shape.get("inferred")?.as_str()
}

/// What an outcome that no page documents promises beyond what documented ones do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct UnsharedPromises {
    /// The reason why the outcome is expected.
    why: String,
    /// The JSON Pointers of fields, and the names of headers in small letters after `header `.
    places: BTreeSet<String>,
}

impl Outcome {
    /// The reason why a place in an answer is expected to be as promised, where the place itself is said to be inferred.
    fn said_inferred_at(&self, place: &str) -> Option<&str> {
        if let Some(name) = place.strip_prefix("header ") {
            return self.headers.get(name).and_then(inferred_field);
        }
        let Promise::Json(shape) = &self.body else { return None };
        shape.inferred_at(place)
    }

    /// The reason why a place in an answer is expected to be as promised, where no page promises that.
    pub fn inferred_at(&self, place: &str) -> Option<&str> {
        self.said_inferred_at(place).or_else(|| self.is_unshared(place).then_some(self.unshared.why.as_str()))
    }

    /// Returns whether a place is promised by this outcome alone, which no page documents.
    pub fn is_unshared(&self, place: &str) -> bool {
        self.unshared.places.contains(&place.to_ascii_lowercase()) || self.unshared.places.contains(place)
    }

    /// The places that it promises.
    fn places(&self) -> impl Iterator<Item = String> {
        let shape = if let Promise::Json(shape) = &self.body { Some(shape) } else { None };
        let fields = shape.into_iter().flat_map(|shape| &shape.fields).map(|field| field.pointer.clone());
        fields.chain(self.headers.keys().map(|name| format!("header {}", name.to_ascii_lowercase())))
    }
}

/// Notes what inferred outcomes promise that no documented outcome of the vendor does.
pub(super) fn note_unshared(operations: &mut [Operation]) {
    let outcomes =
        || operations.iter().flat_map(|operation| operation.outcomes.values().map(move |it| (operation, it)));
    let documented = outcomes().filter(|(operation, outcome)| inferred_outcome(operation, outcome).is_none());
    let shared: BTreeSet<String> = documented.flat_map(|(_, outcome)| outcome.places()).collect();
    for operation in operations.iter_mut() {
        let reasons: Vec<Option<String>> =
            operation.outcomes.values().map(|it| inferred_outcome(operation, it).map(str::to_owned)).collect();
        for (outcome, why) in operation.outcomes.values_mut().zip(reasons) {
            if let Some(why) = why {
                let places = outcome.places().filter(|place| !shared.contains(place)).collect();
                outcome.unshared = UnsharedPromises { why, places };
            }
        }
    }
}

/// The reason why an outcome is expected, where no page documents it: it says so itself, or cites nothing and is only that of rows
/// that say so.
fn inferred_outcome<'o>(operation: &'o Operation, outcome: &'o Outcome) -> Option<&'o str> {
    if let Some(why) = &outcome.inferred {
        return Some(why);
    }
    let mut rows = operation.rows.values().filter(|row| row.then.iter().any(|branch| branch.outcome == outcome.id));
    let first = rows.next()?.inferred.as_deref()?;
    (outcome.cites.is_empty() && rows.all(|row| row.inferred.is_some())).then_some(first)
}
