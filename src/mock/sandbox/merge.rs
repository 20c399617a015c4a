//! One flat schema from one in pieces: `$ref` followed, `allOf` joined, the first of `anyOf` and `oneOf` taken.

use serde_json::{Map, Value};

/// How many pieces one schema may be made of; what refers to itself would have no end.
const PIECES: usize = 256;

/// A schema whose keywords all stand at its top; where two pieces say different things, the first one is kept.
pub(super) fn merged(schema: &Value, root: &Value) -> Map<String, Value> {
    let mut flat = Map::new();
    join(&mut flat, schema, root, &mut { PIECES });
    flat
}

fn join(flat: &mut Map<String, Value>, schema: &Value, root: &Value, left: &mut usize) {
    let Value::Object(map) = schema else { return };
    for (keyword, value) in map {
        match keyword.as_str() {
            "$ref" | "allOf" | "anyOf" | "oneOf" => {}
            _ => lay(flat, keyword, value),
        }
    }
    if *left == 0 {
        return;
    }
    *left -= 1;
    if let Some(target) = map.get("$ref").and_then(Value::as_str).and_then(|target| find(target, root)) {
        join(flat, target, root, left);
    }
    let listed = |keyword: &str| map.get(keyword).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let firsts = listed("anyOf").first().into_iter().chain(listed("oneOf").first());
    for piece in listed("allOf").iter().chain(firsts) {
        join(flat, piece, root, left);
    }
}

/// Adds a keyword beside those that are there: properties and required names join, anything else stays as it was.
fn lay(flat: &mut Map<String, Value>, keyword: &str, value: &Value) {
    match (keyword, flat.get_mut(keyword), value) {
        (_, None, _) => drop(flat.insert(keyword.to_owned(), value.clone())),
        ("properties", Some(Value::Object(known)), Value::Object(more)) => {
            for (name, schema) in more {
                match known.get_mut(name) {
                    Some(there) => {
                        let both = serde_json::json!({ "allOf": [there.take(), schema] });
                        *there = both;
                    }
                    None => drop(known.insert(name.clone(), schema.clone())),
                }
            }
        }
        ("required", Some(Value::Array(known)), Value::Array(more)) => {
            known.extend(more.iter().filter(|name| !known.contains(name)).cloned().collect::<Vec<_>>());
        }
        ("minLength" | "minimum" | "minItems" | "minProperties", Some(known), more)
            if known.as_f64() < more.as_f64() =>
        {
            *known = more.clone();
        }
        ("maxLength" | "maximum", Some(known), more) if known.as_f64() > more.as_f64() => *known = more.clone(),
        _ => {}
    }
}

/// What a reference within the same schema points at.
fn find<'a>(target: &str, root: &'a Value) -> Option<&'a Value> {
    root.pointer(target.strip_prefix('#')?)
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
        let flat = Value::Object(merged(&schema, &schema));
        assert_eq!(flat["required"], json!(["id", "name"]));
        assert_eq!(flat["minProperties"], json!(2));
        assert_eq!(flat["properties"]["name"], json!({ "allOf": [{ "minLength": 3 }, { "type": "string" }] }));
    }

    #[test]
    fn a_schema_that_refers_to_itself_ends() {
        for schema in [json!({ "$ref": "#" }), json!({ "allOf": [{ "$ref": "#" }, { "$ref": "#" }] })] {
            assert_eq!(merged(&schema, &schema), Map::new());
        }
    }
}
