//! A row of a page whose answer is known, and what may be looked at of it: the answer, and what clauses name; nothing else.

use super::change::{MutantChange, Sample, body_of, graft, segments};
use super::claims::Claims;
use super::equivalence::ChangedValue;
use super::mutant_kind::MutantKind;
use super::stage::PlantedFault;
use crate::contract::{Branch, Operation, Outcome, Row, RowId, Vendor};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A row of a page whose answer is known.
pub(super) struct RowSample<'a> {
    pub(super) vendor: &'a Vendor,
    pub(super) operation: &'a Operation,
    pub(super) row: &'a Row,
    /// The outcome of the answer, with its states from then on.
    pub(super) branch: &'a Branch,
    pub(super) outcome: &'a Outcome,
    pub(super) claims: Claims<'a>,
    /// The answer, and its request.
    pub(super) own: Arc<Sample>,
    /// The values that were sent before, and in the row's own request, by their dotted paths.
    sent: Vec<(String, Value)>,
    /// The parts that the answer is given for its claims.
    pub(super) grafts: Arc<Vec<(String, Value)>>,
    /// The body after that.
    pub(super) body: Value,
}

/// A mutant.
pub(super) struct Mutant<'r> {
    pub(super) of: &'r RowSample<'r>,
    pub(super) kind: MutantKind,
    /// The change in words.
    pub(super) words: String,
    /// The clause that is broken, where one is named.
    pub(super) clause: Option<&'r str>,
    pub(super) fault: Arc<PlantedFault>,
    /// The value that is changed.
    pub(super) value: Option<&'r Value>,
    pub(super) about: ChangedValue,
    /// Whether it shows only where several cases are under way.
    pub(super) is_shared: bool,
}

impl<'r> Mutant<'r> {
    /// The clauses that it breaks: the one that is named, and those that say something of the same thing.
    pub(super) fn broken(&self) -> Vec<&'r str> {
        let (row, claims) = (self.of, &self.of.claims);
        let mut broken: Vec<&str> = self.clause.into_iter().collect();
        match &self.fault.change {
            MutantChange::Body { pointer, .. } => {
                let nearest = claims.on(pointer).map(|claim| claim.field);
                broken.extend(
                    claims.fields.iter().filter(|claim| Some(claim.field) == nearest).map(|claim| claim.clause),
                );
            }
            MutantChange::Status(_) | MutantChange::AsMaker | MutantChange::Done { .. } | MutantChange::Whole(_) => {
                broken.extend(row.answer_causes());
            }
            MutantChange::Instead(_) if self.kind != MutantKind::WithoutEffect => broken.extend(row.answer_causes()),
            MutantChange::Instead(_) => {
                let read = row.vendor[self.fault.operation].name.as_str();
                broken.retain(|clause| row.row.seen_by.get(*clause).is_none_or(|seen_by| seen_by == read));
                broken.extend(
                    row.effects().filter(|clause| row.row.seen_by.get(*clause).is_none_or(|seen_by| seen_by == read)),
                );
            }
            MutantChange::WithoutEffect(_) | MutantChange::Reuse(_) => broken.extend(row.effects()),
            MutantChange::Header(..) | MutantChange::Nothing => {}
        }
        let mut seen = BTreeSet::new();
        broken.retain(|clause| seen.insert(*clause));
        broken
    }
}

/// Every answer that was heard, by its row.
pub(super) type Heard = BTreeMap<String, Arc<Sample>>;

impl<'a> RowSample<'a> {
    /// A row by its own answer in a case; `exchanged` is everything up to it.
    pub(super) fn new(vendor: &'a Vendor, id: RowId, exchanged: &[Arc<Sample>], donors: &[&Value]) -> Option<Self> {
        let (operation, row) = (&vendor[id.operation], &vendor[id]);
        let full = vendor.row_name(id);
        let at = exchanged.iter().rposition(|sample| sample.row() == full)?;
        let (before, own) = (exchanged.iter().take(at), Arc::clone(exchanged.get(at)?));
        let branch = row.then.first()?;
        let outcome = &operation[branch.outcome];
        let claims = Claims::new(operation, row, outcome);
        let near = before.rev().flat_map(|sample| [Some(&sample.response.body), sample.request.body.as_ref()]);
        let near: Vec<Value> = near.flatten().filter_map(|body| serde_json::from_slice(body).ok()).collect();
        let donors: Vec<&Value> = near.iter().chain(donors.iter().copied()).collect();
        let grafts = claims.grafts(&body_of(&own.response.body), outcome.code.as_ref(), &donors);
        let mut sent = Vec::new();
        for body in exchanged.iter().take(at + 1).filter_map(|sample| sample.request.body.as_ref()) {
            leaves(&body_of(body), "", &mut sent);
        }
        let body = body_of(&graft(&grafts, own.response.clone()).body);
        Some(Self { vendor, operation, row, branch, outcome, claims, own, sent, grafts: Arc::new(grafts), body })
    }

