//! What is shown although it has the name of a secret: each of it has to be there, and to be hidden otherwise.

use super::scope::Scope;
use crate::contract::{Outcome, Promise};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::secret::{Shown, is_secret};
use crate::text::source::Place;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    for page in &scope.pages {
        for outcome in page.operation.outcomes.values() {
            places(outcome, found);
            for name in outcome.shown.headers.iter().filter(|name| !is_secret(name)) {
                let at = outcome.at.child("headers").child(name).child("shown");
                found.push(idle(format!("the header {name} is shown anyway"), at, "not the name of a secret"));
            }
        }
    }
}

fn places(outcome: &Outcome, found: &mut Vec<Diagnostic>) {
    let fields = if let Promise::Json(shape) = &outcome.body { &shape.shown[..] } else { &[] };
    for field in fields {
        if field.pointer.is_empty() {
            let message = "`shown` cannot be said of what has no one place, such as the items of a list".to_owned();
            found.push(idle(message, field.at.clone(), "in no one place"));
        } else {
            found.extend(place(outcome, &field.pointer, &field.at));
        }
    }
    for (index, pointer) in outcome.shown_here().enumerate().filter(|(_, pointer)| pointer.starts_with('/')) {
        found.extend(place(outcome, pointer, &outcome.at.child("shown").index(index)));
    }
}

/// What is wrong with a place that is to be shown.
fn place(outcome: &Outcome, pointer: &str, at: &Place) -> Option<Diagnostic> {
    let promised = if let Promise::Json(shape) = &outcome.body { &shape.fields[..] } else { &[] };
    let below = |field: &str| field.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let mut below = promised.iter().map(|field| field.pointer.as_str()).filter(|field| below(field)).peekable();
    if below.peek().is_none() {
        let message = format!("`{pointer}` names nothing: the outcome promises no such field");
        return Some(idle(message, at.clone(), "not promised"));
    }
    let hides = |place: &str| Shown::default().hides(place);
    let is_idle = !hides(pointer) && !below.any(hides);
    is_idle.then(|| idle(format!("`{pointer}` is shown anyway"), at.clone(), "no name of a secret"))
}

fn idle(message: String, at: Place, label: &str) -> Diagnostic {
    Diagnostic::error(Code::IdleShown, message)
        .at(at, label)
        .help("name a promised field that has the name of a secret, or take this away")
}
