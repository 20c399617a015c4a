//! From the short form of a body (`fields`, `like`, `optional`) to a plain JSON Schema, with the place of every promised field.

use crate::contract::shown::{listed, says_so};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

/// A promised body: its schema, in which constants may still be references, and where each field of it is written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shape {
    /// JSON Schema 2020-12; references stand in `const`, `enum` and `examples` alone.
    pub schema: Value,
    /// The promised fields, in the order of their pointers.
    pub fields: Vec<Field>,
    /// The places of which nothing is promised but that what stands there, if anything does, varies from answer to answer.
    pub varies: Vec<String>,
    /// The fields that need not be there.
    pub optional: Vec<String>,
    /// The fields that are shown although they have the name of a secret.
    pub shown: Vec<Field>,
}

/// A field of an answer, and where the contract speaks of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The JSON Pointer in the answer.
    pub pointer: String,
    /// Where the contract says what it is.
    pub at: Place,
}

impl Shape {
    /// The field that speaks of a place in an answer: the one at it or nearest above it.
    pub fn field(&self, pointer: &str) -> Option<&Field> {
        let holds = |field: &&Field| {
            pointer.strip_prefix(field.pointer.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.fields.iter().filter(holds).max_by_key(|field| field.pointer.len())
    }
}

/// The keywords under which a schema, several named ones, or a list of them stand.
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
const NAMED: [&str; 4] = ["properties", "patternProperties", "dependentSchemas", "$defs"];
const LISTED: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];

/// Compiles bodies of one vendor, and collects what is wrong with them.
pub struct Compiler<'a> {
    shapes: &'a IndexMap<String, Map<String, Value>>,
    shapes_at: Place,
    found: Shape,
    inside: Vec<String>,
    /// What was found wrong so far.
    pub mistakes: Vec<Diagnostic>,
}

/// A field as written: its name or pointer, what it promises, and where.
pub struct Entry<'a> {
    /// The JSON Pointer from the object in which it is promised.
    pub pointer: String,
    /// The constant or schema.
    pub promise: &'a Value,
    /// Where it is written.
    pub at: Place,
}

