//! The condition on header fields: a merge patch on those that the page documents.

use super::{Condition, Dimension, Draft, Recogniser, patch};
use crate::contract::template::Names;
use crate::contract::{Operation, Vendor};
use indexmap::IndexMap;
use serde_json::Value;
use std::sync::Arc;

/// `when: { headers: { Content-Type: null } }`.
#[derive(Debug)]
pub(super) struct Headers;

const KEY: &str = "headers";

impl Condition for Headers {
    fn dimensions(&self, _: &Vendor, operation: &Operation) -> Vec<Dimension> {
        patched(operation, &[KEY], &Headers)
    }

    fn named(&self, value: &Value) -> Vec<String> {
        vec![patch::label(value)]
    }

    fn samples(&self, _: &Vendor, _: &Dimension, _: &str) -> Vec<Option<String>> {
        vec![None]
    }

    fn arrange(&self, _: &Vendor, _: &Dimension, choice: &str, _: Option<&str>, draft: &mut Draft) {
        change_texts(choice, Arc::make_mut(&mut draft.headers), str::eq_ignore_ascii_case);
    }

    fn recogniser(&self, _: &Vendor, _: &Operation, dimension: &Dimension, _: &dyn Names) -> Recogniser {
        let patches = patches(dimension);
        Box::new(move |sight| {
            patch::recognise(&patches, |patch| patch::holds_texts(patch, |name| sight.request.headers.get(name)))
        })
    }
}

/// The dimension of an operation's patches under any of some keys; none where its rows name none.
pub(super) fn patched(operation: &Operation, keys: &[&str], kind: &'static dyn Condition) -> Vec<Dimension> {
    let of = |key: &&str| {
        let patches = patch::named_in(operation, key);
        let choices = patches.iter().map(patch::label);
        let choices: Vec<_> = std::iter::once("as documented".to_owned()).chain(choices).collect();
        (choices.len() > 1).then(|| Dimension { key: (*key).to_owned(), kind, choices })
    };
    keys.iter().filter_map(of).collect()
}

/// The patches of a dimension, without the first choice, which is none.
pub(super) fn patches(dimension: &Dimension) -> Vec<Value> {
    dimension.choices.iter().skip(1).filter_map(|choice| serde_json::from_str(choice).ok()).collect()
}

/// Lays a patch, given as its own text, over named texts.
pub(super) fn change_texts(choice: &str, texts: &mut IndexMap<String, String>, same: impl Fn(&str, &str) -> bool) {
    let Ok(Value::Object(changes)) = serde_json::from_str(choice) else { return };
    for (name, change) in changes {
        texts.retain(|known, _| !same(known, &name));
        if let Value::String(text) = change {
            texts.insert(name, text);
        }
    }
}
