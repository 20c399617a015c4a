//! Mistakes as GitHub's workflow commands, which it shows beside the lines of a change.

use std::fmt::Write;

use super::Diagnostic;
use crate::text::source::Sources;
use crate::text::visible;

/// One `::error file=...::message` line a mistake; help follows the message on lines of its own.
pub fn render_github(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    diagnostics.iter().map(|diagnostic| command_line(diagnostic, sources)).collect()
}

fn command_line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut line = format!("::{} ", diagnostic.severity.as_str());
    if let Some(span) = diagnostic.span(sources) {
        let source = &sources[span.file];
        let (start, end) = (source.position(span.range.start), source.position(span.range.end));
        let file = escape_property(&source.path().to_string_lossy());
        // Writing to a string cannot fail.
        let _ = write!(line, "file={file},line={},endLine={},", start.line, end.line);
        // Columns are understood only where both ends are on one line.
        if start.line == end.line {
            let _ = write!(line, "col={},endColumn={},", start.column, end.column);
        }
    }
    let title = escape_property(diagnostic.code.as_str());
    let _ = writeln!(line, "title={title}::{}", escape_message(&message_with_help(diagnostic)));
    line
}

fn message_with_help(diagnostic: &Diagnostic) -> String {
    let label = diagnostic.labels.first().map_or("", |label| &label.text);
    let separator = if label.is_empty() { "" } else { ": " };
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    format!("{}{separator}{label}{}", diagnostic.message, help.collect::<String>())
}

/// Escapes what would end the message, and each hidden character.
fn escape_message(text: &str) -> String {
    visible::text(text).replace('%', "%25").replace('\n', "%0A")
}

/// Escapes what would end a property.
fn escape_property(text: &str) -> String {
    escape_message(text).replace(':', "%3A").replace(',', "%2C")
}
