//! Whether an outcome really promises what a clause that it cites names: a field, a status or an error code.

use crate::contract::language::CodePlace;
use crate::contract::template::plain;
use crate::contract::{ClauseId, Outcome, Promise, Subject, constrains};
use crate::text::source::pointer_segments;
use serde_json::Value;

/// The reason why an outcome does not promise what a clause names; `None` where it does.
pub(super) fn clause_lack(outcome: &Outcome, clause: &str) -> Option<String> {
    let id = ClauseId::parse(clause)?;
    if id.status().is_some_and(|status| !status.is_of(outcome)) {
        return Some(format!("its status is not {}", id.section));
    }
    let (holds, what) = match id.in_outcome(outcome) {
        Subject::Code(code) => (promises_code(outcome, code), "code"),
        Subject::Body => (outcome.body != Promise::Nothing, "field"),
        Subject::Field(name) => {
            (matches!(&outcome.body, Promise::Json(shape) if constrains(&shape.schema, name)), "field")
        }
        Subject::Status | Subject::Header(_) | Subject::Cause => return None,
    };
    (!holds).then(|| format!("it promises no {what} `{}`", id.name))
}

/// Whether an outcome promises an error code: at the vendor's place for codes, or as a constant anywhere.
pub(super) fn promises_code(outcome: &Outcome, code: &str) -> bool {
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
    constants.into_iter().any(|constant| plain(constant) == code)
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

/// The constants that an outcome promises at the vendor's place for error codes; none where any value may be there.
pub(super) fn promised_codes(outcome: &Outcome) -> Vec<&Value> {
    let promise = match (&outcome.code, &outcome.body) {
        (Some(CodePlace::Header(name)), _) => {
            outcome.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        }
        (Some(CodePlace::Body(pointer)), Promise::Json(shape)) => schema_at(&shape.schema, pointer),
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
fn schema_at<'a>(schema: &'a Value, pointer: &str) -> Option<&'a Value> {
    pointer_segments(pointer).try_fold(schema, |node, name| {
        let any = node.get("contains").filter(|_| name == "*");
        let member = any.or_else(|| node.get("properties")?.get(name.as_ref()));
        member.or_else(|| node.get("prefixItems")?.get(name.parse::<usize>().ok()?))
    })
}
