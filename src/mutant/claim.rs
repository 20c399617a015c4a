//! What clauses say by themselves of an answer: which fields they name, which values, and what an answer lacks of it.
//!
//! An id such as `200.deleted` names the field `deleted`, `errors.not_found` an error code, `404.status` a status. Where the
//! words of a clause end in `is VALUE`, with a JSON literal, one word, or a text in quotation marks or backticks, the value is named too.

use crate::contract::language::CodePlace;
use crate::contract::shape::escape;
use crate::contract::{Operation, Outcome, Row};
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
    /// The value that the clause names, if it names one.
    pub(super) value: Option<Value>,
    /// The field in which it stands, as `message in data`.
    inside: Option<String>,
    /// Whether the clause's words have the field's name too, so that the last part of the id is certainly a field's.
    said: bool,
    /// What stands for it where neither the answer nor the clause has a value.
    filler: Option<Value>,
}

impl Claim {
    /// What a clause says of the field that the last part of its id names.
    fn of(id: &str, says: &str) -> Self {
        let (_, field) = parts(id);
        Self {
            clause: id.to_owned(),
            field: field.to_owned(),
            value: named_value(says, field),
            inside: inside(says, field),
            said: says_name(says, field),
            filler: filler(says),
        }
    }
}

impl Claim {
    /// Where the field stands in an answer, or should, and its value: inside the field that the clause names around it, at the level
    /// of the other named fields, else wherever one of the name is that may be meant.
    fn place(&self, body: &Value, level: &str) -> (String, Option<Value>) {
        let own = match &self.inside {
            Some(container) if body.get(container).is_none_or(Value::is_object) => {
                format!("/{}/{}", escape(container), escape(&self.field))
            }
            _ => format!("{level}/{}", escape(&self.field)),
        };
        if let Some(value) = body.pointer(&own) {
            return (own, Some(value.clone()));
        }
        match find(body, &self.field) {
            Some((pointer, value)) if self.value.as_ref().is_none_or(|named| *named == value) => (pointer, Some(value)),
            _ => (own, None),
        }
    }
}

