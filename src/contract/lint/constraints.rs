//! Whether an outcome really holds what a clause that it cites says: a field, a status or an error code.

use crate::contract::language::CodePlace;
use crate::contract::template::plain;
use crate::contract::{ClauseId, Outcome, Promise, Subject, constrains};
use serde_json::{Map, Value};

/// What lacks for an outcome to hold what a clause says; `None` where it holds it.
pub(super) fn lacking(outcome: &Outcome, clause: &str) -> Option<String> {
    let id = ClauseId::parse(clause)?;
    if id.status().is_some_and(|status| !status.is_of(outcome)) {
        return Some(format!("its status is not {}", id.section));
    }
    let (holds, what) = match id.in_outcome(outcome) {
        Subject::Code(code) => (has_code(outcome, code), "code"),
        Subject::Body => (outcome.body != Promise::Nothing, "field"),
        Subject::Field(name) => {
            (matches!(&outcome.body, Promise::Json(shape) if constrains(&shape.schema, name)), "field")
        }
        Subject::Status | Subject::Header(_) | Subject::Cause => return None,
    };
    (!holds).then(|| format!("it promises no {what} `{}`", id.name))
}

/// Whether an error code is one that an outcome promises: at the vendor's place for codes, or as a constant anywhere.
pub(super) fn has_code(outcome: &Outcome, code: &str) -> bool {
    let same = |value: &Value| plain(value) == code;
    let mut constants = Vec::new();
    if let Promise::Json(shape) = &outcome.body {
        collect_constants(&shape.schema, &mut constants);
    }
    for value in outcome.headers.values() {
        match value {
            Value::Object(_) => collect_constants(value, &mut constants),
            constant => constants.push(constant),
        }
    }
    constants.into_iter().any(same)
}

fn collect_constants<'a>(schema: &'a Value, constants: &mut Vec<&'a Value>) {
    match schema {
        Value::Object(map) => {
            for (keyword, value) in map {
                match (keyword.as_str(), value) {
                    ("const", Value::Array(items)) => constants.extend(items),
                    ("const", value) => constants.push(value),
                    ("enum", Value::Array(values)) => constants.extend(values),
                    ("examples" | "not", _) => {}
                    _ => collect_constants(value, constants),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_constants(item, constants)),
        _ => {}
    }
}

/// The constants that an outcome promises where the vendor's error code stands; none where any value may stand there.
pub(super) fn codes(outcome: &Outcome) -> Vec<&Value> {
    let promise = match (&outcome.code, &outcome.body) {
        (Some(CodePlace::Header(name)), _) => {
            outcome.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        }
        (Some(CodePlace::Body(pointer)), Promise::Json(shape)) => at_pointer(&shape.schema, pointer),
        _ => None,
    };
    match promise {
        Some(Value::Object(schema)) => match (schema.get("const"), schema.get("enum")) {
            (Some(constant), _) => vec![constant],
            (None, Some(Value::Array(values))) => values.iter().collect(),
            _ => Vec::new(),
        },
        Some(constant) => vec![constant],
        None => Vec::new(),
    }
}

/// The schema of a member of an answer, by its pointer.
fn at_pointer<'a>(schema: &'a Value, pointer: &str) -> Option<&'a Value> {
    let names = pointer.split('/').skip(1).map(crate::contract::shape::unescape);
    names.into_iter().try_fold(schema, |node, name| {
        let member = node.get("properties").and_then(|properties| properties.get(&name));
        member.or_else(|| node.get("prefixItems")?.get(name.parse::<usize>().ok()?))
    })
}

/// Keywords that tell people something and check nothing.
pub(super) const ANNOTATIONS: [&str; 11] = [
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$comment",
    "contentMediaType",
    "contentEncoding",
    "contentSchema",
];

/// Whether a schema has a keyword that can fail.
pub(super) fn says_something(schema: &Value) -> bool {
    let asserts = |map: &Map<String, Value>| map.keys().any(|keyword| !ANNOTATIONS.contains(&keyword.as_str()));
    schema.as_object().map_or(*schema != Value::Bool(true), asserts)
}
