//! The names under `when`: kinds of condition, resources of the request and refusals, and the words of each.

use super::vendor_scope::VendorScope;
use crate::contract::condition::{WORDS, impossible};
use crate::contract::language::Auth;
use crate::contract::{Operation, Row};
use crate::text::diagnostic::{Code, Diagnostic};

pub(super) fn condition_names(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for (operation, row) in scope.rows() {
        for key in row.when.0.keys() {
            if key == "credentials" {
                check_refusals(scope, operation, row, found);
            } else if operation.binds.contains(key) {
                check_states(scope, operation, row, key, found);
            } else if !WORDS.contains(&key.as_str()) {
                let mistake = unknown_condition(scope, operation, row, key);
                found.push(scope.with_taker(mistake, operation, &row.at));
            }
        }
    }
}

fn check_states(
    scope: &VendorScope<'_>,
    operation: &Operation,
    row: &Row,
    resource: &str,
    found: &mut Vec<Diagnostic>,
) {
    for word in row.when.names(resource) {
        if let Some(reason) = impossible(scope.vendor, resource, word) {
            let message = format!("no id of `{resource}` can be `{word}`");
            let mistake =
                Diagnostic::error(Code::ImpossibleCondition, message).at(scope.when_at(row, resource, word), reason);
            found.push(scope.with_taker(mistake, operation, &row.at));
        }
    }
}

fn unknown_condition(scope: &VendorScope<'_>, operation: &Operation, row: &Row, key: &str) -> Diagnostic {
    let (message, label) = if scope.vendor.file.resources.contains_key(key) {
        (format!("the request does not name `{key}`"), "this resource is not in the request")
    } else {
        (format!("`{key}` is no condition"), "neither a kind of condition nor a resource in the request")
    };
    Diagnostic::error(Code::UnknownCondition, message)
        .at(row.at.child("when").child(key).key(), label)
        .suggest(key, operation.binds.iter().map(String::as_str).chain(WORDS))
}

fn check_refusals(scope: &VendorScope<'_>, operation: &Operation, row: &Row, found: &mut Vec<Diagnostic>) {
    let refused = &scope.vendor.file.refused;
    if *operation.auth.as_ref().unwrap_or(&scope.vendor.file.auth) == Auth::default() {
        let mistake =
            Diagnostic::error(Code::ImpossibleCondition, "the request carries no credentials that could be refused")
                .at(row.at.child("when").child("credentials").key(), "nothing is sent here")
                .at(operation.at.child("auth"), format!("`{}` is sent without", operation.name));
        found.push(scope.with_taker(mistake, operation, &row.at));
        return;
    }
    for word in row.when.names("credentials") {
        if word != "right" && !refused.contains_key(word) {
            found.push(
                Diagnostic::error(Code::UnknownRefusal, format!("no refused credentials are named `{word}`"))
                    .at(scope.when_at(row, "credentials", word), "not under `refused` of this vendor")
                    .suggest(word, refused.keys().map(String::as_str)),
            );
        }
    }
}
