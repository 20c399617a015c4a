//! What rows keep of the resources that they make: too little, or what nothing could be kept for.

use super::scope::Scope;
use crate::contract::shape::unescape;
use crate::contract::{Branch, Operation, Outcome, Promise, Row};
use crate::text::diagnostic::{Code, Diagnostic};
use serde_json::Value;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    for page in &scope.pages {
        for row in page.operation.rows.values() {
            captures(scope, page.operation, row, found);
        }
    }
}

fn captures(scope: &Scope<'_>, operation: &Operation, row: &Row, found: &mut Vec<Diagnostic>) {
    let leads = || row.then.iter().flat_map(|branch| branch.leads.keys());
    // What leads to an unknown resource is told by itself.
    if !leads().all(|resource| scope.vendor.file.resources.contains_key(resource)) {
        return;
    }
    let at = row.at.child("capture").key();
    let mistake = match leads().find(|resource| !operation.binds.contains(*resource)) {
        None if row.capture.is_empty() => return,
        None => Diagnostic::error(Code::IdleCapture, "the row makes nothing for which this could be kept")
            .at(at, "nothing is made")
            .help("say what the row makes: `leads: { RESOURCE: STATE }`"),
        Some(resource) if !row.capture.contains_key("id") => {
            let message = format!("the row makes a `{resource}` and does not keep its id");
            Diagnostic::error(Code::MissingCapture, message)
                .at(row.at.clone().key(), "no `capture` of `id`")
                .help("say where the id stands in the answer: `capture: { id: /id }`")
        }
        // An outcome that is not there is told by itself.
        Some(_) if !row.slips.is_empty() => return,
        Some(_) => {
            let makes = |branch: &&Branch| branch.leads.keys().any(|resource| !operation.binds.contains(resource));
            let answers: Vec<&Outcome> =
                row.then.iter().filter(makes).map(|branch| &operation[branch.outcome]).collect();
            let bare = answers.iter().find(|outcome| matches!(outcome.body, Promise::Empty | Promise::Text));
            let Some(bare) = bare else { return unpromised(scope, operation, row, &answers, found) };
            Diagnostic::error(Code::IdleCapture, "the answer is no JSON from which this could be taken")
                .at(at, "nothing to capture from")
                .at(bare.at.child("body"), "what is promised of the body")
        }
    };
    found.push(scope.taken(mistake, operation, &row.at));
}

/// Captures that no answer by which the row makes something promises.
fn unpromised(scope: &Scope<'_>, operation: &Operation, row: &Row, answers: &[&Outcome], found: &mut Vec<Diagnostic>) {
    for (name, pointer) in &row.capture {
        if !pointer.starts_with('/') || answers.iter().any(|outcome| promises(outcome, pointer)) {
            continue;
        }
        let message = format!("nothing promises that `{pointer}` is there to be kept as `{name}`");
        let mistake = Diagnostic::error(Code::UnpromisedCapture, message)
            .at(row.at.child("capture").child(name), "captured and not promised");
        let mistake = answers.iter().fold(mistake, |mistake, outcome| {
            mistake.at(outcome.at.clone().key(), format!("`{}` promises no such field", outcome.name))
        });
        let mistake = mistake.help("promise it where it is captured from, or correct the pointer");
        found.push(scope.taken(mistake, operation, &row.at));
    }
}

/// Whether an outcome speaks of a place in its body.
fn promises(outcome: &Outcome, pointer: &str) -> bool {
    let Promise::Json(shape) = &outcome.body else { return false };
    let names: Vec<String> = pointer.split('/').skip(1).map(unescape).collect();
    speaks_of(&shape.schema, &shape.schema, &names, MOST_REFERENCES)
}

/// How many references in a row are followed; a circle of them has no end.
const MOST_REFERENCES: usize = 32;

/// Whether a schema speaks of what stands below it under these names, by any of the pieces of which it is made.
fn speaks_of(schema: &Value, root: &Value, names: &[String], references: usize) -> bool {
    let Some((name, rest)) = names.split_first() else { return *schema != Value::Bool(false) };
    if let Some(constant) = schema.get("const") {
        let index = name.parse::<usize>().ok();
        let member = constant.get(name).or_else(|| constant.get(index?));
        return member.is_some_and(|member| speaks_of(&serde_json::json!({ "const": member }), root, rest, references));
    }
    let index = name.parse::<usize>().ok();
    let item = || schema.get("prefixItems")?.get(index?).or_else(|| schema.get("items"));
    let member = schema.get("properties").and_then(|properties| properties.get(name));
    let matched = schema.get("patternProperties").and_then(Value::as_object).into_iter().flat_map(|map| map.values());
    let named = member.into_iter().chain(item()).chain(matched).chain(schema.get("additionalProperties"));
    let pieces = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|word| schema.get(word)?.as_array()).flatten();
    let target = schema.get("$ref").and_then(|target| root.pointer(target.as_str()?.strip_prefix('#')?));
    named.into_iter().any(|schema| schema.is_object() && speaks_of(schema, root, rest, references))
        || pieces.into_iter().any(|piece| speaks_of(piece, root, names, references))
        || target.is_some_and(|target| references > 0 && speaks_of(target, root, names, references - 1))
}
