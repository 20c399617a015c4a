//! The line of YAML to write so that a survivor is noticed, and its place.

use super::change::{MutantChange, Sample, body_of};
use super::edit::TextLook;
use super::mutant_kind::MutantKind;
use super::row_sample::{Mutant, RowSample};
use crate::contract::condition::right_state;
use crate::contract::language::Status;
use crate::contract::{ClauseId, Documented, Operation, Outcome};
use crate::text::source::{Place, Sources};
use crate::text::source::{escape_segment, unescape_segment};
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

/// A line to write, and the place of the mapping that it goes into.
struct AdvisedLine<'a> {
    place: &'a Place,
    /// The key of the mapping at that place, where the line goes further in.
    key: Option<&'static str>,
    write: String,
}

impl<'a> AdvisedLine<'a> {
    fn in_outcome(outcome: &'a Outcome, write: String) -> Self {
        Self { place: &outcome.at, key: None, write }
    }

    fn in_key(outcome: &'a Outcome, key: &'static str, write: String) -> Self {
        Self { place: &outcome.at, key: Some(key), write }
    }

    fn in_row(row: &RowSample<'a>, write: String) -> Self {
        Self { place: &row.row.at, key: None, write }
    }
}

/// The line that would make a case notice a mutant.
pub(super) fn advise(mutant: &Mutant<'_>, sources: &Sources) -> Advice {
    let line = line_against(mutant);
    let child = line.key.map(|key| line.place.child(key));
    let place = child.as_ref().unwrap_or(line.place);
    let file = sources[place.file].path().to_string_lossy().into_owned();
    Advice { file, line: sources.position(place).line, under: place.pointer.clone(), write: line.write }
}

fn line_against<'r>(mutant: &Mutant<'r>) -> AdvisedLine<'r> {
    let row = mutant.of;
    match &mutant.fault.change {
        MutantChange::Body { .. } if mutant.about.is_code && row.claims.code.is_some() => promise_code(row),
        MutantChange::Body { pointer, .. } => promise_field(row, pointer, mutant.value.unwrap_or(&Value::Null)),
        MutantChange::Status(_) | MutantChange::AsMaker => promise_status(row),
        MutantChange::Header(name, _) if name == "content-type" => {
            let media = row.outcome.media.as_deref().unwrap_or("# the media type that the page names");
            AdvisedLine::in_outcome(row.outcome, ["media: ", media].concat())
        }
        MutantChange::Header(name, _) => AdvisedLine::in_key(row.outcome, "headers", format!("{name}: {TEXT}")),
        MutantChange::Whole(_) | MutantChange::Nothing => tell_apart(row, &Value::Null),
        MutantChange::Instead(other) if mutant.kind != MutantKind::WithoutEffect => {
            if other.response.status == row.own.response.status {
                tell_apart(row, &body_of(&other.response.body))
            } else {
                promise_status(row)
            }
        }
        MutantChange::WithoutEffect(resource) => match row.branch.leads.get(resource) {
            Some(to) => AdvisedLine::in_row(row, format!("leads: {{ {resource}: {to} }}")),
            None => show_state(row, Some(resource), None),
        },
        MutantChange::Instead(other) => {
            promise_of_read(mutant, other).unwrap_or_else(|| show_state(row, None, led_to(row)))
        }
        MutantChange::Done { resource, to, .. } => show_state(row, Some(resource), Some(to)),
        MutantChange::Reuse(_) => show_state(row, None, None),
    }
}

/// The promise of the status: what clauses name, or the contract does; what the mock made up is no promise of the page.
fn promise_status<'r>(row: &RowSample<'r>) -> AdvisedLine<'r> {
    let own = row.own.response.status;
    let named = &row.claims.statuses;
    let of_clause = row.claims.status.and_then(|clause| match ClauseId::parse(clause)?.status()? {
        Documented::Exact(status) => Some(status),
        Documented::Class(_) => None,
    });
    let written = match &row.outcome.status {
        Some(Status::Exact(list)) if list.len() == 1 => list.first(),
        _ => None,
    };
    let known =
        of_clause.or_else(|| named.iter().find(|status| **status == own).or(named.first()).or(written).copied());
    let status = known.map_or("# the status that the page names".to_owned(), |status| status.to_string());
    AdvisedLine::in_outcome(row.outcome, format!("status: {status}"))
}

/// The promise of the error code that a clause names.
fn promise_code<'r>(row: &RowSample<'r>) -> AdvisedLine<'r> {
    let code = row.claims.code.map_or(Value::Null, |(_, code)| json!(code));
    AdvisedLine::in_outcome(row.outcome, format!("code: {}", plain(&code)))
}

/// The promise of a field of which nothing is known but its name.
const PRESENT: &str = "{ not: { type: \"null\" } }";

/// The promise of a text that is not empty.
const TEXT: &str = "{ type: string, minLength: 1 }";

/// The promise of a field: what it refers to, else its type, since its value is the mock's own choice.
fn promise_field<'r>(row: &RowSample<'r>, pointer: &str, value: &Value) -> AdvisedLine<'r> {
    let name = match pointer.strip_prefix('/') {
        Some(single) if !single.contains('/') => unescape_segment(single),
        _ => format!("\"{pointer}\"").into(),
    };
    let write = match row.reference(value) {
        Some(reference) => format!("{name}: {reference}"),
        None if row.is_unknown(pointer) => format!("{name}: {PRESENT}"),
        None => format!("{name}: {}", promise_of_type(value)),
    };
    AdvisedLine::in_key(row.outcome, "fields", write)
}

