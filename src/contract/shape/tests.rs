//! Claims about the short form of bodies.

use super::{Shape, ShapeCompiler, WrittenField};
use crate::text::source::{FileId, Place};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

fn compile(shapes: &Value, outcome: &Value) -> (Value, Vec<String>, usize) {
    let shapes: IndexMap<String, Map<String, Value>> = serde_json::from_value(shapes.clone()).unwrap();
    let at = Place::root(FileId(0));
    let mut compiler = ShapeCompiler::new(&shapes, at.child("shapes"));
    let like = outcome.get("like").and_then(Value::as_str);
    let code = outcome.get("code").map(|promise| WrittenField {
        pointer: "/errors/0/code".to_owned(),
        promise,
        inferred: None,
        at: at.child("code"),
    });
    let shape = compiler.compile_fields(like, outcome.get("fields").and_then(Value::as_object), code, &at);
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
    let mut compiler = ShapeCompiler::new(&shapes, Place::root(FileId(0)));
    let shape = compiler.compile_fields(None, fields.as_object(), None, &Place::root(FileId(0)));
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

/// The schema of the one item of `errors`, and how many mistakes there were.
fn first_error(fields: &Value) -> (Value, usize) {
    let (schema, places, mistakes) = compile(&json!({}), &json!({ "fields": fields, "code": "x" }));
    assert!(places.contains(&"/errors/0/code /code".to_owned()), "{places:?}");
    let items = &schema["properties"]["errors"]["prefixItems"];
    assert_eq!(items.as_array().map(Vec::len), Some(1), "{schema}");
    (items[0].clone(), mistakes)
}

#[test]
fn a_code_in_an_item_and_a_field_of_that_item_are_promised_of_one_item() {
    let (item, mistakes) = first_error(&json!({ "/errors/0/message": "m" }));
    assert_eq!(mistakes, 0);
    assert_eq!(item["properties"], json!({ "code": { "const": "x" }, "message": { "const": "m" } }));
    assert_eq!(item["required"], json!(["message", "code"]));
}

#[test]
fn an_item_with_a_code_keeps_what_is_promised_of_all_items() {
    let each = json!({ "fields": { "code": { "type": "string" }, "message": { "type": "string" } } });
    let (item, mistakes) = first_error(&json!({ "errors": { "type": ["array", "null"], "items": each } }));
    assert_eq!(mistakes, 0);
    let code = json!({ "const": "x", "allOf": [{ "type": "string" }] });
    assert_eq!(item["properties"], json!({ "code": code, "message": { "type": "string" } }));
    assert_eq!(item["required"], json!(["code", "message"]));
}

#[test]
fn a_field_below_something_that_may_be_null_keeps_it_from_being_null() {
    let data = json!({ "type": ["object", "null"] });
    let (schema, _, _) = compile(&json!({}), &json!({ "fields": { "data": data, "/data/m": "x" } }));
    assert_eq!(schema["properties"]["data"]["type"], "object");
    let may = json!({ "data": data, "/data/m": { "const": "x", "optional": true } });
    let (schema, _, _) = compile(&json!({}), &json!({ "fields": may }));
    assert_eq!(schema["properties"]["data"]["type"], data["type"]);
}

#[test]
fn a_code_that_cannot_stand_in_what_is_promised_around_it_is_a_mistake() {
    let closed = json!({ "type": "object", "additionalProperties": false });
    let around = [
        json!([]),
        json!({ "type": "string" }),
        json!({ "type": "array", "items": { "const": 1 } }),
        json!({ "type": "array", "items": false }),
        json!({ "type": "array", "items": closed }),
    ];
    for errors in around {
        let outcome = json!({ "fields": { "errors": errors }, "code": "x" });
        assert_eq!(compile(&json!({}), &outcome).2, 1, "{errors}");
    }
}

#[test]
fn a_field_inside_lists_and_objects_is_found() {
    let schema = json!({ "properties": { "a": { "prefixItems": [{ "properties": { "b/c": { "const": 1 } } }] } } });
    let shape = Shape { schema, ..Shape::default() };
    assert_eq!(shape.schema_at("/a/0/b~1c"), Some((&json!({ "const": 1 }), true)));
    assert_eq!(shape.schema_at("/a/1"), None);
}
