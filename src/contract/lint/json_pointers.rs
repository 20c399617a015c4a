//! JSON Pointers that are not ones, wherever a contract has one.

use super::vendor_scope::VendorScope;
use crate::contract::Outcome;
use crate::contract::language::{CodePlace, Sweep};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;

pub(super) fn json_pointers(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    if let Some(CodePlace::Body(text)) = &scope.vendor.file.error_code {
        check_pointer(text, scope.vendor_at("error_code"), found);
    }
    for (name, resource) in &scope.vendor.file.resources {
        if let Some(sweep) = &resource.sweep {
            check_sweep(sweep, &scope.vendor_at("resources").child(name).child("sweep"), found);
        }
    }
    for (_, row) in scope.rows() {
        for (name, text) in &row.capture {
            check_pointer(text, row.at.child("capture").child(name), found);
        }
    }
    for (_, outcome) in scope.outcomes() {
        check_outcome(outcome, found);
    }
}

fn check_sweep(sweep: &Sweep, at: &Place, found: &mut Vec<Diagnostic>) {
    check_pointer(&sweep.id, at.child("id"), found);
    if !sweep.items.is_empty() {
        check_pointer(&sweep.items, at.child("items"), found);
    }
    for (index, mark) in sweep.marks.iter().enumerate() {
        check_pointer(mark, at.child("marks").index(index), found);
    }
}

fn check_outcome(outcome: &Outcome, found: &mut Vec<Diagnostic>) {
    for (index, text) in outcome.secret.iter().enumerate() {
        check_pointer(text, outcome.at.child("secret").index(index), found);
    }
    for (index, text) in outcome.shown_here().enumerate() {
        check_pointer(text, outcome.at.child("shown").index(index), found);
    }
}

fn check_pointer(text: &str, at: Place, found: &mut Vec<Diagnostic>) {
    if !text.starts_with('/') || !is_escaped(text) {
        found.push(
            Diagnostic::error(Code::BadPointer, format!("`{text}` is no JSON Pointer"))
                .at(at, "a pointer begins with `/`")
                .help(format!("write it like `/{}`", text.trim_start_matches(['/', '.', '$']).replace('.', "/"))),
        );
    }
}

/// Returns true if each tilde of a pointer is that of an escape.
pub(super) fn is_escaped(pointer: &str) -> bool {
    pointer.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']))
}
