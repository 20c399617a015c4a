//! The values of a resource that are there when a row's request is sent or answered: its id, what was captured, what was sent.

use super::reference_names::{head_of, prefixes};
use super::vendor_scope::VendorScope;
use crate::contract::{Body, Operation, Row, Vendor};
use crate::text::source::Place;
use serde_json::Value;
use std::collections::HashMap;

/// The rows by which each resource comes about, and what they leave behind.
pub(super) struct KnownValues<'a> {
    vendor: &'a Vendor,
    makers: HashMap<&'a str, Vec<(&'a Operation, &'a Row)>>,
}

/// The reason why a reference to a resource has no value.
pub(super) struct Lack {
    /// The reason.
    pub(super) reason: String,
    /// The place where the reason is seen, and the label there.
    pub(super) at: Option<(Place, String)>,
    /// The values that there are instead.
    pub(super) known: Vec<String>,
}

impl<'a> KnownValues<'a> {
    pub(super) fn of(scope: &VendorScope<'a>) -> Self {
        let mut makers: HashMap<&str, Vec<(&Operation, &Row)>> = HashMap::new();
        for (operation, row) in scope.rows() {
            let leads = row.then.iter().flat_map(|branch| branch.leads.keys());
            let mut made: Vec<&String> = leads.filter(|resource| !operation.binds.contains(resource)).collect();
            made.dedup();
            for resource in made {
                makers.entry(resource).or_default().push((operation, row));
            }
        }
        Self { vendor: scope.vendor, makers }
    }

    /// The resource of which a reference speaks.
    pub(super) fn resource(&self, name: &str) -> Option<&'a String> {
        self.vendor.file.resources.get_key_value(head_of(name)).map(|(name, _)| name)
    }

    /// The reason why a reference to a resource that a row's request names has no value; `None` where it has one.
    pub(super) fn lack(&self, name: &str, resource: &str, row: &Row) -> Option<Lack> {
        let value = value_name(name, resource)?;
        let Some(makers) = self.makers.get(resource) else {
            return Some(Lack {
                reason: format!("nothing makes a `{resource}`, so only its id is known"),
                at: None,
                known: vec!["id".to_owned()],
            });
        };
        let lacking = makers.iter().find_map(|(operation, row)| lack_behind(resource, value, operation, row));
        lacking.or_else(|| self.never_made(resource, value, row))
    }

    /// The same of a resource that the row itself makes.
    pub(super) fn lack_of_new(name: &str, resource: &str, operation: &Operation, row: &Row) -> Option<Lack> {
        lack_behind(resource, value_name(name, resource)?, operation, row)
    }

    /// The condition of a row under which a resource was not made by any of our requests.
    fn never_made(&self, resource: &str, value: &str, row: &Row) -> Option<Lack> {
        let fixtures = &self.vendor.file.resources.get(resource)?.fixtures;
        let word = row.when.names(resource).into_iter().find(|word| {
            matches!(*word, "missing" | "malformed" | "other_mode" | "unknown") || fixtures.contains_key(*word)
        })?;
        let why =
            if fixtures.contains_key(word) { "the engineer supplies its id alone" } else { "nothing was ever made" };
        Some(Lack {
            reason: format!("a `{resource}` that is `{word}` has no `{value}`"),
            at: Some((row.at.child("when").child(resource), format!("{why} where it is `{word}`"))),
            known: Vec::new(),
        })
    }
}

/// The name of a value of a resource; `None` of its id, which is always there.
fn value_name<'n>(name: &'n str, resource: &str) -> Option<&'n str> {
    let rest = name.strip_prefix(resource)?;
    let value = rest.strip_prefix('.').unwrap_or(rest);
    (!prefixes(value).any(|value| value == "id")).then_some(value)
}

/// The reason why a row that makes a resource leaves no value of this name behind.
fn lack_behind(resource: &str, value: &str, operation: &Operation, row: &Row) -> Option<Lack> {
    match value.strip_prefix("sent.") {
        Some(field) => lack_of_sent(resource, field, operation),
        None => lack_of_captured(resource, value, row),
    }
}

fn lack_of_captured(resource: &str, value: &str, row: &Row) -> Option<Lack> {
    if prefixes(value).any(|value| row.capture.contains_key(value)) {
        return None;
    }
    let at = if row.capture.is_empty() {
        (row.at.key(), format!("this row makes a `{resource}` and captures nothing"))
    } else {
        (row.at.child("capture"), format!("this row makes a `{resource}` and captures no `{value}`"))
    };
    let known = row.capture.keys().map(String::as_str).chain(["id"]).map(str::to_owned).collect();
    Some(Lack { reason: "neither its id nor captured from it".to_owned(), at: Some(at), known })
}

fn lack_of_sent(resource: &str, field: &str, operation: &Operation) -> Option<Lack> {
    let (key, known): (_, Vec<String>) = match &operation.body {
        Body::Json(json) if prefixes(field).any(|field| has_field(json, field)) => return None,
        Body::Form(form) if prefixes(field).any(|field| form.contains_key(field)) => return None,
        Body::Json(Value::Object(map)) => ("json", map.keys().cloned().collect()),
        Body::Json(_) => ("json", Vec::new()),
        Body::Form(form) => ("form", form.keys().cloned().collect()),
        Body::None | Body::Raw { .. } => ("request", Vec::new()),
    };
    let label = format!("`{}` makes a `{resource}` and sends no `{field}`", operation.name);
    Some(Lack { reason: "it was not sent".to_owned(), at: Some((operation.at.child(key).key(), label)), known })
}

/// Whether a JSON body has a field by a dotted name.
fn has_field(json: &Value, field: &str) -> bool {
    field.split('.').try_fold(json, |value, name| value.get(name)).is_some()
}
