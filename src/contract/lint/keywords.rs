//! The keywords of JSON Schema 2020-12 and the language's own: what each takes, and of which type of value it speaks.

use serde_json::Value;

/// What stands behind a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// Any value at all.
    Anything,
    /// A schema of the same value.
    Same,
    /// A schema of the same value that need not hold.
    Guess,
    /// A schema of another value, for instance of an element.
    Other,
    /// A schema of every key of an object.
    Keys,
    /// Schemas of the same value, in a list.
    SameList,
    /// Schemas of other values, in a list.
    OtherList,
    /// Schemas of other values, by name.
    OtherNamed,
    /// Schemas of other values, by regular expression.
    OtherMatched,
    /// Schemas of the same object, by the name of a field.
    SameNamed,
    /// Lists of names, by name.
    NamesNamed,
    /// Fields in the short form.
    Fields,
    /// Text.
    Text,
    /// A regular expression.
    Pattern,
    /// A `$ref`.
    Reference,
    /// A format's name.
    Format,
    /// A whole number from nought.
    Count,
    /// A number.
    Number,
    /// A number above nought.
    Positive,
    /// True or false.
    Flag,
    /// A list of names.
    Names,
    /// A type's name, or a list of them.
    Types,
    /// A list of values that is not empty.
    Values,
    /// What is understood and not yet run.
    Reserved,
}

/// Sets of types, a bit each.
pub(super) type Types = u8;
pub(super) const STRING: Types = 1;
pub(super) const NUMBER: Types = 2;
pub(super) const ARRAY: Types = 4;
pub(super) const OBJECT: Types = 8;
const INTEGER: Types = 2 | 16;
const BOOLEAN: Types = 32;
const NULL: Types = 64;
/// Every type.
pub(super) const ANY: Types = 127;

/// The name of each type with its set.
pub(super) const TYPES: [(&str, Types); 7] = [
    ("string", STRING),
    ("integer", INTEGER),
    ("number", NUMBER),
    ("boolean", BOOLEAN),
    ("array", ARRAY),
    ("object", OBJECT),
    ("null", NULL),
];

/// Every keyword: what it takes, and the type of which it speaks, or every type.
const KEYWORDS: [(&str, Takes, Types); 63] = [
    ("type", Takes::Types, ANY),
    ("const", Takes::Anything, ANY),
    ("enum", Takes::Values, ANY),
    ("fields", Takes::Fields, OBJECT),
    ("like", Takes::Text, OBJECT),
    ("optional", Takes::Flag, ANY),
    ("varies", Takes::Flag, ANY),
    ("shown", Takes::Flag, ANY),
    ("lists", Takes::Reserved, ANY),
    ("minLength", Takes::Count, STRING),
    ("maxLength", Takes::Count, STRING),
    ("pattern", Takes::Pattern, STRING),
    ("format", Takes::Format, STRING),
    ("minimum", Takes::Number, NUMBER),
    ("maximum", Takes::Number, NUMBER),
    ("exclusiveMinimum", Takes::Number, NUMBER),
    ("exclusiveMaximum", Takes::Number, NUMBER),
    ("multipleOf", Takes::Positive, NUMBER),
    ("items", Takes::Other, ARRAY),
    ("prefixItems", Takes::OtherList, ARRAY),
    ("contains", Takes::Other, ARRAY),
    ("minContains", Takes::Count, ARRAY),
    ("maxContains", Takes::Count, ARRAY),
    ("minItems", Takes::Count, ARRAY),
    ("maxItems", Takes::Count, ARRAY),
    ("uniqueItems", Takes::Flag, ARRAY),
    ("unevaluatedItems", Takes::Other, ARRAY),
    ("properties", Takes::OtherNamed, OBJECT),
    ("patternProperties", Takes::OtherMatched, OBJECT),
    ("additionalProperties", Takes::Other, OBJECT),
    ("unevaluatedProperties", Takes::Other, OBJECT),
    ("propertyNames", Takes::Keys, OBJECT),
    ("required", Takes::Names, OBJECT),
    ("dependentRequired", Takes::NamesNamed, OBJECT),
    ("dependentSchemas", Takes::SameNamed, OBJECT),
    ("minProperties", Takes::Count, OBJECT),
    ("maxProperties", Takes::Count, OBJECT),
    ("allOf", Takes::SameList, ANY),
    ("anyOf", Takes::SameList, ANY),
    ("oneOf", Takes::SameList, ANY),
    ("not", Takes::Guess, ANY),
    ("if", Takes::Guess, ANY),
    ("then", Takes::Same, ANY),
    ("else", Takes::Same, ANY),
    ("$ref", Takes::Reference, ANY),
    ("$defs", Takes::OtherNamed, ANY),
    ("$anchor", Takes::Text, ANY),
    ("$id", Takes::Text, ANY),
    ("$schema", Takes::Text, ANY),
    ("$vocabulary", Takes::Anything, ANY),
    ("$dynamicRef", Takes::Text, ANY),
    ("$dynamicAnchor", Takes::Text, ANY),
    ("$comment", Takes::Text, ANY),
    ("title", Takes::Text, ANY),
    ("description", Takes::Text, ANY),
    ("default", Takes::Anything, ANY),
    ("examples", Takes::Values, ANY),
    ("deprecated", Takes::Flag, ANY),
    ("readOnly", Takes::Flag, ANY),
    ("writeOnly", Takes::Flag, ANY),
    ("contentEncoding", Takes::Text, ANY),
    ("contentMediaType", Takes::Text, ANY),
    ("contentSchema", Takes::Other, ANY),
];