impl Entry<'_> {
    /// Whether it speaks of a field itself, or of something in which the field stands.
    fn covers(&self, pointer: &str) -> bool {
        pointer.strip_prefix(self.pointer.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl<'a> Compiler<'a> {
    /// A compiler over a vendor's shapes, which are written at a place.
    pub fn new(shapes: &'a IndexMap<String, Map<String, Value>>, shapes_at: Place) -> Self {
        Self { shapes, shapes_at, found: Shape::default(), inside: Vec::new(), mistakes: Vec::new() }
    }

    /// The body of `like` and `fields`, as an outcome has them, with the error code in it.
    pub fn fields(
        &mut self,
        like: Option<&'a str>,
        fields: Option<&'a Map<String, Value>>,
        code: Option<Entry<'a>>,
        at: &Place,
    ) -> Shape {
        let schema = self.object(like, fields, code, at, Some(""));
        self.finish(schema)
    }

    /// The body of a whole schema, in which the short form may stand at any depth, with the error code in it.
    pub fn body(&mut self, schema: &'a Value, code: Option<Entry<'a>>, at: &Place) -> Shape {
        let mut schema = self.schema(schema, at, Some(""));
        self.code(&mut schema, code);
        self.finish(schema)
    }

    fn finish(&mut self, schema: Value) -> Shape {
        let mut shape = Shape { schema, ..std::mem::take(&mut self.found) };
        shape.fields.sort_by(|left, right| left.pointer.cmp(&right.pointer));
        shape
    }

    /// `like` and `fields` of a mapping at a place, as the schema of an object; `base` is where it stands in the answer.
    fn object(
        &mut self,
        like: Option<&'a str>,
        fields: Option<&'a Map<String, Value>>,
        code: Option<Entry<'a>>,
        at: &Place,
        base: Option<&str>,
    ) -> Value {
        let mut entries = like.map_or_else(Vec::new, |name| self.shape(name, &at.child("like")));
        let own = fields.into_iter().flatten().map(|(key, promise)| Entry {
            pointer: field_pointer(key),
            promise,
            at: at.child("fields").child(key),
        });
        let own: Vec<Entry> = own.collect();
        entries.retain(|entry| !own.iter().chain(&code).any(|own| own.covers(&entry.pointer)));
        entries.extend(own);
        if let Some(name) = like {
            self.inside.push(name.to_owned());
        }
        if let (Some(name), Some(base)) = (like, base) {
            let at = self.shapes_at.child(name).child("shown");
            let pointers = self.shapes.get(name).and_then(listed).into_iter().flatten().enumerate();
            let field = |(index, pointer)| Field { pointer: format!("{base}{pointer}"), at: at.index(index) };
            self.found.shown.extend(pointers.map(field));
        }
        let mut schema = json!({ "type": "object" });
        entries
            .sort_by(|left, right| left.pointer.len().cmp(&right.pointer.len()).then(left.pointer.cmp(&right.pointer)));
        for entry in entries {
            self.put(&mut schema, &entry, base);
        }
        self.code(&mut schema, code);
        if like.is_some() {
            self.inside.pop();
        }
        schema
    }

    fn shape(&mut self, name: &str, at: &Place) -> Vec<Entry<'a>> {
        if self.inside.iter().any(|outer| outer == name) {
            let circle = [&self.inside[..], &[name.to_owned()]].concat().join(" -> ");
            self.mistakes.push(
                Diagnostic::error(Code::ShapeCycle, format!("the shape `{name}` is like itself"))
                    .at(at, circle)
                    .help("write out one of the shapes on the way"),
            );
            return Vec::new();
        }
        let Some(fields) = self.shapes.get(name) else {
            let known = self.shapes.keys().map(String::as_str);
            self.mistakes.push(
                Diagnostic::error(Code::UnknownShape, format!("no shape is named `{name}`"))
                    .at(at, "not under `shapes` of this vendor")
                    .suggest(name, known),
            );
            return Vec::new();
        };
        let place = self.shapes_at.child(name);
        let lists = listed(fields).is_some();
        fields
            .iter()
            .filter(|(key, _)| !(lists && *key == "shown"))
            .map(|(key, promise)| Entry { pointer: field_pointer(key), promise, at: place.child(key) })
            .collect()
    }

    /// Puts one field into an object's schema, with the containers of its pointer.
    fn put(&mut self, schema: &mut Value, entry: &Entry<'a>, base: Option<&str>) {
        let pointer = base.map(|base| format!("{base}{}", entry.pointer));
        match &pointer {
            Some(pointer) if only_varies(entry.promise) => return self.found.varies.push(pointer.clone()),
            _ => {}
        }
        let promise = self.promise(entry.promise, &entry.at, pointer.as_deref());
        let optional = entry.promise.get("optional") == Some(&Value::Bool(true)) || only_varies(entry.promise);
        if let Some(pointer) = pointer {
            self.found.optional.extend(optional.then(|| pointer.clone()));
            self.found.fields.push(Field { pointer, at: entry.at.clone() });
        }
        match reach(schema, &entry.pointer, !optional) {
            Some((place, true)) => join(place, promise),
            _ => self.conflict(entry),
        }
    }

    /// Puts an error code into a body's schema, where it holds beside everything that is promised of its place.
    fn code(&mut self, schema: &mut Value, code: Option<Entry<'a>>) {
        let Some(entry) = code else { return };
        let promise = self.promise(entry.promise, &entry.at, Some(&entry.pointer));
        match reach(schema, &entry.pointer, true) {
            Some((place, _)) => join(place, promise),
            None => self.conflict(&entry),
        }
        self.found.fields.retain(|field| field.pointer != entry.pointer);
        self.found.fields.push(Field { pointer: entry.pointer, at: entry.at });
    }

    fn conflict(&mut self, entry: &Entry<'a>) {
        let message =
            format!("`{}` is promised inside something that is a constant or cannot have it, or twice", entry.pointer);
        let help = "promise the container by a mapping, or leave the constant out";
        self.mistakes
            .push(Diagnostic::error(Code::FieldConflict, message).at(&entry.at, "cannot stand here").help(help));
    }

    /// What stands behind a field's name: a mapping is a schema, anything else an exact constant.
    fn promise(&mut self, promise: &'a Value, at: &Place, pointer: Option<&str>) -> Value {
        if promise.is_object() { self.schema(promise, at, pointer) } else { json!({ "const": promise }) }
    }

    /// A schema in which the short form may stand.
    fn schema(&mut self, schema: &'a Value, at: &Place, pointer: Option<&str>) -> Value {
        let Value::Object(map) = schema else { return schema.clone() };
        if says_so(schema) {
            // What is in a list has no one place; no pointer is the name of anything, and `lint` says so.
            let pointer = pointer.unwrap_or_default().to_owned();
            self.found.shown.push(Field { pointer, at: at.child("shown") });
        }
        let like = map.get("like").and_then(Value::as_str);
        let fields = map.get("fields").and_then(Value::as_object);
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
                "properties" => self.named(value, &below, pointer),
                word if NAMED.contains(&word) => self.named(value, &below, None),
                word if LISTED.contains(&word) => {
                    self.listed(value, &below, if word == "allOf" { pointer } else { None })
                }
                word if ONE.contains(&word) => self.schema(value, &below, None),
                _ => value.clone(),
            };
            merge(&mut plain, keyword, value);
        }
        Value::Object(plain)
    }

    fn named(&mut self, value: &'a Value, at: &Place, pointer: Option<&str>) -> Value {
        let Value::Object(map) = value else { return value.clone() };
        let mut named = Map::new();
        for (name, schema) in map {
            let below = pointer.map(|pointer| format!("{pointer}/{}", escape(name)));
            let compiled = self.schema(schema, &at.child(name), below.as_deref());
            if let Some(pointer) = below {
                self.found.fields.push(Field { pointer, at: at.child(name) });
            }
            named.insert(name.clone(), compiled);
        }
        Value::Object(named)
    }

    fn listed(&mut self, value: &'a Value, at: &Place, pointer: Option<&str>) -> Value {
        let Value::Array(items) = value else { return value.clone() };
        items.iter().enumerate().map(|(index, item)| self.schema(item, &at.index(index), pointer)).collect()
    }
}

