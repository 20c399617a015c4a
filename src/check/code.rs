//! Is the error code the documented one, where the vendor's file says that codes stand?

use super::{Answer, Expected, Finding, FindingCode};
use crate::contract::Promise;
use crate::contract::language::CodePlace;
use crate::contract::template::resolve_value;
use serde_json::{Value, json};

pub(super) fn check(expected: &Expected<'_>, answer: &Answer<'_>) -> Vec<Finding> {
    let Some((place, promised)) = promise(expected) else { return Vec::new() };
    let promised = resolve_value(&promised, expected.names).unwrap_or(promised);
    let (actual, at) = match &place {
        CodePlace::Body(pointer) => {
            let Some(body) = answer.json().filter(|body| body.is_object()) else { return Vec::new() };
            let Promise::Json(shape) = &expected.outcome.body else { return Vec::new() };
            (body.pointer(pointer).cloned(), shape.field(pointer).map(|field| field.at.clone()))
        }
        CodePlace::Header(name) => {
            let at = expected.outcome.at.child("headers").child(name);
            (answer.response.headers.get(name).map(|value| json!(value)), Some(at))
        }
    };
    if actual.as_ref() == Some(&promised) {
        return Vec::new();
    }
    let message = match &actual {
        Some(actual) => format!("the error code is {actual}, promised is {promised}"),
        None => format!("there is no error code, promised is {promised}"),
    };
    let place = match place {
        CodePlace::Body(pointer) => pointer,
        CodePlace::Header(name) => format!("header {name}"),
    };
    let finding = Finding::new(FindingCode::ErrorCode, expected.outcome, place, message).values(promised, actual);
    vec![match at {
        Some(at) => finding.at(at),
        None => finding,
    }]
}

/// The constant that an outcome promises where codes stand, if it promises one there.
fn promise(expected: &Expected<'_>) -> Option<(CodePlace, Value)> {
    let place = expected.outcome.code.clone()?;
    let promised = match (&place, &expected.outcome.body) {
        (CodePlace::Header(name), _) => expected.outcome.headers.get(name).cloned()?,
        (CodePlace::Body(pointer), Promise::Json(shape)) => constant(&shape.schema, pointer)?,
        (CodePlace::Body(_), _) => return None,
    };
    (!promised.is_object()).then_some((place, promised))
}

/// The constant that a schema promises at a pointer.
pub(super) fn constant(schema: &Value, pointer: &str) -> Option<Value> {
    let names = pointer.split('/').skip(1).map(crate::contract::shape::unescape);
    let node = names.into_iter().try_fold(schema, |node, name| match name.parse::<usize>() {
        Ok(index) if node.get("prefixItems").is_some() => node.get("prefixItems")?.get(index),
        _ => node.get("properties")?.get(&name),
    });
    node?.get("const").cloned()
}
