//! The report that other programs read: a whole run as JSON, and the schemas of what is written so.

use super::{Rendered, SavedRun};
use crate::text::visible;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use schemars::transform::RestrictFormats;
use serde_json::Value;

/// The run as indented JSON with a line end.
pub(super) fn run_json(saved: &SavedRun) -> Rendered {
    Ok(visible::json(&serde_json::to_string_pretty(saved)?).into_owned() + "\n")
}

/// The JSON Schema of a saved run.
pub fn run_schema() -> Value {
    schema_of::<SavedRun>("A report of proviso")
}

/// The JSON Schema of a shape that programs read.
pub(super) fn schema_of<T: JsonSchema>(title: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(RestrictFormats::default());
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema.to_value()
}
