//! Conditions on headers, query and body that make no other request of the documented one.

use super::scope::{Page, Scope};
use crate::contract::condition::{Draft, is_order_between};
use crate::contract::{Body, Operation, Row};
use crate::text::diagnostic::{Code, Diagnostic};
use serde_json::Value;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    for page in &scope.pages {
        for row in page.operation.rows.values() {
            for key in row.when.0.keys() {
                patch(scope, page, row, key, found);
            }
        }
        // Of a form, header or query every value is a text, so `json` alone has both.
        let rows = page.operation.rows.values().filter_map(|row| Some((row, row.when.0.get("json")?)));
        let rows: Vec<(&Row, &Value)> = rows.collect();
        for (index, (row, patch)) in rows.iter().enumerate() {
            let earlier = rows.iter().take(index).find(|(_, other)| is_order_between(patch, other));
            if let Some((first, _)) = earlier {
                found.push(undecided(scope, page.operation, (row, first)));
            }
        }
    }
}

/// Two rows of which only their order could say which one answers.
fn undecided(scope: &Scope<'_>, operation: &Operation, (row, first): (&Row, &Row)) -> Diagnostic {
    let at = |row: &Row| row.at.child("when").child("json");
    let message = "two rows answer one request: what is no object has no fields either";
    let mistake = Diagnostic::error(Code::OverlappingRows, message)
        .at(at(row), format!("`{}` answers it", row.name))
        .at(at(first), format!("`{}` answers it too", first.name))
        .help("set the field to a wrong value instead of taking it away, or let one of the rows go");
    scope.taken(mistake, operation, &row.at)
}

fn patch(scope: &Scope<'_>, page: &Page<'_>, row: &Row, key: &str, found: &mut Vec<Diagnostic>) {
    let operation = page.operation;
    let at = row.at.child("when").child(key);
    let kind = match &operation.body {
        Body::None => None,
        Body::Json(_) => Some("json"),
        Body::Form(_) => Some("form"),
        Body::Raw { .. } => Some("raw"),
    };
    if matches!(key, "json" | "form" | "raw") && kind != Some(key) {
        let has = kind.map_or_else(|| "no body".to_owned(), |kind| format!("a body of the kind `{kind}`"));
        let mistake = Diagnostic::error(Code::WrongBodyKind, format!("the request has {has}"))
            .at(at.key(), format!("there is no `{key}` to change"));
        found.push(scope.taken(mistake, operation, &row.at));
    } else if matches!(key, "headers" | "query" | "json" | "form" | "raw") && is_idle(scope, page, row, key) {
        let mistake = Diagnostic::error(Code::IdlePatch, "this changes nothing about the documented request")
            .at(at, "already so")
            .help("change a value that the request has, or take one away by `null`");
        found.push(scope.taken(mistake, operation, &row.at));
    }
}

/// Whether the documented request is the same with a row's patch as without it.
fn is_idle(scope: &Scope<'_>, page: &Page<'_>, row: &Row, key: &str) -> bool {
    let dimension = page.space.dimensions.iter().find(|dimension| dimension.key == key);
    let (Some(dimension), Some(value)) = (dimension, row.when.0.get(key)) else { return false };
    let documented = Draft::documented(scope.vendor, page.operation);
    let mut draft = documented.clone();
    for choice in dimension.choices.iter().filter(|choice| choice.is_in(value)) {
        dimension.kind.arrange(scope.vendor, dimension, choice, None, &mut draft);
    }
    draft == documented
}
