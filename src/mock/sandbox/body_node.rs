//! A place in a promised body: the schema of an outcome prepared once, so that an answer is filled in at little cost.

use super::flat_schema::FlatSchema;
use super::scalar_value::{ScalarValue, number_in_range};
use crate::contract::template::{Names, Template, Unresolved, refers, resolve_value};
use crate::judge::check::validator;
use crate::text::source::{escape_segment, pointer_segments};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

/// The deepest that a schema that refers to itself is followed, and the most places of a body.
const DEEPEST: usize = 24;
const LARGEST: usize = 20_000;
/// The most items that are made for a list, and fields for an object, because a number asks for them.
const MOST: u64 = 1000;

/// The schema of anything.
static ANYTHING: Value = Value::Bool(true);

/// A place in a promised body, and what it holds.
#[derive(Debug)]
pub(super) struct BodyNode {
    /// The JSON Pointer of the place.
    pub(super) pointer: Arc<str>,
    /// The paths under which something that was sent may be meant for it: the whole one first, its own name last.
    pub(super) names: Vec<Vec<String>>,
    pub(super) kind: NodeKind,
    /// The condition on a value given from elsewhere; none where nothing else belongs here.
    admits: Option<LazySchema>,
}

#[derive(Debug)]
pub(super) enum NodeKind {
    /// A constant.
    Constant(Value),
    /// A constant that depends on the request or the world.
    Reference(Reference),
    /// An object.
    Object(Vec<ObjectField>),
    /// A list.
    List(Vec<BodyNode>),
    /// An example that depends on the request or the world.
    Example(Reference),
    /// A value of the type and format.
    Scalar(ScalarValue),
}

/// A value with references in it.
#[derive(Debug)]
pub(super) enum Reference {
    /// A text.
    Text(Template),
    /// A list or object with references inside it.
    Inside(Value),
}

impl Reference {
    /// Reads a constant; none where it holds no reference.
    pub(super) fn parse(constant: &Value) -> Option<Self> {
        match constant {
            _ if !refers(constant) => None,
            Value::String(text) => Some(Self::Text(Template::parse(text))),
            other => Some(Self::Inside(other.clone())),
        }
    }

    /// Replaces the references by what they refer to.
    pub(super) fn resolve(&self, names: &dyn Names) -> Result<Value, Unresolved> {
        match self {
            Self::Text(template) => template.resolve(names),
            Self::Inside(value) => resolve_value(value, names),
        }
    }
}

/// A field of an object.
#[derive(Debug)]
pub(super) struct ObjectField {
    name: String,
    /// The name as JSON, with the colon behind it.
    pub(super) key: String,
    pub(super) node: BodyNode,
    /// True for a field that is left out unless something was sent or stored for it.
    pub(super) only_given: bool,
}

/// A schema that is compiled when the first value is checked against it.
#[derive(Debug)]
struct LazySchema {
    schema: Value,
    compiled: OnceLock<Option<Validator>>,
}

impl BodyNode {
    /// Prepares a promised body; `word` is what a free text in it reads, else the name of its field.
    pub(super) fn new(schema: &Value, word: Option<&str>) -> Self {
        NodeBuilder { root: schema, word, places: 0 }.node(schema, String::new(), 0)
    }

    /// The name of its field.
    pub(super) fn name(&self) -> Option<&str> {
        self.names.last()?.last().map(String::as_str)
    }

    /// Returns true for a value that may be here.
    pub(super) fn admits(&self, value: &Value) -> bool {
        self.admits.as_ref().is_some_and(|LazySchema { schema, compiled }| {
            let validator = compiled.get_or_init(|| validator(schema).ok());
            validator.as_ref().is_some_and(|validator| validator.is_valid(value))
        })
    }
}

struct NodeBuilder<'a> {
    root: &'a Value,
    word: Option<&'a str>,
    places: usize,
}

