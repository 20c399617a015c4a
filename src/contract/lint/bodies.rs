//! What is wrong with the promises of bodies as they are written: schemas that cannot fail or cannot hold, and words that mean
//! nothing.

use super::algebra;
use super::constraints::says_something;
use super::keywords::{self, ANY, FORMATS, OBJECT, REFUSED, STRING, TYPES, Takes, Types};
use super::local::Locals;
use super::patterns::Patterns;
use super::scope::Scope;
use super::shapes::{self, Use};
use crate::contract::shape::{Compiler, only_varies};
use crate::contract::template::{Template, plain, refers};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use serde_json::{Map, Value};

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    let mut walk =
        Walk { scope, found, patterns: Patterns::default(), uses: Vec::new(), inside: None, locals: Locals::default() };
    for (name, fields) in &scope.vendor.file.shapes {
        walk.inside = Some(name);
        walk.fields(fields, &scope.at("shapes").child(name));
    }
    walk.inside = None;
    for (written, at) in scope.holders() {
        walk.outcomes(written, &at);
    }
    let uses = walk.uses;
    shapes::check(scope, &uses, found);
}

/// A walk over everything that is promised of bodies.
struct Walk<'a, 'f> {
    scope: &'f Scope<'a>,
    found: &'f mut Vec<Diagnostic>,
    patterns: Patterns,
    uses: Vec<Use<'a>>,
    /// The shape in which the walk is.
    inside: Option<&'f str>,
    /// Local references of the outcome in which the walk is.
    locals: Locals,
}

/// What is known of the value of which a schema speaks.
#[derive(Clone, Copy)]
struct About {
    /// Its types, where they are known.
    types: Option<Types>,
    /// Whether the schema has to hold; a guess may be as loose as it likes.
    binding: bool,
}

const FRESH: About = About { types: None, binding: true };

