//! From a promised body to values: the schema of an outcome made ready once, so that an answer is filled in at little cost.

use super::merge::merged;
use super::scalar::{self, Made};
use crate::contract::shape::{escape, unescape};
use crate::contract::template::{Names, Template, Unresolved, refers, resolve_value};
use crate::judge::check::validator;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::cell::Cell;
use std::sync::OnceLock;

/// How deep a schema that refers to itself is followed, and how many places a body may have.
const DEEPEST: usize = 24;
const LARGEST: usize = 20_000;
/// The most items that are made for a list, and fields for an object, because a number asks for them.
const MOST: u64 = 1000;

/// A place in a promised body, and what stands there.
#[derive(Debug)]
pub(super) struct Node {
    /// The JSON Pointer of the place.
    pub(super) pointer: String,
    /// The paths under which something that was sent may be meant for it: the whole one first, its own name last.
    pub(super) names: Vec<Vec<String>>,
    pub(super) kind: Kind,
    /// What a value given from elsewhere has to satisfy; none where nothing else may stand here.
    fits: Option<Fits>,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// A constant.
    Constant(Value),
    /// A constant that depends on the request or the world.
    Reference(Reference),
    /// An object.
    Object(Vec<Field>),
    /// A list.
    List(Vec<Node>),
    /// An example that depends on the request or the world.
    Example(Reference),
    /// A value of the type and format.
    Made(Made),
}

/// A value in which references stand.
#[derive(Debug)]
pub(super) enum Reference {
    /// A text.
    Text(Template),
    /// A list or object with references inside it.
    Inside(Value),
}

impl Reference {
    /// What it stands for.
    pub(super) fn resolve(&self, names: &dyn Names) -> Result<Value, Unresolved> {
        match self {
            Self::Text(template) => template.resolve(names),
            Self::Inside(value) => resolve_value(value, names),
        }
    }
}

/// A field of an object.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) node: Node,
    /// Whether it is left out unless something was sent or stored for it.
    pub(super) only_given: bool,
}

/// A schema that is compiled when something is first held against it.
#[derive(Debug)]
struct Fits {
    schema: Value,
    compiled: OnceLock<Option<Validator>>,
}

impl Node {
    /// Makes a promised body ready; `word` is what a free text in it reads, else the name of its field.
    pub(super) fn of(schema: &Value, word: Option<&str>) -> Self {
        Compiler { root: schema, word, places: Cell::new(0) }.node(schema, String::new(), 0)
    }

    /// The name of its field.
    pub(super) fn name(&self) -> Option<&str> {
        self.names.last()?.last().map(String::as_str)
    }

    /// Whether a value may stand here.
    pub(super) fn admits(&self, value: &Value) -> bool {
        self.fits.as_ref().is_some_and(|fits| {
            let compiled = fits.compiled.get_or_init(|| validator(&fits.schema).ok());
            compiled.as_ref().is_some_and(|validator| validator.is_valid(value))
        })
    }
}

struct Compiler<'a> {
    root: &'a Value,
    word: Option<&'a str>,
    places: Cell<usize>,
}

