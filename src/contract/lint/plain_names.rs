//! Names that cannot be a part of a case's id and of a file's path.

use super::vendor_scope::VendorScope;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;

pub(super) fn plain_names(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    let file = &scope.vendor.file;
    check_name("a vendor", &scope.vendor.name, &scope.vendor_at("vendor"), found);
    for (name, resource) in &file.resources {
        let at = scope.vendor_at("resources").child(name).child("id").child("malformed");
        check_keys("a malformed sample", resource.id.malformed.keys(), &at, found);
    }
    let refused = scope.vendor_at("refused");
    check_keys("a refusal", file.refused.keys(), &refused, found);
    for (name, refusal) in &file.refused {
        let samples = refusal.0.iter().filter_map(|(sample, _)| sample.as_ref());
        check_keys("a refused sample", samples, &refused.child(name), found);
    }
    for operation in &scope.vendor.operations {
        check_name("an operation", &operation.name, &operation.at.child("operation"), found);
    }
    for (_, outcome) in scope.outcomes() {
        check_name("an outcome", &outcome.name, &outcome.at.key(), found);
    }
    for (_, row) in scope.rows() {
        check_name("a row", &row.name, &row.at.key(), found);
    }
}

/// Names that are keys of one mapping.
fn check_keys<'n>(what: &str, names: impl Iterator<Item = &'n String>, at: &Place, found: &mut Vec<Diagnostic>) {
    for name in names {
        check_name(what, name, &at.child(name).key(), found);
    }
}

fn check_name(what: &str, name: &str, at: &Place, found: &mut Vec<Diagnostic>) {
    if !is_plain_name(name) {
        found.push(
            Diagnostic::error(Code::BadName, format!("`{name}` cannot be the name of {what}"))
                .at(at, "it is a part of ids and of files' paths")
                .help("letters, digits, `_`, `-` and `.` make a name, a letter or digit first"),
        );
    }
}

/// Whether a name can be a part of a case's id and of a file's path.
pub(super) fn is_plain_name(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-.".contains(letter))
}
