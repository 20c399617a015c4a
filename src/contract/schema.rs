//! The schema of the language, generated from its types: what an editor completes by, and what finds all mistakes of shape at once.

use crate::contract::language::{OperationFile, VendorFile};
use crate::contract::schema_mistakes::schema_mistakes;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::FileId;
use jsonschema::Validator;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, transform::RestrictFormats};
use serde_json::Value;
use std::sync::OnceLock;

/// A kind of contract file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// `vendor.yaml`.
    Vendor,
    /// Any other file in a vendor's folder.
    Operation,
}

impl FileKind {
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
    pub(super) fn checker(self) -> &'static SchemaChecker {
        static VENDOR: SchemaChecker = SchemaChecker::new(|| generate::<VendorFile>("A vendor's file"));
        static OPERATION: SchemaChecker = SchemaChecker::new(|| generate::<OperationFile>("An operation's file"));
        match self {
            Self::Vendor => &VENDOR,
            Self::Operation => &OPERATION,
        }
    }
}

/// The schema of the files that decode to a type.
pub fn generate<T: JsonSchema>(title: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(RestrictFormats::default());
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema.to_value()
}

/// A schema that was generated from a type, ready to find the mistakes of shape in a file.
#[derive(Debug)]
pub struct SchemaChecker {
    generate: fn() -> Value,
    built: OnceLock<Built>,
}

#[derive(Debug)]
struct Built {
    schema: Value,
    validator: Option<Validator>,
}

impl SchemaChecker {
    /// The checker of the files that a schema admits.
    pub const fn new(generate: fn() -> Value) -> Self {
        Self { generate, built: OnceLock::new() }
    }

    fn built(&self) -> &Built {
        self.built.get_or_init(|| {
            let schema = (self.generate)();
            let validator = jsonschema::options().build(&schema).ok();
            Built { schema, validator }
        })
    }

    /// The JSON Schema.
    pub fn schema(&self) -> &Value {
        &self.built().schema
    }

    /// All mistakes of shape in a file.
    pub fn check(&self, file: FileId, value: &Value) -> Vec<Diagnostic> {
        let mut mistakes = Vec::new();
        let Built { schema, validator } = self.built();
        for error in validator.iter().flat_map(|validator| validator.iter_errors(value)) {
            schema_mistakes(&error, schema, file, &mut mistakes);
        }
        mistakes
    }
}
