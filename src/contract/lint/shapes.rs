//! Shapes that nobody uses, and promises of a shape that everybody who uses it replaces.

use super::scope::Scope;
use crate::contract::language::CodePlace;
use crate::contract::shape::field_pointer;
use crate::text::diagnostic::{Code, Diagnostic};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// A place that is like a shape.
pub(super) struct Use<'a> {
    /// The shape.
    pub(super) shape: &'a str,
    /// The shape in which the place stands, if it stands in one.
    pub(super) inside: Option<String>,
    /// The fields promised otherwise.
    pub(super) own: Option<&'a Map<String, Value>>,
    /// Whether the place has a `code`, which is promised where the vendor's codes stand.
    pub(super) code: bool,
}

pub(super) fn check(scope: &Scope<'_>, places: &[Use<'_>], found: &mut Vec<Diagnostic>) {
    if scope.vendor.partial {
        return;
    }
    let used = used(places);
    // Whoever is like an unknown shape may have meant any.
    let known = places.iter().all(|user| scope.vendor.file.shapes.contains_key(user.shape));
    for (name, fields) in &scope.vendor.file.shapes {
        let at = scope.at("shapes").child(name);
        if !used.contains(name.as_str()) {
            found.push(
                Diagnostic::warning(Code::UnusedShape, format!("nothing is like the shape `{name}`"))
                    .at(at.key(), "named by no `like`"),
            );
            continue;
        }
        if !known {
            continue;
        }
        let likes = || places.iter().filter(|user| user.shape == name);
        for field in fields.keys().filter(|field| likes().all(|user| replaces(scope, user, field))) {
            found.push(
                Diagnostic::error(Code::OverriddenPromise, format!("`{field}` of the shape `{name}` is never checked"))
                    .at(at.child(field).key(), "everybody who is like the shape promises it otherwise")
                    .help("take it out of the shape"),
            );
        }
    }
}

/// The shapes that outcomes are like, by way of others too.
fn used<'a>(places: &'a [Use<'_>]) -> HashSet<&'a str> {
    let mut used: HashSet<&str> = places.iter().filter(|user| user.inside.is_none()).map(|user| user.shape).collect();
    loop {
        let before = used.len();
        let inner =
            places.iter().filter(|user| user.inside.as_ref().is_some_and(|inside| used.contains(inside.as_str())));
        let inner: Vec<&str> = inner.map(|user| user.shape).collect();
        used.extend(inner);
        if used.len() == before {
            return used;
        }
    }
}

/// Whether a place replaces a shape's field, or what the field stands in.
fn replaces(scope: &Scope<'_>, user: &Use<'_>, field: &str) -> bool {
    let field = field_pointer(field);
    let covers = |own: &str| field.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let code = match &scope.vendor.file.error_code {
        Some(CodePlace::Body(pointer)) => user.code && covers(pointer),
        _ => false,
    };
    code || user.own.is_some_and(|own| own.keys().any(|key| covers(&field_pointer(key))))
}