fn promise_of_type(value: &Value) -> &'static str {
    match value {
        Value::String(text) => match TextLook::of(text) {
            TextLook::Time if text.len() > 10 => "{ type: string, format: date-time }",
            TextLook::Time => "{ type: string, format: date }",
            TextLook::Url => "{ type: string, format: uri, minLength: 1 }",
            TextLook::Plain => TEXT,
        },
        Value::Object(_) => "{ type: object }",
        Value::Array(items) if items.is_empty() => "{ type: array }",
        Value::Array(_) => "{ type: array, minItems: 1 }",
        Value::Number(number) => match (number.is_f64(), number.as_f64().is_some_and(|number| number < 0.0)) {
            (true, true) => "{ type: number }",
            (true, false) => "{ type: number, minimum: 0 }",
            (false, true) => "{ type: integer }",
            (false, false) => "{ type: integer, minimum: 0 }",
        },
        Value::Bool(_) => "{ type: boolean }",
        Value::Null => "null",
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

/// A field by which the row's answer is told apart from another one.
fn tell_apart<'r>(row: &RowSample<'r>, other: &Value) -> AdvisedLine<'r> {
    let mut fields = row.body.as_object().into_iter().flatten();
    match fields.find(|(name, value)| other.get(name).is_none_or(|other| is_told_apart(row, value, other))) {
        Some((name, value)) => promise_field(row, &format!("/{}", escape_segment(name)), value),
        None if other.is_null() => promise_status(row),
        None => {
            let write = "# a value of a field that no other answer has there".to_owned();
            AdvisedLine::in_key(row.outcome, "fields", write)
        }
    }
}

/// Whether what can be promised of a value, with nothing of it known but its type, is not true of another one.
fn is_told_apart(row: &RowSample<'_>, value: &Value, other: &Value) -> bool {
    discriminant(other) != discriminant(value) || other != value && row.reference(value).is_some()
}

/// The state to which a row leads the resource that its request names last.
fn led_to<'r>(row: &RowSample<'r>) -> Option<&'r str> {
    row.branch.leads.get(row.operation.binds.last()?).map(String::as_str)
}

/// A promise of the read that answered as if nothing had been done, by which it could not have.
fn promise_of_read<'r>(mutant: &Mutant<'r>, other: &Sample) -> Option<AdvisedLine<'r>> {
    let row = mutant.of;
    let operation = &row.vendor[mutant.fault.operation];
    let read = mutant.fault.row.rsplit('/').next().and_then(|name| operation.rows.get(name))?;
    let outcome = &operation[read.then.first()?.outcome];
    let other: Value = serde_json::from_slice(&other.answering(&row.own.request).body).ok()?;
    let mut fields = row.body.as_object()?.iter();
    let (name, value) =
        fields.find(|(name, value)| other.get(name).is_some_and(|other| is_told_apart(row, value, other)))?;
    Some(AdvisedLine::in_key(outcome, "fields", promise_field(row, &format!("/{}", escape_segment(name)), value).write))
}

/// A read that would show that a resource is in another state: a row that one lacks, else what tells its answers apart.
fn show_state<'r>(row: &RowSample<'r>, resource: Option<&str>, to: Option<&str>) -> AdvisedLine<'r> {
    let Some(resource) = resource.or(row.operation.binds.last().map(String::as_str)) else {
        return AdvisedLine::in_row(row, "# an operation that reads what the row is about".to_owned());
    };
    let reads = |operation: &&Operation| operation.reads() && operation.binds.iter().any(|bound| bound == resource);
    let Some(read) = row.vendor.operations.iter().find(reads) else {
        let write = format!("# an operation that reads a {resource}, with a row for each of its states");
        return AdvisedLine { place: &row.vendor.at, key: Some("operations"), write };
    };
    let right = right_state(row.vendor, resource);
    let mut told = None;
    for state in right.into_iter().chain(to) {
        match row.vendor.reads(resource, state).iter().find(|known| known.row.operation == read.id) {
            None => return add_read_row(read, told, resource, state),
            Some(known) => told = read[known.row].then.first().map(|branch| &read[branch.outcome]),
        }
    }
    match told {
        Some(outcome) => AdvisedLine::in_outcome(outcome, ONLY_HERE.to_owned()),
        None => AdvisedLine {
            place: &read.at,
            key: Some("rows"),
            write: format!("# a row for each state of the {resource}"),
        },
    }
}

/// The advice where nothing of two answers is known that could tell them apart.
const ONLY_HERE: &str = "# a status or a field that no answer for another state has";

/// The row of a read for a state that has none, with the outcome of a row on such a thing that is not the one told, where one is.
fn add_read_row<'r>(read: &'r Operation, told: Option<&Outcome>, resource: &str, state: &str) -> AdvisedLine<'r> {
    let of_resource = read.rows.values().filter(|row| row.when.0.contains_key(resource));
    let mut others = of_resource.filter_map(|row| Some(&read[row.then.first()?.outcome]));
    let other = others.find(|outcome| told.is_none_or(|told| told.id != outcome.id));
    let then = other.map_or("...", |outcome| outcome.name.as_str());
    let write = format!("{state}: {{ when: {{ {resource}: {state} }}, then: {then} }}");
    AdvisedLine { place: &read.at, key: Some("rows"), write }
}
