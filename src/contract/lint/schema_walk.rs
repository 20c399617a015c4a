//! A walk over a schema as written: keywords that mean nothing, that cannot be there, or that speak of no value.

use super::keywords::{ANY, FORMATS, Keyword, OBJECT, STRING, TYPES, Takes, Types, says_something, types_of};
use super::local_references::LocalReferences;
use super::patterns::Patterns;
use super::reserved_words::not_yet_run;
use super::shapes::ShapeUse;
use super::vendor_scope::VendorScope;
use crate::contract::template::{Template, refers};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use serde_json::{Map, Value};

/// A walk over everything that is promised of bodies.
pub(super) struct SchemaWalk<'a, 'f> {
    pub(super) scope: &'f VendorScope<'a>,
    pub(super) found: &'f mut Vec<Diagnostic>,
    patterns: Patterns<'a>,
    /// The places that are like a shape.
    pub(super) uses: Vec<ShapeUse<'a>>,
    /// The shape in which the walk is.
    pub(super) inside: Option<&'a str>,
    /// Local references of the outcome in which the walk is.
    pub(super) locals: LocalReferences<'a>,
}

/// The facts about the value of which a schema speaks.
#[derive(Clone, Copy)]
pub(super) struct ValueFacts {
    /// Its types, where they are known.
    types: Option<Types>,
    /// Whether the schema has to hold; a guess may be as loose as it likes.
    is_binding: bool,
}

impl ValueFacts {
    /// A value of which nothing is known.
    pub(super) const UNKNOWN: Self = Self { types: None, is_binding: true };
    /// The value of a header.
    pub(super) const TEXT: Self = Self { types: Some(STRING), is_binding: true };
}

impl<'a, 'f> SchemaWalk<'a, 'f> {
    pub(super) fn new(scope: &'f VendorScope<'a>, found: &'f mut Vec<Diagnostic>) -> Self {
        let (patterns, locals) = (Patterns::default(), LocalReferences::default());
        Self { scope, found, patterns, uses: Vec::new(), inside: None, locals }
    }

    /// Notes that something is like a shape, and what it promises differently.
    pub(super) fn note_use(&mut self, map: &'a Map<String, Value>, has_code: bool) {
        if let Some(Value::String(shape)) = map.get("like") {
            let own = map.get("fields").and_then(Value::as_object);
            self.uses.push(ShapeUse { shape, inside: self.inside, own, has_code });
        }
    }

    /// Every keyword of a schema, and the schemas in it.
    pub(super) fn walk_schema(&mut self, map: &'a Map<String, Value>, at: &Place, facts: ValueFacts) {
        self.note_use(map, false);
        let own = types_of(map).or_else(|| given_types(map)).or(facts.types).or_else(|| slip_types(map));
        for (word, value) in map {
            let Some(keyword) = Keyword::find(word) else {
                self.found.push(unknown_keyword(word, value, map, at));
                continue;
            };
            let place = at.child(word);
            if keyword.is_refused() {
                let message = format!("`{word}` has no place in a contract");
                self.found.push(
                    Diagnostic::error(Code::BadSchema, message)
                        .at(place.key(), "one schema of one draft, in one place"),
                );
            } else if let Some(due) = keyword.takes.refuses(value) {
                let message = format!("`{word}` takes {due}");
                self.found.push(Diagnostic::error(Code::BadSchema, message).at(place, "something else stands here"));
            } else {
                if facts.is_binding && !matches!(word.as_str(), "fields" | "like") {
                    self.found.extend(type_mistake(word, keyword.speaks, own, &place));
                }
                self.walk_value(keyword.takes, value, &place, ValueFacts { types: own, ..facts });
            }
        }
    }

    /// The value behind a keyword.
    fn walk_value(&mut self, takes: Takes, value: &'a Value, at: &Place, facts: ValueFacts) {
        match (takes, value) {
            (Takes::Same, Value::Object(map)) => self.walk_schema(map, at, facts),
            (Takes::Guess, Value::Object(map)) => self.walk_schema(map, at, ValueFacts { is_binding: false, ..facts }),
            (Takes::Keys, Value::Object(map)) => {
                self.walk_schema(map, at, ValueFacts { types: Some(STRING), ..facts });
            }
            (Takes::Other, _) => self.walk_other(value, at, facts),
            (Takes::SameList, Value::Array(list)) => self.walk_pieces(list, at, facts),
            (Takes::OtherList, Value::Array(list)) => {
                for (index, item) in list.iter().enumerate().filter(|(_, item)| says_something(item)) {
                    self.walk_other(item, &at.index(index), facts);
                }
            }
            (Takes::OtherNamed | Takes::OtherMatched | Takes::SameNamed, Value::Object(named)) => {
                self.walk_named(takes, named, at, facts);
            }
            (Takes::Fields, Value::Object(fields)) => self.check_fields(fields, at),
            (Takes::Pattern, Value::String(pattern)) => self.found.extend(self.patterns.check(pattern, at.clone())),
            (Takes::Format, Value::String(format)) => self.check_format(format, at),
            (Takes::Reference, Value::String(reference)) => self.check_reference(reference, at),
            (Takes::Reserved, _) => self.found.push(not_yet_run("lists", at.key())),
            _ => {}
        }
    }

    /// The schemas of one value, in a list.
    fn walk_pieces(&mut self, list: &'a [Value], at: &Place, facts: ValueFacts) {
        for (index, item) in list.iter().enumerate() {
            match item {
                Value::Object(map) if says_something(item) => self.walk_schema(map, &at.index(index), facts),
                Value::Bool(false) => {}
                _ => self.found.push(vacuous_schema(&at.index(index))),
            }
        }
    }