/// What the clauses say of a row's answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Claims {
    /// The fields, in the order of the clauses.
    pub(super) fields: Vec<Claim>,
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
        let mut claims =
            Self { tells_status: operation.clauses.keys().any(|id| status_of(id).is_some()), ..Self::default() };
        for id in spelt_out(operation, &outcome.cites) {
            let (section, last) = parts(id);
            let says = operation.clauses.get(id).map_or("", |clause| clause.value.says.as_str());
            match section {
                "errors" => drop(claims.code.get_or_insert_with(|| (id.to_owned(), last.to_owned()))),
                _ if last == "status" && status_of(id).is_some() => claims.status = Some(id.to_owned()),
                _ => claims.fields.push(Claim::of(id, says)),
            }
        }
        claims.causes = spelt_out(operation, &row.cites).map(str::to_owned).collect();
        claims.causes.sort_by_key(|id| !id.starts_with("effects."));
        let others = row.then.iter().filter_map(|branch| operation.outcomes.get(&branch.outcome));
        let cites = row.cites.iter().chain(others.flat_map(|outcome| &outcome.cites));
        claims.statuses = cites.filter_map(|id| status_of(id)).collect();
        claims
    }

    /// The claim on the field at a place, or on the nearest field above it.
    pub(super) fn on(&self, pointer: &str) -> Option<&Claim> {
        let names = pointer.split('/').skip(1).collect::<Vec<_>>();
        let of = |name: &&str| {
            let mut named = self.fields.iter().filter(|claim| escape(&claim.field) == **name);
            named.clone().find(|claim| claim.value.is_some()).or_else(|| named.next())
        };
        names.iter().rev().find_map(of)
    }

    /// The clause that is at stake at a place.
    pub(super) fn clause(&self, pointer: &str) -> Option<&str> {
        self.on(pointer).map(|claim| claim.clause.as_str())
    }

    /// The object in which most of the named fields stand.
    fn level(&self, body: &Value) -> String {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for claim in self.fields.iter().filter(|claim| claim.inside.is_none()) {
            let container =
                find(body, &claim.field).and_then(|(pointer, _)| Some(pointer.rsplit_once('/')?.0.to_owned()));
            *counts.entry(container.unwrap_or_default()).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(container, count)| (*count, Reverse(container.len())));
        most.map(|(container, _)| container).unwrap_or_default()
    }

    /// What an answer has to be given so that it carries all that is claimed; `donors` are other answers of the vendor.
    pub(super) fn grafts(&self, body: &Value, code: Option<&CodePlace>, donors: &[&Value]) -> Vec<(String, Value)> {
        let mut whole = if body.is_object() { body.clone() } else { json!({}) };
        let mut grafts = Vec::new();
        let level = self.level(&whole);
        for claim in &self.fields {
            let (pointer, there) = claim.place(&whole, &level);
            if there.is_none() && !claim.said {
                continue;
            }
            let lent = || donors.iter().find_map(|donor| find(donor, &claim.field)).map(|(_, value)| value);
            let lent = || lent().filter(|value| !value.is_object() && !value.is_array());
            let value = match (&claim.value, there) {
                (Some(named), Some(value)) if *named == value => continue,
                (Some(named), _) => named.clone(),
                (None, Some(_)) => continue,
                (None, None) => lent().or_else(|| claim.filler.clone()).unwrap_or_else(|| json!("text")),
            };
            put(&mut whole, &pointer, value.clone());
            grafts.push((pointer, value));
        }
        if let (Some((_, named)), Some(CodePlace::Body(pointer))) = (&self.code, code)
            && whole.pointer(pointer) != Some(&json!(named))
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

fn parts(id: &str) -> (&str, &str) {
    id.rsplit_once('.').unwrap_or(("", id))
}

/// The status of which a clause's section speaks.
fn status_of(id: &str) -> Option<u16> {
    parts(id).0.parse().ok()
}

/// The value that a clause's words name: what stands behind the last ` is `.
fn named_value(says: &str, field: &str) -> Option<Value> {
    let (_, value) = says.rsplit_once(" is ")?;
    let value =
        ["always ", "the number "].iter().fold(value.trim(), |value, word| value.strip_prefix(word).unwrap_or(value));
    let quoted = |mark: char| value.strip_prefix(mark)?.strip_suffix(mark).filter(|inside| !inside.contains(mark));
    if let Some(text) = quoted('`').or_else(|| quoted('"')) {
        return Some(json!(text));
    }
    if value == "an empty list" {
        return Some(json!([]));
    }
    if let Some(item) = value.strip_prefix("a list of ").filter(|item| is_word(item)) {
        return Some(json!([item]));
    }
    match serde_json::from_str(value) {
        Ok(literal) => Some(literal),
        Err(_) => (is_word(value) && value != field).then(|| json!(value)),
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace) && !matches!(text, "required" | "due" | "optional")
}

fn says_name(says: &str, field: &str) -> bool {
    says.split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '-').any(|word| word == field)
}

/// The field that a clause puts around another: `message in data is ...`.
fn inside(says: &str, field: &str) -> Option<String> {
    let before = says.rsplit_once(" is ").map_or(says, |(before, _)| before);
    let (named, container) = before.rsplit_once(" in ")?;
    let named = named.rsplit(' ').next().unwrap_or_default();
    (named.eq_ignore_ascii_case(field) && is_word(container)).then(|| container.to_owned())
}

