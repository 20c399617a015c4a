//! What is shown although it has the name of a secret: each of it has to be there, and to be hidden without that.

use super::vendor_scope::VendorScope;
use crate::contract::shape::{Shape, is_at_or_below};
use crate::contract::{Outcome, Promise};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::secret::{ShownParts, is_secret};
use crate::text::source::Place;

pub(super) fn shown_fields(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for (_, outcome) in scope.outcomes() {
        let shape = if let Promise::Json(shape) = &outcome.body { Some(shape) } else { None };
        if let Some(shape) = shape {
            check_body(shape, found);
        }
        check_listed(outcome, shape, found);
        for name in outcome.shown.headers.iter().filter(|name| !is_secret(name)) {
            let at = outcome.at.child("headers").child(name).child("shown");
            found.push(idle_shown(format!("the header {name} is shown anyway"), &at, "not the name of a secret"));
        }
    }
}

/// The fields that are shown by what the body promises of them.
fn check_body(shape: &Shape, found: &mut Vec<Diagnostic>) {
    for field in &shape.shown {
        if field.pointer.is_empty() {
            let message = "`shown` cannot be said of what has no one place, such as the items of a list".to_owned();
            found.push(idle_shown(message, &field.at, "in no one place"));
        } else {
            found.extend(pointer_mistake(Some(shape), &field.pointer, &field.at));
        }
    }
}

/// The pointers under an outcome's own `shown`.
fn check_listed(outcome: &Outcome, shape: Option<&Shape>, found: &mut Vec<Diagnostic>) {
    let at = outcome.at.child("shown");
    for (index, pointer) in outcome.shown_here().enumerate().filter(|(_, pointer)| pointer.starts_with('/')) {
        found.extend(pointer_mistake(shape, pointer, &at.index(index)));
    }
}

/// The mistake of a pointer to what is to be shown.
fn pointer_mistake(shape: Option<&Shape>, pointer: &str, at: &Place) -> Option<Diagnostic> {
    let fields = shape.into_iter().flat_map(|shape| &shape.fields).map(|field| field.pointer.as_str());
    let mut below = fields.filter(|field| is_at_or_below(field, pointer)).peekable();
    if below.peek().is_none() {
        let message = format!("`{pointer}` names nothing: the outcome promises no such field");
        return Some(idle_shown(message, at, "not promised"));
    }
    let nothing_shown = ShownParts::default();
    let is_idle = !nothing_shown.hides(pointer) && !below.any(|field| nothing_shown.hides(field));
    is_idle.then(|| idle_shown(format!("`{pointer}` is shown anyway"), at, "no name of a secret"))
}

fn idle_shown(message: String, at: &Place, label: &str) -> Diagnostic {
    Diagnostic::error(Code::IdleShown, message)
        .at(at, label)
        .help("name a promised field that has the name of a secret, or take this away")
}
