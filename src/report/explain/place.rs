//! Places in contracts as a person reads them: `file:line:column`, with the lines that stand there.

use crate::text::source::{Place, Sources};

/// How many lines of a place are shown.
const MOST_LINES: usize = 12;

/// `specs/acme/links.delete.yaml:45:3`: where the key of a place stands, or its value where it has no key.
pub(super) fn position(sources: &Sources, place: &Place) -> String {
    let place = place.clone().key();
    let position = sources.position(&place);
    format!("{}:{}:{}", sources.get(place.file).path().display(), position.line, position.column)
}

/// The position, and below it the lines from the key to the end of the value.
pub(super) fn excerpt(sources: &Sources, place: &Place) -> Vec<String> {
    let source = sources.get(place.file);
    let first = sources.position(&place.clone().key()).line;
    let end = sources.resolve(place).range.end;
    let last = source.position(end.saturating_sub(1)).line.max(first);
    let number_width = last.to_string().len();
    let text = |line: usize| source.text().get(source.line(line)).unwrap_or_default();
    let shown = (first..=last).take(MOST_LINES).map(|line| format!("{line:>number_width$} | {}", text(line)));
    let mut lines = vec![position(sources, place)];
    lines.extend(shown);
    if last - first >= MOST_LINES {
        lines.push(format!("{:>number_width$} | ...", ""));
    }
    lines
}
