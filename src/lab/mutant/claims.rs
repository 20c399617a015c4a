//! The claims of clauses on an answer, by their ids: its fields and headers, its status and its error code.
//!
//! An id such as `200.deleted` names the field `deleted`, `201.Location` a header where the outcome promises one, `errors.not_found`
//! an error code, `404.status` a status. The words of a clause are for people: no value is read out of them.

use crate::contract::language::CodePlace;
use crate::contract::{ClauseId, Documented, Operation, Outcome, Row, Subject, names_header};
use crate::text::source::{escape_segment, unescape_segment};
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A field that a clause names.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Claim<'a> {
    /// The clause.
    pub(super) clause: &'a str,
    /// The field's name.
    pub(super) field: &'a str,
}

/// The claims of the clauses on a row's answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Claims<'a> {
    /// The fields, in the order of the clauses.
    pub(super) fields: Vec<Claim<'a>>,
    /// The clauses on headers, with the names of these as the clauses spell them.
    pub(super) headers: Vec<(&'a str, &'a str)>,
    /// The clause on the body as a whole.
    pub(super) body: Option<&'a str>,
    /// The clause on the status.
    pub(super) status: Option<&'a str>,
    /// The clause on the error code, and the code.
    pub(super) code: Option<(&'a str, &'a str)>,
    /// The clauses that name the cause, those of effects first.
    pub(super) causes: Vec<&'a str>,
    /// The statuses that the clauses of the row and its outcomes name.
    pub(super) statuses: Vec<u16>,
    /// Whether the page names a status at all.
    pub(super) names_status: bool,
    /// Whether the page describes no answer of the row: each of its outcomes is inferred as a whole.
    pub(super) is_undescribed: bool,
}

impl<'a> Claims<'a> {
    /// The claims on the answer by which a row is met.
    pub(super) fn new(operation: &'a Operation, row: &'a Row, outcome: &'a Outcome) -> Self {
        let names_status = operation.clauses.keys().any(|id| status_of(id).is_some());
        let mut claims = Self { names_status, ..Self::default() };
        for clause in operation.spelt_out(&outcome.cites) {
            match ClauseId::parse(clause).map(|parts| parts.in_outcome(outcome)) {
                Some(Subject::Code(code)) => claims.code = claims.code.or(Some((clause, code))),
                Some(Subject::Status) => claims.status = Some(clause),
                Some(Subject::Header(name)) => claims.headers.push((clause, name)),
                Some(Subject::Body) => claims.body = Some(clause),
                Some(Subject::Field(field)) => claims.fields.push(Claim { clause, field }),
                Some(Subject::Cause) | None => {}
            }
        }
        claims.causes = operation.spelt_out(&row.cites);
        claims.causes.sort_by_key(|id| !id.starts_with("effects."));
        claims.is_undescribed =
            operation.outcomes_of(row).all(|outcome| outcome.inferred.is_some() && outcome.cites.is_empty());
        let others = operation.outcomes_of(row);
        let cites = row.cites.iter().chain(others.flat_map(|outcome| &outcome.cites));
        claims.statuses = cites
            .filter_map(|id| match status_of(id)? {
                Documented::Exact(status) => Some(status),
                Documented::Class(_) => None,
            })
            .collect();
        claims
    }

    /// The claim on the field at a place, or on the nearest field above it.
    pub(super) fn on(&self, pointer: &str) -> Option<&Claim<'a>> {
        let (_, names) = pointer.split_once('/')?;
        names.rsplit('/').find_map(|name| self.fields.iter().find(|claim| escape_segment(claim.field) == name))
    }

    /// The clause that is at stake at a place.
    pub(super) fn clause(&self, pointer: &str) -> Option<&'a str> {
        self.on(pointer).map(|claim| claim.clause)
    }

    /// The clause that is at stake in a header.
    pub(super) fn header(&self, header: &str) -> Option<&'a str> {
        self.headers.iter().find(|(_, name)| names_header(name, header)).map(|(clause, _)| *clause)
    }

    /// The pointer to the object that has most of the named fields.
    fn level(&self, body: &Value) -> String {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for claim in &self.fields {
            let container = find(body, claim.field).map_or_else(String::new, |found| found.container);
            *counts.entry(container).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(container, count)| (*count, Reverse(container.len())));
        most.map_or_else(String::new, |(container, _)| container)
    }

    /// The parts that an answer lacks of the fields that are claimed; `donors` are other answers of the vendor. A field that none
    /// of them has is null: nothing is known of it but its name.
    pub(super) fn grafts(&self, body: &Value, code: Option<&CodePlace>, donors: &[&Value]) -> Vec<(String, Value)> {
        let body = if body.is_object() { body } else { &Value::Null };
        let level = self.level(body);
        let mut grafts: Vec<(String, Value)> = Vec::new();
        for Claim { field, .. } in &self.fields {
            let pointer = format!("{level}/{}", escape_segment(field));
            if find(body, field).is_some() || grafts.iter().any(|(known, _)| *known == pointer) {
                continue;
            }
            let lent = donors.iter().find_map(|donor| find(donor, field)).map(|found| found.value);
            let value = lent.filter(|value| !value.is_object() && !value.is_array()).unwrap_or(&Value::Null);
            grafts.push((pointer, value.clone()));
        }
        if let (Some((_, named)), Some(CodePlace::Body(pointer))) = (self.code, code)
            && body.pointer(pointer).is_none()
            && !grafts.iter().any(|(known, _)| known == pointer)
        {
            grafts.push((pointer.clone(), json!(named)));
        }
        grafts
    }
}

