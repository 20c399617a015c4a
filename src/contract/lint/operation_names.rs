//! The names of operations: two of one name, and those that `canary` and `sweep` name.

use super::vendor_scope::VendorScope;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use std::collections::HashMap;

pub(super) fn operation_names(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    let file = &scope.vendor.file;
    if let Some(canary) = &file.canary {
        found.extend(unknown_operation(scope, canary, scope.vendor_at("canary")));
        found.extend(uncallable_canary(scope, canary));
    }
    for (name, resource) in &file.resources {
        if let Some(sweep) = &resource.sweep {
            let at = scope.vendor_at("resources").child(name).child("sweep").child("list");
            check_list(scope, &sweep.list, &at, found);
        }
    }
    let mut names = HashMap::new();
    for operation in &scope.vendor.operations {
        if let Some(first) = names.insert(&operation.name, &operation.at) {
            found.push(
                Diagnostic::error(Code::NameTaken, format!("two operations are named `{}`", operation.name))
                    .at(operation.at.key(), "the second one")
                    .at(first.child("operation"), "the first one")
                    .help("rename one of them"),
            );
        }
    }
}

/// The warning that the operation which is to show life needs something that would have to be made first.
fn uncallable_canary(scope: &VendorScope<'_>, name: &str) -> Option<Diagnostic> {
    let operation = scope.vendor.operation(name)?;
    let mut calls = scope.vendor.canary_calls().iter();
    if calls.any(|call| call.row.operation == operation.id) {
        return None;
    }
    Some(
        Diagnostic::warning(Code::UncallableCanary, format!("`{name}` cannot show whether the vendor lives"))
            .at(scope.vendor_at("canary"), "needs something that would have to be made first")
            .at(operation.at.child("request"), "its request")
            .help("name a call without a resource, or a read of one that is supplied under `fixtures`"),
    )
}

/// The operation by which what is left over is found.
fn check_list(scope: &VendorScope<'_>, name: &str, at: &Place, found: &mut Vec<Diagnostic>) {
    match scope.vendor.operation(name) {
        Some(list) if !list.reads() || !list.binds.is_empty() => found.push(
            Diagnostic::error(Code::NotAList, format!("`{name}` does not list what there is"))
                .at(at, "a GET that needs no resource is due")
                .at(list.at.child("request"), "its request"),
        ),
        Some(_) => {}
        None => found.extend(unknown_operation(scope, name, at.clone())),
    }
}

/// The mistake of a name that no operation has; it may be that of one that could not be read.
fn unknown_operation(scope: &VendorScope<'_>, name: &str, at: Place) -> Option<Diagnostic> {
    if scope.vendor.partial || scope.vendor.operation(name).is_some() {
        return None;
    }
    let known = scope.vendor.operations.iter().map(|operation| operation.name.as_str());
    Some(
        Diagnostic::error(Code::UnknownOperation, format!("no operation is named `{name}`"))
            .at(at, "neither a file of this vendor nor under `operations`")
            .suggest(name, known),
    )
}