impl NodeBuilder<'_> {
    fn node(&mut self, schema: &Value, pointer: String, depth: usize) -> BodyNode {
        self.places += 1;
        let endless = depth > DEEPEST || self.places > LARGEST;
        let kind = if endless { NodeKind::Constant(Value::Null) } else { self.kind(schema, &pointer, depth) };
        let constant = matches!(kind, NodeKind::Constant(_) | NodeKind::Reference(_));
        let open = !constant && !refers_in(schema) && !has_ref(schema);
        let admits = open.then(|| LazySchema { schema: schema.clone(), compiled: OnceLock::new() });
        let names = if open { pointer_ends(&pointer) } else { Vec::new() };
        BodyNode { names, pointer: pointer.into(), kind, admits }
    }

    fn kind(&mut self, schema: &Value, pointer: &str, depth: usize) -> NodeKind {
        let flat = FlatSchema::of(schema, self.root);
        if let Some(constant) = flat.keyword("const") {
            return Reference::parse(constant)
                .map_or_else(|| NodeKind::Constant(constant.clone()), NodeKind::Reference);
        }
        let listed = flat.items("examples").first().or_else(|| flat.items("enum").first());
        if let Some(example) = listed.or_else(|| flat.keyword("default")) {
            let fixed = || NodeKind::Scalar(ScalarValue::Fixed(example.clone()));
            return Reference::parse(example).map_or_else(fixed, NodeKind::Example);
        }
        let value = match type_of(&flat) {
            "object" => return NodeKind::Object(self.fields(&flat, pointer, depth)),
            "array" => return NodeKind::List(self.items(&flat, pointer, depth)),
            "integer" => number_in_range(&flat, true),
            "number" => number_in_range(&flat, false),
            "boolean" => json!(false),
            "null" => Value::Null,
            _ => return NodeKind::Scalar(ScalarValue::string(&flat, self.word_at(pointer))),
        };
        NodeKind::Scalar(ScalarValue::Fixed(value))
    }

    /// The text of a free text.
    fn word_at<'a>(&'a self, pointer: &'a str) -> &'a str {
        let field = pointer.rsplit_once('/').map_or("text", |(_, name)| name);
        self.word.unwrap_or(if field.is_empty() { "text" } else { field })
    }

    fn fields(&mut self, flat: &FlatSchema<'_>, pointer: &str, depth: usize) -> Vec<ObjectField> {
        let required: Vec<&str> = flat.items("required").iter().filter_map(Value::as_str).collect();
        let mut fields = Vec::new();
        for (name, schema) in flat.properties().filter(|(_, schema)| **schema != Value::Bool(false)) {
            let promised = required.contains(&name.as_str()) || has_own_value(schema);
            fields.push(self.field(pointer, name, schema, depth, !promised));
        }
        let further = flat.keyword("additionalProperties").unwrap_or(&ANYTHING);
        for name in required.iter().filter(|name| flat.properties().all(|(known, _)| known != *name)) {
            fields.push(self.field(pointer, name, further, depth, false));
        }
        let least = flat.count("minProperties").unwrap_or(0).min(MOST);
        let mut count = fields.iter().filter(|field| !field.only_given).count() as u64;
        for field in fields.iter_mut().filter(|field| field.only_given) {
            field.only_given = count >= least;
            count += u64::from(!field.only_given);
        }
        fields.extend((count..least).map(|index| self.field(pointer, &format!("field{index}"), further, depth, false)));
        order_fields(fields)
    }

    fn field(&mut self, object: &str, name: &str, schema: &Value, depth: usize, only_given: bool) -> ObjectField {
        let node = self.node(schema, format!("{object}/{}", escape_segment(name)), depth + 1);
        ObjectField { name: name.to_owned(), key: format!("{}:", Value::from(name)), node, only_given }
    }

    fn items(&mut self, flat: &FlatSchema<'_>, pointer: &str, depth: usize) -> Vec<BodyNode> {
        let further = flat.keyword("items").unwrap_or(&ANYTHING);
        let mut schemas: Vec<&Value> = flat.items("prefixItems").iter().collect();
        if let Some(contained) = flat.keyword("contains") {
            schemas.extend((0..flat.count("minContains").unwrap_or(1).min(MOST)).map(|_| contained));
        }
        let least = flat.count("minItems").unwrap_or(0).min(MOST);
        schemas.extend((schemas.len() as u64..least).map(|_| further));
        let distinct = flat.keyword("uniqueItems") == Some(&Value::Bool(true));
        let nodes = schemas.iter().enumerate().map(|(index, schema)| {
            let mut node = self.node(schema, format!("{pointer}/{index}"), depth + 1);
            if distinct {
                vary(&mut node.kind, index);
            }
            node
        });
        nodes.collect()
    }
}

/// The fields in the order in which JSON is written, each name once: the last.
fn order_fields(mut fields: Vec<ObjectField>) -> Vec<ObjectField> {
    fields.sort_by(|left, right| left.name.cmp(&right.name));
    fields.dedup_by(|later, earlier| {
        let same = later.name == earlier.name;
        if same {
            std::mem::swap(later, earlier);
        }
        same
    });
    fields
}

/// Makes a value another one at every place of a list.
fn vary(kind: &mut NodeKind, index: usize) {
    match kind {
        NodeKind::Scalar(ScalarValue::Fixed(Value::String(text))) if index > 0 => text.push_str(&index.to_string()),
        NodeKind::Scalar(ScalarValue::Fixed(value)) => {
            if let Some(number) = value.as_i64() {
                *value = json!(number.saturating_add(i64::try_from(index).unwrap_or(i64::MAX)));
            }
        }
        _ => {}
    }
}

/// Returns true for a schema with a constant or an example, which is shown although it need not be.
fn has_own_value(schema: &Value) -> bool {
    schema.as_object().is_some_and(|map| ["const", "examples", "default"].iter().any(|key| map.contains_key(*key)))
}

/// The type that a schema names, the first besides null, or the one whose keywords it has.
fn type_of<'a>(flat: &'a FlatSchema<'_>) -> &'a str {
    match flat.keyword("type") {
        Some(Value::String(name)) => name,
        Some(Value::Array(names)) => {
            let mut names = names.iter().filter_map(Value::as_str);
            names.find(|name| *name != "null").unwrap_or("null")
        }
        _ if flat.has_any(&["properties", "required", "minProperties"]) => "object",
        _ if flat.has_any(&["items", "prefixItems", "contains", "minItems"]) => "array",
        _ if flat.has_any(&["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]) => "number",
        _ => "string",
    }
}

/// Returns true for a schema with a reference anywhere but in its examples.
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

/// Returns true for a schema that needs another one.
fn has_ref(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => map.contains_key("$ref") || map.values().any(has_ref),
        Value::Array(items) => items.iter().any(has_ref),
        _ => false,
    }
}

/// The ends of a pointer, the longest first.
fn pointer_ends(pointer: &str) -> Vec<Vec<String>> {
    let whole: Vec<String> = pointer_segments(pointer).map(Cow::into_owned).collect();
    let ends = std::iter::successors(Some(whole.as_slice()), |path| Some(path.split_first()?.1));
    ends.filter(|path| !path.is_empty()).map(<[String]>::to_vec).collect()
}
