//! Mistakes as JSON, for editors and scripts.

use serde_json::{Value, json};

use super::{Diagnostic, Label};
use crate::text::source::Sources;

/// All mistakes as an array of [`object`]s, indented, with a line end.
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let objects = diagnostics.iter().map(|diagnostic| object(diagnostic, sources)).collect();
    format!("{:#}\n", Value::Array(objects))
}

/// One mistake as an object: `code`, `severity`, `message`, `help` (a list of sentences), `labels`, and `file`, `line`,
/// `column`, `end_line`, `end_column` of the first label (null where nothing is labelled).
///
/// A label has the same five with `text` and `primary`. Lines and columns count from 1, columns in characters; the end is the
/// column after the last character.
pub fn object(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let mut labels: Vec<Value> = diagnostic.labels.iter().map(|label| label_object(label, sources)).collect();
    let primary = labels.first_mut().map_or(Value::Null, |label| {
        label["primary"] = true.into();
        label.clone()
    });
    let of = |name: &str| primary.get(name).cloned().unwrap_or_default();
    json!({
        "code": diagnostic.code.as_str(),
        "severity": diagnostic.severity.as_str(),
        "message": diagnostic.message,
        "file": of("file"),
        "line": of("line"),
        "column": of("column"),
        "end_line": of("end_line"),
        "end_column": of("end_column"),
        "labels": labels,
        "help": diagnostic.help,
    })
}

fn label_object(label: &Label, sources: &Sources) -> Value {
    let span = label.at.span(sources);
    let source = sources.get(span.file);
    let (start, end) = (source.position(span.range.start), source.position(span.range.end));
    json!({
        "file": source.path().to_string_lossy(),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "text": label.text,
        "primary": false,
    })
}
