//! A value of a documented type, format and range, where nothing better is known of it.

use super::pattern;
use serde_json::{Map, Value, json};

/// A value that is made, either now or at every answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Made {
    /// The same in every answer.
    Fixed(Value),
    /// Made when it is first shown, and kept from then on.
    Fresh(Fresh),
}

/// What is made at every answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fresh {
    /// The moment, as in `2026-11-20T03:00:00Z`.
    DateTime,
    /// The day.
    Date,
    /// A URL below the mock's own origin.
    Uri,
    /// A random UUID.
    Uuid,
}

/// What a schema without constants, enumeration and examples says of a string; `word` is what a free text reads.
pub(super) fn string(schema: &Map<String, Value>, word: &str) -> Made {
    let length = |keyword: &str| schema.get(keyword).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    let (least, most) = (length("minLength").unwrap_or(0), length("maxLength").unwrap_or(usize::MAX));
    match (schema.get("pattern").and_then(Value::as_str), schema.get("format").and_then(Value::as_str)) {
        (Some(pattern), format) => {
            let by_format = format.map(formatted).and_then(|made| match made {
                Made::Fixed(Value::String(text)) => Some(text),
                _ => None,
            });
            let fits = |text: &String| regex::Regex::new(pattern).is_ok_and(|regex| regex.is_match(text));
            let text = by_format.filter(fits).or_else(|| pattern::matching(pattern, least, most));
            Made::Fixed(text.unwrap_or_else(|| word.to_owned()).into())
        }
        (None, Some(format)) => formatted(format),
        (None, None) => Made::Fixed(sized(word, least, most).into()),
    }
}

/// A word cut or repeated until it has so many letters.
fn sized(word: &str, least: usize, most: usize) -> String {
    let filler = word.chars().chain("-".chars()).cycle();
    let length = word.chars().count().max(least.min(1 << 16)).min(most);
    filler.take(length).collect()
}

fn formatted(format: &str) -> Made {
    let text = match format {
        "date-time" => return Made::Fresh(Fresh::DateTime),
        "date" => return Made::Fresh(Fresh::Date),
        "uri" | "iri" => return Made::Fresh(Fresh::Uri),
        "uuid" => return Made::Fresh(Fresh::Uuid),
        "time" => "12:00:00Z",
        "duration" => "P1D",
        "email" | "idn-email" => "someone@example.com",
        "hostname" | "idn-hostname" => "example.com",
        "ipv4" => "127.0.0.1",
        "ipv6" => "::1",
        "uri-reference" | "iri-reference" | "json-pointer" => "/one",
        "uri-template" => "/{id}",
        "relative-json-pointer" => "0",
        _ => "a+",
    };
    Made::Fixed(text.into())
}

/// A number within the range that a schema gives.
pub(super) fn number(schema: &Map<String, Value>, whole: bool) -> Value {
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    let step = bound("multipleOf").filter(|step| *step > 0.0).unwrap_or(if whole { 1.0 } else { 0.0 });
    let nudge = if step > 0.0 { step } else { 1e-6 };
    let above = bound("exclusiveMinimum").map(|bound| bound + nudge);
    let below = bound("exclusiveMaximum").map(|bound| bound - nudge);
    let least = bound("minimum").into_iter().chain(above).reduce(f64::max);
    let most = bound("maximum").into_iter().chain(below).reduce(f64::min);
    let wanted = least.unwrap_or_else(|| most.map_or(1.0, |most| most.min(1.0)));
    let stepped = |value: f64| if step > 0.0 { (value / step).ceil() * step } else { value };
    let mut value = stepped(wanted);
    if most.is_some_and(|most| value > most) {
        value -= step;
    }
    integral(value).map_or_else(|| json!(value), Value::from)
}

/// A number as an integer, where it is one.
#[expect(clippy::cast_possible_truncation, reason = "the range is looked at before")]
fn integral(value: f64) -> Option<i64> {
    let exact = value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0;
    exact.then_some(value as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(schema: &Value) -> Value {
        let map = schema.as_object().unwrap();
        match map["type"].as_str().unwrap() {
            "string" => match string(map, "some word") {
                Made::Fixed(value) => value,
                Made::Fresh(fresh) => json!(format!("{fresh:?}")),
            },
            kind => number(map, kind == "integer"),
        }
    }

    #[test]
    fn numbers_keep_to_their_range_and_step() {
        for schema in [
            json!({ "type": "integer" }),
            json!({ "type": "integer", "minimum": 5 }),
            json!({ "type": "integer", "exclusiveMinimum": 5, "multipleOf": 4 }),
            json!({ "type": "integer", "maximum": -3 }),
            json!({ "type": "integer", "minimum": 1, "maximum": 1 }),
            json!({ "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.5 }),
            json!({ "type": "number", "minimum": 0.25 }),
        ] {
            let value = of(&schema);
            assert!(crate::judge::check::validator(&schema).unwrap().is_valid(&value), "{schema}: {value}");
        }
    }

    #[test]
    fn texts_keep_to_their_length_pattern_and_format() {
        for schema in [
            json!({ "type": "string" }),
            json!({ "type": "string", "minLength": 30 }),
            json!({ "type": "string", "maxLength": 3 }),
            json!({ "type": "string", "pattern": "^[A-Z]{3}$" }),
            json!({ "type": "string", "format": "email", "pattern": "@example" }),
            json!({ "type": "string", "format": "ipv4" }),
            json!({ "type": "string", "format": "duration" }),
            json!({ "type": "string", "format": "regex" }),
            json!({ "type": "string", "format": "time" }),
            json!({ "type": "string", "format": "relative-json-pointer" }),
        ] {
            let value = of(&schema);
            assert!(crate::judge::check::validator(&schema).unwrap().is_valid(&value), "{schema}: {value}");
        }
        assert_eq!(of(&json!({ "type": "string", "format": "date-time", "minLength": 1 })), json!("DateTime"));
    }
}
