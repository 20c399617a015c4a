//! The names of resources and of their states: those that mean something else, or nothing, in `resources` and `leads`.

use super::reference_names::is_built_in;
use super::vendor_scope::VendorScope;
use crate::contract::condition::{WORDS, WRONG};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;

pub(super) fn resource_names(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    let file = &scope.vendor.file;
    for (name, resource) in &file.resources {
        let at = scope.vendor_at("resources").child(name);
        let meaning = if WORDS.contains(&name.as_str()) {
            Some("a kind of condition")
        } else if is_built_in(name) || file.credentials.contains_key(name) {
            Some("a reference")
        } else {
            None
        };
        if let Some(meaning) = meaning {
            found.push(
                Diagnostic::error(Code::NameTaken, format!("`{name}` is {meaning} already"))
                    .at(at.key(), "a resource of that name could not be told from it")
                    .help("give the resource another name"),
            );
        }
        if let Some(parent) = &resource.parent {
            check_parent(scope, name, parent, at.child("in"), found);
        }
        for state in resource.fixtures.keys().filter(|state| WRONG.contains(&state.as_str())) {
            found.push(not_a_state(state, at.child("fixtures").child(state).key()));
        }
    }
    check_leads(scope, found);
}

fn check_parent(scope: &VendorScope<'_>, name: &str, parent: &str, at: Place, found: &mut Vec<Diagnostic>) {
    if !scope.vendor.file.resources.contains_key(parent) {
        found.push(unknown_resource(scope, parent, at));
    } else if descends(scope, parent, name) {
        found.push(
            Diagnostic::error(Code::ResourceCycle, format!("`{name}` lives inside itself"))
                .at(at, format!("`{parent}` lives in `{name}`, itself or by way of others"))
                .help("take one of the `in` away"),
        );
    }
}

/// Whether a resource is another one, or lives in it by way of any number of others.
fn descends(scope: &VendorScope<'_>, resource: &str, ancestor: &str) -> bool {
    let mut seen = vec![resource];
    while let Some(last) = seen.last() {
        if *last == ancestor {
            return true;
        }
        match scope.vendor.file.resources.get(*last).and_then(|resource| resource.parent.as_deref()) {
            Some(parent) if !seen.contains(&parent) => seen.push(parent),
            _ => return false,
        }
    }
    false
}

fn check_leads(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for (_, row) in scope.rows() {
        for branch in &row.then {
            for (resource, state) in &branch.leads {
                let at = scope.leads_at(row, branch, resource);
                if !scope.vendor.file.resources.contains_key(resource) {
                    found.push(unknown_resource(scope, resource, at.key()));
                } else if WRONG.contains(&state.as_str()) {
                    found.push(not_a_state(state, at));
                }
            }
        }
    }
}

fn unknown_resource(scope: &VendorScope<'_>, name: &str, at: Place) -> Diagnostic {
    Diagnostic::error(Code::UnknownResource, format!("no resource is named `{name}`"))
        .at(at, "not under `resources` of this vendor")
        .suggest(name, scope.vendor.file.resources.keys().map(String::as_str))
}

fn not_a_state(word: &str, at: Place) -> Diagnostic {
    Diagnostic::error(Code::NotAState, format!("`{word}` says what is wrong with an id, and is no state"))
        .at(at, "no resource can be led here")
        .help("choose another name for the state")
}
