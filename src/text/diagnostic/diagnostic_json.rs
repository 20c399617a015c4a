//! Mistakes as JSON, for editors and scripts.

use std::borrow::Cow;

use serde::Serialize;

use super::{Diagnostic, Label};
use crate::text::source::Sources;

/// One mistake as an object: `code`, `severity`, `message`, `help` (a list of sentences), `labels`, and `file`, `line`,
/// `column`, `end_line`, `end_column` of the first label (null where nothing is labelled).
///
/// A label has the same five with `text` and `primary`. Lines and columns count from 1, columns in characters; the end is the
/// column after the last character.
#[derive(Serialize)]
pub struct DiagnosticJson<'a> {
    code: &'static str,
    column: Option<usize>,
    end_column: Option<usize>,
    end_line: Option<usize>,
    file: Option<Cow<'a, str>>,
    help: &'a [String],
    labels: Vec<LabelJson<'a>>,
    line: Option<usize>,
    message: &'a str,
    severity: &'static str,
}

#[derive(Serialize)]
struct LabelJson<'a> {
    column: usize,
    end_column: usize,
    end_line: usize,
    file: Cow<'a, str>,
    line: usize,
    primary: bool,
    text: &'a str,
}

impl<'a> DiagnosticJson<'a> {
    /// A mistake with its places looked up.
    pub fn new(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Self {
        let labels = diagnostic.labels.iter().enumerate();
        let labels: Vec<_> = labels.map(|(index, label)| LabelJson::new(label, index == 0, sources)).collect();
        let primary = labels.first();
        Self {
            code: diagnostic.code.as_str(),
            column: primary.map(|label| label.column),
            end_column: primary.map(|label| label.end_column),
            end_line: primary.map(|label| label.end_line),
            file: diagnostic.span(sources).map(|span| sources[span.file].path().to_string_lossy()),
            help: &diagnostic.help,
            line: primary.map(|label| label.line),
            labels,
            message: &diagnostic.message,
            severity: diagnostic.severity.as_str(),
        }
    }
}

impl<'a> LabelJson<'a> {
    fn new(label: &'a Label, primary: bool, sources: &'a Sources) -> Self {
        let span = label.at.span(sources);
        let source = &sources[span.file];
        let (start, end) = (source.position(span.range.start), source.position(span.range.end));
        Self {
            column: start.column,
            end_column: end.column,
            end_line: end.line,
            file: source.path().to_string_lossy(),
            line: start.line,
            primary,
            text: &label.text,
        }
    }
}
