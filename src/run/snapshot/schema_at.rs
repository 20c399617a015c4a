//! The promised schemas at one place of an answer: every part of the promise that speaks of it.

use crate::contract::{Outcome, Promise};
use serde_json::Value;

/// The schemas that apply to one value of an answer.
#[derive(Debug, Clone)]
pub(super) struct SchemaAt<'a> {
    root: Option<&'a Value>,
    schemas: Vec<&'a Value>,
}

/// Schemas are followed through so many others; beyond that, one that refers to itself is left.
const LONGEST: usize = 256;

impl<'a> SchemaAt<'a> {
    /// The schema of a whole value.
    pub(super) fn root(root: Option<&'a Value>) -> Self {
        let mut found = Self { root, schemas: Vec::new() };
        found.extend(root);
        found
    }

    /// The schema of the body that an outcome promises.
    pub(super) fn of_body(outcome: Option<&'a Outcome>) -> Self {
        match outcome.map(|outcome| &outcome.body) {
            Some(Promise::Json(shape)) => Self::root(Some(&shape.schema)),
            _ => Self::root(None),
        }
    }

    /// The schema of a member of an object.
    pub(super) fn member(&self, key: &str) -> Self {
        self.below(|schema| member_schemas(schema, key))
    }

    /// The schema of an item of a list.
    pub(super) fn item(&self, index: usize) -> Self {
        self.below(|schema| {
            let first = keyword(schema, "prefixItems").and_then(|items| items.get(index));
            first.or_else(|| keyword(schema, "items"))
        })
    }

    /// Returns true if it is declared to vary.
    pub(super) fn varies(&self) -> bool {
        self.keywords("varies").any(|varies| *varies == true)
    }

    /// The placeholder of the kind of time that it is declared to be.
    pub(super) fn time(&self) -> Option<&'static str> {
        self.keywords("format").filter_map(Value::as_str).find_map(|format| match format {
            "date-time" | "iso8601" | "time" => Some("time"),
            "date" => Some("date"),
            _ => None,
        })
    }

    /// The reference that is promised to be there, if it is one and nothing else.
    pub(super) fn reference(&self) -> Option<&'a str> {
        let mut constants = self.keywords("const").filter_map(Value::as_str);
        constants.find_map(|constant| constant.strip_prefix('$').filter(|name| name.chars().all(is_of_name)))
    }

    /// Returns true if it is one of several listed values.
    pub(super) fn is_listed(&self) -> bool {
        self.keywords("enum").next().is_some()
    }

    fn keywords(&self, name: &str) -> impl Iterator<Item = &'a Value> {
        self.schemas.iter().filter_map(move |schema| keyword(schema, name))
    }

    fn below<S: IntoIterator<Item = &'a Value>>(&self, find: impl Fn(&'a Value) -> S) -> Self {
        let mut found = Self { root: self.root, schemas: Vec::new() };
        found.extend(self.schemas.iter().flat_map(|schema| find(schema)));
        found
    }

    fn extend(&mut self, schemas: impl IntoIterator<Item = &'a Value>) {
        schemas.into_iter().for_each(|schema| self.add(schema));
    }

    /// Adds a schema with all that it applies to the same value.
    fn add(&mut self, schema: &'a Value) {
        if self.schemas.len() >= LONGEST || self.schemas.iter().any(|known| std::ptr::eq(*known, schema)) {
            return;
        }
        self.schemas.push(schema);
        let lists = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|name| keyword(schema, name));
        self.extend(lists.filter_map(Value::as_array).flatten());
        self.extend(["then", "else"].into_iter().filter_map(|name| keyword(schema, name)));
        let target = keyword(schema, "$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        self.extend(target.and_then(|pointer| self.root?.pointer(pointer)));
    }
}

/// The schemas of a member: those under its own name and under patterns of it, or else the one of all others.
fn member_schemas<'a>(schema: &'a Value, key: &str) -> Vec<&'a Value> {
    let named = keyword(schema, "properties").and_then(|properties| keyword(properties, key));
    let patterns = keyword(schema, "patternProperties").and_then(Value::as_object).into_iter().flatten();
    let matched = patterns.filter(|(pattern, _)| matches_key(pattern, key)).map(|(_, schema)| schema);
    let mut found: Vec<_> = named.into_iter().chain(matched).collect();
    if found.is_empty() {
        found.extend(keyword(schema, "additionalProperties"));
    }
    found
}

fn keyword<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    schema.get(name)
}

fn matches_key(pattern: &str, key: &str) -> bool {
    regex::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(key))
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_')
}