/// Whether a mapping says of a field only that it varies, which promises nothing, not even that it is there.
pub fn only_varies(promise: &Value) -> bool {
    promise.as_object().is_some_and(|map| map.len() == 1 && map.get("varies") == Some(&Value::Bool(true)))
}

/// A keyword beside what the short form already gave: properties and requirements join, anything else replaces.
fn merge(schema: &mut Map<String, Value>, keyword: &str, value: Value) {
    match (schema.get_mut(keyword), value) {
        (Some(Value::Object(old)), Value::Object(new)) => old.extend(new),
        (Some(Value::Array(old)), Value::Array(new)) if keyword == "required" => old.extend(new),
        (_, value) => {
            schema.insert(keyword.to_owned(), value);
        }
    }
}

/// The schema at a pointer in that of an object, with the containers on the way, and whether nobody named the place before;
/// `None` where one of the containers cannot have it.
fn reach<'s>(schema: &'s mut Value, pointer: &str, required: bool) -> Option<(&'s mut Value, bool)> {
    let mut names = pointer.split('/').skip(1).map(unescape).peekable();
    let mut reached = (schema, false);
    while let Some(name) = names.next() {
        reached = member(reached.0, &name, required || names.peek().is_some())?;
    }
    Some(reached)
}

/// The schema of a member in its container's schema, and whether it is new there. A new one begins with what is promised of
/// members that nobody names.
fn member<'s>(container: &'s mut Value, name: &str, required: bool) -> Option<(&'s mut Value, bool)> {
    let map = container.as_object_mut().filter(|map| !map.contains_key("const"))?;
    let kind = container_type(map.get("type"), name)?;
    if required || !map.contains_key("type") {
        map.insert("type".to_owned(), json!(kind));
    }
    if kind == "array" { item(map, name.parse().ok()?, required) } else { property(map, name, required) }
}

fn item(array: &mut Map<String, Value>, index: usize, required: bool) -> Option<(&mut Value, bool)> {
    let unnamed = unnamed(array.get("items"))?;
    let least = array.get("minItems").and_then(Value::as_u64).unwrap_or(0);
    let count = index as u64 + 1;
    if required && least < count {
        array.insert("minItems".to_owned(), json!(count));
    }
    let items = array.entry("prefixItems").or_insert_with(|| json!([])).as_array_mut()?;
    let new = items.len() <= index;
    while items.len() <= index {
        items.push(unnamed.clone());
    }
    Some((items.get_mut(index)?, new))
}

fn property<'m>(object: &'m mut Map<String, Value>, name: &str, required: bool) -> Option<(&'m mut Value, bool)> {
    let unnamed = unnamed(object.get("additionalProperties"))?;
    let names = object.entry("required").or_insert_with(|| json!([])).as_array_mut()?;
    if required && !names.iter().any(|known| known == name) {
        names.push(json!(name));
    }
    let properties = object.entry("properties").or_insert_with(|| json!({})).as_object_mut()?;
    let new = !properties.contains_key(name);
    Some((properties.entry(name).or_insert(unnamed), new))
}

/// What is promised of members that nobody names; `None` where there are to be none.
fn unnamed(promise: Option<&Value>) -> Option<Value> {
    match promise {
        None | Some(Value::Bool(true)) => Some(json!({})),
        Some(Value::Bool(false)) => None,
        Some(promise) => Some(promise.clone()),
    }
}

/// Whether a container is a list or an object, as far as its type leaves that open; `None` where it is neither.
fn container_type(written: Option<&Value>, name: &str) -> Option<&'static str> {
    let may_be = |kind: &str| match written {
        None => true,
        Some(Value::Array(kinds)) => kinds.iter().any(|known| known == kind),
        Some(known) => known == kind,
    };
    let kinds = if is_index(name) { ["array", "object"] } else { ["object", "array"] };
    kinds.into_iter().find(|kind| may_be(kind))
}

/// Lets a promise hold beside what is promised of its place already.
fn join(place: &mut Value, promise: Value) {
    let before = std::mem::replace(place, promise);
    if before == json!({}) {
        return;
    }
    if let Some(map) = place.as_object_mut()
        && let Some(all) = map.entry("allOf").or_insert_with(|| json!([])).as_array_mut()
    {
        all.push(before);
    }
}

/// The JSON Pointer of a key under `fields`: a name, or a pointer already.
pub fn field_pointer(key: &str) -> String {
    if key.starts_with('/') { key.to_owned() } else { format!("/{}", escape(key)) }
}

/// A name as a segment of a JSON Pointer.
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A segment of a JSON Pointer as the name it stands for.
pub fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

fn is_index(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
