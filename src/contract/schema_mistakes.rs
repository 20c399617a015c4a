//! Says in the language's own words where a file departs from the language's schema, and what would be right.

use crate::contract::template::plain;
use crate::text::diagnostic::{Code, Diagnostic, suggest};
use crate::text::source::{FileId, Place};
use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;

/// Tells one departure; of several branches, those of the one that was most likely meant.
pub(super) fn schema_mistakes(
    error: &ValidationError<'_>,
    schema: &Value,
    file: FileId,
    mistakes: &mut Vec<Diagnostic>,
) {
    let at = Place::at(file, error.instance_path().as_str());
    match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            match context.iter().filter(|branch| is_meant(branch, error)).min_by_key(|branch| branch.len()) {
                Some(branch) => branch.iter().for_each(|error| schema_mistakes(error, schema, file, mistakes)),
                None => mistakes.push(none_fits(error.instance(), at, &expected(context))),
            }
        }
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. } | ValidationErrorKind::Type { .. } => {
            let mut due = Expected::default();
            due.add(error);
            mistakes.push(none_fits(error.instance(), at, &due));
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            mistakes.extend(unexpected.iter().map(|key| unknown_key(error, schema, &at, key)));
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            let due = format!("`{key}` is due in this mapping");
            mistakes.push(Diagnostic::error(Code::MissingKey, format!("`{key}` is missing")).at(at.key(), due));
        }
        kind => mistakes.push(out_of_bounds(error, kind, schema, at)),
    }
}

/// Whether a branch of alternatives was meant: the value is of its type, only something inside it is wrong.
fn is_meant(branch: &[ValidationError<'_>], outer: &ValidationError<'_>) -> bool {
    let excludes = |error: &ValidationError<'_>| {
        error.instance_path().as_str() == outer.instance_path().as_str()
            && match error.kind() {
                ValidationErrorKind::Type { .. }
                | ValidationErrorKind::Constant { .. }
                | ValidationErrorKind::Enum { .. } => true,
                ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                    !context.iter().any(|branch| is_meant(branch, outer))
                }
                _ => false,
            }
    };
    !branch.iter().any(excludes)
}

/// What may stand at a place: words, and types.
#[derive(Default)]
struct Expected {
    words: Vec<String>,
    types: Vec<String>,
}

impl Expected {
    fn add(&mut self, error: &ValidationError<'_>) {
        match error.kind() {
            ValidationErrorKind::Type { kind } => self.types.extend(type_names(kind)),
            ValidationErrorKind::Constant { expected_value } => self.words.push(plain(expected_value)),
            ValidationErrorKind::Enum { options } => {
                self.words.extend(options.as_array().into_iter().flatten().map(plain));
            }
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                context.iter().flatten().for_each(|error| self.add(error));
            }
            _ => {}
        }
    }

    /// In words; null goes without saying where something else may stand.
    fn told(&self) -> String {
        let mut all: Vec<String> = self.words.iter().map(|word| format!("`{word}`")).collect();
        all.extend(self.types.iter().cloned());
        let mut seen = Vec::new();
        all.retain(|word| !seen.contains(word) && (seen.push(word.clone()), true).1);
        if all.len() > 1 {
            all.retain(|word| word != "null");
        }
        match all.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
            None => "something else".to_owned(),
        }
    }
}

