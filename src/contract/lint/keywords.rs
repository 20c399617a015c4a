//! The keywords of JSON Schema 2020-12 and the language's own: what each takes, and of which type of value it speaks.

use serde_json::{Map, Value};

/// A keyword: what it takes, and the types of which it speaks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keyword {
    word: &'static str,
    /// The kind of value behind it.
    pub(super) takes: Takes,
    /// The types of which it speaks.
    pub(super) speaks: Types,
}

/// The kind of value behind a keyword.
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
    /// A whole number from 0.
    Count,
    /// A number.
    Number,
    /// A number above 0.
    Positive,
    /// True or false.
    Flag,
    /// A list of names.
    Names,
    /// A type's name, or a list of them.
    Types,
    /// A list of values that is not empty.
    Values,
    /// A word that is understood and not yet run.
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
const KEYWORDS: [(&str, Takes, Types); 64] = [
    ("type", Takes::Types, ANY),
    ("const", Takes::Anything, ANY),
    ("enum", Takes::Values, ANY),
    ("fields", Takes::Fields, OBJECT),
    ("like", Takes::Text, OBJECT),
    ("optional", Takes::Flag, ANY),
    ("varies", Takes::Flag, ANY),
    ("shown", Takes::Flag, ANY),
    ("inferred", Takes::Text, ANY),
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

impl Keyword {
    /// The keyword of a word, if it is one.
    pub(super) fn find(word: &str) -> Option<Self> {
        let (word, takes, speaks) = *KEYWORDS.iter().find(|(name, ..)| *name == word)?;
        Some(Self { word, takes, speaks })
    }

    /// The names of all keywords.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        KEYWORDS.iter().map(|(name, ..)| *name)
    }

    /// Whether it exists and is refused, since a contract's body is one schema of one draft in one place.
    pub(super) fn is_refused(self) -> bool {
        ["$id", "$schema", "$vocabulary", "$dynamicRef", "$dynamicAnchor"].contains(&self.word)
    }

    /// Whether a schema that has it can fail because of it.
    pub(super) fn can_fail(self) -> bool {
        let idle = ["optional", "varies", "shown", "inferred", "lists", "$defs", "$anchor"];
        !ANNOTATIONS.contains(&self.word) && !idle.contains(&self.word)
    }
}

/// Keywords that say something to people and check nothing.
const ANNOTATIONS: [&str; 11] = [
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$comment",
    "contentMediaType",
    "contentEncoding",
    "contentSchema",
];

/// Whether a schema has a keyword that can fail; a word that is not a keyword is taken for one.
pub(super) fn says_something(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => map.keys().any(|keyword| !ANNOTATIONS.contains(&keyword.as_str())),
        _ => *schema != Value::Bool(true),
    }
}

/// The formats of JSON Schema 2020-12, and that of ISO 8601, which has more moments than `date-time`.
pub(super) const FORMATS: [&str; 20] = [
    "date",
    "date-time",
    "iso8601",
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
pub(super) fn types_of(schema: &Map<String, Value>) -> Option<Types> {
    named_types(schema.get("type")?)
}

fn named_types(value: &Value) -> Option<Types> {
    match value {
        Value::Array(names) => names.iter().try_fold(0, |all, name| Some(all | named_type(name)?)),
        name => named_type(name),
    }
}

fn named_type(name: &Value) -> Option<Types> {
    TYPES.iter().find(|(known, _)| name == known).map(|(_, set)| *set)
}

impl Takes {
    /// The words for what a value behind a keyword has to be, where it is something else. Schemas inside it are not looked at.
    pub(super) fn refuses(self, value: &Value) -> Option<&'static str> {
        let (accepts, what) = match self {
            Self::Anything | Self::Reserved => return None,
            Self::Same | Self::Guess | Self::Other | Self::Keys => (is_schema(value), "a schema"),
            Self::SameList | Self::OtherList => (is_list_of(value, is_schema), "a list of schemas"),
            Self::OtherNamed | Self::OtherMatched | Self::SameNamed => {
                (is_mapping_of(value, is_schema), "a mapping of names to schemas")
            }
            Self::NamesNamed => (is_mapping_of(value, is_names), "a mapping of names to lists of names"),
            Self::Fields => (value.is_object(), "a mapping of fields to what they promise"),
            Self::Text | Self::Pattern | Self::Reference | Self::Format => (value.is_string(), "text"),
            Self::Count => {
                (value.as_f64().is_some_and(|count| count >= 0.0 && count.fract() == 0.0), "a whole number from 0")
            }
            Self::Number => (value.is_number(), "a number"),
            Self::Positive => (value.as_f64().is_some_and(|number| number > 0.0), "a number above 0"),
            Self::Flag => (value.is_boolean(), "true or false"),
            Self::Names => (is_names(value), "a list of names, each once"),
            Self::Types => (
                named_types(value).is_some_and(|set| set != 0)
                    && value.as_array().is_none_or(|list| are_distinct(list)),
                "one of string, number, integer, boolean, array, object and null, or a list of them",
            ),
            Self::Values => (is_list_of(value, |_| true), "a list of one value or more"),
        };
        (!accepts).then_some(what)
    }
}

fn is_schema(value: &Value) -> bool {
    value.is_object() || value.is_boolean()
}

fn is_names(value: &Value) -> bool {
    value.as_array().is_some_and(|list| list.iter().all(Value::is_string) && are_distinct(list))
}

fn is_list_of(value: &Value, is_item: fn(&Value) -> bool) -> bool {
    value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(is_item))
}

fn is_mapping_of(value: &Value, is_member: fn(&Value) -> bool) -> bool {
    value.as_object().is_some_and(|map| map.values().all(is_member))
}

fn are_distinct(list: &[Value]) -> bool {
    list.iter().enumerate().all(|(index, item)| !list.iter().take(index).any(|before| before == item))
}
