//! Promised bodies: from the short form (`fields`, `like`, `optional`) to a plain JSON Schema, with the place of every promised field.

mod field_pointer;
mod schema_slot;
mod shape_compiler;

pub use field_pointer::{field_pointer, is_at_or_below};
pub use shape_compiler::{ShapeCompiler, WrittenField, only_varies};

use crate::text::source::{Place, pointer_segments};
use serde_json::Value;

/// A promised body: its schema, in which constants may still be references, and where each field of it is written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shape {
    /// JSON Schema 2020-12; references stand in `const`, `enum` and `examples` alone.
    pub schema: Value,
    /// The promised fields, in the order of their pointers.
    pub fields: Vec<PromisedField>,
    /// The places of which nothing is promised but that the value there, if there is one, varies from answer to answer.
    pub varies: Vec<String>,
    /// The fields that need not be there.
    pub optional: Vec<String>,
    /// The fields that no page promises, each with why they are expected all the same.
    pub inferred: Vec<InferredField>,
    /// The fields that are shown although they have the name of a secret.
    pub shown: Vec<PromisedField>,
}

/// A field of an answer, and where the contract speaks of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromisedField {
    /// The JSON Pointer in the answer.
    pub pointer: String,
    /// The place in the contract that says what it is.
    pub at: Place,
}

/// A field that no page promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InferredField {
    /// The JSON Pointer in the answer; everything below it is inferred as well.
    pub pointer: String,
    /// The reason why it is expected.
    pub why: String,
}

impl Shape {
    /// The reason why a place in an answer is expected to be as promised, where no page promises it: it is at or below an inferred
    /// field, or has nothing but inferred fields in it.
    pub fn inferred_at(&self, place: &str) -> Option<&str> {
        let pointer = if place == "body" { "" } else { place };
        let of = |pointer: &str| self.inferred.iter().find(|field| is_at_or_below(pointer, &field.pointer));
        if let Some(field) = of(pointer) {
            return Some(&field.why);
        }
        let mut inside =
            self.fields.iter().filter(|field| !pointer.is_empty() && is_at_or_below(&field.pointer, pointer));
        let first = of(&inside.next()?.pointer)?;
        inside.all(|field| of(&field.pointer).is_some()).then_some(first.why.as_str())
    }

    /// The field that speaks of a place in an answer: the one at it or nearest above it.
    pub fn field(&self, pointer: &str) -> Option<&PromisedField> {
        let around = self.fields.iter().filter(|field| is_at_or_below(pointer, &field.pointer));
        around.max_by_key(|field| field.pointer.len())
    }

    /// The schema of the field at a pointer, and whether the field may be absent.
    pub fn schema_at(&self, pointer: &str) -> Option<(&Value, bool)> {
        let mut found = (&self.schema, false);
        for name in pointer_segments(pointer) {
            let (parent, _) = found;
            let item = name.parse().ok().and_then(|index: usize| parent.get("prefixItems")?.get(index));
            found = match item {
                Some(item) => (item, false),
                None => (parent.get("properties")?.get(name.as_ref())?, !is_required(parent, &name)),
            };
        }
        Some(found)
    }
}

fn is_required(schema: &Value, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|known| known == name))
}

#[cfg(test)]
mod tests;
