//! Conditions, outcomes and requests in words.

use crate::contract::condition::{Draft, carriers};
use crate::contract::language::When;
use crate::contract::shape::{Shape, unescape};
use crate::contract::template::{Names, Template};
use crate::contract::{Body, Outcome, Promise, Vendor};
use serde_json::Value;

/// A row's condition: `link is deleted`, `the credentials are missing and the header Content-Type is left out`.
pub fn condition(when: &When) -> String {
    let words: Vec<String> = when.0.iter().flat_map(|(key, value)| dimension(key, value)).collect();
    if words.is_empty() { "everything is right".to_owned() } else { words.join(" and ") }
}

fn dimension(key: &str, value: &Value) -> Vec<String> {
    let names = || match value {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" or "),
        other => plain(other),
    };
    match key {
        "credentials" => vec![format!("the credentials are {}", names())],
        "headers" => patch("the header ", "", value),
        "query" => patch("the query parameter ", "", value),
        "json" | "form" => patch("the body's ", "", value),
        "raw" => vec![format!("the body is {value}")],
        resource => vec![format!("the {resource} is {}", names())],
    }
}

/// What a merge patch changes, each change in words.
fn patch(what: &str, at: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| {
                let at = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                patch(what, &at, value)
            })
            .collect(),
        Value::Null => vec![format!("{what}{at} is left out")],
        other => vec![format!("{what}{at} is {other}")],
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A documented answer: its name and status, then a line for each thing that is promised of it.
pub fn outcome(outcome: &Outcome) -> Vec<String> {
    let status = match &outcome.status {
        Some(status) => format!("status {status}"),
        None => "any status below 500 but 429, since none is documented".to_owned(),
    };
    let mut lines = vec![format!("{}: {status}", outcome.name)];
    lines.extend(outcome.headers.iter().map(|(name, value)| format!("  header {name} {}", promised(value))));
    lines.extend(outcome.media.iter().map(|media| format!("  media type {media}")));
    match &outcome.body {
        Promise::Nothing => lines.push("  nothing is promised of the body".to_owned()),
        Promise::Empty => lines.push("  no body".to_owned()),
        Promise::Text => lines.push("  a body of text".to_owned()),
        Promise::Json(shape) => lines.extend(fields(shape).into_iter().map(|line| format!("  {line}"))),
    }
    lines.extend(outcome.inferred.iter().map(|why| format!("  inferred: {why}")));
    lines
}

/// The promised fields of a body, by their pointers; of a body that is promised as a whole, its schema.
fn fields(shape: &Shape) -> Vec<String> {
    let mut pointers: Vec<&str> = shape.fields.iter().map(|field| field.pointer.as_str()).collect();
    pointers.sort_unstable();
    let line = |pointer: &str| {
        let (node, optional) = node(&shape.schema, pointer)?;
        let often = if optional { ", where it is there" } else { "" };
        Some(format!("{pointer} {}{often}", promised(node)))
    };
    let lines: Vec<String> = pointers.into_iter().filter_map(line).collect();
    if lines.is_empty() { vec![format!("a JSON body {}", promised(&shape.schema))] } else { lines }
}

/// What a schema says at a pointer, and whether the field may be absent.
fn node<'a>(schema: &'a Value, pointer: &str) -> Option<(&'a Value, bool)> {
    let mut found = (schema, false);
    for segment in pointer.split('/').skip(1).map(unescape) {
        let (parent, _) = found;
        let item = segment.parse::<usize>().ok().and_then(|index| parent.get("prefixItems")?.get(index));
        found = match item {
            Some(item) => (item, false),
            None => (parent.get("properties")?.get(&segment)?, !requires(parent, &segment)),
        };
    }
    Some(found)
}

fn requires(schema: &Value, name: &str) -> bool {
    schema.get("required").and_then(Value::as_array).is_some_and(|names| names.iter().any(|known| known == name))
}

/// What a schema, or a constant in its place, promises of a value.
fn promised(schema: &Value) -> String {
    let Some(map) = schema.as_object() else { return format!("is {schema}") };
    if let Some(constant) = map.get("const") {
        return format!("is {constant}");
    }
    let kind = match map.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().map(plain).collect::<Vec<_>>().join(" or "),
        Some(kind) => plain(kind),
        None => "value".to_owned(),
    };
    let told = ["type", "examples", "properties", "required", "prefixItems", "minItems"];
    let rest = map.iter().filter(|(key, _)| !told.contains(&key.as_str()));
    let rest: Vec<String> = rest.map(|(key, value)| format!("{key} {value}")).collect();
    if rest.is_empty() { format!("is of type {kind}") } else { format!("is of type {kind}, {}", rest.join(", ")) }
}

/// What is sent beside the request line: header fields, query and body, with credentials by their variables.
pub(super) fn sent(vendor: &Vendor, draft: &Draft) -> Vec<String> {
    let show = |text: &str| Template::parse(text).text(&Variables(vendor)).unwrap_or_else(|_| text.to_owned());
    let header = |(name, text): (&String, &String)| format!("{name}: {}", show(text));
    let mut lines: Vec<String> = draft.headers.iter().map(header).collect();
    for carrier in carriers(&draft.auth) {
        let text = show(&carrier.text);
        let text = if carrier.scheme.starts_with("Basic") { format!("base64({text})") } else { text };
        let between = if carrier.header { ": " } else { " = " };
        let what = if carrier.header { "" } else { "query " };
        lines.push(format!("{what}{}{between}{}{text}", carrier.name, carrier.scheme));
    }
    lines.extend(draft.query.iter().map(|(name, text)| format!("query {name} = {}", show(text))));
    match &*draft.body {
        Body::None => {}
        Body::Json(value) => lines.push(format!("body {}", show(&value.to_string()))),
        Body::Form(fields) => lines.extend(fields.iter().map(|(name, text)| format!("form {name} = {}", show(text)))),
        Body::Raw { media, text } => lines.push(format!("body of {media}: {}", show(text))),
    }
    lines
}

/// Every reference stands for itself, but a credential for its environment variable.
struct Variables<'a>(&'a Vendor);

impl Names for Variables<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        let credential = self.0.file.credentials.get(name);
        Some(format!("${}", credential.map_or(name, |credential| credential.env.as_str())).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn words(when: Value) -> String {
        condition(&serde_json::from_value(when).unwrap())
    }

    #[test]
    fn a_condition_is_told_by_what_is_wrong_in_it() {
        assert_eq!(words(json!({})), "everything is right");
        assert_eq!(words(json!({ "link": ["live", "used"] })), "the link is live or used");
        assert_eq!(
            words(json!({ "credentials": "missing", "headers": { "Content-Type": null } })),
            "the credentials are missing and the header Content-Type is left out"
        );
        assert_eq!(words(json!({ "json": { "a": { "b": -1 } } })), "the body's a.b is -1");
    }

    #[test]
    fn a_field_inside_lists_and_objects_is_found() {
        let schema = json!({ "properties": { "a": { "prefixItems": [{ "properties": { "b/c": { "const": 1 } } }] } } });
        let (found, optional) = node(&schema, "/a/0/b~1c").unwrap();
        assert_eq!((found, optional), (&json!({ "const": 1 }), true));
    }
}
