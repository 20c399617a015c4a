//! Is the error code the documented one, where the vendor's file says that codes stand?

use super::{Answer, Expected, Finding, FindingCode};
use crate::contract::language::{CodePlace, Status};
use crate::contract::same_value::same_value;
use crate::contract::template::{refers, resolve_value};
use crate::contract::{Outcome, Promise};
use crate::text::source::pointer_segments;
use serde_json::{Value, json};
use std::borrow::Cow;

/// Returns whether an answer is an error, where an outcome is one that has a code.
pub(super) fn is_due(expected: &Expected<'_>, answer: &Answer<'_>) -> bool {
    let is_error = |status: u16| status >= 400;
    expected.compiled.code.is_some()
        && match &expected.outcome.status {
            Some(Status::Exact(list)) => list.iter().copied().any(is_error) && is_error(answer.response.status),
            Some(Status::Class(hundred)) => *hundred >= 4 && is_error(answer.response.status),
            // Where no status is documented, the body alone says whether it is one.
            None => true,
        }
}

pub(super) fn check(expected: &Expected<'_>, answer: &Answer<'_>) -> Vec<Finding> {
    let (Some(place), Some(promised)) = (&expected.outcome.code, &expected.compiled.code) else { return Vec::new() };
    if !is_due(expected, answer) {
        return Vec::new();
    }
    let resolved = refers(promised).then(|| resolve_value(promised, expected.names).ok()).flatten();
    let promised = resolved.as_ref().unwrap_or(promised);
    let actual = match place {
        CodePlace::Body(pointer) => {
            let Some(body) = answer.json().filter(|body| body.is_object()) else { return Vec::new() };
            // What is missing with all around it is reported once, by what is around it.
            let around = pointer.rsplit_once('/').map_or("", |(around, _)| around);
            if !values_at(body, around).iter().any(|around| around.is_object() || around.is_array()) {
                return Vec::new();
            }
            let codes = values_at(body, pointer);
            let same = codes.iter().find(|code| same_value(code, promised));
            same.or(codes.first()).copied().map(Cow::Borrowed)
        }
        CodePlace::Header(name) => answer.response.headers.get(name).map(|value| Cow::Owned(json!(value))),
    };
    if actual.as_deref().is_some_and(|actual| same_value(actual, promised)) {
        return Vec::new();
    }
    let at = match (place, &expected.outcome.body) {
        (CodePlace::Header(name), _) => Some(expected.outcome.at.child("headers").child(name)),
        (CodePlace::Body(pointer), Promise::Json(shape)) => shape.field(pointer).map(|field| field.at.clone()),
        (CodePlace::Body(_), _) => None,
    };
    let message = match &actual {
        Some(actual) => format!("the error code is {actual}, promised is {promised}"),
        None => format!("there is no error code, promised is {promised}"),
    };
    let place = match place {
        CodePlace::Body(pointer) => pointer.clone(),
        CodePlace::Header(name) => format!("header {name}"),
    };
    let finding = Finding::new(FindingCode::ErrorCode, expected.outcome, place, message);
    let finding = finding.values(promised.clone(), actual.map(Cow::into_owned));
    vec![match at {
        Some(at) => finding.at(at),
        None => finding,
    }]
}

/// The values at a pointer, in which `*` is any item of a list.
fn values_at<'v>(value: &'v Value, pointer: &str) -> Vec<&'v Value> {
    pointer_segments(pointer).fold(vec![value], |values, name| {
        let members = values.into_iter().flat_map(|value| match value {
            Value::Array(items) if name == "*" => items.iter().collect::<Vec<_>>(),
            Value::Array(items) => name.parse().ok().and_then(|index: usize| items.get(index)).into_iter().collect(),
            other => other.get(name.as_ref()).into_iter().collect(),
        });
        members.collect()
    })
}

/// The constant that an outcome promises where codes stand, if it promises one there.
pub(super) fn promise(outcome: &Outcome) -> Option<Value> {
    let promised = match (outcome.code.as_ref()?, &outcome.body) {
        (CodePlace::Header(name), _) => outcome.headers.get(name).cloned()?,
        (CodePlace::Body(pointer), Promise::Json(shape)) => constant(&shape.schema, pointer)?,
        (CodePlace::Body(_), _) => return None,
    };
    (!promised.is_object()).then_some(promised)
}

/// The constant that a schema promises at a pointer.
fn constant(schema: &Value, pointer: &str) -> Option<Value> {
    let names = pointer_segments(pointer);
    let node = names.into_iter().try_fold(schema, |node, name| match name.parse::<usize>() {
        Ok(index) if node.get("prefixItems").is_some() => node.get("prefixItems")?.get(index),
        _ if name == "*" && node.get("contains").is_some() => node.get("contains"),
        _ => node.get("properties")?.get(name.as_ref()),
    });
    node?.get("const").cloned()
}
