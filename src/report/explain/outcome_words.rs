//! Documented answers in words: a line for each thing that is promised of them.

use super::Lines;
use super::condition_words::choice_words;
use crate::contract::shape::Shape;
use crate::contract::{Outcome, Promise};
use serde_json::Value;

/// A documented answer: its name and status, then a line for each thing that is promised of it.
pub(super) fn outcome_words(outcome: &Outcome) -> Lines {
    let mut lines = Lines::default();
    lines.push(match &outcome.status {
        Some(status) => format!("{}: status {status}", outcome.name),
        None => format!("{}: any status below 500 but 429, since none is documented", outcome.name),
    });
    for (name, value) in &outcome.headers {
        let why = value.get("inferred").and_then(Value::as_str).map(|why| format!(", inferred: {why}"));
        lines.push(format!("  header {name} {}{}", promise_words(value), why.unwrap_or_default()));
    }
    lines.extend(outcome.media.iter().map(|media| format!("  media type {media}")));
    match &outcome.body {
        Promise::Nothing => lines.push("  nothing is promised of the body"),
        Promise::Empty => lines.push("  no body"),
        Promise::Text => lines.push("  a body of text"),
        Promise::Json(shape) => lines.extend(field_lines(shape)),
    }
    lines.extend(outcome.inferred.iter().map(|why| format!("  inferred: {why}")));
    lines
}

/// The promised fields of a body, by their pointers; of a body that is promised as a whole, its schema.
fn field_lines(shape: &Shape) -> Vec<String> {
    let mut pointers: Vec<&str> = shape.fields.iter().map(|field| field.pointer.as_str()).collect();
    pointers.sort_unstable();
    let mut lines = Vec::new();
    for pointer in pointers {
        if let Some((schema, optional)) = shape.schema_at(pointer) {
            let often = if optional { ", where it is there" } else { "" };
            let why = shape.inferred_at(pointer).map(|why| format!(", inferred: {why}")).unwrap_or_default();
            lines.push(format!("  {pointer} {}{often}{why}", promise_words(schema)));
        }
    }
    if lines.is_empty() {
        lines.push(format!("  a JSON body {}", promise_words(&shape.schema)));
    }
    lines
}

/// The keywords that mean nothing for the value itself, or are written in another way.
const UNSAID: [&str; 7] = ["type", "examples", "properties", "required", "prefixItems", "minItems", "inferred"];

/// The promise of a schema, or of a constant in its place.
pub(crate) fn promise_words(schema: &Value) -> String {
    let Some(map) = schema.as_object() else { return format!("is {schema}") };
    if let Some(constant) = map.get("const") {
        return format!("is {constant}");
    }
    let mut words = format!("is of type {}", map.get("type").map_or_else(|| "value".to_owned(), choice_words));
    for (key, value) in map.iter().filter(|(key, _)| !UNSAID.contains(&key.as_str())) {
        words += &format!(", {key} {value}");
    }
    words
}
