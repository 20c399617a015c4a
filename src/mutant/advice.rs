//! What to write so that a survivor is noticed: one line of YAML, and where it goes.

use super::change::{Change, Sample};
use super::edit::{Look, short};
use super::kind::Kind;
use super::sown::{Mutant, Row};
use crate::source::{Place, Sources};
use serde::Serialize;
use serde_json::{Value, json};

/// A line to write.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Advice {
    /// The file.
    pub file: String,
    /// The line of the outcome or row.
    pub line: usize,
    /// The JSON Pointer in the file of the mapping that the line goes into.
    pub under: String,
    /// The line.
    pub write: String,
}

/// The line that would make a case notice a mutant.
pub(super) fn advise(mutant: &Mutant, row: &Row<'_>, sources: &Sources) -> Advice {
    let (place, write) = match &mutant.fault.change {
        Change::Body { .. } if mutant.is_code && row.claims.code.is_some() => code(row, mutant.value.as_ref()),
        Change::Body { pointer, .. } => field(row, pointer, mutant.value.as_ref().unwrap_or(&Value::Null)),
        Change::Status(_) | Change::AsMaker => (row.outcome.at.clone(), format!("status: {}", row.own.response.status)),
        Change::Header(name, _) if name == "content-type" => {
            let media = row.own.response.headers.get(name).unwrap_or_default();
            (row.outcome.at.clone(), format!("media: {}", media.split(';').next().unwrap_or_default()))
        }
        Change::Header(name, _) => {
            let value = row.own.response.headers.get(name).unwrap_or_default();
            (row.outcome.at.child("headers"), format!("{name}: {}", json!(value)))
        }
        Change::Whole(_) | Change::Nothing => telling(row, &Value::Null),
        Change::Instead(other) if mutant.kind != Kind::WithoutEffect => {
            if other.response.status == row.own.response.status {
                telling(row, &serde_json::from_slice(&other.response.body).unwrap_or_default())
            } else {
                (row.outcome.at.clone(), format!("status: {}", row.own.response.status))
            }
        }
        Change::WithoutEffect(resource) => match row.leads.iter().find(|(known, _)| known == resource) {
            Some((resource, to)) => (row.written.at.clone(), format!("leads: {{ {resource}: {to} }}")),
            None => read(row),
        },
        Change::Instead(other) => shown(mutant, row, other).unwrap_or_else(|| read(row)),
        Change::Done { .. } | Change::Reuse(_) => read(row),
    };
    let file = sources.get(place.file).path().to_string_lossy().into_owned();
    Advice { file, line: sources.position(&place).line, under: place.pointer, write }
}

/// The code, where codes stand.
fn code(row: &Row<'_>, value: Option<&Value>) -> (Place, String) {
    let named = row.claims.code.as_ref().map(|(_, code)| json!(code));
    let code = named.as_ref().or(value).cloned().unwrap_or_default();
    (row.outcome.at.clone(), format!("code: {}", plain(&code)))
}

/// The promise of a field, as exact as what is known of it allows.
fn field(row: &Row<'_>, pointer: &str, value: &Value) -> (Place, String) {
    let name = match pointer.split('/').skip(1).collect::<Vec<_>>().as_slice() {
        [single] => crate::contract::shape::unescape(single),
        _ => format!("\"{pointer}\""),
    };
    (row.outcome.at.child("fields"), format!("{name}: {}", promise(row, pointer, value)))
}

fn promise(row: &Row<'_>, pointer: &str, value: &Value) -> String {
    if let Some(reference) = row.reference(value) {
        return reference;
    }
    let named = row.claims.on(pointer).is_some_and(|claim| claim.value.is_some());
    match value {
        Value::String(text) => match Look::of(text) {
            Look::Time if text.len() > 10 => "{ type: string, format: date-time }".to_owned(),
            Look::Time => "{ type: string, format: date }".to_owned(),
            Look::Url => "{ type: string, format: uri, minLength: 1 }".to_owned(),
            Look::Plain if named => plain(value),
            Look::Plain => "{ type: string, minLength: 1 }".to_owned(),
        },
        Value::Object(_) => "{ type: object }".to_owned(),
        other => other.to_string(),
    }
}

/// A value as it is written in YAML: bare where nothing can be made of it but a text.
fn plain(value: &Value) -> String {
    match value.as_str() {
        Some(text)
            if text.starts_with(|letter: char| letter.is_ascii_alphabetic())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
                && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
                    .contains(&text.to_ascii_lowercase().as_str()) =>
        {
            text.to_owned()
        }
        _ => value.to_string(),
    }
}

/// A field that tells the row's answer from another one.
fn telling(row: &Row<'_>, other: &Value) -> (Place, String) {
    let body = row.body.as_object();
    let differs = |(name, value): &(&String, &Value)| other.get(name.as_str()) != Some(*value) && !value.is_object();
    match body.into_iter().flatten().find(differs) {
        Some((name, value)) => field(row, &format!("/{}", crate::contract::shape::escape(name)), value),
        None => (row.outcome.at.clone(), format!("status: {}", row.own.response.status)),
    }
}

/// A promise of the read that answered as if nothing had been done, by which it could not have.
fn shown(mutant: &Mutant, row: &Row<'_>, other: &Sample) -> Option<(Place, String)> {
    let operation = row.vendor.operations.get(mutant.fault.operation)?;
    let name = mutant.fault.row.rsplit('/').next()?;
    let outcome = operation.outcomes.get(&operation.rows.get(name)?.then.first()?.outcome)?;
    let other: Value = serde_json::from_slice(&other.answering(&row.own.request).body).ok()?;
    let differs = |(name, value): &(&String, &Value)| other.get(name.as_str()).is_some_and(|other| other != *value);
    let (name, value) = row.body.as_object()?.iter().find(differs)?;
    let (_, line) = field(row, &format!("/{}", crate::contract::shape::escape(name)), value);
    Some((outcome.at.child("fields"), line))
}

/// A read that would show the state.
fn read(row: &Row<'_>) -> (Place, String) {
    let resource = row.operation.binds.last().map_or("resource", String::as_str);
    let words = format!("# an operation that reads a {resource}, with a row for each of its states");
    (row.written.at.clone(), words)
}

/// Where a mutant changes something, as a survivor tells it.
pub(super) fn words(status: u16, to: u16) -> String {
    format!("status {to} in place of {status}")
}

/// A header's change in words.
pub(super) fn header_words(name: &str, value: Option<&str>) -> String {
    match value {
        None => format!("{name} left out"),
        Some(value) => format!("{name}: {}", short(&json!(value))),
    }
}
