//! Compiles bodies in the short form, and collects what is wrong with them.

use super::schema_slot::SchemaSlot;
use super::{InferredField, PromisedField, Shape, field_pointer, is_at_or_below};
use crate::contract::inferred::{inferred_field, inferred_shape};
use crate::contract::shown::{listed, says_so};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::{Place, escape_segment};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

/// The keywords behind which there is a schema.
const ONE: [&str; 9] = [
    "items",
    "contains",
    "additionalProperties",
    "unevaluatedProperties",
    "propertyNames",
    "not",
    "if",
    "then",
    "else",
];
/// The keywords behind which there are schemas by name.
const NAMED: [&str; 4] = ["properties", "patternProperties", "dependentSchemas", "$defs"];
/// The keywords behind which there is a list of schemas.
const LISTED: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];

/// Compiles bodies of one vendor.
pub struct ShapeCompiler<'a> {
    shapes: &'a IndexMap<String, Map<String, Value>>,
    shapes_at: Place,
    found: Shape,
    /// The shapes in which the compiler is.
    inside: Vec<&'a str>,
    /// The mistakes so far.
    pub mistakes: Vec<Diagnostic>,
}

/// A field as written: its name or pointer, what it promises, and where.
pub struct WrittenField<'a> {
    /// The JSON Pointer from the object in which it is promised.
    pub pointer: String,
    /// The constant or schema.
    pub promise: &'a Value,
    /// The place where it is written.
    pub at: Place,
    /// The reason why it is expected, where no page promises the shape that it is a field of.
    pub inferred: Option<&'a str>,
}

impl WrittenField<'_> {
    /// Whether it need not be there.
    fn is_optional(&self) -> bool {
        only_varies(self.promise) || self.promise.get("optional") == Some(&Value::Bool(true))
    }
}

impl<'a> ShapeCompiler<'a> {
    /// A compiler over a vendor's shapes, which are written at a place.
    pub fn new(shapes: &'a IndexMap<String, Map<String, Value>>, shapes_at: Place) -> Self {
        Self { shapes, shapes_at, found: Shape::default(), inside: Vec::new(), mistakes: Vec::new() }
    }

    /// The body of an outcome as written, without the error code in it.
    pub fn compile_outcome(&mut self, outcome: &'a Map<String, Value>, at: &Place) -> Shape {
        let Some(body) = outcome.get("body") else {
            let (like, fields) = short_form(outcome);
            return self.compile_fields(like, fields, None, at);
        };
        self.compile_schema(body, None, at)
    }

    /// The body of `like` and `fields`, as an outcome has them, with the error code in it.
    pub fn compile_fields(
        &mut self,
        like: Option<&'a str>,
        fields: Option<&'a Map<String, Value>>,
        code: Option<WrittenField<'a>>,
        at: &Place,
    ) -> Shape {
        let schema = self.object(like, fields, code, at, Some(""));
        self.finish(schema)
    }

    /// The body of a whole schema, in which the short form may be at any depth, with the error code in it.
    pub fn compile_schema(&mut self, schema: &'a Value, code: Option<WrittenField<'a>>, at: &Place) -> Shape {
        let mut schema = self.schema(schema, at, Some(""));
        self.put_code(&mut schema, code);
        self.finish(schema)
    }

    fn finish(&mut self, schema: Value) -> Shape {
        let mut shape = Shape { schema, ..std::mem::take(&mut self.found) };
        shape.fields.sort_by(|left, right| left.pointer.cmp(&right.pointer));
        shape
    }

    /// `like` and `fields` of a mapping at a place, as the schema of an object; `base` is where it is in the answer.
    fn object(
        &mut self,
        like: Option<&'a str>,
        fields: Option<&'a Map<String, Value>>,
        code: Option<WrittenField<'a>>,
        at: &Place,
        base: Option<&str>,
    ) -> Value {
        let mut entries = like.map_or_else(Vec::new, |name| self.shape_fields(name, &at.child("like")));
        let own = fields.into_iter().flatten().map(|(key, promise)| WrittenField {
            pointer: field_pointer(key),
            promise,
            at: at.child("fields").child(key),
            inferred: None,
        });
        let own: Vec<WrittenField<'_>> = own.collect();
        entries.retain(|entry| !own.iter().chain(&code).any(|own| is_at_or_below(&entry.pointer, &own.pointer)));
        entries.extend(own);
        entries.sort_by(|left, right| (left.pointer.len(), &left.pointer).cmp(&(right.pointer.len(), &right.pointer)));
        self.inside.extend(like);
        if let (Some(name), Some(base)) = (like, base) {
            self.note_shown(name, base);
        }
        let mut schema = json!({ "type": "object" });
        for entry in entries {
            self.put_field(&mut schema, entry, base);
        }
        self.put_code(&mut schema, code);
        if like.is_some() {
            self.inside.pop();
        }
        schema
    }

