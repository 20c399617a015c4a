//! Does the body satisfy its promised schema, the constants that depend on the case included?

use super::finding::size;
use super::{Answer, Expected, Finding, FindingCode};
use crate::contract::Promise;
use crate::contract::language::CodePlace;
use crate::contract::same_value::same_value;
use crate::contract::shape::{Shape, is_at_or_below};
use crate::text::source::{escape_segment, pointer_segments};
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

pub(super) fn check(expected: &Expected<'_>, answer: &Answer<'_>) -> Vec<Finding> {
    let (Promise::Json(shape), Some(body)) = (&expected.outcome.body, answer.json()) else { return Vec::new() };
    let mut findings = Vec::new();
    if let Some(validator) = expected.compiled.validator(expected.names) {
        for error in validator.iter_errors(body) {
            explain(expected, shape, &error, &mut findings);
        }
    }
    for (pointer, bound) in &expected.compiled.bound {
        let Some(actual) = body.pointer(pointer) else { continue };
        let promised = bound.resolve(expected.names);
        if !promised.as_ref().is_some_and(|promised| same_value(promised, actual)) {
            let known = promised.clone().unwrap_or(Value::Null);
            findings.push(departure(expected, shape, pointer, FindingCode::FieldValue, (&known, actual)));
        }
    }
    if let Some(CodePlace::Body(pointer)) = &expected.outcome.code
        && findings.iter().any(|finding| finding.place == *pointer)
        && !super::code::check(expected, answer).is_empty()
    {
        // A wrong error code has a check of its own.
        findings.retain(|finding| finding.place != *pointer);
    }
    if let Some(CodePlace::Body(pointer)) = &expected.outcome.code
        && let Some((list, _)) = pointer.split_once("/*")
        && !super::code::check(expected, answer).is_empty()
    {
        findings.retain(|finding| !(finding.place == list && finding.code == FindingCode::FieldSchema));
    }
    once(findings)
}

/// Findings without those that repeat another one, or are inside of what is missing itself.
fn once(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        let is_told = kept.iter().any(|known| known.place == finding.place && known.code == finding.code);
        if !is_told {
            kept.push(finding);
        }
    }
    let missing: Vec<String> =
        kept.iter().filter(|it| it.code == FindingCode::FieldMissing).map(|it| it.place.clone()).collect();
    let is_inside = |place: &str| missing.iter().any(|outer| place != outer && is_at_or_below(place, outer));
    kept.retain(|finding| !is_inside(&finding.place));
    kept
}

fn explain(expected: &Expected<'_>, shape: &Shape, error: &ValidationError<'_>, findings: &mut Vec<Finding>) {
    let pointer = error.instance_path().as_str();
    let actual = error.instance();
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let missing = format!("{pointer}/{}", escape_segment(property.as_str().unwrap_or_default()));
            let message = format!("{missing} is missing");
            findings.push(
                located(expected, shape, &missing, FindingCode::FieldMissing, message)
                    .values(promise_at(shape, &missing), None),
            );
        }
        ValidationErrorKind::Constant { expected_value } => {
            findings.push(departure(expected, shape, pointer, FindingCode::FieldValue, (expected_value, actual)));
        }
        ValidationErrorKind::Enum { options } => {
            let message = format!("{} is {}, promised is one of {options}", named(pointer), short(actual));
            let finding = located(expected, shape, pointer, FindingCode::FieldValue, message);
            findings.push(finding.values((**options).clone(), actual.clone().into_owned()));
        }
        ValidationErrorKind::Type { .. } => {
            let message = format!("{} is {}, {}", named(pointer), short(actual), type_words(error));
            let finding = located(expected, shape, pointer, FindingCode::FieldType, message);
            findings.push(finding.values(promise_at(shape, pointer), actual.clone().into_owned()));
        }
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            for name in unexpected {
                let place = format!("{pointer}/{}", escape_segment(name));
                let message = format!("{place} is there, and no such field is promised");
                findings.push(located(expected, shape, &place, FindingCode::FieldSchema, message));
            }
        }
        _ => {
            let message = format!("{}: {}", named(pointer), error.masked_with(short(actual)));
            let finding = located(expected, shape, pointer, FindingCode::FieldSchema, message);
            findings.push(finding.values(promise_at(shape, pointer), actual.clone().into_owned()));
        }
    }
}

fn departure(
    expected: &Expected<'_>,
    shape: &Shape,
    pointer: &str,
    code: FindingCode,
    (promised, actual): (&Value, &Value),
) -> Finding {
    let message = format!("{} is {}, promised is {}", named(pointer), short(actual), short(promised));
    let code = if same_type(promised, actual) { code } else { FindingCode::FieldType };
    located(expected, shape, pointer, code, message).values(promised.clone(), actual.clone())
}

fn located(expected: &Expected<'_>, shape: &Shape, pointer: &str, code: FindingCode, message: String) -> Finding {
    let place = if pointer.is_empty() { "body" } else { pointer };
    let finding = Finding::new(code, expected.outcome, place, message);
    match shape.field(pointer) {
        Some(field) => finding.at(field.at.clone()),
        None => finding,
    }
}

fn named(pointer: &str) -> &str {
    if pointer.is_empty() { "the body" } else { pointer }
}

/// What the schema says of a pointer, for people to read.
fn promise_at(shape: &Shape, pointer: &str) -> Option<Value> {
    let schema = pointer_segments(pointer).try_fold(&shape.schema, |node, name| {
        node.get("properties").and_then(|properties| properties.get(name.as_ref()))
    })?;
    Some(schema.get("const").cloned().unwrap_or_else(|| schema.clone()))
}

fn type_words(error: &ValidationError<'_>) -> String {
    let words = error.masked().to_string();
    words
        .rsplit_once(" is not of ")
        .map_or_else(|| words.clone(), |(_, types)| format!("promised is {}", types.replace('"', "")))
}

fn same_type(left: &Value, right: &Value) -> bool {
    std::mem::discriminant(left) == std::mem::discriminant(right)
}

/// A value as it fits in a line. A long one is described and never cut, since half of a secret is not known for one.
fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.len() <= 160 { text } else { size(value) }
}
