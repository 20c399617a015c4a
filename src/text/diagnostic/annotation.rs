//! Mistakes as GitHub's workflow commands, which it shows beside the lines of a change.

use std::fmt::Write;

use super::Diagnostic;
use crate::text::source::Sources;
use crate::text::visible;

/// One `::error file=...::message` line a mistake; help follows the message on lines of its own.
pub fn github(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    diagnostics.iter().map(|diagnostic| line(diagnostic, sources)).collect()
}

fn line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut line = format!("::{} ", diagnostic.severity.as_str());
    if let Some(span) = diagnostic.span(sources) {
        let source = sources.get(span.file);
        let (start, end) = (source.position(span.range.start), source.position(span.range.end));
        // Writing to a string cannot fail.
        let _ = write!(
            line,
            "file={},line={},endLine={},",
            property(&source.path().to_string_lossy()),
            start.line,
            end.line
        );
        // Columns are understood only where both ends are on one line.
        if start.line == end.line {
            let _ = write!(line, "col={},endColumn={},", start.column, end.column);
        }
    }
    let mut message = diagnostic.message.clone();
    if let Some(label) = diagnostic.labels.first().filter(|label| !label.text.is_empty()) {
        let _ = write!(message, ": {}", label.text);
    }
    for help in &diagnostic.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    let _ = writeln!(line, "title={}::{}", property(diagnostic.code.as_str()), data(&message));
    line
}

/// Escapes what would end the message, and whatever is hidden.
fn data(text: &str) -> String {
    visible::text(text).replace('%', "%25").replace('\n', "%0A")
}

/// Escapes what would end a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