fn expected(context: &[Vec<ValidationError<'_>>]) -> Expected {
    let mut expected = Expected::default();
    context.iter().flatten().for_each(|error| expected.add(error));
    expected
}

/// A value that is none of what may stand at its place.
fn none_fits(value: &Value, at: Place, expected: &Expected) -> Diagnostic {
    if at.pointer == "/version" {
        return unknown_version(value, at);
    }
    let due = expected.told();
    let is_scalar = !value.is_object() && !value.is_array();
    if is_scalar && !expected.words.is_empty() {
        let word = plain(value);
        return Diagnostic::error(Code::WrongValue, format!("`{word}` has no meaning here"))
            .at(at, format!("{due} is due"))
            .suggest(&word, expected.words.iter().map(String::as_str));
    }
    let mistake = Diagnostic::error(Code::WrongType, format!("{} stands where {due} is due", name_of(value)));
    let mistake = mistake.at(at, format!("expected {due}"));
    let could_be_text =
        matches!(value, Value::Bool(_) | Value::Number(_)) && expected.types.iter().any(|due| due == "text");
    if let Some(word) = value.as_str().and_then(truth_value).filter(|_| expected.types == ["true or false"]) {
        return mistake.help(format!("write `{word}`"));
    }
    if is_scalar && !value.is_null() && expected.types == ["a list"] {
        return mistake.help(format!("write it in brackets: `[{}]`", plain(value)));
    }
    if could_be_text { mistake.help(format!("quote it: `\"{value}\"`")) } else { mistake }
}

/// The truth value that a word is in YAML 1.1, and not in YAML 1.2.
pub(super) fn truth_value(word: &str) -> Option<bool> {
    let words = [("yes", true), ("on", true), ("no", false), ("off", false)];
    words.into_iter().find(|(known, _)| word.eq_ignore_ascii_case(known)).map(|(_, value)| value)
}

/// The version of a contract that is not this one.
fn unknown_version(value: &Value, at: Place) -> Diagnostic {
    Diagnostic::error(Code::WrongValue, format!("version {value} of the contract language is not known"))
        .at(at, "expected 1")
        .help("write `version: 1`; a later version needs a later proviso")
}

fn unknown_key(error: &ValidationError<'_>, schema: &Value, at: &Place, key: &str) -> Diagnostic {
    let properties = around(error, schema).and_then(|schema| schema.get("properties")).and_then(Value::as_object);
    let known: Vec<&str> = properties.into_iter().flat_map(|map| map.keys()).map(String::as_str).collect();
    let mistake = Diagnostic::error(Code::UnknownKey, format!("`{key}` is not a key of the language here"))
        .at(at.child(key).key(), "unknown key");
    match suggest(key, known.iter().copied()) {
        Some(near) => mistake.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => mistake,
        None => mistake.help(format!("the keys here are {}", known.join(", "))),
    }
}

/// The schema whose keyword an error comes from.
fn around<'s>(error: &ValidationError<'_>, schema: &'s Value) -> Option<&'s Value> {
    schema.pointer(error.schema_path().as_str().rsplit_once('/')?.0)
}

/// A value of the right type that is too much, too little, or not of the due form.
fn out_of_bounds(error: &ValidationError<'_>, kind: &ValidationErrorKind, schema: &Value, at: Place) -> Diagnostic {
    let value = error.instance();
    let word = plain(value);
    let (message, label) = match kind {
        ValidationErrorKind::MinItems { .. } => ("a list is empty".to_owned(), "one element or more is due".to_owned()),
        ValidationErrorKind::MinProperties { .. } => {
            ("a mapping is empty".to_owned(), "one entry or more is due".to_owned())
        }
        ValidationErrorKind::MinLength { .. } => {
            ("a text is empty".to_owned(), "a word or a sentence is due".to_owned())
        }
        ValidationErrorKind::UniqueItems => ("an element stands twice in a list".to_owned(), "each once".to_owned()),
        ValidationErrorKind::Minimum { limit } => (format!("{word} is out of range"), format!("{limit} is the least")),
        ValidationErrorKind::Maximum { limit } => (format!("{word} is out of range"), format!("{limit} is the most")),
        ValidationErrorKind::Pattern { .. } => {
            let due = around(error, schema).and_then(|schema| schema.get("description")).and_then(Value::as_str);
            let due = due.unwrap_or("another form").trim_end_matches('.').to_owned();
            (format!("`{word}` is not of the due form"), format!("{} is due", lower_first(&due)))
        }
        _ => (error.to_string(), "not a value of the language here".to_owned()),
    };
    Diagnostic::error(Code::WrongValue, message).at(at, label)
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn type_names(kind: &TypeKind) -> Vec<String> {
    let words: Vec<String> = match kind {
        TypeKind::Single(one) => vec![one.to_string()],
        TypeKind::Multiple(several) => several.iter().map(|one| one.to_string()).collect(),
    };
    let noun = |word: &String| match word.as_str() {
        "object" => "a mapping",
        "array" => "a list",
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        _ => "null",
    };
    words.iter().map(noun).map(str::to_owned).collect()
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}
