//! The condition on query parameters: a merge patch on those that the page documents.

use super::headers::{change_texts, patched, patches};
use super::{Condition, Dimension, Draft, Recogniser, patch};
use crate::contract::template::Names;
use crate::contract::{Operation, Vendor};
use serde_json::Value;
use std::sync::Arc;

/// `when: { query: { limit: "0" } }`.
#[derive(Debug)]
pub(super) struct Query;

impl Condition for Query {
    fn dimensions(&self, _: &Vendor, operation: &Operation) -> Vec<Dimension> {
        patched(operation, &["query"], &Query)
    }

    fn named(&self, value: &Value) -> Vec<String> {
        vec![patch::label(value)]
    }

    fn samples(&self, _: &Vendor, _: &Dimension, _: &str) -> Vec<Option<String>> {
        vec![None]
    }

    fn arrange(&self, _: &Vendor, _: &Dimension, choice: &str, _: Option<&str>, draft: &mut Draft) {
        change_texts(choice, Arc::make_mut(&mut draft.query), |known, name| known == name);
    }

    fn recogniser(&self, _: &Vendor, _: &Operation, dimension: &Dimension, _: &dyn Names) -> Recogniser {
        let patches = patches(dimension);
        Box::new(move |sight| {
            let get = |name: &str| sight.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
            patch::recognise(&patches, |patch| patch::holds_texts(patch, get))
        })
    }
}