    /// Notes the pointers that a shape lists as shown.
    fn note_shown(&mut self, shape: &str, base: &str) {
        let at = self.shapes_at.child(shape).child("shown");
        let pointers = self.shapes.get(shape).and_then(listed).into_iter().flatten().enumerate();
        self.found.shown.extend(
            pointers.map(|(index, pointer)| PromisedField { pointer: format!("{base}{pointer}"), at: at.index(index) }),
        );
    }

    /// The fields of a shape that something at a place is like.
    fn shape_fields(&mut self, name: &'a str, at: &Place) -> Vec<WrittenField<'a>> {
        if self.inside.contains(&name) {
            let circle = [&self.inside[..], &[name]].concat().join(" -> ");
            self.mistakes.push(
                Diagnostic::error(Code::ShapeCycle, format!("the shape `{name}` is like itself"))
                    .at(at, circle)
                    .help("write out one of the shapes on the way"),
            );
            return Vec::new();
        }
        let Some(fields) = self.shapes.get(name) else {
            self.mistakes.push(
                Diagnostic::error(Code::UnknownShape, format!("no shape is named `{name}`"))
                    .at(at, "not under `shapes` of this vendor")
                    .suggest(name, self.shapes.keys().map(String::as_str)),
            );
            return Vec::new();
        };
        let place = self.shapes_at.child(name);
        let lists_shown = listed(fields).is_some();
        let inferred = inferred_shape(fields);
        let is_said = |key: &str| lists_shown && key == "shown" || inferred.is_some() && key == "inferred";
        let promised = fields.iter().filter(|(key, _)| !is_said(key));
        promised
            .map(|(key, promise)| WrittenField { pointer: field_pointer(key), promise, at: place.child(key), inferred })
            .collect()
    }

    /// Puts one field into an object's schema, with the containers of its pointer.
    fn put_field(&mut self, schema: &mut Value, entry: WrittenField<'a>, base: Option<&str>) {
        let in_answer = match base.map(|base| format!("{base}{}", entry.pointer)) {
            Some(pointer) if only_varies(entry.promise) => return self.found.varies.push(pointer),
            in_answer => in_answer,
        };
        let mut promise = self.promise(entry.promise, &entry.at, in_answer.as_deref());
        if let (Some(why), Some(map)) = (entry.inferred, promise.as_object_mut()) {
            map.insert("inferred".to_owned(), why.into());
            let field = in_answer.iter().map(|pointer| InferredField { pointer: pointer.clone(), why: why.to_owned() });
            self.found.inferred.extend(field);
        }
        let is_optional = entry.is_optional();
        match SchemaSlot::reach(schema, &entry.pointer, !is_optional).filter(|slot| slot.is_new) {
            Some(slot) => slot.join(promise),
            None => self.report_conflict(&entry),
        }
        if let Some(pointer) = in_answer {
            if is_optional {
                self.found.optional.push(pointer.clone());
            }
            self.found.fields.push(PromisedField { pointer, at: entry.at });
        }
    }

    /// Puts an error code into a body's schema, where it holds beside everything that is promised of its place.
    fn put_code(&mut self, schema: &mut Value, code: Option<WrittenField<'a>>) {
        let Some(entry) = code else { return };
        let promise = self.promise(entry.promise, &entry.at, Some(&entry.pointer));
        match SchemaSlot::reach(schema, &entry.pointer, true) {
            Some(slot) => slot.join(promise),
            None => self.report_conflict(&entry),
        }
        self.found.fields.retain(|field| field.pointer != entry.pointer);
        self.found.inferred.retain(|field| field.pointer != entry.pointer);
        self.found.fields.push(PromisedField { pointer: entry.pointer, at: entry.at });
    }

    fn report_conflict(&mut self, entry: &WrittenField<'a>) {
        let message =
            format!("`{}` is promised inside something that is a constant or cannot have it, or twice", entry.pointer);
        let help = "promise the container by a mapping, or leave the constant out";
        self.mistakes
            .push(Diagnostic::error(Code::FieldConflict, message).at(&entry.at, "cannot stand here").help(help));
    }

    fn report_placeless(&mut self, at: &Place) {
        let message = "`inferred` cannot be said of what has no one place, such as the items of a list";
        let help = "say it of the list, or of a field by its name or pointer";
        self.mistakes.push(Diagnostic::error(Code::BadSchema, message).at(at, "in no one place").help(help));
    }

    /// The value behind a field's name: a mapping is a schema, anything else an exact constant.
    fn promise(&mut self, promise: &'a Value, at: &Place, pointer: Option<&str>) -> Value {
        if promise.is_object() { self.schema(promise, at, pointer) } else { json!({ "const": promise }) }
    }

    /// A schema in which the short form may be.
    fn schema(&mut self, schema: &'a Value, at: &Place, pointer: Option<&str>) -> Value {
        let Value::Object(map) = schema else { return schema.clone() };
        if says_so(schema) {
            // What is in a list has no one place; the empty pointer is the name of nothing, and `lint` reports it.
            self.found.shown.push(PromisedField { pointer: pointer.unwrap_or("").to_owned(), at: at.child("shown") });
        }
        let (like, fields) = short_form(map);
        // What is like an inferred shape, and no more, is inferred itself.
        let shape = like.filter(|_| fields.is_none()).and_then(|name| inferred_shape(self.shapes.get(name)?));
        match (inferred_field(schema).or(shape.filter(|_| pointer.is_some())), pointer) {
            (Some(why), Some(pointer)) => {
                if why.trim().is_empty() {
                    let mistake = Diagnostic::error(Code::EmptyReason, "`inferred` gives no reason");
                    self.mistakes.push(mistake.at(at.child("inferred"), "say how it is known"));
                }
                self.found.inferred.push(InferredField { pointer: pointer.to_owned(), why: why.to_owned() });
            }
            (Some(_), None) => self.report_placeless(&at.child("inferred")),
            (None, _) => {}
        }
        let mut plain = Map::new();
        if (like.is_some() || fields.is_some())
            && let Value::Object(object) = self.object(like, fields, None, at, pointer)
        {
            plain = object;
        }
        for (keyword, value) in map {
            let below = at.child(keyword);
            let value = match keyword.as_str() {
                "like" | "fields" | "optional" => continue,
                "properties" => self.named_schemas(value, &below, pointer),
                "allOf" => self.listed_schemas(value, &below, pointer),
                word if NAMED.contains(&word) => self.named_schemas(value, &below, None),
                word if LISTED.contains(&word) => self.listed_schemas(value, &below, None),
                word if ONE.contains(&word) => self.schema(value, &below, None),
                _ => value.clone(),
            };
            merge_keyword(&mut plain, keyword, value);
        }
        Value::Object(plain)
    }

    fn named_schemas(&mut self, value: &'a Value, at: &Place, pointer: Option<&str>) -> Value {
        let Value::Object(map) = value else { return value.clone() };
        let mut named = Map::new();
        for (name, schema) in map {
            let at = at.child(name);
            let below = pointer.map(|pointer| format!("{pointer}/{}", escape_segment(name)));
            named.insert(name.clone(), self.schema(schema, &at, below.as_deref()));
            self.found.fields.extend(below.map(|pointer| PromisedField { pointer, at }));
        }
        Value::Object(named)
    }

    fn listed_schemas(&mut self, value: &'a Value, at: &Place, pointer: Option<&str>) -> Value {
        let Value::Array(items) = value else { return value.clone() };
        items.iter().enumerate().map(|(index, item)| self.schema(item, &at.index(index), pointer)).collect()
    }
}

/// `like` and `fields` of a mapping.
fn short_form(map: &Map<String, Value>) -> (Option<&str>, Option<&Map<String, Value>>) {
    (map.get("like").and_then(Value::as_str), map.get("fields").and_then(Value::as_object))
}

/// Whether a mapping says of a field only that it varies, which promises nothing, not even that it is there.
pub fn only_varies(promise: &Value) -> bool {
    promise.as_object().is_some_and(|map| map.len() == 1 && map.get("varies") == Some(&Value::Bool(true)))
}

/// Adds a keyword to what the short form already gave: properties and requirements join, anything else replaces.
fn merge_keyword(schema: &mut Map<String, Value>, keyword: &str, value: Value) {
    match (schema.get_mut(keyword), value) {
        (Some(Value::Object(old)), Value::Object(new)) => old.extend(new),
        (Some(Value::Array(old)), Value::Array(new)) if keyword == "required" => old.extend(new),
        (_, value) => {
            schema.insert(keyword.to_owned(), value);
        }
    }
}
