//! What to write so that a survivor is noticed: one line of YAML, and where it goes.

use super::change::{Change, Sample};
use super::edit::{Look, short};
use super::kind::Kind;
use super::sown::{Mutant, Row};
use crate::contract::shape::{escape, unescape};
use crate::text::source::{Place, Sources};
use serde::Serialize;
use serde_json::{Value, json};
use std::mem::discriminant;

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
        Change::Header(name, _) => (row.outcome.at.child("headers"), format!("{name}: {TEXT}")),
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
    let file = sources[place.file].path().to_string_lossy().into_owned();
    Advice { file, line: sources.position(&place).line, under: place.pointer, write }
}

/// The code, where codes stand.
fn code(row: &Row<'_>, value: Option<&Value>) -> (Place, String) {
    let named = row.claims.code.as_ref().map(|(_, code)| json!(code));
    let code = named.as_ref().or(value).cloned().unwrap_or_default();
    (row.outcome.at.clone(), format!("code: {}", plain(&code)))
}

/// The promise of a field of which nothing is known but its name.
const PRESENT: &str = "{ not: { type: \"null\" } }";

/// The promise of a text that is not empty.
const TEXT: &str = "{ type: string, minLength: 1 }";

/// The promise of a field: what it refers to, else its type, since its value is the mock's own choice.
fn field(row: &Row<'_>, pointer: &str, value: &Value) -> (Place, String) {
    let name = match pointer.split('/').skip(1).collect::<Vec<_>>().as_slice() {
        [single] => unescape(single),
        _ => format!("\"{pointer}\""),
    };
    (row.outcome.at.child("fields"), format!("{name}: {}", promise(row, pointer, value)))
}

fn promise(row: &Row<'_>, pointer: &str, value: &Value) -> String {
    if let Some(reference) = row.reference(value) {
        return reference;
    }
    if row.is_unknown(pointer) {
        return PRESENT.to_owned();
    }
    match value {
        Value::String(text) => match Look::of(text) {
            Look::Time if text.len() > 10 => "{ type: string, format: date-time }".to_owned(),
            Look::Time => "{ type: string, format: date }".to_owned(),
            Look::Url => "{ type: string, format: uri, minLength: 1 }".to_owned(),
            Look::Plain => TEXT.to_owned(),
        },
        Value::Object(_) => "{ type: object }".to_owned(),
        Value::Array(items) if items.is_empty() => "{ type: array }".to_owned(),
        Value::Array(_) => "{ type: array, minItems: 1 }".to_owned(),
        Value::Number(number) => {
            let whole = if number.is_f64() { "number" } else { "integer" };
            let is_negative = number.as_f64().is_some_and(|number| number < 0.0);
            if is_negative { format!("{{ type: {whole} }}") } else { format!("{{ type: {whole}, minimum: 0 }}") }
        }
        Value::Bool(_) => "{ type: boolean }".to_owned(),
        Value::Null => "null".to_owned(),
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
    let tells = |(name, value): &(&String, &Value)| is_told_apart(row, value, other.get(name.as_str()));
    match body.into_iter().flatten().find(tells) {
        Some((name, value)) => field(row, &format!("/{}", escape(name)), value),
        None if other.is_null() => (row.outcome.at.clone(), format!("status: {}", row.own.response.status)),
        None => (row.outcome.at.child("fields"), "# a value of a field that no other answer has there".to_owned()),
    }
}

/// Whether what can be promised of a value, with nothing of it known but its type, is not true of another one.
fn is_told_apart(row: &Row<'_>, value: &Value, other: Option<&Value>) -> bool {
    other.is_none_or(|other| {
        discriminant(other) != discriminant(value) || other != value && row.reference(value).is_some()
    })
}

/// A promise of the read that answered as if nothing had been done, by which it could not have.
fn shown(mutant: &Mutant, row: &Row<'_>, other: &Sample) -> Option<(Place, String)> {
    let operation = &row.vendor[mutant.fault.operation];
    let name = mutant.fault.row.rsplit('/').next()?;
    let outcome = &operation[operation.rows.get(name)?.then.first()?.outcome];
    let other: Value = serde_json::from_slice(&other.answering(&row.own.request).body).ok()?;
    let tells = |(name, value): &(&String, &Value)| {
        other.get(name.as_str()).is_some_and(|other| is_told_apart(row, value, Some(other)))
    };
    let (name, value) = row.body.as_object()?.iter().find(tells)?;
    let (_, line) = field(row, &format!("/{}", escape(name)), value);
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
