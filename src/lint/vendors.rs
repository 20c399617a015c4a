//! What vendors and operations must not share: methods and paths, and environment variables.

use super::scope::Scope;
use crate::contract::placeholders;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Place;
use std::collections::HashMap;

pub(super) fn check(scopes: &[Scope<'_>], found: &mut Vec<Diagnostic>) {
    requests(scopes, found);
    variables(scopes, found);
}

fn requests(scopes: &[Scope<'_>], found: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<String, (Place, String)> = HashMap::new();
    for scope in scopes {
        for operation in &scope.vendor.operations {
            let at = operation.at.child("request");
            let name = format!("{}/{}", scope.vendor.name, operation.name);
            // A URL that the vendor hands out is the vendor's own affair.
            let owner = if operation.url.starts_with('$') { scope.vendor.name.as_str() } else { "" };
            let key = format!("{owner} {} {}", operation.method, bare(&operation.url));
            if let Some((first, other)) = seen.get(&key) {
                let (label, other) = (format!("`{name}`"), format!("`{other}` has it already"));
                found.push(
                    Diagnostic::error(Code::SharedRequest, "two operations have one method and path")
                        .at(at, label)
                        .at(first.clone(), other)
                        .help("one operation lists everything that a method and path may answer"),
                );
            } else {
                seen.insert(key, (at, name));
            }
        }
    }
}

/// A path without its query and the names of its placeholders.
fn bare(url: &str) -> String {
    let path = url.split('?').next().unwrap_or(url);
    let names = placeholders(path).map(|name| format!("{{{name}}}")).collect::<Vec<_>>();
    names.iter().fold(path.to_owned(), |path, name| path.replacen(name, "{}", 1))
}

fn variables(scopes: &[Scope<'_>], found: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&str, Place> = HashMap::new();
    for scope in scopes {
        let file = &scope.vendor.file;
        let credentials = file
            .credentials
            .iter()
            .map(|(name, credential)| (credential.env.as_str(), scope.at("credentials").child(name).child("env")));
        let fixtures = file.resources.iter().flat_map(|(name, resource)| {
            let at = scope.at("resources").child(name).child("fixtures");
            resource.fixtures.iter().map(move |(state, env)| (env.as_str(), at.child(state)))
        });
        for (env, at) in credentials.chain(fixtures) {
            if let Some(first) = seen.get(env) {
                found.push(
                    Diagnostic::error(Code::SharedVariable, format!("`{env}` is to hold two values"))
                        .at(at, "again here")
                        .at(first.clone(), "named here already")
                        .help("give each value a variable of its own"),
                );
            } else {
                seen.insert(env, at);
            }
        }
    }
}
