//! Every mutant of a row: made from the answer that the mock gave and from what clauses name, and from nothing else.

use super::advice::{header_words, words};
use super::change::{Change, Sample, Whole, graft, row as row_of, segments};
use super::claim::Claims;
use super::deed::alternative;
use super::edit::{Edit, edits, short};
use super::kind::Kind;
use super::stage::Fault;
use crate::contract::language::CodePlace;
use crate::contract::shape::escape;
use crate::contract::{Operation, Outcome, Promise, RowId, Vendor};
use crate::mock::sandbox::ROW;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A row of a page whose answer is known.
pub(super) struct Row<'a> {
    pub(super) vendor: &'a Vendor,
    pub(super) operation: &'a Operation,
    pub(super) written: &'a crate::contract::Row,
    pub(super) outcome: &'a Outcome,
    pub(super) claims: Claims,
    /// The answer, and to what.
    pub(super) own: Sample,
    /// What was sent before, and in the row's own request.
    pub(super) sent: Vec<(String, Value)>,
    /// What the answer is given for its claims.
    pub(super) grafts: Arc<Vec<(String, Value)>>,
    /// The body after that.
    pub(super) body: Value,
    /// Resources and their states from then on.
    pub(super) leads: Vec<(String, String)>,
}

/// A mutant.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that a rule looks at, and none follows from another")]
pub(super) struct Mutant {
    pub(super) kind: Kind,
    /// The change in words.
    pub(super) what: String,
    /// The clause that is broken, where one is named.
    pub(super) clause: Option<String>,
    pub(super) fault: Arc<Fault>,
    /// The value that is changed.
    pub(super) value: Option<Value>,
    pub(super) echo: bool,
    pub(super) optional: bool,
    pub(super) is_code: bool,
    pub(super) alternative: bool,
    /// Whether it shows only where several cases are under way.
    pub(super) together: bool,
}

/// Every answer that was heard, by its row.
pub(super) type Heard = BTreeMap<String, Sample>;

impl<'a> Row<'a> {
    /// A row by its own answer in a case; `exchanged` is everything up to it.
    pub(super) fn of(vendor: &'a Vendor, row: RowId, exchanged: &[Sample], donors: &[&Value]) -> Option<Self> {
        let (operation, row) = (&vendor[row.operation], &vendor[row]);
        let full = format!("{}/{}/{}", vendor.name, operation.name, row.name);
        let at = exchanged.iter().rposition(|sample| sample.row() == full)?;
        let own = exchanged.get(at)?.clone();
        let branch = row.then.first()?;
        let outcome = &operation[branch.outcome];
        let claims = Claims::of(operation, row, outcome);
        let read = serde_json::from_slice(&own.response.body).unwrap_or_default();
        let near = exchanged.iter().take(at).rev();
        let near = near.flat_map(|sample| [Some(&sample.response.body), sample.request.body.as_ref()]).flatten();
        let near: Vec<Value> = near.filter_map(|body| serde_json::from_slice(body).ok()).collect();
        let donors: Vec<&Value> = near.iter().chain(donors.iter().copied()).collect();
        let grafts = claims.grafts(&read, outcome.code.as_ref(), &donors);
        let body = serde_json::from_slice(&graft(&grafts, own.response.clone()).body).unwrap_or_default();
        let mut sent = Vec::new();
        for sample in exchanged.iter().take(at + 1) {
            let body = sample.request.body.as_deref().unwrap_or_default();
            leaves(&serde_json::from_slice(body).unwrap_or_default(), "", &mut sent);
        }
        Some(Self {
            vendor,
            operation,
            written: row,
            outcome,
            claims,
            own,
            sent,
            grafts: Arc::new(grafts),
            body,
            leads: branch.leads.iter().map(|(resource, state)| (resource.clone(), state.clone())).collect(),
        })
    }

    /// `vendor/operation/row`.
    pub(super) fn name(&self) -> String {
        format!("{}/{}/{}", self.vendor.name, self.operation.name, self.written.name)
    }

    /// Whether a value is one that was asked for or sent.
    fn is_echo(&self, value: &Value) -> bool {
        let asked =
            || value.as_str().is_some_and(|text| text.len() > 3 && segments(&self.own.request.url).contains(&text));
        match value {
            Value::String(_) | Value::Number(_) => asked() || self.sent.iter().any(|(_, sent)| sent == value),
            _ => false,
        }
    }

