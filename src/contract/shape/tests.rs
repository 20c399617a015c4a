//! Claims about the short form of bodies.

use super::*;
use crate::source::FileId;

fn compile(shapes: &Value, outcome: &Value) -> (Value, Vec<String>, usize) {
    let shapes: IndexMap<String, Map<String, Value>> = serde_json::from_value(shapes.clone()).unwrap();
    let at = Place::root(FileId(0));
    let mut compiler = Compiler::new(&shapes, at.child("shapes"));
    let like = outcome.get("like").and_then(Value::as_str);
    let shape = compiler.fields(like, outcome.get("fields").and_then(Value::as_object), &at);
    let fields = shape.fields.iter().map(|field| format!("{} {}", field.pointer, field.at.pointer)).collect();
    (shape.schema, fields, compiler.mistakes.len())
}

#[test]
fn scalars_and_lists_are_constants_and_mappings_are_schemas() {
    let (schema, _, _) = compile(&json!({}), &json!({ "fields": { "a": 1, "b": [], "c": { "type": "string" } } }));
    let expected = json!({
        "type": "object", "required": ["a", "b", "c"],
        "properties": { "a": { "const": 1 }, "b": { "const": [] }, "c": { "type": "string" } }
    });
    assert_eq!(schema, expected);
}

#[test]
fn the_containers_of_a_pointer_are_promised_too() {
    let (schema, fields, _) = compile(&json!({}), &json!({ "fields": { "/data/errors/0/code": "x" } }));
    let code = json!({ "type": "object", "required": ["code"], "properties": { "code": { "const": "x" } } });
    let errors = json!({ "type": "array", "prefixItems": [code], "minItems": 1 });
    let data = json!({ "type": "object", "required": ["errors"], "properties": { "errors": errors } });
    assert_eq!(schema, json!({ "type": "object", "required": ["data"], "properties": { "data": data } }));
    assert_eq!(fields, ["/data/errors/0/code /fields/~1data~1errors~10~1code"]);
}

#[test]
fn fields_replace_those_of_the_shape_whole_with_what_stands_below_them() {
    let shapes = json!({ "answer": { "ok": { "type": "boolean" }, "/data/x": 1 } });
    let (schema, fields, mistakes) = compile(&shapes, &json!({ "like": "answer", "fields": { "data": null } }));
    assert_eq!(schema["properties"], json!({ "ok": { "type": "boolean" }, "data": { "const": null } }));
    assert_eq!(fields, ["/data /fields/data", "/ok /shapes/answer/ok"]);
    assert_eq!(mistakes, 0);
}

#[test]
fn a_mapping_and_a_pointer_below_it_join() {
    let shapes = json!({ "answer": { "data": { "type": ["object"] } } });
    let (schema, _, mistakes) = compile(&shapes, &json!({ "like": "answer", "fields": { "/data/m": "x" } }));
    assert_eq!(mistakes, 0);
    assert_eq!(schema["properties"]["data"]["properties"]["m"], json!({ "const": "x" }));
}

#[test]
fn optional_is_allowed_at_any_depth() {
    let (schema, _, _) =
        compile(&json!({}), &json!({ "fields": { "a": { "fields": { "b": { "const": 1, "optional": true } } } } }));
    assert_eq!(
        schema["properties"]["a"],
        json!({ "type": "object", "required": [], "properties": { "b": { "const": 1 } } })
    );
}

#[test]
fn a_field_that_only_varies_is_not_promised() {
    let shapes = json!({});
    let shapes: IndexMap<String, Map<String, Value>> = serde_json::from_value(shapes).unwrap();
    let fields = json!({ "a": 1, "/b/c": { "varies": true }, "d": { "type": "string", "varies": true } });
    let mut compiler = Compiler::new(&shapes, Place::root(FileId(0)));
    let shape = compiler.fields(None, fields.as_object(), &Place::root(FileId(0)));
    assert_eq!(shape.varies, ["/b/c"]);
    assert_eq!(shape.schema["required"], json!(["a", "d"]));
    assert_eq!(shape.schema["properties"]["d"], json!({ "type": "string", "varies": true }));
    assert_eq!(shape.fields.len(), 2);
}

#[test]
fn a_shape_that_is_like_itself_is_a_mistake_and_ends() {
    let shapes = json!({ "a": { "x": { "like": "b" } }, "b": { "y": { "like": "a" } } });
    assert_eq!(compile(&shapes, &json!({ "like": "a" })).2, 1);
}
