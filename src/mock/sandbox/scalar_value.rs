//! A value of a documented type, format and range, where nothing better is known of it.

use super::flat_schema::FlatSchema;
use super::matching_text::matching_text;
use crate::contract::same_value::whole_number;
use regex::Regex;
use serde_json::{Value, json};

/// A value that is made, either now or at every answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ScalarValue {
    /// The same in every answer.
    Fixed(Value),
    /// Made when it is first shown, and kept from then on.
    Fresh(FreshValue),
}

/// A value that is made at every answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FreshValue {
    /// The moment, as in `2026-11-20T03:00:00Z`.
    DateTime,
    /// The day.
    Date,
    /// A URL below the mock's own origin.
    Uri,
    /// A random UUID.
    Uuid,
}

impl ScalarValue {
    /// A string for a schema without constants, enumeration and examples; `word` is what a free text reads.
    pub(super) fn string(schema: &FlatSchema<'_>, word: &str) -> Self {
        let least = schema.count("minLength").and_then(|least| usize::try_from(least).ok()).unwrap_or(0);
        let most = schema.count("maxLength").and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
        match (schema.text("pattern"), schema.text("format")) {
            (Some(pattern), format) => {
                let text = format.and_then(|format| formatted_match(format, pattern));
                let text = text.or_else(|| matching_text(pattern, least, most));
                Self::Fixed(text.map_or_else(|| word.into(), Value::String))
            }
            (None, Some(format)) => Self::of_format(format),
            (None, None) => Self::Fixed(resize_word(word, least, most).into()),
        }
    }

    fn of_format(format: &str) -> Self {
        let text = match format {
            "date-time" | "iso8601" => return Self::Fresh(FreshValue::DateTime),
            "date" => return Self::Fresh(FreshValue::Date),
            "uri" | "iri" => return Self::Fresh(FreshValue::Uri),
            "uuid" => return Self::Fresh(FreshValue::Uuid),
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
        Self::Fixed(text.into())
    }
}

/// The text of a format, where it is fixed and matches a pattern too.
fn formatted_match(format: &str, pattern: &str) -> Option<String> {
    let ScalarValue::Fixed(Value::String(text)) = ScalarValue::of_format(format) else { return None };
    Regex::new(pattern).is_ok_and(|regex| regex.is_match(&text)).then_some(text)
}

/// A word cut or repeated until it has so many letters.
fn resize_word(word: &str, least: usize, most: usize) -> String {
    let filler = word.chars().chain("-".chars()).cycle();
    let length = word.chars().count().max(least.min(1 << 16)).min(most);
    filler.take(length).collect()
}

/// A number within the range that a schema gives.
pub(super) fn number_in_range(schema: &FlatSchema<'_>, whole: bool) -> Value {
    let step = schema.number("multipleOf").filter(|step| *step > 0.0).unwrap_or(if whole { 1.0 } else { 0.0 });
    let nudge = if step > 0.0 { step } else { 1e-6 };
    let above = schema.number("exclusiveMinimum").map(|bound| bound + nudge);
    let below = schema.number("exclusiveMaximum").map(|bound| bound - nudge);
    let least = schema.number("minimum").into_iter().chain(above).reduce(f64::max);
    let most = schema.number("maximum").into_iter().chain(below).reduce(f64::min);
    let wanted = least.unwrap_or_else(|| most.map_or(1.0, |most| most.min(1.0)));
    let mut value = if step > 0.0 { (wanted / step).ceil() * step } else { wanted };
    if most.is_some_and(|most| value > most) {
        value -= step;
    }
    whole_number(value).map_or_else(|| json!(value), Value::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(schema: &Value) -> Value {
        let flat = FlatSchema::of(schema, schema);
        match flat.text("type").unwrap() {
            "string" => match ScalarValue::string(&flat, "some word") {
                ScalarValue::Fixed(value) => value,
                ScalarValue::Fresh(fresh) => json!(format!("{fresh:?}")),
            },
            kind => number_in_range(&flat, kind == "integer"),
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
