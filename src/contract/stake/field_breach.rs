//! A value of a field that its promise refuses, found by the keywords of its schema alone.

use super::breach::Lie;
use crate::contract::json_type::json_type;
use crate::contract::template::refers;
use crate::text::source::{escape_segment, pointer_segments};
use serde_json::{Map, Value, json};
use std::collections::VecDeque;

/// A field of a body, as its schema has it.
pub(super) struct FieldPlace<'s> {
    /// The JSON Pointer.
    pub(super) pointer: String,
    /// The promise.
    pub(super) schema: &'s Value,
    /// Whether it has to be there.
    is_required: bool,
}

impl<'s> FieldPlace<'s> {
    /// The body as a whole.
    fn root(schema: &'s Value) -> Self {
        Self { pointer: String::new(), schema, is_required: false }
    }

    /// The members of which the schema speaks, one level down.
    fn members(&self) -> Vec<Self> {
        let mut members = Vec::new();
        for piece in pieces(self.schema) {
            let required = piece.get("required").and_then(Value::as_array);
            for (name, schema) in piece.get("properties").and_then(Value::as_object).into_iter().flatten() {
                let is_required = required.is_some_and(|names| names.iter().any(|known| known == name));
                members.push(self.member(&escape_segment(name), schema, is_required));
            }
            let items = piece.get("prefixItems").and_then(Value::as_array).into_iter().flatten();
            members.extend(items.enumerate().map(|(at, item)| self.member(&at.to_string(), item, true)));
        }
        members
    }

    fn member(&self, segment: &str, schema: &'s Value, is_required: bool) -> Self {
        Self { pointer: format!("{}/{segment}", self.pointer), schema, is_required }
    }

    /// Whether it has a name.
    fn is_named(&self, name: &str) -> bool {
        pointer_segments(&self.pointer).last().is_some_and(|last| last.as_ref() == name)
    }

    /// A value that the promise refuses; a field that is not there where only that is refused.
    pub(super) fn lie(&self) -> Option<Lie> {
        let absent = self.is_required.then_some(None);
        let value = refused_value(self.schema).map(Some).or(absent)?;
        Some(Lie::Field { pointer: self.pointer.clone(), value })
    }

    /// A list with an item that lacks a field of a name, or has a wrong one, where the promise of every item names it.
    fn item_lie(&self, name: &str) -> Option<Lie> {
        let items = pieces(self.schema).into_iter().find_map(|piece| piece.get("items"))?;
        let place = places_named(items, name).into_iter().next()?;
        let item = if place.is_required { json!({}) } else { json!({ name: refused_value(place.schema)? }) };
        Some(Lie::Field { pointer: self.pointer.clone(), value: Some(json!([item])) })
    }
}

/// The fields of a name in a body, those nearest to the root first.
pub(super) fn places_named<'s>(schema: &'s Value, name: &str) -> Vec<FieldPlace<'s>> {
    every_place(schema).into_iter().filter(|place| place.is_named(name)).collect()
}

/// The field at a pointer.
pub(super) fn place_at<'s>(schema: &'s Value, pointer: &str) -> Option<FieldPlace<'s>> {
    every_place(schema).into_iter().find(|place| place.pointer == pointer)
}

/// Every field of a body, those nearest to the root first.
pub(super) fn every_place(schema: &Value) -> Vec<FieldPlace<'_>> {
    let mut places = Vec::new();
    let mut next = VecDeque::from([FieldPlace::root(schema)]);
    while let Some(place) = next.pop_front() {
        next.extend(place.members());
        places.push(place);
    }
    places
}

/// The way in which a field of a name can be wrong: its pointer, and the lie.
pub(super) fn named_lie(schema: &Value, name: &str) -> Option<Lie> {
    let named = places_named(schema, name).into_iter().find_map(|place| place.lie());
    let in_items = || every_place(schema).into_iter().find_map(|place| place.item_lie(name));
    let in_constant = || every_place(schema).into_iter().find_map(|place| constant_lie(&place, name));
    named.or_else(in_items).or_else(in_constant)
}

/// A constant object or list in which a name is, without it.
fn constant_lie(place: &FieldPlace<'_>, name: &str) -> Option<Lie> {
    let constant = place.schema.get("const")?;
    holds_key(constant, name).then(|| place.lie())?
}

/// Whether a constant has a key of a name, at any depth.
fn holds_key(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(map) => map.contains_key(name) || map.values().any(|value| holds_key(value, name)),
        Value::Array(items) => items.iter().any(|item| holds_key(item, name)),
        _ => false,
    }
}

/// A schema and those that hold beside it.
fn pieces(schema: &Value) -> Vec<&Map<String, Value>> {
    let own = schema.as_object();
    let beside = own.and_then(|map| map.get("allOf")).and_then(Value::as_array).into_iter().flatten();
    own.into_iter().chain(beside.flat_map(pieces)).collect()
}

/// A value that a schema refuses, as like to what it accepts as can be.
pub(super) fn refused_value(schema: &Value) -> Option<Value> {
    let pieces = pieces(schema);
    let known = pieces.iter().find_map(|piece| refused_by_value(piece));
    known.or_else(|| {
        let allowed: Vec<Vec<&str>> = pieces.iter().filter_map(|piece| types(piece)).collect();
        allowed.into_iter().find_map(|allowed| value_of_no_type(&allowed))
    })
}

/// A value of a type that a schema refuses.
pub(super) fn value_of_other_type(schema: &Value) -> Option<Value> {
    let pieces = pieces(schema);
    let of_constant = || pieces.iter().find_map(|piece| constants_of(piece)).map(|values| kinds_of(&values));
    let allowed = pieces.iter().find_map(|piece| types(piece)).or_else(of_constant)?;
    value_of_no_type(&allowed)
}

