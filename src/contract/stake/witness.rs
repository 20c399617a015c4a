//! The promises that an answer may keep by having nothing in it: each with what has to come for it to be seen.

use super::field_breach::{alternatives, every_place, kinds_of_place, named_values};
use crate::contract::{Operation, Outcome, OutcomeId, Promise};
use serde_json::{Value, json};

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
    /// A value of one of the types that are allowed.
    Type(String),
    /// A value that fits one of several schemas, by its number.
    Alternative(usize, Value),
}

impl Witness {
    /// Returns whether an answer's body has it; `fits` tells of a value whether it is as a schema says.
    pub fn is_seen(&self, body: &Value, fits: impl Fn(&Value, &Value) -> bool) -> bool {
        let Some(found) = body.pointer(&self.pointer) else { return false };
        match &self.kind {
            WitnessKind::There => true,
            WitnessKind::Item => found.as_array().is_some_and(|items| !items.is_empty()),
            WitnessKind::Value(value) => fits(&json!({ "const": value }), found),
            WitnessKind::Type(name) => fits(&json!({ "type": name }), found),
            WitnessKind::Alternative(_, schema) => fits(schema, found),
        }
    }

    /// The promise in words: `found: /note is there`.
    pub fn words(&self, operation: &Operation) -> String {
        let pointer = if self.pointer.is_empty() { "the body" } else { &self.pointer };
        let kind = match &self.kind {
            WitnessKind::There => "is there".to_owned(),
            WitnessKind::Item => "has an item".to_owned(),
            WitnessKind::Value(value) => format!("is {value}"),
            WitnessKind::Type(name) => format!("is of type {name}"),
            WitnessKind::Alternative(number, _) => format!("fits alternative {number}"),
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
        let types = kinds_of_place(&place).unwrap_or_default();
        if types.contains(&"array") {
            kinds.push(WitnessKind::Item);
        }
        let values = named_values(&place).unwrap_or_default();
        // Values that are named say more than their types, and than the schemas that name them.
        let (types, schemas) = if values.is_empty() { (types, alternatives(&place)) } else { (Vec::new(), Vec::new()) };
        kinds.extend(several(values).cloned().map(WitnessKind::Value));
        kinds.extend(several(types).map(str::to_owned).map(WitnessKind::Type));
        let numbered = several(schemas).cloned().enumerate();
        kinds.extend(numbered.map(|(index, schema)| WitnessKind::Alternative(index + 1, schema)));
        let pointer = &place.pointer;
        witnesses.extend(kinds.into_iter().map(|kind| Witness { outcome: outcome.id, pointer: pointer.clone(), kind }));
    }
    witnesses
}

/// Alternatives, if there are several.
fn several<T>(all: Vec<T>) -> impl Iterator<Item = T> {
    let count = if all.len() > 1 { all.len() } else { 0 };
    all.into_iter().take(count)
}
