//! Whether one outcome's answers can be those of another one, as far as statuses, constants and types tell.

use super::field_breach::{every_place, excludes, names_value, place_at};
use crate::contract::language::Status;
use crate::contract::{Outcome, Promise};
use serde_json::Value;

/// Whether no answer of the other outcome can be one of this.
pub(super) fn clashes(own: &Outcome, other: &Outcome) -> bool {
    is_of_other_status(own, other) || clashing_pointers(own, other).next().is_some()
}

/// Whether every answer of the other outcome departs from this one at a pointer.
pub(super) fn clashes_at(own: &Outcome, other: &Outcome, pointer: &str) -> bool {
    clashing_pointers(own, other).any(|clashing| clashing == pointer)
}

/// Whether the other outcome has none of this one's statuses.
pub(super) fn is_of_other_status(own: &Outcome, other: &Outcome) -> bool {
    match (&own.status, &other.status) {
        (Some(own), Some(Status::Exact(list))) => !list.iter().any(|status| own.admits(*status)),
        (Some(Status::Exact(list)), Some(Status::Class(hundred))) => list.iter().all(|status| status / 100 != *hundred),
        (Some(Status::Class(one)), Some(Status::Class(other))) => one != other,
        (None, Some(Status::Exact(list))) => list.iter().all(|status| *status >= 500),
        _ => false,
    }
}

/// Whether a value of a field is one by which an outcome is known.
pub fn is_known_by(outcome: &Outcome, pointer: &str, value: &Value) -> bool {
    matches!(&outcome.body, Promise::Json(shape) if names_value(&shape.schema, pointer, value))
}

fn clashing_pointers(own: &Outcome, other: &Outcome) -> impl Iterator<Item = String> {
    let both = match (&own.body, &other.body) {
        (Promise::Json(own), Promise::Json(other)) => Some((&own.schema, &other.schema)),
        _ => None,
    };
    both.into_iter().flat_map(|(own, other)| {
        every_place(own).into_iter().filter_map(|place| {
            let theirs = place_at(other, &place.pointer)?;
            excludes(place.schema, theirs.schema).then_some(place.pointer)
        })
    })
}
