//! The schema of the language, generated from its types: what an editor completes by, and what finds all mistakes of shape at once.

use crate::contract::language::{OperationFile, VendorFile};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Place};
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, transform::RestrictFormats};
use serde_json::Value;
use std::sync::LazyLock;

/// A kind of contract file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `vendor.yaml`.
    Vendor,
    /// Any other file in a vendor's folder.
    Operation,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Vendor, Self::Operation];

    /// The name of the file that holds its schema, under `specs/`.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Vendor => "vendor.schema.json",
            Self::Operation => "operation.schema.json",
        }
    }

    /// The JSON Schema of such a file.
    pub fn schema(self) -> &'static Value {
        self.checker().schema()
    }

    /// What checks such a file.
    pub(super) fn checker(self) -> &'static Checker {
        static VENDOR: LazyLock<Checker> = LazyLock::new(|| Checker::of::<VendorFile>("A vendor's file"));
        static OPERATION: LazyLock<Checker> = LazyLock::new(|| Checker::of::<OperationFile>("An operation's file"));
        match self {
            Self::Vendor => &VENDOR,
            Self::Operation => &OPERATION,
        }
    }
}

fn generate<T: JsonSchema>(title: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(RestrictFormats::default());
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema.to_value()
}

/// A schema that was generated from a type, ready to find the mistakes of shape in a file.
#[derive(Debug)]
pub struct Checker {
    schema: Value,
    validator: Option<Validator>,
}

impl Checker {
    /// The checker of the files that decode to a type.
    pub fn of<T: JsonSchema>(title: &str) -> Self {
        let schema = generate::<T>(title);
        let validator = jsonschema::options().build(&schema).ok();
        Self { schema, validator }
    }

    /// The JSON Schema.
    pub fn schema(&self) -> &Value {
        &self.schema
    }

    /// All mistakes of shape in a file.
    pub fn check(&self, file: FileId, value: &Value) -> Vec<Diagnostic> {
        let mut mistakes = Vec::new();
        for error in self.validator.iter().flat_map(|validator| validator.iter_errors(value)) {
            explain(&error, self, file, &mut mistakes);
        }
        mistakes
    }
}

/// Tells one departure; of several branches, those of the one that was most likely meant.
fn explain(error: &ValidationError<'_>, checker: &Checker, file: FileId, mistakes: &mut Vec<Diagnostic>) {
    let at = Place::at(file, error.instance_path().as_str());
    match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            let meant = context.iter().filter(|branch| meant(branch, error.instance_path().as_str()));
            match meant.min_by_key(|branch| branch.len()) {
                Some(branch) => branch.iter().for_each(|error| explain(error, checker, file, mistakes)),
                None => mistakes.push(
                    Diagnostic::error(Code::WrongType, format!("{} does not belong here", name_of(error.instance())))
                        .at(at, format!("expected {}", expected(context))),
                ),
            }
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            for key in unexpected {
                mistakes.push(unknown_key(error, checker, &at, key));
            }
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            mistakes.push(
                Diagnostic::error(Code::MissingKey, format!("`{key}` is missing"))
                    .at(at.key(), format!("`{key}` is due in this mapping")),
            );
        }
        ValidationErrorKind::Type { kind } => mistakes.push(
            Diagnostic::error(
                Code::WrongType,
                format!("{} stands where {} is due", name_of(error.instance()), type_name(kind)),
            )
            .at(at, format!("expected {}", type_name(kind)))
            .help(quoting(error.instance(), kind)),
        ),
        _ => mistakes
            .push(Diagnostic::error(Code::WrongValue, error.to_string()).at(at, "not a value of the language here")),
    }
    if let Some(last) = mistakes.last_mut() {
        last.help.retain(|help| !help.is_empty());
    }
}

/// Whether a branch of alternatives was meant: the value is of its type, only something inside it is wrong.
fn meant(branch: &[ValidationError<'_>], at: &str) -> bool {
    let outer = |error: &ValidationError<'_>| {
        let alternative = matches!(
            error.kind(),
            ValidationErrorKind::Type { .. } | ValidationErrorKind::Constant { .. } | ValidationErrorKind::Enum { .. }
        );
        alternative && error.instance_path().as_str() == at
    };
    !branch.iter().any(outer)
}

fn unknown_key(error: &ValidationError<'_>, checker: &Checker, at: &Place, key: &str) -> Diagnostic {
    let parent = error.schema_path().as_str().rsplit_once('/').map_or("", |(parent, _)| parent);
    let properties =
        checker.schema.pointer(parent).and_then(|schema| schema.get("properties")).and_then(Value::as_object);
    let known: Vec<&str> = properties.into_iter().flat_map(|map| map.keys()).map(String::as_str).collect();
    let diagnostic = Diagnostic::error(Code::UnknownKey, format!("`{key}` is not a key of the language here"))
        .at(at.child(key).key(), "unknown key")
        .suggest(key, known.iter().copied());
    if diagnostic.help.is_empty() && !known.is_empty() {
        return diagnostic.help(format!("the keys here are {}", known.join(", ")));
    }
    diagnostic
}

fn expected(context: &[Vec<ValidationError<'_>>]) -> String {
    let of = |error: &ValidationError<'_>| match error.kind() {
        ValidationErrorKind::Type { kind } => Some(type_name(kind)),
        ValidationErrorKind::Constant { expected_value } => {
            Some(format!("`{}`", crate::contract::template::plain(expected_value)))
        }
        ValidationErrorKind::Enum { options } => {
            let words = options.as_array().into_iter().flatten().map(crate::contract::template::plain);
            Some(words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "))
        }
        _ => None,
    };
    let words: Vec<_> = context.iter().flatten().filter_map(of).collect();
    words.join(" or ")
}

fn type_name(kind: &TypeKind) -> String {
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
    words.iter().map(noun).collect::<Vec<_>>().join(" or ")
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

/// The quoted form, where a number or truth value stands and text is due.
fn quoting(value: &Value, kind: &TypeKind) -> String {
    let scalar = matches!(value, Value::Bool(_) | Value::Number(_));
    if scalar && type_name(kind).contains("text") { format!("quote it: `\"{value}\"`") } else { String::new() }
}