impl<'a> Walk<'a, '_> {
    /// Every outcome of an operation or section as written.
    fn outcomes(&mut self, written: &'a Value, at: &Place) {
        for (name, outcome) in written.get("outcomes").and_then(Value::as_object).into_iter().flatten() {
            let Value::Object(outcome) = outcome else { continue };
            let at = at.child("outcomes").child(name);
            self.locals = Locals::default();
            self.uses(outcome, outcome.get("code").is_some());
            if let Some(Value::Object(fields)) = outcome.get("fields") {
                self.fields(fields, &at.child("fields"));
            }
            if let Some(body @ Value::Object(_)) = outcome.get("body") {
                self.value(body, &at.child("body"));
            }
            if let Some(code) = outcome.get("code") {
                self.promise(code, &at.child("code"));
            }
            for (header, promise) in outcome.get("headers").and_then(Value::as_object).into_iter().flatten() {
                self.header(promise, &at.child("headers").child(header));
            }
            let locals = std::mem::take(&mut self.locals);
            locals.check(self.scope, outcome, &at, self.found);
        }
    }

    /// Notes that something is like a shape, and what it promises otherwise.
    fn uses(&mut self, map: &'a Map<String, Value>, code: bool) {
        if let Some(Value::String(shape)) = map.get("like") {
            let own = map.get("fields").and_then(Value::as_object);
            self.uses.push(Use { shape, inside: self.inside.map(str::to_owned), own, code });
        }
    }

    fn fields(&mut self, fields: &'a Map<String, Value>, at: &Place) {
        for (name, promise) in fields {
            self.promise(promise, &at.child(name));
        }
    }

    /// What stands behind a field's name.
    fn promise(&mut self, promise: &'a Value, at: &Place) {
        match promise {
            note if only_varies(note) => {}
            Value::Object(_) => self.value(promise, at),
            Value::String(word) if TYPES.iter().any(|(name, _)| name == word) => self.found.push(
                Diagnostic::error(Code::TypeAsConstant, format!("the field would have to be the very word `{word}`"))
                    .at(at, "a constant, not a type")
                    .help(format!("write `{{ type: {word} }}`; if the word is meant, `{{ const: {word} }}`")),
            ),
            _ => {}
        }
    }

    fn header(&mut self, promise: &'a Value, at: &Place) {
        let types = promise.get("type").map(|written| keywords::types(Some(written)).unwrap_or(STRING));
        match promise {
            Value::Object(_) if types.is_some_and(|types| types & STRING == 0) => self.found.push(
                Diagnostic::error(Code::Contradiction, "a header's value is text")
                    .at(at.child("type"), "no header has a value of this type")
                    .help("promise text with a `pattern`"),
            ),
            Value::Object(map) => {
                self.schema(map, at, About { types: Some(STRING), binding: true });
                if !says_something(promise) {
                    self.vacuous(at);
                }
            }
            Value::String(_) => {}
            other => self.found.push(
                Diagnostic::error(Code::WrongType, "a header's value is text")
                    .at(at, "no text")
                    .help(format!("quote it: `\"{}\"`", plain(other))),
            ),
        }
    }

    /// A schema of a value of its own, which has to say something that can hold.
    fn value(&mut self, schema: &'a Value, at: &Place) {
        let Value::Object(map) = schema else {
            if *schema == Value::Bool(true) {
                self.vacuous(at);
            }
            return;
        };
        let before = self.found.len();
        self.schema(map, at, FRESH);
        let told = self.found.iter().skip(before).any(|mistake| mistake.code != Code::NotYetRun);
        if told {
            return;
        }
        if !map.keys().any(|word| asserts(word)) {
            self.vacuous(at);
        } else if !is_simple(map) {
            self.weigh(schema, at);
        }
    }

    /// Asks the algebra whether a schema holds everything or nothing.
    fn weigh(&mut self, schema: &'a Value, at: &Place) {
        if schema.get("not").is_some_and(|not| !says_something(not)) {
            return;
        }
        let plain =
            Compiler::new(&self.scope.vendor.file.shapes, self.scope.at("shapes")).body(schema, None, at).schema;
        let Some(set) = algebra::set(&plain) else { return };
        if algebra::is_everything(&set) {
            self.vacuous(at);
        } else if algebra::is_empty(&set) {
            let words =
                algebra::conflict(&plain).iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" and ");
            let label = if words.is_empty() { "these exclude each other".to_owned() } else { format!("by {words}") };
            self.found.push(
                Diagnostic::error(Code::Contradiction, "no value can satisfy this promise")
                    .at(at, label)
                    .help("correct the bounds or the type; a field that must not be there is promised by `false`"),
            );
        }
    }

    fn vacuous(&mut self, at: &Place) {
        self.found.push(
            Diagnostic::error(Code::VacuousSchema, "this promise accepts every value, so it cannot fail")
                .at(at, "says nothing")
                .help("say the type or the value, or take the promise away; `body: any` promises nothing openly"),
        );
    }

    /// Every keyword of a schema, and the schemas in it.
    fn schema(&mut self, map: &'a Map<String, Value>, at: &Place, about: About) {
        self.uses(map, false);
        // A word that means nothing may have been meant for `type`, and is told by itself.
        let slip = map.keys().any(|word| keywords::keyword(word).is_none()).then_some(ANY);
        let own = keywords::types(map.get("type")).or_else(|| given(map)).or(about.types).or(slip);
        for (word, value) in map {
            let Some((takes, speaks)) = keywords::keyword(word) else {
                self.unknown(word, value, map, at);
                continue;
            };
            let place = at.child(word);
            if REFUSED.contains(&word.as_str()) {
                self.bad(
                    format!("`{word}` has no place in a contract"),
                    place.key(),
                    "one schema of one draft, in one place",
                );
            } else if let Some(due) = keywords::due(takes, value) {
                self.bad(format!("`{word}` takes {due}"), place, "something else stands here");
            } else {
                self.speaks(word, speaks, own, about, &place);
                self.inner(takes, value, &place, About { types: own, binding: about.binding });
            }
        }
    }

    /// Tells of a keyword that speaks of a type which the value need not have, or cannot have.
    fn speaks(&mut self, word: &str, speaks: Types, types: Option<Types>, about: About, at: &Place) {
        if speaks == ANY || !about.binding || matches!(word, "fields" | "like") {
            return;
        }
        let name = TYPES.iter().find(|(_, set)| *set == speaks).map_or("number", |(name, _)| name);
        match types {
            None => self.found.push(
                Diagnostic::error(Code::MissingType, format!("`{word}` speaks of the type {name}, and no type is due"))
                    .at(at.clone().key(), "values of every other type pass")
                    .help(format!("add `type: {name}`")),
            ),
            Some(types) if types & speaks == 0 => self.found.push(
                Diagnostic::error(
                    Code::IdleKeyword,
                    format!("`{word}` speaks of the type {name}, and another one is due"),
                )
                .at(at.clone().key(), "this can never fail"),
            ),
            Some(_) => {}
        }
    }

    /// What stands behind a keyword.
    fn inner(&mut self, takes: Takes, value: &'a Value, at: &Place, about: About) {
        match (takes, value) {
            (Takes::Same, Value::Object(map)) => self.schema(map, at, about),
            (Takes::Guess, Value::Object(map)) => self.schema(map, at, About { binding: false, ..about }),
            (Takes::Keys, Value::Object(map)) => self.schema(map, at, About { types: Some(STRING), ..about }),
            (Takes::Other, _) => self.other(value, at, about),
            (Takes::SameList, Value::Array(list)) => {
                for (index, item) in list.iter().enumerate() {
                    match item {
                        Value::Object(map) if says_something(item) => self.schema(map, &at.index(index), about),
                        Value::Bool(false) => {}
                        _ => self.vacuous(&at.index(index)),
                    }
                }
            }
            (Takes::OtherList, Value::Array(list)) => {
                for (index, item) in list.iter().enumerate().filter(|(_, item)| says_something(item)) {
                    self.other(item, &at.index(index), about);
                }
            }
            (Takes::OtherNamed, Value::Object(named)) => {
                for (name, schema) in named {
                    self.other(schema, &at.child(name), about);
                }
            }
            (Takes::OtherMatched, Value::Object(named)) => {
                for (pattern, schema) in named {
                    self.found.extend(self.patterns.in_schema(pattern, at.child(pattern).key()));
                    self.other(schema, &at.child(pattern), about);
                }
            }
            (Takes::SameNamed, Value::Object(named)) => {
                for (name, schema) in named {
                    if let Value::Object(map) = schema {
                        self.schema(map, &at.child(name), About { types: Some(OBJECT), ..about });
                    }
                }
            }
            (Takes::Fields, Value::Object(fields)) => self.fields(fields, at),
            (Takes::Pattern, Value::String(pattern)) => self.found.extend(self.patterns.in_schema(pattern, at.clone())),
            (Takes::Format, Value::String(format)) => self.format(format, at),
            (Takes::Reference, Value::String(reference)) => self.reference(reference, at),
            (Takes::Reserved, _) => self.found.push(super::reserved::not_yet_run("lists", at.clone().key())),
            _ => {}
        }
    }

    /// A schema of another value; where it only guesses, it may be as loose as it likes.
    fn other(&mut self, schema: &'a Value, at: &Place, about: About) {
        let loose = at.pointer.ends_with("additionalProperties") || at.pointer.ends_with("Schema");
        match schema {
            Value::Object(map) if !about.binding || loose => self.schema(map, at, About { types: None, ..about }),
            _ if !about.binding || loose => {}
            _ => self.value(schema, at),
        }
    }

    fn format(&mut self, format: &str, at: &Place) {
        if !FORMATS.contains(&format) {
            self.found.push(
                Diagnostic::error(Code::UnknownFormat, format!("no format is named `{format}`"))
                    .at(at, "nothing would check it")
                    .suggest(format, FORMATS),
            );
        }
    }

    fn reference(&mut self, reference: &str, at: &Place) {
        if refers(&Value::from(reference))
            && Template::parse(reference).names().next().is_some()
            && !reference.starts_with('#')
        {
            self.found.push(
                Diagnostic::error(Code::MisplacedReference, "a `$name` stands in a `$ref`, where it is not replaced")
                    .at(at, "not replaced here"),
            );
        } else if !reference.starts_with('#') {
            self.found.push(
                Diagnostic::error(Code::RemoteReference, format!("`{reference}` leads out of the file"))
                    .at(at, "nothing is ever fetched")
                    .help("write the schema out, or share it by a shape under `shapes`"),
            );
        } else if let Some(shape) = self.inside {
            self.found.push(
                Diagnostic::error(
                    Code::DanglingReference,
                    format!("the shape `{shape}` has no top to which `#` could lead"),
                )
                .at(at, "a shape is a part of many bodies")
                .help("use `like` with another shape"),
            );
        } else {
            self.locals.add(reference, at.clone());
        }
    }

    fn unknown(&mut self, word: &str, value: &Value, map: &Map<String, Value>, at: &Place) {
        let mistake = Diagnostic::error(Code::UnknownKeyword, format!("`{word}` is no keyword of JSON Schema"))
            .at(at.child(word).key(), "would be ignored");
        let mistake = mistake.suggest(word, keywords::names());
        // The most likely slip of all: fields where a schema is due.
        let field = mistake.help.is_empty() && (!value.is_object() || !map.keys().any(|known| asserts(known)));
        self.found.push(if word == "nullable" {
            mistake.help("write `type: [string, \"null\"]`")
        } else if field {
            mistake
                .help("fields of an object stand under `fields`; an object that is a constant is `{ const: { ... } }`")
        } else {
            mistake
        });
    }

    fn bad(&mut self, message: String, at: Place, label: &str) {
        self.found.push(Diagnostic::error(Code::BadSchema, message).at(at, label));
    }
}

