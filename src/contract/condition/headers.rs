//! The condition on header fields: a merge patch on those that the page documents.

use super::patch::{change_texts, dimensions, patches, recognise};
use super::{Choice, Condition, Dimension, Draft, Recogniser};
use crate::contract::template::Names;
use crate::contract::{Operation, Vendor};
use std::sync::Arc;

/// `when: { headers: { Content-Type: null } }`.
#[derive(Debug)]
pub(super) struct Headers;

impl Condition for Headers {
    fn dimensions(&self, _: &Vendor, operation: &Operation) -> Vec<Dimension> {
        dimensions(operation, &["headers"], &Headers)
    }

    fn arrange(&self, _: &Vendor, _: &Dimension, choice: &Choice, _: Option<&str>, draft: &mut Draft) {
        if let Choice::Patched(patch) = choice {
            change_texts(patch, Arc::make_mut(&mut draft.headers), str::eq_ignore_ascii_case);
        }
    }

    fn recogniser(&self, _: &Vendor, _: &Operation, dimension: &Dimension, _: &dyn Names) -> Recogniser {
        let patches = patches(dimension);
        Box::new(move |sight| {
            recognise(&patches, |patch| patch.holds_texts(sight.names, |name| sight.request.headers.get(name)))
        })
    }
}