fn kinds_of(values: &[&Value]) -> Vec<&'static str> {
    values.iter().copied().map(json_type).collect()
}

/// A value that a constant, an enumeration or an exception refuses.
fn refused_by_value(schema: &Map<String, Value>) -> Option<Value> {
    if let Some(constant) = schema.get("const") {
        // Anything may be what a reference stands for, but this.
        return Some(if refers(constant) { json!({ "something": "else" }) } else { unlike(constant) });
    }
    if let Some(Value::Array(values)) = schema.get("enum") {
        let others =
            values.first().into_iter().map(unlike).chain([json!("something else"), json!({ "something": "else" })]);
        return others.into_iter().find(|other| !values.contains(other));
    }
    schema.get("not").and_then(|not| not.get("const")).filter(|constant| !refers(constant)).cloned()
}

/// Another value of the same type.
fn unlike(value: &Value) -> Value {
    match value {
        Value::Null => json!(0),
        Value::Bool(truth) => json!(!truth),
        Value::Number(number) => number.as_i64().and_then(|whole| whole.checked_add(1)).map_or(json!(-1), Value::from),
        Value::String(_) => json!("something else"),
        Value::Array(items) => items.iter().chain([&json!("something else")]).cloned().collect(),
        Value::Object(_) => json!({}),
    }
}

/// The types that a schema allows; none where it says nothing of them.
fn types(schema: &Map<String, Value>) -> Option<Vec<&str>> {
    match schema.get("type")? {
        Value::String(word) => Some(vec![word]),
        Value::Array(words) => Some(words.iter().filter_map(Value::as_str).collect()),
        _ => None,
    }
}

/// A value that is of none of these types.
fn value_of_no_type(allowed: &[&str]) -> Option<Value> {
    let values = [
        ("string", json!("7")),
        ("number", json!(7)),
        ("boolean", json!(true)),
        ("array", json!([])),
        ("object", json!({})),
        ("null", Value::Null),
    ];
    let is_allowed = |kind: &str| allowed.contains(&kind) || kind == "number" && allowed.contains(&"integer");
    // A text is no number, and a number no text: what a careless serializer makes of a value comes first.
    let order: [usize; 6] = if is_allowed("string") { [1, 2, 3, 4, 5, 0] } else { [0, 1, 2, 3, 4, 5] };
    order
        .into_iter()
        .filter_map(|at| values.get(at))
        .find(|(kind, _)| !is_allowed(kind))
        .map(|(_, value)| value.clone())
}

/// The schemas of which a field has to fit one.
pub(super) fn alternatives<'s>(place: &FieldPlace<'s>) -> Vec<&'s Value> {
    let of =
        |piece: &'s Map<String, Value>| piece.get("anyOf").or_else(|| piece.get("oneOf")).and_then(Value::as_array);
    pieces(place.schema).into_iter().find_map(of).into_iter().flatten().collect()
}

/// The types that a field may have, where no constant says more.
pub(super) fn kinds_of_place<'s>(place: &FieldPlace<'s>) -> Option<Vec<&'s str>> {
    let pieces = pieces(place.schema);
    if pieces.iter().any(|piece| piece.contains_key("const")) { None } else { pieces.into_iter().find_map(types) }
}

/// The values that a field may have, where its promise names them.
pub(super) fn named_values<'s>(place: &FieldPlace<'s>) -> Option<Vec<&'s Value>> {
    pieces(place.schema).into_iter().find_map(constants_of)
}

/// Whether a schema names a value among those that a field may have.
pub(super) fn names_value(schema: &Value, pointer: &str, value: &Value) -> bool {
    place_at(schema, pointer).and_then(|place| named_values(&place)).is_some_and(|values| values.contains(&value))
}

/// Whether no value can satisfy both promises of one field, as far as constants and types tell.
pub(super) fn excludes(one: &Value, other: &Value) -> bool {
    let constants = |schema| pieces(schema).into_iter().find_map(constants_of);
    match (constants(one), constants(other)) {
        (Some(one), Some(other)) => !one.iter().any(|value| other.contains(value)),
        (Some(values), None) => is_of_no_type(&values, other),
        (None, Some(values)) => is_of_no_type(&values, one),
        (None, None) => {
            let kinds = |schema| pieces(schema).into_iter().find_map(types);
            let both = kinds(one).zip(kinds(other));
            both.is_some_and(|(one, other)| !one.iter().any(|kind| other.iter().any(|known| is_same_kind(kind, known))))
        }
    }
}

/// The values that a schema allows, where it names them without references.
fn constants_of(schema: &Map<String, Value>) -> Option<Vec<&Value>> {
    let values: Vec<&Value> = match (schema.get("const"), schema.get("enum")) {
        (Some(constant), _) => vec![constant],
        (None, Some(Value::Array(values))) => values.iter().collect(),
        _ => return None,
    };
    (!values.iter().any(|value| refers(value))).then_some(values)
}

fn is_of_no_type(values: &[&Value], schema: &Value) -> bool {
    let exceptions = pieces(schema).into_iter().find_map(|piece| piece.get("not")?.get("const"));
    let kinds = pieces(schema).into_iter().find_map(types);
    let fits = |value: &Value| {
        exceptions != Some(value)
            && kinds.as_ref().is_none_or(|kinds| kinds.iter().any(|kind| is_same_kind(kind, json_type(value))))
    };
    !values.iter().any(|value| fits(value))
}

fn is_same_kind(one: &str, other: &str) -> bool {
    let number = |kind: &str| kind == "integer" || kind == "number";
    one == other || number(one) && number(other)
}
