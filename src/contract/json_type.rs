//! The types of JSON values, by the words of JSON Schema.

use serde_json::Value;

/// The type of a value; a whole number is a `number` too.
pub fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
