//! What is known to vary in a case: the ids at hand, what was captured, what was drawn, the marks, and where it all went.

use crate::contract::condition::{Draft, IdSource};
use crate::contract::template::Template;
use crate::contract::{Body, Vendor};
use crate::run::scope::{Held, Scope};
use crate::run::snapshot::VaryingValues;
use reqwest::Url;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The values that vary in a case whose own request has just been sent.
pub(super) fn varying_values(vendor: &Vendor, draft: &Draft, scope: &Scope<'_>) -> VaryingValues {
    let mut known = VaryingValues::default();
    for (resource, held) in &scope.held {
        if !is_constant(draft, resource) {
            known.add(&format!("{resource}.id"), &json!(held.id));
        }
        let captured: BTreeMap<&String, &Value> = held.captured.iter().collect();
        captured.into_iter().for_each(|(name, value)| known.add(&format!("{resource}.{name}"), value));
    }
    let mark = scope.mark_text().unwrap_or_default();
    known.add("mark", &json!(mark));
    for (resource, held) in &scope.held {
        marks(resource, held, &mark, &mut known);
        generated(vendor, resource, held, &mut known);
    }
    let origin = scope.origin();
    known.add("origin", &json!(origin));
    let host = Url::parse(origin).ok().and_then(|url| {
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Some(format!("{}{port}", url.host_str()?))
    });
    known.add("host", &json!(host.unwrap_or_default()));
    scope.drawn().iter().for_each(|(name, value)| known.add(name, value));
    known
}

/// Returns whether the id of a resource stands in the contract as it is, such as a malformed one: then no two runs differ in it.
fn is_constant(draft: &Draft, resource: &str) -> bool {
    match draft.ids.get(resource) {
        Some(IdSource::Made(text)) => Template::parse(text).names().next().is_none(),
        _ => false,
    }
}

/// The marks in what was sent to make a resource: those of this run, whose common beginning the case's own mark shows.
fn marks(resource: &str, held: &Held, mark: &str, known: &mut VaryingValues) {
    let Some((run, _)) = mark.rsplit_once('-') else { return };
    each_text(&held.sent, &mut |text| {
        let Some(found) = text.find(run).and_then(|at| text.get(at..)) else { return };
        let number = found.strip_prefix(run).and_then(|rest| rest.strip_prefix('-')).unwrap_or_default();
        let digits = number.len() - number.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let mark = found.get(..run.len() + 1 + digits).filter(|_| digits > 0).unwrap_or_default();
        known.add(&format!("{resource}.mark"), &json!(mark));
    });
}

/// Adds the values that were drawn for the request that made a resource: the fields in which the contract has references.
fn generated(vendor: &Vendor, resource: &str, held: &Held, known: &mut VaryingValues) {
    let making = vendor.operations.iter().filter(|operation| {
        let rows = operation.rows.values().flat_map(|row| &row.then);
        rows.into_iter().any(|branch| branch.leads.contains_key(resource))
            && !operation.binds.iter().any(|bound| bound == resource)
    });
    for operation in making {
        match &operation.body {
            Body::Json(body) => generated_in(vendor, body, &held.sent, &format!("{resource}.sent"), known),
            Body::Form(fields) => {
                let body: Value = fields.iter().map(|(name, text)| (name.clone(), json!(text))).collect();
                generated_in(vendor, &body, &held.sent, &format!("{resource}.sent"), known);
            }
            Body::None | Body::Raw { .. } => {}
        }
    }
}

fn generated_in(vendor: &Vendor, written: &Value, sent: &Value, name: &str, known: &mut VaryingValues) {
    match written {
        Value::Object(map) => map.iter().for_each(|(key, written)| {
            if let Some(sent) = sent.get(key) {
                generated_in(vendor, written, sent, &format!("{name}.{key}"), known);
            }
        }),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, written)| {
            if let Some(sent) = sent.get(index) {
                generated_in(vendor, written, sent, &format!("{name}.{index}"), known);
            }
        }),
        Value::String(text) => {
            let drawn = |name: &str| !vendor.file.credentials.contains_key(name) && name != "livemode";
            if Template::parse(text).names().any(drawn) {
                known.add(name, sent);
            }
        }
        _ => {}
    }
}

fn each_text(value: &Value, take: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => take(text),
        Value::Array(items) => items.iter().for_each(|item| each_text(item, take)),
        Value::Object(map) => map.values().for_each(|item| each_text(item, take)),
        _ => {}
    }
}
