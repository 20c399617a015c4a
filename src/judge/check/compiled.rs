//! A promised body compiled once: the part of its schema that is the same for every answer, and what is bound to a case.

use crate::contract::iso8601::{self, is_iso8601};
use crate::contract::template::{Names, Template, refers, resolve_value};
use crate::contract::{Outcome, Promise};
use jsonschema::{PatternOptions, Validator};
use serde_json::{Value, json};
use std::borrow::Cow;

/// An outcome's body, ready to be held against answers.
#[derive(Debug, Default)]
pub struct Compiled {
    validator: Option<Validator>,
    /// The constants that depend on a case, by JSON Pointer.
    pub bound: Vec<(String, Bound)>,
    /// The constant error code, as the outcome has it.
    pub(super) code: Option<Value>,
    /// The schema whose references stand where no pointer reaches: compiled anew for every answer.
    open: Option<Value>,
}

/// A constant that depends on a case.
#[derive(Debug, Clone, PartialEq)]
pub enum Bound {
    /// A text with references.
    Text(Template),
    /// A list or object with references inside it.
    Value(Value),
}

impl Bound {
    /// The constant in a case; `None` where something in it stands for nothing there.
    pub fn resolve(&self, names: &dyn Names) -> Option<Value> {
        match self {
            Self::Text(template) => template.resolve(names).ok(),
            Self::Value(value) => resolve_value(value, names).ok(),
        }
    }
}

impl Compiled {
    /// Compiles an outcome's body.
    pub fn of(outcome: &Outcome) -> Result<Self, String> {
        let code = super::code::promise(outcome);
        let Promise::Json(shape) = &outcome.body else { return Ok(Self { code, ..Self::default() }) };
        let mut schema = shape.schema.clone();
        let mut bound = Vec::new();
        strip_examples(&mut schema);
        take_bound(&mut schema, "", &mut bound);
        if refers(&schema) && refers_in_constants(&schema) {
            return Ok(Self { bound, code, open: Some(schema), ..Self::default() });
        }
        Ok(Self { validator: Some(validator(&schema)?), bound, code, open: None })
    }

    /// The validator for a case.
    pub fn validator(&self, names: &dyn Names) -> Option<Cow<'_, Validator>> {
        match (&self.validator, &self.open) {
            (Some(validator), _) => Some(Cow::Borrowed(validator)),
            (None, Some(schema)) => {
                let schema = resolve_constants(schema, names);
                validator(&schema).ok().map(Cow::Owned)
            }
            (None, None) => None,
        }
    }
}

/// Returns whether a value is as a schema says, with what its references stand for.
pub fn fits(schema: &Value, names: &dyn Names, value: &Value) -> bool {
    validator(&resolve_constants(schema, names)).is_ok_and(|validator| validator.is_valid(value))
}

/// A validator that fetches nothing, asserts formats, knows those of the standard and `iso8601`, and matches in linear time.
pub fn validator(schema: &Value) -> Result<Validator, String> {
    jsonschema::draft202012::options()
        .offline()
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false)
        .with_format(iso8601::FORMAT, is_iso8601)
        .with_pattern_options(PatternOptions::regex())
        .build(schema)
        .map_err(|error| error.to_string())
}

/// Examples are for the mock; a checker has no use for them.
fn strip_examples(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            let named = map.get("properties").is_some_and(Value::is_object);
            map.remove("examples");
            for (key, value) in map.iter_mut() {
                if key == "properties" && named {
                    value.as_object_mut().into_iter().flatten().for_each(|(_, schema)| strip_examples(schema));
                } else if key != "const" && key != "enum" {
                    strip_examples(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(strip_examples),
        _ => {}
    }
}

/// Takes the constants with references out of a schema, as far as pointers reach them.
fn take_bound(schema: &mut Value, pointer: &str, bound: &mut Vec<(String, Bound)>) {
    let Some(map) = schema.as_object_mut() else { return };
    if let Some(constant) = map.get("const").filter(|constant| refers(constant)).cloned() {
        map.remove("const");
        let constant = match constant {
            Value::String(text) => Bound::Text(Template::parse(&text)),
            other => Bound::Value(other),
        };
        bound.push((pointer.to_owned(), constant));
    }
    for (name, schema) in map.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
        take_bound(schema, &format!("{pointer}/{}", crate::text::source::escape_segment(name)), bound);
    }
    for (index, schema) in map.get_mut("prefixItems").and_then(Value::as_array_mut).into_iter().flatten().enumerate() {
        take_bound(schema, &format!("{pointer}/{index}"), bound);
    }
}

/// Whether a reference stands in a constant or enumeration that is left in a schema.
fn refers_in_constants(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => map.iter().any(|(key, value)| match key.as_str() {
            "const" | "enum" => refers(value),
            "pattern" | "$ref" | "$comment" | "description" | "title" => false,
            _ => refers_in_constants(value),
        }),
        Value::Array(items) => items.iter().any(refers_in_constants),
        _ => false,
    }
}

/// The schema with the references in its constants replaced; one that stands for nothing is met by nothing.
fn resolve_constants(schema: &Value, names: &dyn Names) -> Value {
    match schema {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| match key.as_str() {
                "const" | "enum" => (key.clone(), resolve_value(value, names).unwrap_or_else(|_| json!([]))),
                _ => (key.clone(), resolve_constants(value, names)),
            })
            .collect(),
        Value::Array(items) => items.iter().map(|item| resolve_constants(item, names)).collect(),
        other => other.clone(),
    }
}
