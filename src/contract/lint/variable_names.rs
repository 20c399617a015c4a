//! Environment variables that have no valid name, that are not the vendor's, or that several values share.

use super::plain_names::is_plain_name;
use super::vendor_scope::VendorScope;
use crate::contract::{Vendor, variable_prefix};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use std::collections::HashMap;

pub(super) fn variable_names(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for (name, at) in placed_variables(scope) {
        found.extend(name_mistake(scope.vendor, name, at));
    }
}

/// Variables that are to hold two values, of one vendor or of two.
pub(super) fn shared_variables(scopes: &[VendorScope<'_>], found: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&str, Place> = HashMap::new();
    for (name, at) in scopes.iter().flat_map(placed_variables) {
        if let Some(first) = seen.get(name) {
            found.push(
                Diagnostic::error(Code::SharedVariable, format!("`{name}` is to hold two values"))
                    .at(at, "again here")
                    .at(first, "named here already")
                    .help("give each value a variable of its own"),
            );
        } else {
            seen.insert(name, at);
        }
    }
}

/// The variables of a vendor's credentials and fixtures, with their places.
fn placed_variables<'a>(scope: &VendorScope<'a>) -> Vec<(&'a str, Place)> {
    let mut variables = Vec::new();
    let resources = scope.vendor_at("resources");
    for (name, credential) in &scope.vendor.file.credentials {
        variables.push((credential.env.as_str(), scope.credential_at(name).child("env")));
    }
    for (name, resource) in &scope.vendor.file.resources {
        let at = resources.child(name).child("fixtures");
        variables.extend(resource.fixtures.iter().map(|(state, env)| (env.as_str(), at.child(state))));
        let at = resources.child(name).child("id").child("other_mode_env");
        variables.extend(resource.id.other_mode_env.iter().map(|env| (env.as_str(), at.clone())));
        let at = resources.child(name).child("ready");
        variables.extend(resource.ready.iter().map(|env| (env.as_str(), at.clone())));
    }
    variables
}

fn name_mistake(vendor: &Vendor, name: &str, at: Place) -> Option<Diagnostic> {
    let is_variable = name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if !is_variable {
        let mistake = Diagnostic::error(Code::BadVariable, format!("`{name}` is no name of an environment variable"));
        return Some(mistake.at(at, "letters, digits and underscores are due, no digit first"));
    }
    if !is_plain_name(&vendor.name) || vendor.owns(name) {
        return None;
    }
    let prefix = variable_prefix(&vendor.name);
    Some(
        Diagnostic::error(Code::ForeignVariable, format!("`{name}` is not a variable of `{}`", vendor.name))
            .at(at, format!("must begin with `{prefix}`"))
            .help(format!("rename it, for example to `{prefix}{name}`")),
    )
}
