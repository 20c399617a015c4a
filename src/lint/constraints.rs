//! Whether an outcome really holds what a clause that it cites says: a field, a status or an error code.

use crate::contract::language::{CodePlace, Status};
use crate::contract::template::plain;
use crate::contract::{Outcome, Promise};
use serde_json::{Map, Value};

/// The status that a clause's section names: `404`, or `5xx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Documented {
    Exact(u16),
    Class(u16),
}

/// The status of a section whose name is one.
pub(super) fn documented(section: &str) -> Option<Documented> {
    if let Some(class) = section.strip_suffix("xx") {
        return class.parse().ok().filter(|class| (1..=5).contains(class)).map(Documented::Class);
    }
    section.parse().ok().filter(|status| (100..=599).contains(status)).map(Documented::Exact)
}

/// Whether an outcome documents a status.
pub(super) fn has_status(outcome: &Outcome, documented: Documented) -> bool {
    match (&outcome.status, documented) {
        (Some(status), Documented::Exact(exact)) => status.admits(exact),
        (Some(Status::Class(hundred)), Documented::Class(class)) => *hundred == class,
        (Some(Status::Exact(list)), Documented::Class(class)) => list.iter().any(|status| status / 100 == class),
        (None, _) => false,
    }
}

/// What lacks for an outcome to hold what a clause says; `None` where it holds it.
pub(super) fn lacking(outcome: &Outcome, clause: &str) -> Option<String> {
    let (section, last) = clause.split_once('.')?;
    if section == "errors" {
        return (!has_code(outcome, last)).then(|| format!("it promises no code `{last}`"));
    }
    if let Some(status) = documented(section) {
        if !has_status(outcome, status) {
            return Some(format!("its status is not {section}"));
        }
        if last == "status" {
            return None;
        }
    }
    (!has_field(outcome, last)).then(|| format!("it promises no field `{last}`"))
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

/// Whether an outcome holds a field of a name at any depth, or a header, or the body as such.
fn has_field(outcome: &Outcome, name: &str) -> bool {
    let spelt = |header: &str| header.replace('-', "_").eq_ignore_ascii_case(&name.replace('-', "_"));
    let json = match &outcome.body {
        Promise::Json(shape) => constrains(&shape.schema, name),
        _ => false,
    };
    let media = outcome.media.is_some() || matches!(outcome.body, Promise::Json(_));
    json || outcome.headers.keys().any(|header| spelt(header))
        || (media && spelt("content_type"))
        || (name == "body" && outcome.body != Promise::Nothing)
}

/// Whether a schema says anything of a field of a name, at any depth.
fn constrains(schema: &Value, name: &str) -> bool {
    match schema {
        Value::Object(map) => map.iter().any(|(keyword, value)| match (keyword.as_str(), value) {
            ("properties", Value::Object(fields)) => {
                fields.contains_key(name) || fields.values().any(|field| constrains(field, name))
            }
            ("const", constant) => holds_key(constant, name),
            ("enum" | "examples" | "not" | "required", _) => false,
            (_, value) => constrains(value, name),
        }),
        Value::Array(items) => items.iter().any(|item| constrains(item, name)),
        _ => false,
    }
}

/// Whether a constant has a key of a name, at any depth.
fn holds_key(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(map) => map.contains_key(name) || map.values().any(|value| holds_key(value, name)),
        Value::Array(items) => items.iter().any(|item| holds_key(item, name)),
        _ => false,
    }
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
