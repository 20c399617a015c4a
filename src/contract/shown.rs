//! What an outcome shows although it has the name of a secret, from all the places where a contract may say so.

use crate::contract::language::WrittenOutcome;
use crate::contract::model::Promise;
use crate::text::secret::ShownParts;
use serde_json::{Map, Value};

/// What its body's fields and shapes say, then what the outcome says itself, and its headers.
pub(super) fn shown(written: &WrittenOutcome, body: &Promise) -> ShownParts {
    let shape = if let Promise::Json(shape) = body { Some(shape) } else { None };
    let fields = shape.into_iter().flat_map(|shape| &shape.shown).map(|field| &field.pointer);
    let headers = written.headers.iter().filter(|(_, promise)| says_so(promise));
    ShownParts {
        places: fields.chain(&written.shown).cloned().collect(),
        headers: headers.map(|(name, _)| name.clone()).collect(),
    }
}

/// Whether a promise says that what it is about is shown.
pub(super) fn says_so(promise: &Value) -> bool {
    promise.get("shown") == Some(&Value::Bool(true))
}

/// The pointers that a shape says are shown: a list of pointers under `shown` is no field, which would be written `/shown`.
pub(super) fn listed(shape: &Map<String, Value>) -> Option<Vec<&str>> {
    let listed: Option<Vec<&str>> = shape.get("shown")?.as_array()?.iter().map(Value::as_str).collect();
    listed.filter(|pointers| !pointers.is_empty() && pointers.iter().all(|pointer| pointer.starts_with('/')))
}
