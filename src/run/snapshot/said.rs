//! What a contract says of one place in an answer: every part of the promised schema that speaks of it.

use serde_json::Value;

/// The schemas that apply to one value of an answer.
#[derive(Debug, Clone)]
pub(super) struct Said<'a> {
    root: Option<&'a Value>,
    schemas: Vec<&'a Value>,
}

/// Schemas are followed through so many others; beyond that, one that refers to itself is left.
const LONGEST: usize = 256;

impl<'a> Said<'a> {
    /// What is said of a whole body.
    pub(super) fn of(root: Option<&'a Value>) -> Self {
        let mut said = Self { root, schemas: Vec::new() };
        root.into_iter().for_each(|schema| said.add(schema));
        said
    }

    /// What is said of a member of an object.
    pub(super) fn member(&self, key: &str) -> Self {
        self.below(|schema| {
            let named = schema.get("properties").and_then(|properties| properties.get(key));
            let patterns = schema.get("patternProperties").and_then(Value::as_object);
            let matched = patterns.into_iter().flatten().filter(|(pattern, _)| matches(pattern, key));
            let mut found: Vec<&Value> = named.into_iter().chain(matched.map(|(_, schema)| schema)).collect();
            if found.is_empty() {
                found.extend(schema.get("additionalProperties"));
            }
            found
        })
    }

    /// What is said of an item of a list.
    pub(super) fn item(&self, index: usize) -> Self {
        self.below(|schema| {
            let first = schema.get("prefixItems").and_then(|items| items.get(index));
            first.or_else(|| schema.get("items")).into_iter().collect()
        })
    }

    /// Whether it is declared to vary.
    pub(super) fn varies(&self) -> bool {
        self.schemas.iter().any(|schema| schema.get("varies") == Some(&Value::Bool(true)))
    }

    /// The placeholder of the kind of time that it is declared to be.
    pub(super) fn time(&self) -> Option<&'static str> {
        self.schemas.iter().find_map(|schema| match schema.get("format")?.as_str()? {
            "date-time" | "time" => Some("time"),
            "date" => Some("date"),
            _ => None,
        })
    }

    /// The reference that is promised to stand there, if it is one and nothing else.
    pub(super) fn reference(&self) -> Option<&'a str> {
        self.schemas.iter().find_map(|schema| {
            let constant = schema.get("const")?.as_str()?;
            constant.strip_prefix('$').filter(|name| name.chars().all(is_of_name))
        })
    }

    /// Whether it is one of several listed values.
    pub(super) fn is_listed(&self) -> bool {
        self.schemas.iter().any(|schema| schema.get("enum").is_some())
    }

    fn below(&self, find: impl Fn(&'a Value) -> Vec<&'a Value>) -> Self {
        let mut said = Self { root: self.root, schemas: Vec::new() };
        self.schemas.iter().flat_map(|schema| find(schema)).for_each(|schema| said.add(schema));
        said
    }

    fn add(&mut self, schema: &'a Value) {
        if self.schemas.len() >= LONGEST || self.schemas.iter().any(|known| std::ptr::eq(*known, schema)) {
            return;
        }
        self.schemas.push(schema);
        for keyword in ["allOf", "anyOf", "oneOf"] {
            schema.get(keyword).and_then(Value::as_array).into_iter().flatten().for_each(|schema| self.add(schema));
        }
        for keyword in ["then", "else"] {
            schema.get(keyword).into_iter().for_each(|schema| self.add(schema));
        }
        let target = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        let target = target.and_then(|pointer| self.root?.pointer(pointer));
        target.into_iter().for_each(|schema| self.add(schema));
    }
}

fn matches(pattern: &str, key: &str) -> bool {
    regex::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(key))
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_')
}
