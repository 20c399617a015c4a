//! A method and path that two operations of a vendor share. A vendor is a world of its own, so requests are compared within it.

use super::vendor_scope::VendorScope;
use crate::contract::{Operation, placeholders};
use crate::text::diagnostic::{Code, Diagnostic};
use std::collections::HashMap;

pub(super) fn shared_requests(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<String, &Operation> = HashMap::new();
    for operation in &scope.vendor.operations {
        let key = format!("{} {}", operation.method, bare_path(&operation.url));
        if let Some(other) = seen.get(&key) {
            found.push(
                Diagnostic::error(Code::SharedRequest, "two operations have one method and path")
                    .at(operation.at.child("request"), format!("`{}`", operation.name))
                    .at(other.at.child("request"), format!("`{}` has it already", other.name))
                    .help("one operation lists everything that a method and path may answer"),
            );
        } else {
            seen.insert(key, operation);
        }
    }
}

/// A path without its query and the names of its placeholders.
fn bare_path(url: &str) -> String {
    let path = url.split_once('?').map_or(url, |(path, _)| path);
    placeholders(path).fold(path.to_owned(), |bare, name| bare.replacen(&format!("{{{name}}}"), "{}", 1))
}
