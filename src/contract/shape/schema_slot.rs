//! The place of a pointer in the schema of an object, where a promise is put beside those that are there already.

use crate::text::source::pointer_segments;
use serde_json::{Map, Value, json};

/// The schema at a pointer in that of an object.
pub(super) struct SchemaSlot<'s> {
    schema: &'s mut Value,
    /// Whether nothing named the place before.
    pub(super) is_new: bool,
}

impl<'s> SchemaSlot<'s> {
    /// The slot at a pointer, with the containers on the way; `None` where one of them cannot have it.
    pub(super) fn reach(object: &'s mut Value, pointer: &str, is_required: bool) -> Option<Self> {
        let mut names = pointer_segments(pointer).peekable();
        let mut slot = Self { schema: object, is_new: false };
        while let Some(name) = names.next() {
            slot = slot.member(&name, is_required || names.peek().is_some())?;
        }
        Some(slot)
    }

    /// The slot of a member; a new one begins with what is promised of members that are not named.
    fn member(self, name: &str, is_required: bool) -> Option<Self> {
        let map = self.schema.as_object_mut().filter(|map| !map.contains_key("const"))?;
        if name == "*" {
            return any_item(map, is_required);
        }
        let kind = container_type(map.get("type"), name)?;
        if is_required || !map.contains_key("type") {
            map.insert("type".to_owned(), json!(kind));
        }
        if kind == "array" { item(map, name.parse().ok()?, is_required) } else { property(map, name, is_required) }
    }

    /// Puts a promise here, to hold beside what is promised of the place already.
    pub(super) fn join(self, promise: Value) {
        let earlier = std::mem::replace(self.schema, promise);
        if earlier == json!({}) {
            return;
        }
        if let Some(map) = self.schema.as_object_mut()
            && let Some(all) = map.entry("allOf").or_insert_with(|| json!([])).as_array_mut()
        {
            all.push(earlier);
        }
    }
}

/// The slot of some item, whichever it is.
fn any_item(array: &mut Map<String, Value>, is_required: bool) -> Option<SchemaSlot<'_>> {
    let is_list = array
        .get("type")
        .is_none_or(|kind| kind == "array" || kind.as_array().is_some_and(|kinds| kinds.contains(&json!("array"))));
    if is_required || !array.contains_key("type") {
        array.insert("type".to_owned(), json!("array"));
    }
    let is_new = !array.contains_key("contains");
    let schema = array.entry("contains").or_insert_with(|| json!({}));
    is_list.then_some(SchemaSlot { schema, is_new })
}

fn item(array: &mut Map<String, Value>, index: usize, is_required: bool) -> Option<SchemaSlot<'_>> {
    let unnamed = unnamed_members(array.get("items"))?;
    let least = array.get("minItems").and_then(Value::as_u64).unwrap_or(0);
    let count = index as u64 + 1;
    if is_required && least < count {
        array.insert("minItems".to_owned(), json!(count));
    }
    let items = array.entry("prefixItems").or_insert_with(|| json!([])).as_array_mut()?;
    let is_new = items.len() <= index;
    if is_new {
        items.resize(index + 1, unnamed);
    }
    Some(SchemaSlot { schema: items.get_mut(index)?, is_new })
}

fn property<'m>(object: &'m mut Map<String, Value>, name: &str, is_required: bool) -> Option<SchemaSlot<'m>> {
    let unnamed = unnamed_members(object.get("additionalProperties"))?;
    let names = object.entry("required").or_insert_with(|| json!([])).as_array_mut()?;
    if is_required && !names.iter().any(|known| known == name) {
        names.push(json!(name));
    }
    let properties = object.entry("properties").or_insert_with(|| json!({})).as_object_mut()?;
    let is_new = !properties.contains_key(name);
    Some(SchemaSlot { schema: properties.entry(name).or_insert(unnamed), is_new })
}

/// The promise of members that are not named; `None` where there are to be none.
fn unnamed_members(promise: Option<&Value>) -> Option<Value> {
    match promise {
        None | Some(Value::Bool(true)) => Some(json!({})),
        Some(Value::Bool(false)) => None,
        Some(promise) => Some(promise.clone()),
    }
}

/// Whether a container is a list or an object, as far as its type leaves that open; `None` where it is neither.
fn container_type(written: Option<&Value>, name: &str) -> Option<&'static str> {
    let is_index = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    let kinds = if is_index { ["array", "object"] } else { ["object", "array"] };
    kinds.into_iter().find(|kind| match written {
        None => true,
        Some(Value::Array(known)) => known.iter().any(|known| known == kind),
        Some(known) => known == kind,
    })
}