    /// Takes away what the answer was given for its claims.
    pub(super) fn ungraft(&mut self) {
        self.grafts = Arc::default();
        self.body = body_of(&self.own.response.body);
    }

    /// `vendor/operation/row`.
    pub(super) fn name(&self) -> String {
        self.vendor.row_name(self.row.id)
    }

    /// Whether a value is one that was asked for or sent.
    pub(super) fn is_echo(&self, value: &Value) -> bool {
        match value {
            Value::String(_) | Value::Number(_) => self.is_asked(value) || self.path_sent(value).is_some(),
            _ => false,
        }
    }

    /// Whether a value is a part of the request's URL.
    fn is_asked(&self, value: &Value) -> bool {
        value.as_str().is_some_and(|text| text.len() > 3 && segments(&self.own.request.url).any(|part| part == text))
    }

    fn path_sent(&self, value: &Value) -> Option<&str> {
        self.sent.iter().find(|(_, sent)| sent == value).map(|(path, _)| path.as_str())
    }

    /// The contract's reference to a value that was asked for or sent.
    pub(super) fn reference(&self, value: &Value) -> Option<String> {
        let resource = self.operation.binds.last()?;
        if self.is_asked(value) {
            return Some(format!("${resource}.id"));
        }
        let path = self.path_sent(value).filter(|_| value.is_string() || value.is_number())?;
        Some(format!("${resource}.sent.{path}"))
    }

    /// Whether nothing is known of the value at a place: a clause names the field, and no answer has it.
    pub(super) fn is_unknown(&self, pointer: &str) -> bool {
        self.grafts.iter().any(|(at, value)| at == pointer && value.is_null())
    }

    /// The clauses that name the row's effects.
    fn effects(&self) -> impl Iterator<Item = &'a str> {
        self.claims.causes.iter().copied().filter(|clause| clause.starts_with("effects."))
    }

    /// The clauses that name the row's cause or its request, which another answer as a whole breaks.
    fn answer_causes(&self) -> impl Iterator<Item = &'a str> {
        let leads = !self.branch.leads.is_empty();
        self.claims.causes.iter().copied().filter(move |clause| !leads || !clause.starts_with("effects."))
    }

    /// The clause that names the row's cause, or what follows from it.
    pub(super) fn cause(&self) -> Option<&'a str> {
        self.claims.causes.last().copied().or(self.claims.status).or_else(|| self.first_claim())
    }

    /// The clause that names what the row does.
    pub(super) fn effect(&self) -> Option<&'a str> {
        self.claims.causes.first().copied().or_else(|| self.cause())
    }

    /// The clause on the first field that is named.
    pub(super) fn first_claim(&self) -> Option<&'a str> {
        self.claims.fields.first().map(|claim| claim.clause).or(self.claims.status)
    }

    /// A mutant of the row's answer.
    pub(super) fn mutant(
        &self,
        kind: MutantKind,
        words: String,
        clause: Option<&'a str>,
        change: MutantChange,
    ) -> Mutant<'_> {
        let (fault, about) = (self.fault(change), ChangedValue::default());
        Mutant { of: self, kind, words, clause, fault, value: None, about, is_shared: false }
    }

    /// The parts that are given to the answer for its claims, and nothing else: no case may notice that.
    pub(super) fn unbroken(&self) -> Arc<PlantedFault> {
        self.fault(MutantChange::Nothing)
    }

    fn fault(&self, change: MutantChange) -> Arc<PlantedFault> {
        let (operation, grafts) = (self.operation.id, Arc::clone(&self.grafts));
        Arc::new(PlantedFault { operation, row: self.name(), grafts, change })
    }
}

/// Every text and number in a value, by its dotted path.
fn leaves(value: &Value, path: &str, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| leaves(value, &below(path, name), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| leaves(value, &below(path, &at.to_string()), found));
        }
        Value::String(_) | Value::Number(_) => found.push((path.to_owned(), value.clone())),
        Value::Null | Value::Bool(_) => {}
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
