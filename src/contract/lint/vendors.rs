//! What must not be shared: a method and path by two operations of a vendor, an environment variable by two values.

use super::scope::Scope;
use crate::contract::placeholders;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use std::collections::HashMap;

pub(super) fn check(scopes: &[Scope<'_>], found: &mut Vec<Diagnostic>) {
    scopes.iter().for_each(|scope| requests(scope, found));
    variables(scopes, found);
}

/// A vendor is a world of its own, so requests are compared within it.
fn requests(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<String, (Place, &str)> = HashMap::new();
    for operation in &scope.vendor.operations {
        let at = operation.at.child("request");
        let key = format!("{} {}", operation.method, bare(&operation.url));
        if let Some((first, other)) = seen.get(&key) {
            found.push(
                Diagnostic::error(Code::SharedRequest, "two operations have one method and path")
                    .at(at, format!("`{}`", operation.name))
                    .at(first.clone(), format!("`{other}` has it already"))
                    .help("one operation lists everything that a method and path may answer"),
            );
        } else {
            seen.insert(key, (at, &operation.name));
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
