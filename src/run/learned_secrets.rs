//! Secrets that a vendor mints while a run goes on: known to the redactor before anything of their answer is told.

use crate::contract::template::plain;
use crate::http::exchange::Exchange;
use crate::judge::check::{Parsed, parse};
use crate::run::target_row::TargetRow;
use crate::text::secret::{Redactor, Secret, variable};
use crate::text::source::unescape_segment;
use serde_json::Value;
use std::collections::BTreeSet;

/// The longest value that is kept out; a token is not longer, and to search for more would take the memory of a run.
const LONGEST: usize = 8 << 10;

/// Takes note of whatever stands where some outcome of the operation marks a secret, whichever outcome the answer is of; and of
/// what the row captures under the name of a secret, since it is sent again where its name may be another.
pub(super) fn learn_secrets(redactor: &Redactor, target: TargetRow<'_>, exchange: &Exchange) {
    let outcomes = target.operation.outcomes.values();
    let mut marked: BTreeSet<&String> = outcomes.flat_map(|outcome| &outcome.secret).collect();
    let captured = target.row.capture.values();
    marked.extend(captured.filter(|pointer| target.operation.shown(target.row).hides(pointer)));
    let Some(response) = exchange.response().filter(|_| !marked.is_empty()) else { return };
    let parsed = parse(&response.body);
    for pointer in marked {
        let mut found = Vec::new();
        if let Parsed::Value { value, .. } = &parsed {
            leaves(value.pointer(pointer), &mut found);
        }
        // Where the value is not the only one that can be read, whatever stands under its name is meant.
        if !matches!(&parsed, Parsed::Value { doubled, .. } if doubled.is_empty()) {
            under(&response.body, pointer, &mut found);
        }
        for value in found.into_iter().filter(|value| value.len() <= LONGEST) {
            // What is too short would take innocent text with it, and keeps nobody out who can guess.
            let _ = redactor.add(&variable(pointer), &Secret::new(value));
        }
    }
}

/// Every text and number in a value.
fn leaves(value: Option<&Value>, found: &mut Vec<String>) {
    match value {
        Some(Value::Array(items)) => items.iter().for_each(|item| leaves(Some(item), found)),
        Some(Value::Object(map)) => map.values().for_each(|value| leaves(Some(value), found)),
        Some(value @ (Value::String(_) | Value::Number(_))) => found.push(plain(value)),
        _ => {}
    }
}

/// Every value that stands in broken JSON under the last name of a pointer, though its end be missing.
fn under(body: &[u8], pointer: &str, found: &mut Vec<String>) {
    let last = unescape_segment(pointer.rsplit('/').next().unwrap_or_default());
    let pattern = format!(r#""{}"\s*:\s*(?:"((?:[^"\\]|\\.)*)|([0-9]+))"#, regex::escape(&last));
    let Ok(pattern) = regex::Regex::new(&pattern) else { return };
    let text = String::from_utf8_lossy(body);
    for captures in pattern.captures_iter(&text) {
        let value = captures.get(1).or_else(|| captures.get(2)).map_or("", |value| value.as_str());
        let read = serde_json::from_str(&format!("\"{value}\""));
        found.push(read.unwrap_or_else(|_| value.to_owned()));
    }
}