    /// How the contract would refer to a value that was asked for or sent.
    pub(super) fn reference(&self, value: &Value) -> Option<String> {
        let resource = self.operation.binds.last()?;
        if value.as_str().is_some_and(|text| text.len() > 3 && segments(&self.own.request.url).contains(&text)) {
            return Some(format!("${resource}.id"));
        }
        let (name, _) = self.sent.iter().find(|(_, sent)| sent == value && (value.is_string() || value.is_number()))?;
        Some(format!("${resource}.sent.{name}"))
    }

    fn fault(&self, row: String, change: Change) -> Arc<Fault> {
        let (operation, grafts) = (self.operation.id, Arc::clone(&self.grafts));
        Arc::new(Fault { operation, row, grafts, change })
    }

    pub(super) fn mutant(&self, kind: Kind, what: String, clause: Option<&str>, change: Change) -> Mutant {
        Mutant {
            kind,
            what,
            clause: clause.map(str::to_owned),
            fault: self.fault(self.name(), change),
            value: None,
            echo: false,
            optional: false,
            is_code: false,
            alternative: false,
            together: false,
        }
    }

    /// What is given to the answer for its claims, and nothing else: no case may notice that.
    pub(super) fn unbroken(&self) -> Arc<Fault> {
        self.fault(self.name(), Change::Nothing)
    }

    /// Every mutant of the row.
    pub(super) fn mutants(&self, heard: &Heard) -> Vec<Mutant> {
        let mut mutants = self.of_status(heard);
        mutants.extend(self.of_headers());
        mutants.extend(self.of_body(heard));
        mutants.extend(self.of_other_rows(heard));
        mutants.extend(self.of_state(heard));
        mutants
    }

    fn of_status(&self, heard: &Heard) -> Vec<Mutant> {
        let own = self.own.response.status;
        let prefix = format!("{}/{}/", self.vendor.name, self.operation.name);
        let others = heard.iter().filter(|(row, _)| row.starts_with(&prefix)).map(|(_, sample)| sample.response.status);
        let plain: &[u16] = match own / 100 {
            2 => &[201, 202],
            3 => &[301, 303],
            4 => &[403, 409],
            _ => &[502, 503],
        };
        let mut statuses: BTreeSet<u16> = plain.iter().copied().chain(others).chain([200, 302, 404, 500]).collect();
        statuses.remove(&own);
        let of = |status: u16| {
            let kind = if status / 100 == own / 100 { Kind::StatusSibling } else { Kind::StatusClass };
            self.mutant(kind, words(own, status), self.claims.status.as_deref(), Change::Status(status))
        };
        statuses.into_iter().map(of).collect()
    }

    fn of_headers(&self) -> Vec<Mutant> {
        let own = self.own.response.headers.iter().map(|(name, _)| name).filter(|name| *name != ROW);
        let both = own.flat_map(|name| {
            let other = if name == "content-type" { "text/html" } else { "something else" };
            [(Kind::HeaderLost, name, None), (Kind::HeaderChanged, name, Some(other))]
        });
        both.map(|(kind, name, value)| {
            let change = Change::Header(name.to_owned(), value.map(str::to_owned));
            self.mutant(kind, header_words(name, value), self.claims.header(name), change)
        })
        .collect()
    }

    fn of_body(&self, heard: &Heard) -> Vec<Mutant> {
        let mut mutants = Vec::new();
        if self.body.is_null() {
            return mutants;
        }
        for (whole, words) in Whole::ALL {
            let clause = self.claims.body.as_deref().or_else(|| self.first_claim());
            mutants.push(self.mutant(Kind::BodySpoiled, words.to_owned(), clause, Change::Whole(whole)));
        }
        let mut places = Vec::new();
        each_place(&self.body, "", &mut places);
        let code = match &self.outcome.code {
            Some(CodePlace::Body(pointer)) if self.own.response.status >= 400 || self.claims.code.is_some() => {
                pointer.as_str()
            }
            _ => "",
        };
        let optional: &[String] = match &self.outcome.body {
            Promise::Json(shape) => &shape.optional,
            _ => &[],
        };
        for (pointer, value) in places {
            let (echo, is_code) = (self.is_echo(value), pointer == code);
            let mut all = edits(value, echo);
            if is_code {
                all.extend(self.other_codes(code, value, heard).into_iter().map(Edit::Put));
            }
            if self.is_unknown(&pointer) {
                all.retain(|edit| matches!(edit, Edit::Drop | Edit::Rename));
            }
            all.retain(|edit| edit.apply(&mut self.body.clone(), &pointer));
            for edit in all {
                let kind = if is_code && edit.changes_only_the_value() { Kind::ErrorCode } else { edit.kind(echo) };
                let coded = self.claims.code.as_ref().filter(|_| is_code).map(|(clause, _)| clause.as_str());
                let clause = coded.or_else(|| self.claims.clause(&pointer));
                let what = edit.words(&pointer, value);
                let mutant = self.mutant(kind, what, clause, Change::Body { pointer: pointer.clone(), edit });
                mutants.push(Mutant {
                    value: Some(value.clone()),
                    echo,
                    is_code,
                    optional: optional.contains(&pointer),
                    ..mutant
                });
            }
        }
        mutants
    }