/// The status of the section that a clause is in.
fn status_of(id: &str) -> Option<Documented> {
    ClauseId::parse(id)?.status()
}

/// Puts a value at a place, with the objects around it.
pub(super) fn put(body: &mut Value, pointer: &str, value: Value) {
    if !body.is_object() {
        *body = json!({});
    }
    let mut node = body;
    for name in pointer.split('/').skip(1) {
        let name = unescape_segment(name);
        node = match node {
            Value::Array(items) => match name.parse::<usize>().ok().and_then(|index| items.get_mut(index)) {
                Some(item) => item,
                None => return,
            },
            other => {
                if !other.is_object() {
                    *other = json!({});
                }
                let Some(map) = other.as_object_mut() else { return };
                map.entry(name).or_insert(Value::Null)
            }
        };
    }
    *node = value;
}

/// A field of a body.
struct FoundField<'v> {
    /// The pointer to the object that it belongs to.
    container: String,
    value: &'v Value,
}

/// The field of a name that is nearest to the root.
fn find<'v>(body: &'v Value, name: &str) -> Option<FoundField<'v>> {
    let mut level = vec![(String::new(), body)];
    while !level.is_empty() {
        let mut next = Vec::new();
        for (container, value) in level {
            let Value::Object(map) = value else { continue };
            if let Some(value) = map.get(name) {
                return Some(FoundField { container, value });
            }
            next.extend(map.iter().map(|(key, value)| (format!("{container}/{}", escape_segment(key)), value)));
        }
        level = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(clause: &str) -> Claim<'_> {
        Claim { clause, field: clause.strip_prefix("200.").unwrap() }
    }

    impl<'a> Claims<'a> {
        /// The claims of one clause on a field, on a page that speaks of statuses.
        pub(in crate::lab::mutant) fn single(clause: &'a str) -> Self {
            Self { fields: vec![claim(clause)], names_status: true, ..Self::default() }
        }
    }

    #[test]
    fn an_answer_is_given_what_it_lacks_of_its_claims() {
        let claims = Claims {
            fields: vec![claim("200.success"), claim("200.title"), claim("200.used")],
            code: Some(("errors.gone", "gone")),
            ..Claims::default()
        };
        let donor = json!({ "title": "mine" });
        let place = CodePlace::Body("/code".to_owned());
        let grafts = claims.grafts(&json!({ "success": 1 }), Some(&place), &[&donor]);
        let wanted = [("/title", json!("mine")), ("/used", Value::Null), ("/code", json!("gone"))];
        assert_eq!(grafts, wanted.map(|(pointer, value)| (pointer.to_owned(), value)));
        let whole = json!({ "success": 0, "title": "x", "used": false, "code": 404 });
        assert_eq!(claims.grafts(&whole, Some(&place), &[]), [], "what is there is the contract's");
    }

    #[test]
    fn a_field_that_is_missing_is_given_where_the_others_are() {
        let claims =
            Claims { fields: vec![claim("200.object"), claim("200.used"), claim("200.title")], ..Claims::default() };
        let grafts = claims.grafts(&json!({ "data": { "used": true, "title": "x" } }), None, &[]);
        assert_eq!(grafts, [("/data/object".to_owned(), Value::Null)]);
    }

    #[test]
    fn the_nearest_field_above_a_place_is_the_one_that_is_claimed() {
        let claims = Claims { fields: vec![claim("200.charges"), claim("200.id")], ..Claims::default() };
        assert_eq!(claims.clause("/charges/data/0"), Some("200.charges"));
        assert_eq!(claims.clause("/charges/id"), Some("200.id"));
        assert_eq!(claims.clause("/other"), None);
    }
}
