//! One flat schema from one in pieces: `$ref` followed, `allOf` joined, the first of `anyOf` and `oneOf` taken.

use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The most pieces of which one schema is made; a schema that refers to itself would have no end.
const PIECES: usize = 256;

/// A schema whose keywords are all at its top; where two pieces disagree, the first one is kept.
pub(super) struct FlatSchema<'a>(BTreeMap<&'a str, Cow<'a, Value>>);

impl<'a> FlatSchema<'a> {
    /// Joins the pieces of a schema, whose references point into a root.
    pub(super) fn of(schema: &'a Value, root: &'a Value) -> Self {
        let mut flat = Self(BTreeMap::new());
        flat.join_piece(schema, root, &mut { PIECES });
        flat
    }

    /// The value of a keyword.
    pub(super) fn keyword(&self, name: &str) -> Option<&Value> {
        self.0.get(name).map(AsRef::as_ref)
    }

    /// The text under a keyword.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.keyword(name)?.as_str()
    }

    /// The number under a keyword.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.keyword(name)?.as_f64()
    }

    /// The count under a keyword.
    pub(super) fn count(&self, name: &str) -> Option<u64> {
        self.keyword(name)?.as_u64()
    }

    /// The items of the list under a keyword; none where there is no list.
    pub(super) fn items(&self, name: &str) -> &[Value] {
        self.keyword(name).map_or(&[], list_items)
    }

    /// The schemas of the fields that it names.
    pub(super) fn properties(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.keyword("properties").and_then(Value::as_object).into_iter().flatten()
    }

    /// Returns true where any of some keywords is there.
    pub(super) fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.0.contains_key(name))
    }

    fn join_piece(&mut self, schema: &'a Value, root: &'a Value, left: &mut usize) {
        let Value::Object(map) = schema else { return };
        let (mut target, mut any, mut one) = (None, None, None);
        let mut all: &[Value] = &[];
        for (keyword, value) in map {
            match keyword.as_str() {
                "$ref" => target = value.as_str().and_then(|target| root.pointer(target.strip_prefix('#')?)),
                "allOf" => all = list_items(value),
                "anyOf" => any = list_items(value).first(),
                "oneOf" => one = list_items(value).first(),
                _ => self.add_keyword(keyword, value),
            }
        }
        if *left == 0 {
            return;
        }
        *left -= 1;
        for piece in target.into_iter().chain(all).chain(any).chain(one) {
            self.join_piece(piece, root, left);
        }
    }

    /// Adds a keyword beside those that are there: properties and required names join, anything else stays as it was.
    fn add_keyword(&mut self, keyword: &'a str, value: &'a Value) {
        let known = match self.0.entry(keyword) {
            Entry::Vacant(place) => {
                place.insert(Cow::Borrowed(value));
                return;
            }
            Entry::Occupied(known) => known.into_mut(),
        };
        match keyword {
            "properties" => join_properties(known.to_mut(), value),
            "required" => join_names(known.to_mut(), value),
            "minLength" | "minimum" | "minItems" | "minProperties" if known.as_f64() < value.as_f64() => {
                *known = Cow::Borrowed(value);
            }
            "maxLength" | "maximum" if known.as_f64() > value.as_f64() => *known = Cow::Borrowed(value),
            _ => {}
        }
    }
}

fn join_names(known: &mut Value, more: &Value) {
    let (Value::Array(known), Value::Array(more)) = (known, more) else { return };
    for name in more {
        if !known.contains(name) {
            known.push(name.clone());
        }
    }
}

fn join_properties(known: &mut Value, more: &Value) {
    let (Value::Object(known), Value::Object(more)) = (known, more) else { return };
    for (name, schema) in more {
        match known.get_mut(name) {
            Some(there) => *there = serde_json::json!({ "allOf": [there.take(), schema] }),
            None => drop(known.insert(name.clone(), schema.clone())),
        }
    }
}

fn list_items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Returns true for a schema that demands of the whole what none of its parts shows.
pub(super) fn is_tangled(schema: &Value) -> bool {
    const TANGLES: [&str; 16] = [
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "contains",
        "uniqueItems",
        "maxProperties",
        "propertyNames",
        "dependentRequired",
        "dependentSchemas",
        "additionalProperties",
        "unevaluatedProperties",
        "patternProperties",
        "unevaluatedItems",
    ];
    const COMPOSED: [&str; 8] = ["properties", "prefixItems", "items", "contains", "allOf", "anyOf", "oneOf", "$ref"];
    let Value::Object(map) = schema else { return false };
    if !COMPOSED.iter().any(|key| map.contains_key(*key)) {
        return false;
    }
    if TANGLES.iter().any(|key| map.contains_key(*key)) {
        return true;
    }
    map.iter().any(|(keyword, value)| match (keyword.as_str(), value) {
        ("properties", Value::Object(fields)) => fields.values().any(is_tangled),
        ("items", further) => is_tangled(further),
        ("prefixItems", Value::Array(items)) => items.iter().any(is_tangled),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pieces_join_and_the_first_branch_is_taken() {
        let schema = json!({
            "$defs": { "named": { "properties": { "name": { "type": "string" } }, "required": ["name"] } },
            "required": ["id"],
            "properties": { "name": { "minLength": 3 } },
            "allOf": [{ "$ref": "#/$defs/named" }],
            "oneOf": [{ "minProperties": 2 }, { "minProperties": 9 }]
        });
        let flat = serde_json::to_value(FlatSchema::of(&schema, &schema).0).unwrap();
        assert_eq!(flat["required"], json!(["id", "name"]));
        assert_eq!(flat["minProperties"], json!(2));
        assert_eq!(flat["properties"]["name"], json!({ "allOf": [{ "minLength": 3 }, { "type": "string" }] }));
    }

    #[test]
    fn a_schema_that_refers_to_itself_ends() {
        for schema in [json!({ "$ref": "#" }), json!({ "allOf": [{ "$ref": "#" }, { "$ref": "#" }] })] {
            assert!(FlatSchema::of(&schema, &schema).0.is_empty());
        }
    }
}
