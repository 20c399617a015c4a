//! What is known of a resource when a row's request is sent or answered: its id, what was captured of it, what was sent for it.

use super::references::prefixes;
use crate::contract::{Body, Operation, Row, Vendor};
use crate::text::source::Place;
use serde_json::Value;
use std::collections::HashMap;

/// The rows by which each resource comes about, and what they leave behind.
pub(super) struct Values<'a> {
    vendor: &'a Vendor,
    makers: HashMap<&'a str, Vec<(&'a Operation, &'a Row)>>,
}

/// Why a reference to a resource stands for nothing.
pub(super) struct Lack {
    /// The reason.
    pub(super) reason: String,
    /// Where the reason is seen, and what is to be said of it.
    pub(super) at: Option<(Place, String)>,
    /// What is known instead.
    pub(super) known: Vec<String>,
}

impl<'a> Values<'a> {
    pub(super) fn of(vendor: &'a Vendor) -> Self {
        let mut makers: HashMap<&str, Vec<(&Operation, &Row)>> = HashMap::new();
        for operation in &vendor.operations {
            for row in operation.rows.values() {
                let led = row.then.iter().flat_map(|branch| branch.leads.keys());
                let mut made: Vec<&str> =
                    led.filter(|led| !operation.binds.contains(led)).map(String::as_str).collect();
                made.dedup();
                for resource in made {
                    makers.entry(resource).or_default().push((operation, row));
                }
            }
        }
        Self { vendor, makers }
    }

    /// The resource of which a reference speaks.
    pub(super) fn resource(&self, name: &str) -> Option<&'a str> {
        let head = name.split('.').next().unwrap_or(name);
        self.vendor.file.resources.get_key_value(head).map(|(name, _)| name.as_str())
    }

    /// Why a reference to a resource stands for nothing in a row; `None` where it stands for something. `fresh` says that the
    /// row itself makes the resource.
    pub(super) fn lack(
        &self,
        name: &str,
        resource: &str,
        operation: &'a Operation,
        row: &'a Row,
        fresh: bool,
    ) -> Option<Lack> {
        let value = name.strip_prefix(resource)?.strip_prefix('.').unwrap_or_default();
        if prefixes(value).any(|value| value == "id") {
            return None;
        }
        let own = [(operation, row)];
        let makers: &[(&Operation, &Row)] =
            if fresh { &own } else { self.makers.get(resource).map_or(&[], Vec::as_slice) };
        let lacking = makers.iter().find_map(|(operation, row)| left_behind(resource, value, operation, row));
        if lacking.is_some() || makers.is_empty() {
            return Some(lacking.unwrap_or_else(|| Lack {
                reason: format!("nothing makes a `{resource}`, so only its id is known"),
                at: None,
                known: vec!["id".to_owned()],
            }));
        }
        if fresh { None } else { self.never_made(resource, value, row) }
    }

    /// The condition of a row under which a resource was not made by any of our requests.
    fn never_made(&self, resource: &str, value: &str, row: &Row) -> Option<Lack> {
        let fixtures = &self.vendor.file.resources.get(resource)?.fixtures;
        let unmade = |word: &&str| {
            matches!(*word, "missing" | "malformed" | "other_mode" | "unknown") || fixtures.contains_key(*word)
        };
        let word = row.when.names(resource).into_iter().find(unmade)?;
        let why =
            if fixtures.contains_key(word) { "the engineer supplies its id alone" } else { "nothing was ever made" };
        Some(Lack {
            reason: format!("a `{resource}` that is `{word}` has no `{value}`"),
            at: Some((row.at.child("when").child(resource), format!("{why} where it is `{word}`"))),
            known: Vec::new(),
        })
    }
}

/// Why a row that makes a resource leaves no value of this name behind.
fn left_behind(resource: &str, value: &str, operation: &Operation, row: &Row) -> Option<Lack> {
    let Some(field) = value.strip_prefix("sent.") else {
        if prefixes(value).any(|value| row.capture.contains_key(value)) {
            return None;
        }
        let (at, label) = if row.capture.is_empty() {
            (row.at.clone().key(), format!("this row makes a `{resource}` and captures nothing"))
        } else {
            (row.at.child("capture"), format!("this row makes a `{resource}` and captures no `{value}`"))
        };
        let known = row.capture.keys().cloned().chain(["id".to_owned()]).collect();
        return Some(Lack { reason: "neither its id nor captured from it".to_owned(), at: Some((at, label)), known });
    };
    let known: Vec<String> = match &operation.body {
        Body::Json(json) if prefixes(field).any(|field| is_sent(json, field)) => return None,
        Body::Form(form) if prefixes(field).any(|field| form.contains_key(field)) => return None,
        Body::Json(Value::Object(map)) => map.keys().cloned().collect(),
        Body::Form(form) => form.keys().cloned().collect(),
        _ => Vec::new(),
    };
    let body = match &operation.body {
        Body::Json(_) => operation.at.child("json"),
        Body::Form(_) => operation.at.child("form"),
        _ => operation.at.child("request"),
    };
    let label = format!("`{}` makes a `{resource}` and sends no `{field}`", operation.name);
    Some(Lack { reason: "it was not sent".to_owned(), at: Some((body.key(), label)), known })
}

/// Whether a JSON body has a field by a dotted name.
fn is_sent(json: &Value, field: &str) -> bool {
    field.split('.').try_fold(json, |value, name| value.get(name)).is_some()
}
