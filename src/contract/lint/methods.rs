//! Methods that no server knows: a misspelt one would be a request that every vendor refuses.

use super::vendor_scope::VendorScope;
use crate::text::diagnostic::{Code, Diagnostic};

/// The methods of HTTP and PATCH, and those of IANA's registry that APIs have.
const METHODS: [&str; 14] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "REPORT", "SEARCH", "LINK", "UNLINK",
    "PURGE", "QUERY",
];

pub(super) fn methods(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for operation in &scope.vendor.operations {
        if !METHODS.contains(&operation.method.as_str()) {
            found.push(
                Diagnostic::error(Code::UnknownMethod, format!("`{}` is no method of a request", operation.method))
                    .at(operation.at.child("request"), "a method of HTTP is expected")
                    .suggest(&operation.method, METHODS)
                    .help(format!("the methods are {}", METHODS.join(", "))),
            );
        }
    }
}