    fn walk_named(&mut self, takes: Takes, named: &'a Map<String, Value>, at: &Place, facts: ValueFacts) {
        for (name, schema) in named {
            let place = at.child(name);
            match (takes, schema) {
                (Takes::SameNamed, Value::Object(map)) => {
                    self.walk_schema(map, &place, ValueFacts { types: Some(OBJECT), ..facts });
                }
                (Takes::SameNamed, _) => {}
                (Takes::OtherMatched, _) => {
                    self.found.extend(self.patterns.check(name, place.key()));
                    self.walk_other(schema, &place, facts);
                }
                _ => self.walk_other(schema, &place, facts),
            }
        }
    }

    /// A schema of another value; where it only guesses, it may be as loose as it likes.
    fn walk_other(&mut self, schema: &'a Value, at: &Place, facts: ValueFacts) {
        let is_loose =
            !facts.is_binding || at.pointer.ends_with("additionalProperties") || at.pointer.ends_with("Schema");
        match schema {
            Value::Object(map) if is_loose => self.walk_schema(map, at, ValueFacts { types: None, ..facts }),
            _ if is_loose => {}
            _ => self.check_value(schema, at),
        }
    }

    fn check_format(&mut self, format: &str, at: &Place) {
        if !FORMATS.contains(&format) {
            self.found.push(
                Diagnostic::error(Code::UnknownFormat, format!("no format is named `{format}`"))
                    .at(at, "nothing would check it")
                    .suggest(format, FORMATS),
            );
        }
    }

    fn check_reference(&mut self, reference: &'a str, at: &Place) {
        let mistake = match (reference.starts_with('#'), self.inside) {
            (false, _) if has_name(reference) => {
                Diagnostic::error(Code::MisplacedReference, "a `$name` stands in a `$ref`, where it is not replaced")
                    .at(at, "not replaced here")
            }
            (false, _) => Diagnostic::error(Code::RemoteReference, format!("`{reference}` leads out of the file"))
                .at(at, "nothing is ever fetched")
                .help("write the schema out, or share it by a shape under `shapes`"),
            (true, Some(shape)) => Diagnostic::error(
                Code::DanglingReference,
                format!("the shape `{shape}` has no top to which `#` could lead"),
            )
            .at(at, "a shape is a part of many bodies")
            .help("use `like` with another shape"),
            (true, None) => return self.locals.add(reference, at.clone()),
        };
        self.found.push(mistake);
    }
}

/// Whether a text has a reference in it.
fn has_name(text: &str) -> bool {
    refers(&Value::from(text)) && Template::parse(text).names().next().is_some()
}

/// The mistake of a keyword that speaks of a type which the value need not have, or cannot have.
fn type_mistake(word: &str, speaks: Types, types: Option<Types>, at: &Place) -> Option<Diagnostic> {
    if speaks == ANY {
        return None;
    }
    let name = TYPES.iter().find(|(_, set)| *set == speaks).map_or("number", |(name, _)| name);
    match types {
        None => Some(
            Diagnostic::error(Code::MissingType, format!("`{word}` speaks of the type {name}, and no type is due"))
                .at(at.key(), "values of every other type pass")
                .help(format!("add `type: {name}`")),
        ),
        Some(types) if types & speaks == 0 => Some(
            Diagnostic::error(Code::IdleKeyword, format!("`{word}` speaks of the type {name}, and another one is due"))
                .at(at.key(), "this can never fail"),
        ),
        Some(_) => None,
    }
}

fn unknown_keyword(word: &str, value: &Value, map: &Map<String, Value>, at: &Place) -> Diagnostic {
    let mistake = Diagnostic::error(Code::UnknownKeyword, format!("`{word}` is no keyword of JSON Schema"))
        .at(at.child(word).key(), "would be ignored")
        .suggest(word, Keyword::names());
    if word == "nullable" {
        return mistake.help("write `type: [string, \"null\"]`");
    }
    // The most likely slip of all: fields where a schema is expected.
    if mistake.help.is_empty() && (!value.is_object() || !can_fail(map)) {
        return mistake
            .help("fields of an object stand under `fields`; an object that is a constant is `{ const: { ... } }`");
    }
    mistake
}

pub(super) fn vacuous_schema(at: &Place) -> Diagnostic {
    Diagnostic::error(Code::VacuousSchema, "this promise accepts every value, so it cannot fail")
        .at(at, "says nothing")
        .help("say the type or the value, or take the promise away; `body: any` promises nothing openly")
}

/// Whether a keyword of a schema can fail.
pub(super) fn can_fail(map: &Map<String, Value>) -> bool {
    map.keys().filter_map(|word| Keyword::find(word)).any(Keyword::can_fail)
}

/// The types of a value that keywords other than `type` decide.
fn given_types(map: &Map<String, Value>) -> Option<Types> {
    if map.contains_key("fields") || map.contains_key("like") {
        return Some(OBJECT);
    }
    if ["const", "enum", "$ref"].iter().any(|word| map.contains_key(*word)) {
        return Some(ANY);
    }
    let pieces = map.get("allOf").and_then(Value::as_array).into_iter().flatten();
    pieces.filter_map(Value::as_object).find_map(|piece| types_of(piece).or_else(|| given_types(piece)))
}

/// Every type, where a word that means nothing may have been meant for `type`, and is reported on its own.
fn slip_types(map: &Map<String, Value>) -> Option<Types> {
    map.keys().any(|word| Keyword::find(word).is_none()).then_some(ANY)
}
