//! What rows keep of the resources that they make: too little, or what nothing could be kept for.

use super::vendor_scope::VendorScope;
use crate::contract::{Branch, Operation, Outcome, Promise, Row};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::pointer_segments;
use serde_json::{Value, json};
use std::borrow::Cow;

pub(super) fn captures(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for (operation, row) in scope.rows() {
        let mut leads = row.then.iter().flat_map(|branch| branch.leads.keys());
        // What leads to an unknown resource is reported there.
        if !leads.clone().all(|resource| scope.vendor.file.resources.contains_key(resource)) {
            continue;
        }
        match leads.find(|resource| !operation.binds.contains(*resource)) {
            None if row.capture.is_empty() => {}
            None => {
                let mistake =
                    Diagnostic::error(Code::IdleCapture, "the row makes nothing for which this could be kept")
                        .at(row.at.child("capture").key(), "nothing is made")
                        .help("say what the row makes: `leads: { RESOURCE: STATE }`");
                found.push(scope.with_taker(mistake, operation, &row.at));
            }
            Some(resource) if !row.capture.contains_key("id") => {
                let message = format!("the row makes a `{resource}` and does not keep its id");
                let mistake = Diagnostic::error(Code::MissingCapture, message)
                    .at(row.at.key(), "no `capture` of `id`")
                    .help("say where the id stands in the answer: `capture: { id: /id }`");
                found.push(scope.with_taker(mistake, operation, &row.at));
            }
            // An outcome that is not there is reported there.
            Some(_) if row.slips.is_empty() => check_pointers(scope, operation, row, found),
            Some(_) => {}
        }
    }
}

/// Captures that no answer by which the row makes something promises.
fn check_pointers(scope: &VendorScope<'_>, operation: &Operation, row: &Row, found: &mut Vec<Diagnostic>) {
    let makers = row.then.iter().filter(|branch| makes_something(operation, branch));
    let answers: Vec<&Outcome> = makers.map(|branch| &operation[branch.outcome]).collect();
    let capture = row.at.child("capture");
    if let Some(bare) = answers.iter().find(|outcome| matches!(outcome.body, Promise::Empty | Promise::Text)) {
        let mistake = Diagnostic::error(Code::IdleCapture, "the answer is no JSON from which this could be taken")
            .at(capture.key(), "nothing to capture from")
            .at(bare.at.child("body"), "what is promised of the body");
        return found.push(scope.with_taker(mistake, operation, &row.at));
    }
    for (name, pointer) in row.capture.iter().filter(|(_, pointer)| pointer.starts_with('/')) {
        if answers.iter().any(|outcome| promises_pointer(outcome, pointer)) {
            continue;
        }
        let message = format!("nothing promises that `{pointer}` is there to be kept as `{name}`");
        let mistake =
            Diagnostic::error(Code::UnpromisedCapture, message).at(capture.child(name), "captured and not promised");
        let mistake = answers.iter().fold(mistake, |mistake, outcome| {
            mistake.at(outcome.at.key(), format!("`{}` promises no such field", outcome.name))
        });
        let mistake = mistake.help("promise it where it is captured from, or correct the pointer");
        found.push(scope.with_taker(mistake, operation, &row.at));
    }
}

/// Whether an outcome of a row leads a resource that its request does not name.
fn makes_something(operation: &Operation, branch: &Branch) -> bool {
    branch.leads.keys().any(|resource| !operation.binds.contains(resource))
}

/// Whether an outcome speaks of a place in its body.
fn promises_pointer(outcome: &Outcome, pointer: &str) -> bool {
    let Promise::Json(shape) = &outcome.body else { return false };
    let names: Vec<Cow<'_, str>> = pointer_segments(pointer).collect();
    speaks_of(&shape.schema, &shape.schema, &names, MOST_REFERENCES)
}

/// The most references in a row that are followed; a circle of them has no end.
const MOST_REFERENCES: usize = 32;

/// Whether a schema speaks of what is below it under these names, by any of the pieces of which it is made.
fn speaks_of(schema: &Value, root: &Value, names: &[Cow<'_, str>], references: usize) -> bool {
    let Some((name, rest)) = names.split_first() else { return *schema != Value::Bool(false) };
    let Value::Object(keywords) = schema else { return false };
    if let Some(constant) = keywords.get("const") {
        return member_of(constant, name)
            .is_some_and(|member| speaks_of(&json!({ "const": member }), root, rest, references));
    }
    if item_of(schema, name).is_some_and(|item| is_schema_of(item, root, rest, references)) {
        return true;
    }
    keywords.iter().any(|(keyword, value)| match (keyword.as_str(), value) {
        ("properties", fields) => {
            fields.get(name.as_ref()).is_some_and(|field| is_schema_of(field, root, rest, references))
        }
        ("patternProperties", Value::Object(fields)) => {
            fields.values().any(|field| is_schema_of(field, root, rest, references))
        }
        ("additionalProperties", each) => is_schema_of(each, root, rest, references),
        ("allOf" | "anyOf" | "oneOf", Value::Array(pieces)) => {
            pieces.iter().any(|piece| speaks_of(piece, root, names, references))
        }
        ("$ref", Value::String(target)) => {
            let target = target.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
            references > 0 && target.is_some_and(|target| speaks_of(target, root, names, references - 1))
        }
        _ => false,
    })
}

/// Whether the schema of a member speaks of what is below it; `true` and `false` speak of nothing.
fn is_schema_of(member: &Value, root: &Value, names: &[Cow<'_, str>], references: usize) -> bool {
    member.is_object() && speaks_of(member, root, names, references)
}

/// The member of a constant, by its name or its index.
fn member_of<'a>(constant: &'a Value, name: &str) -> Option<&'a Value> {
    constant.get(name).or_else(|| constant.get(name.parse::<usize>().ok()?))
}

/// The schema of an item of a list whose first items have schemas of their own.
fn item_of<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    schema.get("prefixItems")?.get(name.parse::<usize>().ok()?).or_else(|| schema.get("items"))
}
