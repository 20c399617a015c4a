//! Shapes that nothing uses, and promises of a shape that every use of it replaces.

use super::vendor_scope::VendorScope;
use crate::contract::language::CodePlace;
use crate::contract::shape::{field_pointer, is_at_or_below};
use crate::text::diagnostic::{Code, Diagnostic};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// A place that is like a shape.
pub(super) struct ShapeUse<'a> {
    /// The shape.
    pub(super) shape: &'a str,
    /// The shape around the place, if it is in one.
    pub(super) inside: Option<&'a str>,
    /// The fields promised differently.
    pub(super) own: Option<&'a Map<String, Value>>,
    /// Whether the place has a `code`, which is promised at the vendor's place for codes.
    pub(super) has_code: bool,
}

pub(super) fn shapes(scope: &VendorScope<'_>, uses: &[ShapeUse<'_>], found: &mut Vec<Diagnostic>) {
    if scope.vendor.partial {
        return;
    }
    let used = used_shapes(uses);
    let shapes = &scope.vendor.file.shapes;
    // What is like an unknown shape may have meant any.
    let are_known = uses.iter().all(|place| shapes.contains_key(place.shape));
    for (name, fields) in shapes {
        let at = scope.vendor_at("shapes").child(name);
        if !used.contains(name.as_str()) {
            found.push(
                Diagnostic::warning(Code::UnusedShape, format!("nothing is like the shape `{name}`"))
                    .at(at.key(), "named by no `like`"),
            );
        } else if are_known {
            let uses: Vec<&ShapeUse<'_>> = uses.iter().filter(|place| place.shape == name).collect();
            for field in fields.keys().filter(|field| uses.iter().all(|place| place.replaces(scope, field))) {
                let message = format!("`{field}` of the shape `{name}` is never checked");
                found.push(
                    Diagnostic::error(Code::OverriddenPromise, message)
                        .at(at.child(field).key(), "everybody who is like the shape promises it otherwise")
                        .help("take it out of the shape"),
                );
            }
        }
    }
}

/// The shapes that outcomes are like, by way of others too.
fn used_shapes<'a>(uses: &[ShapeUse<'a>]) -> HashSet<&'a str> {
    let mut used: HashSet<&str> = HashSet::new();
    loop {
        let before = used.len();
        for place in uses {
            if place.inside.is_none_or(|outer| used.contains(outer)) {
                used.insert(place.shape);
            }
        }
        if used.len() == before {
            return used;
        }
    }
}

impl ShapeUse<'_> {
    /// Whether the place replaces a shape's field, or something around the field.
    fn replaces(&self, scope: &VendorScope<'_>, field: &str) -> bool {
        let field = field_pointer(field);
        if let Some(CodePlace::Body(pointer)) = &scope.vendor.file.error_code
            && self.has_code
            && is_at_or_below(&field, pointer)
        {
            return true;
        }
        self.own.into_iter().flat_map(Map::keys).any(|own| is_at_or_below(&field, &field_pointer(own)))
    }
}
