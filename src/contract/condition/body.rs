//! The condition on the body: a merge patch on the documented JSON or form, or another text.

use super::patch::{Patch, change_texts, dimensions, merge, patches, recognise};
use super::{Choice, Condition, Dimension, Draft, Recogniser, Sight};
use crate::contract;
use crate::contract::template::Names;
use crate::contract::{Operation, Vendor};
use crate::http::exchange::pairs;
use std::sync::Arc;

/// `when: { json: { amount: -1 } }`, `{ form: { amount: null } }` or `{ raw: "<nonsense" }`.
#[derive(Debug)]
pub(super) struct Body;

impl Condition for Body {
    fn dimensions(&self, _: &Vendor, operation: &Operation) -> Vec<Dimension> {
        dimensions(operation, &["json", "form", "raw"], &Body)
    }

    fn arrange(&self, _: &Vendor, dimension: &Dimension, choice: &Choice, _: Option<&str>, draft: &mut Draft) {
        let Choice::Patched(patch) = choice else { return };
        match (Arc::make_mut(&mut draft.body), dimension.key.as_str()) {
            (contract::Body::Json(body), "json") => merge(body, &patch.written),
            (contract::Body::Form(fields), "form") => change_texts(patch, fields, |known, name| known == name),
            (contract::Body::Raw { text, .. }, "raw") => {
                if let Some(change) = patch.written.as_str() {
                    change.clone_into(text);
                }
            }
            _ => {}
        }
    }

    fn recogniser(&self, _: &Vendor, _: &Operation, dimension: &Dimension, _: &dyn Names) -> Recogniser {
        let patches = patches(dimension);
        match dimension.key.as_str() {
            "json" => Box::new(move |sight| recognise(&patches, |patch| patch.holds(sight.json, sight.names))),
            "form" => Box::new(move |sight| recognise_form(&patches, sight)),
            _ => Box::new(move |sight| {
                let text = text_of(sight);
                recognise(&patches, |patch| patch.holds_text(&text, sight.names))
            }),
        }
    }
}

fn text_of<'a>(sight: &Sight<'a>) -> std::borrow::Cow<'a, str> {
    String::from_utf8_lossy(sight.request.body.as_deref().unwrap_or_default())
}

fn recognise_form(patches: &[Patch], sight: &Sight<'_>) -> Option<usize> {
    let fields = pairs(&text_of(sight));
    let get = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    recognise(patches, |patch| patch.holds_texts(sight.names, get))
}