/// Keywords that exist and are refused, since a contract's body is one schema of one draft in one place.
pub(super) const REFUSED: [&str; 5] = ["$id", "$schema", "$vocabulary", "$dynamicRef", "$dynamicAnchor"];

/// What a keyword takes, and of which types it speaks; `None` for a word that is no keyword.
pub(super) fn keyword(word: &str) -> Option<(Takes, Types)> {
    KEYWORDS.iter().find(|(name, ..)| *name == word).map(|(_, takes, types)| (*takes, *types))
}

/// The names of all keywords.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    KEYWORDS.iter().map(|(name, ..)| *name)
}

/// The formats of JSON Schema 2020-12.
pub(super) const FORMATS: [&str; 19] = [
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "iri",
    "iri-reference",
    "uri-template",
    "uuid",
    "json-pointer",
    "relative-json-pointer",
    "regex",
];

/// The types that a schema's `type` names; `None` where it has none, or one that is wrong.
pub(super) fn types(value: Option<&Value>) -> Option<Types> {
    let of = |name: &Value| TYPES.iter().find(|(known, _)| name == known).map(|(_, set)| *set);
    match value? {
        Value::Array(names) => names.iter().map(of).try_fold(0, |all, set| Some(all | set?)),
        name => of(name),
    }
}

/// Why a value cannot stand behind a keyword, as what is due there; `None` where it can. Schemas inside it are not looked at.
pub(super) fn due(takes: Takes, value: &Value) -> Option<&'static str> {
    let is_schema = |value: &Value| value.is_object() || value.is_boolean();
    let is_names =
        |value: &Value| value.as_array().is_some_and(|list| list.iter().all(Value::is_string) && distinct(list));
    let by_name = |holds: &dyn Fn(&Value) -> bool| value.as_object().is_some_and(|map| map.values().all(holds));
    let listed = |list: &Vec<Value>| !list.is_empty() && list.iter().all(is_schema);
    let (holds, what) = match takes {
        Takes::Anything | Takes::Reserved => return None,
        Takes::Same | Takes::Guess | Takes::Other | Takes::Keys => (is_schema(value), "a schema"),
        Takes::SameList | Takes::OtherList => (value.as_array().is_some_and(listed), "a list of schemas"),
        Takes::OtherNamed | Takes::OtherMatched | Takes::SameNamed => {
            (by_name(&is_schema), "a mapping of names to schemas")
        }
        Takes::NamesNamed => (by_name(&is_names), "a mapping of names to lists of names"),
        Takes::Fields => (value.is_object(), "a mapping of fields to what they promise"),
        Takes::Text | Takes::Pattern | Takes::Reference | Takes::Format => (value.is_string(), "text"),
        Takes::Count => {
            (value.as_f64().is_some_and(|count| count >= 0.0 && count.fract() == 0.0), "a whole number from 0")
        }
        Takes::Number => (value.is_number(), "a number"),
        Takes::Positive => (value.as_f64().is_some_and(|number| number > 0.0), "a number above 0"),
        Takes::Flag => (value.is_boolean(), "true or false"),
        Takes::Names => (is_names(value), "a list of names, each once"),
        Takes::Types => (
            types(Some(value)).is_some_and(|set| set != 0) && value.as_array().is_none_or(|list| distinct(list)),
            "one of string, number, integer, boolean, array, object and null, or a list of them",
        ),
        Takes::Values => (value.as_array().is_some_and(|list| !list.is_empty()), "a list of one value or more"),
    };
    (!holds).then_some(what)
}

fn distinct(list: &[Value]) -> bool {
    list.iter().enumerate().all(|(index, item)| !list.iter().take(index).any(|before| before == item))
}
