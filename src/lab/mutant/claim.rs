//! What clauses claim of an answer by their ids: which fields and headers it has, its status and its error code.
//!
//! An id such as `200.deleted` names the field `deleted`, `201.Location` a header where the outcome promises one, `errors.not_found`
//! an error code, `404.status` a status. The words of a clause are for people: no value is read out of them.

use crate::contract::language::CodePlace;
use crate::contract::shape::escape;
use crate::contract::{ClauseId, Documented, Operation, Outcome, Row, Subject, names_header};
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A field that a clause names.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Claim {
    /// The clause.
    pub(super) clause: String,
    /// The field's name.
    pub(super) field: String,
}

/// What the clauses say of a row's answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Claims {
    /// The fields, in the order of the clauses.
    pub(super) fields: Vec<Claim>,
    /// The clauses on headers, with the names of these as the clauses spell them.
    pub(super) headers: Vec<(String, String)>,
    /// The clause on the body as a whole.
    pub(super) body: Option<String>,
    /// The clause on the status.
    pub(super) status: Option<String>,
    /// The clause on the error code, and the code.
    pub(super) code: Option<(String, String)>,
    /// The clauses that name the cause, those of effects first.
    pub(super) causes: Vec<String>,
    /// The statuses that the clauses of the row and its outcomes speak of.
    pub(super) statuses: Vec<u16>,
    /// Whether the page speaks of a status at all.
    pub(super) tells_status: bool,
}

impl Claims {
    /// The claims on the answer by which a row is met.
    pub(super) fn of(operation: &Operation, row: &Row, outcome: &Outcome) -> Self {
        let status_of = |id: &str| ClauseId::parse(id)?.status();
        let mut claims =
            Self { tells_status: operation.clauses.keys().any(|id| status_of(id).is_some()), ..Self::default() };
        for id in spelt_out(operation, &outcome.cites) {
            let clause = || id.to_owned();
            match ClauseId::parse(id).map(|parts| parts.in_outcome(outcome)) {
                Some(Subject::Code(code)) => drop(claims.code.get_or_insert_with(|| (clause(), code.to_owned()))),
                Some(Subject::Status) => claims.status = Some(clause()),
                Some(Subject::Header(name)) => claims.headers.push((clause(), name.to_owned())),
                Some(Subject::Body) => claims.body = Some(clause()),
                Some(Subject::Field(name)) => claims.fields.push(Claim { clause: clause(), field: name.to_owned() }),
                Some(Subject::Cause) | None => {}
            }
        }
        claims.causes = spelt_out(operation, &row.cites).map(str::to_owned).collect();
        claims.causes.sort_by_key(|id| !id.starts_with("effects."));
        let others = operation.outcomes_of(row);
        let cites = row.cites.iter().chain(others.flat_map(|outcome| &outcome.cites));
        let exact = |status| match status {
            Documented::Exact(status) => Some(status),
            Documented::Class(_) => None,
        };
        claims.statuses = cites.filter_map(|id| status_of(id).and_then(exact)).collect();
        claims
    }

    /// The claim on the field at a place, or on the nearest field above it.
    pub(super) fn on(&self, pointer: &str) -> Option<&Claim> {
        let names = pointer.split('/').skip(1).collect::<Vec<_>>();
        names.iter().rev().find_map(|name| self.fields.iter().find(|claim| escape(&claim.field) == **name))
    }

    /// The clause that is at stake at a place.
    pub(super) fn clause(&self, pointer: &str) -> Option<&str> {
        self.on(pointer).map(|claim| claim.clause.as_str())
    }

    /// The clause that is at stake in a header.
    pub(super) fn header(&self, header: &str) -> Option<&str> {
        self.headers.iter().find(|(_, name)| names_header(name, header)).map(|(clause, _)| clause.as_str())
    }

    /// The object in which most of the named fields stand.
    fn level(&self, body: &Value) -> String {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for claim in &self.fields {
            let container =
                find(body, &claim.field).and_then(|(pointer, _)| Some(pointer.rsplit_once('/')?.0.to_owned()));
            *counts.entry(container.unwrap_or_default()).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(container, count)| (*count, Reverse(container.len())));
        most.map(|(container, _)| container).unwrap_or_default()
    }

