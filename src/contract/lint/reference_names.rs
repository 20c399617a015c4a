//! The names in references, and those that have a meaning of their own.

use crate::contract::template::{Template, draw};
use crate::text::source::Place;
use serde_json::Value;

/// Names that references have of themselves, beside those with a length in them.
pub const BUILT_IN: [&str; 7] = ["origin", "livemode", "mark", "uuid", "time", "body", "previous"];
/// The meaning of each of [`BUILT_IN`], in the same order.
pub const BUILT_IN_MEANS: [&str; BUILT_IN.len()] = [
    "Scheme, host and port of the target.",
    "Whether the key in use is a live one, by the `test` pattern of the credential.",
    "The mark of the run, by which what it left behind is found again.",
    "A fresh UUID.",
    "The time of the request, as RFC 3339 writes it.",
    "The body of the request.",
    "Reserved: the answer to the same request before.",
];

/// Whether a reference of this name has a meaning of its own.
pub(super) fn is_built_in(name: &str) -> bool {
    BUILT_IN.contains(&name) || draw(name).is_some()
}

/// The dotted names in a text.
pub(super) fn reference_names(text: &str) -> Vec<String> {
    if !text.contains('$') {
        return Vec::new();
    }
    Template::parse(text).names().map(str::to_owned).collect()
}

/// A dotted name and its beginnings, the longest first; what follows the longest that means something is text.
pub(super) fn prefixes(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |name| name.rsplit_once('.').map(|(head, _)| head))
}

/// The first word of a dotted name.
pub(super) fn head_of(name: &str) -> &str {
    name.split_once('.').map_or(name, |(head, _)| head)
}

/// Every text in a value that may hold a reference, with its place.
pub(super) fn placed_texts<'v>(value: &'v Value, at: &Place) -> Vec<(&'v str, Place)> {
    let mut texts = Vec::new();
    collect_texts(value, at, &mut texts);
    texts
}

fn collect_texts<'v>(value: &'v Value, at: &Place, texts: &mut Vec<(&'v str, Place)>) {
    match value {
        Value::String(text) if text.contains('$') => texts.push((text, at.clone())),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| collect_texts(item, &at.index(index), texts));
        }
        Value::Object(map) => map.iter().for_each(|(key, item)| collect_texts(item, &at.child(key), texts)),
        _ => {}
    }
}
