//! Every mutant of a row: made from the answer that the mock gave and from what clauses name, and from nothing else.

use super::change::{MutantChange, Whole, body_of};
use super::edit::{Edit, edits, short};
use super::equivalence::ChangedValue;
use super::mutant_kind::MutantKind;
use super::row_sample::{Heard, Mutant, RowSample};
use super::state_mutants::{gives_alternative, state_mutants};
use crate::contract::Promise;
use crate::contract::language::CodePlace;
use crate::mock::sandbox::ROW;
use crate::text::source::escape_segment;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Every mutant of a row.
pub(super) fn enumerate<'r>(row: &'r RowSample<'r>, heard: &Heard) -> Vec<Mutant<'r>> {
    let mut mutants = row.status_mutants(heard);
    mutants.extend(row.header_mutants());
    mutants.extend(row.body_mutants(heard));
    mutants.extend(row.other_rows(heard));
    mutants.extend(state_mutants(row, heard));
    mutants
}

impl<'r> RowSample<'r> {
    fn status_mutants(&'r self, heard: &Heard) -> Vec<Mutant<'r>> {
        let own = self.own.response.status;
        let plain: &[u16] = match own / 100 {
            2 => &[201, 202],
            3 => &[301, 303],
            4 => &[403, 409],
            _ => &[502, 503],
        };
        let others = self.siblings(heard).map(|(_, status)| status);
        let mut statuses: BTreeSet<u16> = plain.iter().copied().chain(others).chain([200, 302, 404, 500]).collect();
        statuses.remove(&own);
        let mut mutants = Vec::new();
        for status in statuses {
            let kind = if status / 100 == own / 100 { MutantKind::StatusSibling } else { MutantKind::StatusClass };
            let what = format!("status {status} in place of {own}");
            mutants.push(self.mutant(kind, what, self.claims.status, MutantChange::Status(status)));
        }
        mutants
    }

    /// The bodies and statuses of the operation's answers.
    fn siblings<'h>(&self, heard: &'h Heard) -> impl Iterator<Item = (&'h [u8], u16)> {
        let prefix = format!("{}/{}/", self.vendor.name, self.operation.name);
        let siblings = heard.iter().filter(move |(row, _)| row.starts_with(&prefix));
        siblings.map(|(_, sample)| (sample.response.body.as_ref(), sample.response.status))
    }

    fn header_mutants(&'r self) -> Vec<Mutant<'r>> {
        let mut mutants = Vec::new();
        for (name, _) in self.own.response.headers.iter().filter(|(name, _)| *name != ROW) {
            let other = if name == "content-type" { "text/html" } else { "something else" };
            let clause = self.claims.header(name).or_else(|| self.code_in_header(name));
            let both = [
                (MutantKind::HeaderLost, None, format!("{name} left out")),
                (MutantKind::HeaderChanged, Some(other), format!("{name}: {}", short(&json!(other)))),
            ];
            for (kind, value, what) in both {
                let change = MutantChange::Header(name.to_owned(), value);
                let is_free_media = name == "content-type" && clause.is_none() && self.is_media_free();
                let mutant = self.mutant(kind, what, clause, change);
                mutants.push(Mutant { about: ChangedValue { is_free_media, ..mutant.about }, ..mutant });
            }
        }
        mutants
    }

    /// The clause on the error code, where that stands in a header.
    fn code_in_header(&self, name: &str) -> Option<&'r str> {
        match &self.outcome.code {
            Some(CodePlace::Header(known)) if known.eq_ignore_ascii_case(name) => {
                self.claims.code.map(|(clause, _)| clause)
            }
            _ => None,
        }
    }

    /// Whether the mock chose the media type: the contract names none, and the body is no JSON, which implies one.
    fn is_media_free(&self) -> bool {
        self.outcome.media.is_none() && !matches!(self.outcome.body, Promise::Json(_))
    }