impl Compiler<'_> {
    fn node(&self, schema: &Value, pointer: String, depth: usize) -> Node {
        let flat = merged(schema, self.root);
        self.places.set(self.places.get() + 1);
        let endless = depth > DEEPEST || self.places.get() > LARGEST;
        let kind = if endless { Kind::Constant(Value::Null) } else { self.kind(&flat, &pointer, depth) };
        let open = !matches!(kind, Kind::Constant(_) | Kind::Reference(_)) && !refers_in(schema) && !has_ref(schema);
        let fits = open.then(|| Fits { schema: schema.clone(), compiled: OnceLock::new() });
        Node { names: if open { names(&pointer) } else { Vec::new() }, pointer, kind, fits }
    }

    fn kind(&self, flat: &Map<String, Value>, pointer: &str, depth: usize) -> Kind {
        if let Some(constant) = flat.get("const") {
            return reference(constant).map_or_else(|| Kind::Constant(constant.clone()), Kind::Reference);
        }
        let listed = |key: &str| flat.get(key).and_then(Value::as_array).and_then(|values| values.first());
        if let Some(example) = listed("examples").or_else(|| listed("enum")).or_else(|| flat.get("default")) {
            return reference(example).map_or_else(|| Kind::Made(Made::Fixed(example.clone())), Kind::Example);
        }
        let last = pointer.rsplit('/').next().unwrap_or_default();
        let word = self.word.unwrap_or(if last.is_empty() { "text" } else { last });
        match type_of(flat) {
            "object" => Kind::Object(self.fields(flat, pointer, depth)),
            "array" => Kind::List(self.items(flat, pointer, depth)),
            "integer" => Kind::Made(Made::Fixed(scalar::number(flat, true))),
            "number" => Kind::Made(Made::Fixed(scalar::number(flat, false))),
            "boolean" => Kind::Made(Made::Fixed(json!(false))),
            "null" => Kind::Made(Made::Fixed(Value::Null)),
            _ => Kind::Made(scalar::string(flat, word)),
        }
    }

    fn fields(&self, flat: &Map<String, Value>, pointer: &str, depth: usize) -> Vec<Field> {
        let properties = flat.get("properties").and_then(Value::as_object);
        let required: Vec<&str> =
            flat.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let of = |name: &str, schema: &Value, only_given| Field {
            name: name.to_owned(),
            node: self.node(schema, format!("{pointer}/{}", escape(name)), depth + 1),
            only_given,
        };
        let mut fields = Vec::new();
        for (name, schema) in properties.into_iter().flatten() {
            let promised = required.contains(&name.as_str()) || says_what_it_is(schema);
            if *schema != Value::Bool(false) {
                fields.push(of(name, schema, !promised));
            }
        }
        let further = flat.get("additionalProperties").cloned().unwrap_or(Value::Bool(true));
        for name in required.iter().filter(|name| properties.is_none_or(|known| !known.contains_key(**name))) {
            fields.push(of(name, &further, false));
        }
        let least = flat.get("minProperties").and_then(Value::as_u64).unwrap_or(0).min(MOST);
        let mut count = fields.iter().filter(|field| !field.only_given).count() as u64;
        for field in fields.iter_mut().filter(|field| field.only_given) {
            field.only_given = count >= least;
            count += u64::from(!field.only_given);
        }
        fields.extend((count..least).map(|index| of(&format!("field{index}"), &further, false)));
        fields
    }

    fn items(&self, flat: &Map<String, Value>, pointer: &str, depth: usize) -> Vec<Node> {
        let number = |keyword: &str| flat.get(keyword).and_then(Value::as_u64);
        let first = flat.get("prefixItems").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let anything = Value::Bool(true);
        let further = flat.get("items").unwrap_or(&anything);
        let contained = flat.get("contains").map(|schema| (schema, number("minContains").unwrap_or(1)));
        let count = contained.map_or(0, |(_, count)| count.min(MOST));
        let mut schemas: Vec<&Value> = first.iter().collect();
        schemas.extend((0..count).filter_map(|_| contained.map(|(schema, _)| schema)));
        let least = usize::try_from(number("minItems").unwrap_or(0).min(MOST)).unwrap_or_default();
        while schemas.len() < least {
            schemas.push(further);
        }
        let distinct = flat.get("uniqueItems") == Some(&Value::Bool(true));
        let node = |(index, schema): (usize, &&Value)| {
            let mut node = self.node(schema, format!("{pointer}/{index}"), depth + 1);
            if distinct {
                vary(&mut node.kind, index);
            }
            node
        };
        schemas.iter().enumerate().map(node).collect()
    }
}

/// Makes a value another one at every place of a list.
fn vary(kind: &mut Kind, index: usize) {
    match kind {
        Kind::Made(Made::Fixed(Value::String(text))) if index > 0 => text.push_str(&index.to_string()),
        Kind::Made(Made::Fixed(value)) => {
            if let Some(number) = value.as_i64() {
                *value = json!(number.saturating_add(i64::try_from(index).unwrap_or(i64::MAX)));
            }
        }
        _ => {}
    }
}

/// A constant in which references stand, read; none where it holds none.
fn reference(constant: &Value) -> Option<Reference> {
    match constant {
        _ if !refers(constant) => None,
        Value::String(text) => Some(Reference::Text(Template::parse(text))),
        other => Some(Reference::Inside(other.clone())),
    }
}

/// Whether a schema has a constant or an example, so that it is shown although it need not be.
fn says_what_it_is(schema: &Value) -> bool {
    ["const", "examples", "default"].iter().any(|key| schema.get(key).is_some())
}

fn type_of(flat: &Map<String, Value>) -> &str {
    match flat.get("type") {
        Some(Value::String(name)) => return name,
        Some(Value::Array(names)) => {
            let mut names = names.iter().filter_map(Value::as_str);
            return names.find(|name| *name != "null").unwrap_or("null");
        }
        _ => {}
    }
    let has = |keys: &[&str]| keys.iter().any(|key| flat.contains_key(*key));
    if has(&["properties", "required", "minProperties"]) {
        "object"
    } else if has(&["items", "prefixItems", "contains", "minItems"]) {
        "array"
    } else if has(&["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]) {
        "number"
    } else {
        "string"
    }
}

/// Whether a reference stands anywhere in a schema but in its examples.
fn refers_in(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => map.iter().any(|(key, value)| match key.as_str() {
            "examples" | "pattern" | "description" | "title" | "$comment" => false,
            "const" | "enum" => refers(value),
            _ => refers_in(value),
        }),
        Value::Array(items) => items.iter().any(refers_in),
        _ => false,
    }
}

/// Whether a schema leans on another one, without which it says nothing.
fn has_ref(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => map.contains_key("$ref") || map.values().any(has_ref),
        Value::Array(items) => items.iter().any(has_ref),
        _ => false,
    }
}

/// The ends of a pointer, the longest first.
fn names(pointer: &str) -> Vec<Vec<String>> {
    let whole: Vec<String> = pointer.split('/').skip(1).map(unescape).collect();
    (0..whole.len()).filter_map(|from| whole.get(from..)).map(<[String]>::to_vec).collect()
}