/// A value of the type that a clause's words name.
fn filler(says: &str) -> Option<Value> {
    let (_, words) = says.split_once(" is ")?;
    let types = [
        ("a boolean", json!(true)),
        ("an integer", json!(1)),
        ("a number", json!(1)),
        ("a list", json!([])),
        ("an object", json!({})),
    ];
    types.into_iter().find(|(named, _)| words.starts_with(named)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(says: &str, field: &str) -> Claim {
        Claim::of(&format!("200.{field}"), says)
    }

    impl Claims {
        /// The claims of one clause, on a page that speaks of statuses.
        pub(in crate::mutant) fn single(id: &str, says: &str) -> Self {
            Self { fields: vec![Claim::of(id, says)], tells_status: true, ..Self::default() }
        }
    }

    #[test]
    fn the_end_of_a_clause_names_a_value_or_none() {
        let named = |says: &str| named_value(says, "field");
        assert_eq!(named("deleted is true"), Some(json!(true)));
        assert_eq!(named("object is always link"), Some(json!("link")));
        assert_eq!(named("code is the number 404"), Some(json!(404)));
        assert_eq!(named("data is null"), Some(json!(null)));
        assert_eq!(named("error is an empty list"), Some(json!([])));
        assert_eq!(named("error is a list of BAD_REQUEST"), Some(json!(["BAD_REQUEST"])));
        assert_eq!(named("The message is `No such link.`"), Some(json!("No such link.")));
        for open in ["title is a string", "id is that of the link", "id is required", "The message has the details"] {
            assert_eq!(named(open), None, "{open}");
        }
    }

    #[test]
    fn an_answer_is_given_what_it_lacks_of_its_claims() {
        let claims = Claims {
            fields: vec![
                claim("success is 1", "success"),
                claim("title is a string", "title"),
                claim("The message in data is DELETED", "message"),
                claim("used is a boolean", "used"),
            ],
            code: Some(("errors.gone".to_owned(), "gone".to_owned())),
            ..Claims::default()
        };
        let donor = json!({ "title": "mine" });
        let grafts = claims.grafts(&json!({ "success": 1 }), Some(&CodePlace::Body("/code".to_owned())), &[&donor]);
        let wanted = [
            ("/title", json!("mine")),
            ("/data/message", json!("DELETED")),
            ("/used", json!(true)),
            ("/code", json!("gone")),
        ];
        assert_eq!(grafts, wanted.map(|(pointer, value)| (pointer.to_owned(), value)));
        let whole =
            json!({ "success": 0, "title": "x", "data": { "message": "DELETED" }, "used": false, "code": "gone" });
        let grafts = claims.grafts(&whole, Some(&CodePlace::Body("/code".to_owned())), &[]);
        assert_eq!(grafts, [("/success".to_owned(), json!(1))], "what a clause names stands in place of anything else");
    }

    #[test]
    fn a_field_of_the_name_at_another_level_is_not_the_one_that_is_meant() {
        let fields = vec![
            claim("object is always link", "object"),
            claim("used is a boolean", "used"),
            claim("title is a string", "title"),
        ];
        let claims = Claims { fields, ..Claims::default() };
        let grafts = |body: Value| claims.grafts(&body, None, &[]);
        let nested = json!({ "used": true, "title": "x", "charges": { "object": "list" } });
        assert_eq!(grafts(nested), [("/object".to_owned(), json!("link"))]);
        let enveloped = json!({ "data": { "used": true, "title": "x" } });
        assert_eq!(grafts(enveloped), [("/data/object".to_owned(), json!("link"))]);
        assert_eq!(grafts(json!({ "used": true, "title": "x", "object": "link" })), []);
    }

    #[test]
    fn the_nearest_field_above_a_place_is_the_one_that_is_claimed() {
        let claims = Claims {
            fields: vec![claim("charges is a list", "charges"), claim("id is the link's own", "id")],
            ..Claims::default()
        };
        assert_eq!(claims.clause("/charges/data/0"), Some("200.charges"));
        assert_eq!(claims.clause("/charges/id"), Some("200.id"));
        assert_eq!(claims.clause("/other"), None);
    }
}