    /// The mutant of a body that is no JSON, where a clause names it: a text that is not there, or one where there was none.
    fn plain_body_mutant(&'r self) -> Option<Mutant<'r>> {
        let clause = self.claims.body?;
        let is_empty = self.own.response.body.is_empty();
        let (whole, words) =
            if is_empty { (Whole::Text, "a body where there was none") } else { (Whole::Gone, "no body") };
        Some(self.mutant(MutantKind::BodySpoiled, words.to_owned(), Some(clause), MutantChange::Whole(whole)))
    }

    fn body_mutants(&'r self, heard: &Heard) -> Vec<Mutant<'r>> {
        let mut mutants = Vec::new();
        if self.body.is_null() {
            mutants.extend(self.plain_body_mutant());
            return mutants;
        }
        for (whole, words) in Whole::ALL {
            let clause = self.claims.body.or_else(|| self.first_claim());
            mutants.push(self.mutant(MutantKind::BodySpoiled, words.to_owned(), clause, MutantChange::Whole(whole)));
        }
        let mut places = Vec::new();
        collect_places(&self.body, "", &mut places);
        for (pointer, value) in places {
            mutants.extend(self.place_mutants(&Arc::from(pointer), value, heard));
        }
        mutants
    }

    /// The mutants of one value of the body.
    fn place_mutants(&'r self, pointer: &Arc<str>, value: &'r Value, heard: &Heard) -> Vec<Mutant<'r>> {
        let (is_echo, is_code) = (self.is_echo(value), self.code_pointer() == Some(&**pointer));
        let is_optional = match &self.outcome.body {
            Promise::Json(shape) => shape.optional.iter().any(|optional| **optional == **pointer),
            _ => false,
        };
        let mut all = edits(value, is_echo);
        if is_code {
            all.extend(self.other_codes(pointer, value, heard).into_iter().map(Edit::Put));
        }
        if self.is_unknown(pointer) {
            all.retain(|edit| matches!(edit, Edit::Drop | Edit::Rename));
        }
        let about = ChangedValue { is_echo, is_optional, is_code, ..ChangedValue::default() };
        let coded = self.claims.code.filter(|_| is_code).map(|(clause, _)| clause);
        let clause = coded.or_else(|| self.claims.clause(pointer));
        let mut mutants = Vec::new();
        for edit in all.into_iter().filter(|edit| edit.apply(&mut self.body.clone(), pointer)) {
            let is_other_code = is_code && edit.changes_only_the_value();
            let kind = if is_other_code { MutantKind::ErrorCode } else { edit.kind(is_echo) };
            let what = edit.words(pointer, value);
            let mutant = self.mutant(kind, what, clause, MutantChange::Body { pointer: Arc::clone(pointer), edit });
            mutants.push(Mutant { value: Some(value), about, ..mutant });
        }
        mutants
    }

    /// The place of the error code in the body of an answer that has one.
    fn code_pointer(&self) -> Option<&str> {
        match &self.outcome.code {
            Some(CodePlace::Body(pointer)) if self.own.response.status >= 400 || self.claims.code.is_some() => {
                Some(pointer)
            }
            _ => None,
        }
    }

    /// The codes of the operation's other answers.
    fn other_codes(&self, pointer: &str, own: &Value, heard: &Heard) -> Vec<Value> {
        let mut codes = Vec::new();
        for (body, _) in self.siblings(heard) {
            if let Some(code) = body_of(body).pointer_mut(pointer).map(Value::take)
                && code != *own
                && !codes.contains(&code)
            {
                codes.push(code);
            }
        }
        codes
    }

    fn other_rows(&'r self, heard: &Heard) -> Vec<Mutant<'r>> {
        let mut mutants = Vec::new();
        let own = self.own.answering(&self.own.request);
        let has_credentials = self.row.when.0.contains_key("credentials");
        for other in self.operation.rows.values().filter(|other| other.id != self.row.id) {
            let Some(sample) = heard.get(&self.vendor.row_name(other.id)) else { continue };
            let given = sample.answering(&self.own.request);
            if (given.status, &given.body) == (own.status, &own.body) {
                continue;
            }
            let is_overchecked = !has_credentials && other.when.0.contains_key("credentials");
            let kind = if is_overchecked { MutantKind::CredentialsOverchecked } else { MutantKind::OtherRow };
            let what = format!("answered as `{}`: {} {}", other.name, given.status, short(&shown(&given.body)));
            let mutant = self.mutant(kind, what, self.cause(), MutantChange::Instead(Arc::clone(sample)));
            let about = ChangedValue { is_alternative: gives_alternative(self.row, other), ..mutant.about };
            mutants.push(Mutant { about, ..mutant });
        }
        mutants
    }
}

/// A body as JSON, or else as a text.
fn shown(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into())
}

/// Every place below the root, with its value.
fn collect_places<'v>(value: &'v Value, pointer: &str, places: &mut Vec<(String, &'v Value)>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| collect_place(value, pointer, name, places)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| collect_place(value, pointer, &at.to_string(), places));
        }
        _ => {}
    }
}

fn collect_place<'v>(value: &'v Value, container: &str, name: &str, places: &mut Vec<(String, &'v Value)>) {
    let pointer = format!("{container}/{}", escape_segment(name));
    let mut below = Vec::new();
    collect_places(value, &pointer, &mut below);
    places.push((pointer, value));
    places.append(&mut below);
}