    /// What an answer has to be given so that it has all fields that are claimed; `donors` are other answers of the
    /// vendor. A field that none of them has is null: nothing is known of it but its name.
    pub(super) fn grafts(&self, body: &Value, code: Option<&CodePlace>, donors: &[&Value]) -> Vec<(String, Value)> {
        let mut whole = if body.is_object() { body.clone() } else { json!({}) };
        let mut grafts = Vec::new();
        let level = self.level(&whole);
        for claim in &self.fields {
            if find(&whole, &claim.field).is_some() {
                continue;
            }
            let pointer = format!("{level}/{}", escape(&claim.field));
            let lent = donors.iter().find_map(|donor| find(donor, &claim.field)).map(|(_, value)| value);
            let value = lent.filter(|value| !value.is_object() && !value.is_array()).unwrap_or_default();
            put(&mut whole, &pointer, value.clone());
            grafts.push((pointer, value));
        }
        if let (Some((_, named)), Some(CodePlace::Body(pointer))) = (&self.code, code)
            && whole.pointer(pointer).is_none()
        {
            grafts.push((pointer.clone(), json!(named)));
        }
        grafts
    }
}

/// Puts a value at a place, with the objects in which it stands.
pub(super) fn put(body: &mut Value, pointer: &str, value: Value) {
    if !body.is_object() {
        *body = json!({});
    }
    let mut node = body;
    for name in pointer.split('/').skip(1) {
        let name = crate::contract::shape::unescape(name);
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

/// The field of a name that is nearest to the root, with its value.
fn find(body: &Value, name: &str) -> Option<(String, Value)> {
    let mut level = vec![(String::new(), body)];
    while !level.is_empty() {
        let mut next = Vec::new();
        for (pointer, value) in level {
            let Value::Object(map) = value else { continue };
            if let Some(value) = map.get(name) {
                return Some((format!("{pointer}/{}", escape(name)), value.clone()));
            }
            next.extend(map.iter().map(|(key, value)| (format!("{pointer}/{}", escape(key)), value)));
        }
        level = next;
    }
    None
}

/// Citations with each `section.*` in place of what it stands for.
fn spelt_out<'a>(operation: &'a Operation, cites: &'a [String]) -> impl Iterator<Item = &'a str> {
    cites.iter().flat_map(|id| match id.strip_suffix('*') {
        Some(section) => {
            operation.clauses.keys().map(String::as_str).filter(|known| known.starts_with(section)).collect()
        }
        None => vec![id.as_str()],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(field: &str) -> Claim {
        Claim { clause: format!("200.{field}"), field: field.to_owned() }
    }

    impl Claims {
        /// The claims of one clause on a field, on a page that speaks of statuses.
        pub(in crate::lab::mutant) fn single(field: &str) -> Self {
            Self { fields: vec![claim(field)], tells_status: true, ..Self::default() }
        }
    }

    #[test]
    fn an_answer_is_given_what_it_lacks_of_its_claims() {
        let claims = Claims {
            fields: vec![claim("success"), claim("title"), claim("used")],
            code: Some(("errors.gone".to_owned(), "gone".to_owned())),
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
        let claims = Claims { fields: vec![claim("object"), claim("used"), claim("title")], ..Claims::default() };
        let grafts = claims.grafts(&json!({ "data": { "used": true, "title": "x" } }), None, &[]);
        assert_eq!(grafts, [("/data/object".to_owned(), Value::Null)]);
    }

    #[test]
    fn the_nearest_field_above_a_place_is_the_one_that_is_claimed() {
        let claims = Claims { fields: vec![claim("charges"), claim("id")], ..Claims::default() };
        assert_eq!(claims.clause("/charges/data/0"), Some("200.charges"));
        assert_eq!(claims.clause("/charges/id"), Some("200.id"));
        assert_eq!(claims.clause("/other"), None);
    }
}