/// Whether a keyword can fail.
fn asserts(word: &str) -> bool {
    let idle = ["optional", "varies", "shown", "lists", "$defs", "$anchor"];
    keywords::keyword(word).is_some() && !super::constraints::ANNOTATIONS.contains(&word) && !idle.contains(&word)
}

/// The types of a value that keywords other than `type` decide.
fn given(map: &Map<String, Value>) -> Option<Types> {
    if map.contains_key("fields") || map.contains_key("like") {
        return Some(OBJECT);
    }
    if ["const", "enum", "$ref"].iter().any(|word| map.contains_key(*word)) {
        return Some(ANY);
    }
    let all = map.get("allOf").and_then(Value::as_array);
    all.into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .find_map(|map| keywords::types(map.get("type")).or_else(|| given(map)))
}

/// Whether a schema is so plain that it certainly says something that can hold; the schemas in it are looked at by themselves.
fn is_simple(map: &Map<String, Value>) -> bool {
    let words: Vec<&str> = map.keys().map(String::as_str).filter(|word| asserts(word)).collect();
    let alone = |word: &str| {
        matches!(
            word,
            "type" | "format" | "pattern" | "minLength" | "minimum" | "minItems" | "items" | "like" | "fields"
        )
    };
    let typed = keywords::types(map.get("type")).is_none_or(|types| types.count_ones() < 4);
    let fixed = words == ["const"] || words == ["enum"] || words == ["$ref"];
    let zero = ["minLength", "minItems"].iter().any(|word| map.get(*word).and_then(Value::as_u64) == Some(0));
    fixed || (typed && !zero && words.iter().all(|word| alone(word)) && words.len() <= 3)
}