    /// Whether nothing is known of the value at a place: a clause names the field, and no answer has it.
    pub(super) fn is_unknown(&self, pointer: &str) -> bool {
        self.grafts.iter().any(|(at, value)| at == pointer && value.is_null())
    }

    fn first_claim(&self) -> Option<&str> {
        self.claims.fields.first().map(|claim| claim.clause.as_str()).or(self.claims.status.as_deref())
    }

    /// The codes of the operation's other answers.
    fn other_codes(&self, pointer: &str, own: &Value, heard: &Heard) -> Vec<Value> {
        let prefix = format!("{}/{}/", self.vendor.name, self.operation.name);
        let mut codes = Vec::new();
        for (_, sample) in heard.iter().filter(|(row, _)| row.starts_with(&prefix)) {
            let body: Value = serde_json::from_slice(&sample.response.body).unwrap_or_default();
            if let Some(code) = body.pointer(pointer).filter(|code| *code != own && !codes.contains(*code)) {
                codes.push(code.clone());
            }
        }
        codes
    }

    fn of_other_rows(&self, heard: &Heard) -> Vec<Mutant> {
        let mut mutants = Vec::new();
        let own = Change::Instead(Arc::new(self.own.clone())).answer(&[], &self.own.request, self.own.response.clone());
        for other in self.operation.rows.values().filter(|other| other.id != self.written.id) {
            let name = format!("{}/{}/{}", self.vendor.name, self.operation.name, other.name);
            let Some(sample) = heard.get(&name) else { continue };
            let change = Change::Instead(Arc::new(sample.clone()));
            let given = change.answer(&[], &self.own.request, self.own.response.clone());
            let kind = match (self.written.when.0.contains_key("credentials"), other.when.0.contains_key("credentials"))
            {
                (false, true) => Kind::CredentialsOverchecked,
                _ => Kind::OtherRow,
            };
            if (given.status, &given.body) == (own.status, &own.body) {
                continue;
            }
            let alternative = alternative(self.written, other);
            let what = format!("answered as `{}`: {} {}", other.name, given.status, short(&body_of(&given.body)));
            let mutant = self.mutant(kind, what, self.cause(), change);
            mutants.push(Mutant { alternative, ..mutant });
        }
        mutants
    }

    /// The clause that names the row's cause, or what follows from it.
    pub(super) fn cause(&self) -> Option<&str> {
        let causes = self.claims.causes.iter().rev().map(String::as_str);
        causes.into_iter().next().or(self.claims.status.as_deref()).or_else(|| self.first_claim())
    }

    pub(super) fn effect(&self) -> Option<&str> {
        self.claims.causes.first().map(String::as_str).or_else(|| self.cause())
    }
}

fn body_of(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into())
}

/// Every place below the root, with its value.
fn each_place<'v>(value: &'v Value, pointer: &str, places: &mut Vec<(String, &'v Value)>) {
    let mut below = |name: &str, value: &'v Value| {
        let pointer = format!("{pointer}/{}", escape(name));
        places.push((pointer.clone(), value));
        each_place(value, &pointer, places);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| below(name, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| below(&index.to_string(), value)),
        _ => {}
    }
}

/// Every text and number in a value, by its dotted path.
fn leaves(value: &Value, path: &str, found: &mut Vec<(String, Value)>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| leaves(value, &below(name), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| leaves(value, &below(&index.to_string()), found));
        }
        Value::String(_) | Value::Number(_) => found.push((path.to_owned(), value.clone())),
        Value::Null | Value::Bool(_) => {}
    }
}

/// The rows of everything that was exchanged, each with one of its answers.
pub(super) fn hear(exchanged: &[Sample], heard: &mut Heard) {
    for sample in exchanged {
        heard.entry(row_of(&sample.response).to_owned()).or_insert_with(|| sample.clone());
    }
}
