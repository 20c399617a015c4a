//! The promises that an answer may keep by having nothing in it: each with what has to come for it to be seen.

use super::field_breach::{every_place, kinds_of_place, named_values};
use crate::contract::{Operation, Outcome, OutcomeId, Promise};
use serde_json::Value;

/// A thing that has to come for a promise to be seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness {
    /// The outcome that promises it.
    pub outcome: OutcomeId,
    /// The JSON Pointer in the answer.
    pub pointer: String,
    /// The thing.
    pub kind: WitnessKind,
}

/// The thing that has to come.
#[derive(Debug, Clone, PartialEq)]
pub enum WitnessKind {
    /// The field, which need not be there.
    There,
    /// An item of the list.
    Item,
    /// One of the values that are allowed.
    Value(Value),
}

impl Witness {
    /// Returns whether an answer's body has it.
    pub fn is_seen(&self, body: &Value) -> bool {
        let found = body.pointer(&self.pointer);
        match &self.kind {
            WitnessKind::There => found.is_some(),
            WitnessKind::Item => found.and_then(Value::as_array).is_some_and(|items| !items.is_empty()),
            WitnessKind::Value(value) => found == Some(value),
        }
    }

    /// The promise in words: `found: /note is there`.
    pub fn words(&self, operation: &Operation) -> String {
        let pointer = if self.pointer.is_empty() { "the body" } else { &self.pointer };
        let kind = match &self.kind {
            WitnessKind::There => "is there".to_owned(),
            WitnessKind::Item => "has an item".to_owned(),
            WitnessKind::Value(value) => format!("is {value}"),
        };
        format!("{}: {pointer} {kind}", operation[self.outcome].name)
    }
}

/// The witnesses of an outcome's promises.
pub(super) fn witnesses(outcome: &Outcome) -> Vec<Witness> {
    let Promise::Json(shape) = &outcome.body else { return Vec::new() };
    let mut witnesses = Vec::new();
    for place in every_place(&shape.schema) {
        let mut kinds = Vec::new();
        if shape.optional.contains(&place.pointer) {
            kinds.push(WitnessKind::There);
        }
        if kinds_of_place(&place).is_some_and(|kinds| kinds.contains(&"array")) {
            kinds.push(WitnessKind::Item);
        }
        let values = named_values(&place).filter(|values| values.len() > 1);
        kinds.extend(values.into_iter().flatten().cloned().map(WitnessKind::Value));
        let pointer = &place.pointer;
        witnesses.extend(kinds.into_iter().map(|kind| Witness { outcome: outcome.id, pointer: pointer.clone(), kind }));
    }
    witnesses
}
