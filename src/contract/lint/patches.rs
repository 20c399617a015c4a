//! Conditions on headers, query and body that make no other request of the documented one.

use super::vendor_scope::{OperationScope, VendorScope};
use crate::contract::condition::{Draft, is_order_between};
use crate::contract::{Body, Operation, Row};
use crate::text::diagnostic::{Code, Diagnostic};
use serde_json::Value;

/// The kinds of condition that change a part of the documented request.
pub(super) const PATCHES: [&str; 5] = ["headers", "query", "json", "form", "raw"];

pub(super) fn patches(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for operation in &scope.operations {
        for row in operation.operation.rows.values() {
            for (key, patch) in row.when.0.iter().filter(|(key, _)| PATCHES.contains(&key.as_str())) {
                check_patch(scope, operation, row, (key.as_str(), patch), found);
            }
        }
        check_order(scope, operation.operation, found);
    }
}

/// Rows of which only their order could say which one answers. Of a form, header or query every value is a text, so that
/// `json` alone has such rows.
fn check_order(scope: &VendorScope<'_>, operation: &Operation, found: &mut Vec<Diagnostic>) {
    let mut earlier: Vec<(&Row, &Value)> = Vec::new();
    for row in operation.rows.values() {
        let Some(patch) = row.when.0.get("json") else { continue };
        if let Some((first, _)) = earlier.iter().find(|(_, other)| is_order_between(patch, other)) {
            let message = "two rows answer one request: what is no object has no fields either";
            let mistake = Diagnostic::error(Code::OverlappingRows, message)
                .at(row.at.child("when").child("json"), format!("`{}` answers it", row.name))
                .at(first.at.child("when").child("json"), format!("`{}` answers it too", first.name))
                .help("set the field to a wrong value instead of taking it away, or let one of the rows go");
            found.push(scope.with_taker(mistake, operation, &row.at));
        }
        earlier.push((row, patch));
    }
}

fn check_patch(
    scope: &VendorScope<'_>,
    operation: &OperationScope<'_>,
    row: &Row,
    (key, patch): (&str, &Value),
    found: &mut Vec<Diagnostic>,
) {
    let at = row.at.child("when").child(key);
    let kind = body_kind(&operation.operation.body);
    let mistake = if !["headers", "query"].contains(&key) && kind != Some(key) {
        let has = kind.map_or_else(|| "no body".to_owned(), |kind| format!("a body of the kind `{kind}`"));
        Diagnostic::error(Code::WrongBodyKind, format!("the request has {has}"))
            .at(at.key(), format!("there is no `{key}` to change"))
    } else if is_idle(scope, operation, (key, patch)) {
        Diagnostic::error(Code::IdlePatch, "this changes nothing about the documented request")
            .at(at, "already so")
            .help("change a value that the request has, or take one away by `null`")
    } else {
        return;
    };
    found.push(scope.with_taker(mistake, operation.operation, &row.at));
}

/// The key under which a condition changes a body.
fn body_kind(body: &Body) -> Option<&'static str> {
    match body {
        Body::None => None,
        Body::Json(_) => Some("json"),
        Body::Form(_) => Some("form"),
        Body::Raw { .. } => Some("raw"),
    }
}

/// Whether the documented request is the same with a patch as without it.
fn is_idle(
    scope: &VendorScope<'_>,
    OperationScope { operation, space }: &OperationScope<'_>,
    (key, patch): (&str, &Value),
) -> bool {
    let Some(dimension) = space.dimensions.iter().find(|dimension| dimension.key == key) else { return false };
    let mut draft = Draft::documented(scope.vendor, operation);
    for choice in dimension.choices.iter().filter(|choice| choice.is_in(patch)) {
        dimension.kind.arrange(scope.vendor, dimension, choice, None, &mut draft);
    }
    draft == Draft::documented(scope.vendor, operation)
}
