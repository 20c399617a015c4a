//! The condition on query parameters: a merge patch on those that the page documents.

use super::patch::{change_texts, dimensions, patches, recognise};
use super::{Choice, Condition, Dimension, Draft, Recogniser};
use crate::contract::template::Names;
use crate::contract::{Operation, Vendor};
use std::sync::Arc;

/// `when: { query: { limit: "0" } }`.
#[derive(Debug)]
pub(super) struct Query;

impl Condition for Query {
    fn dimensions(&self, _: &Vendor, operation: &Operation) -> Vec<Dimension> {
        dimensions(operation, &["query"], &Query)
    }

    fn arrange(&self, _: &Vendor, _: &Dimension, choice: &Choice, _: Option<&str>, draft: &mut Draft) {
        if let Choice::Patched(patch) = choice {
            change_texts(patch, Arc::make_mut(&mut draft.query), |known, name| known == name);
        }
    }

    fn recogniser(&self, _: &Vendor, _: &Operation, dimension: &Dimension, _: &dyn Names) -> Recogniser {
        let patches = patches(dimension);
        Box::new(move |sight| {
            let get = |name: &str| sight.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
            recognise(&patches, |patch| patch.holds_texts(sight.names, get))
        })
    }
}
