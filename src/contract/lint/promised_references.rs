//! The references in what an outcome promises, each with the place where it is promised.

use super::reference_names::{placed_texts, reference_names};
use crate::contract::{Outcome, Promise};
use crate::text::source::{Place, escape_segment};
use serde_json::Value;

/// The references of an outcome, of its body first.
pub(super) fn promised_references(outcome: &Outcome) -> Vec<(String, Place)> {
    let mut references = Vec::new();
    if let Promise::Json(shape) = &outcome.body {
        let mut in_body = Vec::new();
        collect_references(&shape.schema, "", &mut in_body);
        references.extend(in_body.into_iter().map(|(name, pointer)| {
            let at = shape.field(&pointer).map_or(&outcome.at, |field| &field.at);
            (name, at.clone())
        }));
    }
    let headers = outcome.at.child("headers");
    for (header, promise) in &outcome.headers {
        for (text, at) in placed_texts(promise, &headers.child(header)) {
            references.extend(reference_names(text).into_iter().map(|name| (name, at.clone())));
        }
    }
    references
}

/// The references in the constants of a schema, each with the pointer of the field in the answer.
fn collect_references(schema: &Value, pointer: &str, references: &mut Vec<(String, String)>) {
    let Value::Object(map) = schema else { return };
    for (word, value) in map {
        match (word.as_str(), value) {
            ("const" | "enum" | "examples", value) => {
                let names = texts_in(value).into_iter().flat_map(reference_names);
                references.extend(names.map(|name| (name, pointer.to_owned())));
            }
            ("properties", Value::Object(fields)) => {
                for (name, field) in fields {
                    collect_references(field, &format!("{pointer}/{}", escape_segment(name)), references);
                }
            }
            ("prefixItems", Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    collect_references(item, &format!("{pointer}/{index}"), references);
                }
            }
            (_, Value::Array(items)) => items.iter().for_each(|item| collect_references(item, pointer, references)),
            ("patternProperties" | "$defs" | "dependentSchemas", Value::Object(named)) => {
                named.values().for_each(|schema| collect_references(schema, pointer, references));
            }
            (_, value) => collect_references(value, pointer, references),
        }
    }
}

fn texts_in(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts_in).collect(),
        Value::Object(map) => map.values().flat_map(texts_in).collect(),
        _ => Vec::new(),
    }
}
