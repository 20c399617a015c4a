//! The condition on the body: a merge patch on the documented JSON or form, or another text.

use super::headers::{change_texts, patched, patches};
use super::{Condition, Dimension, Draft, Recogniser, Sight, patch};
use crate::contract;
use crate::contract::template::Names;
use crate::contract::{Operation, Vendor};
use serde_json::Value;
use std::sync::Arc;

/// `when: { json: { amount: -1 } }`, `{ form: { amount: null } }` or `{ raw: "<nonsense" }`.
#[derive(Debug)]
pub(super) struct Body;

impl Condition for Body {
    fn dimensions(&self, _: &Vendor, operation: &Operation) -> Vec<Dimension> {
        patched(operation, &["json", "form", "raw"], &Body)
    }

    fn named(&self, value: &Value) -> Vec<String> {
        vec![patch::label(value)]
    }

    fn samples(&self, _: &Vendor, _: &Dimension, _: &str) -> Vec<Option<String>> {
        vec![None]
    }

    fn arrange(&self, _: &Vendor, dimension: &Dimension, choice: &str, _: Option<&str>, draft: &mut Draft) {
        let Ok(change) = serde_json::from_str::<Value>(choice) else { return };
        match (Arc::make_mut(&mut draft.body), change) {
            (contract::Body::Json(body), change) if dimension.key == "json" => patch::merge(body, &change),
            (contract::Body::Form(fields), _) if dimension.key == "form" => {
                change_texts(choice, fields, |known, name| known == name);
            }
            (contract::Body::Raw { text, .. }, Value::String(change)) if dimension.key == "raw" => *text = change,
            _ => {}
        }
    }

    fn recogniser(&self, _: &Vendor, _: &Operation, dimension: &Dimension, _: &dyn Names) -> Recogniser {
        let patches = patches(dimension);
        match dimension.key.as_str() {
            "json" => Box::new(move |sight| patch::recognise(&patches, |patch| patch::holds(patch, sight.json))),
            "form" => Box::new(move |sight| recognise_form(&patches, sight)),
            _ => Box::new(move |sight| {
                let text = sight.request.body.as_deref().unwrap_or_default();
                patch::recognise(&patches, |patch| patch.as_str().is_some_and(|change| change.as_bytes() == text))
            }),
        }
    }
}

fn recognise_form(patches: &[Value], sight: &Sight<'_>) -> Option<usize> {
    let fields = form(sight.request.body.as_deref().unwrap_or_default());
    let get = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    patch::recognise(patches, |patch| patch::holds_texts(patch, get))
}

/// The fields of a form, decoded.
fn form(body: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    crate::http::exchange::pairs(&text)
}
