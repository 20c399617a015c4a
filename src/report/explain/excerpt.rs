//! Places in contracts as a person reads them: `file:line:column`, with the lines of the place.

use crate::contract::language::Page;
use crate::text::source::{Place, Sources};

/// The most lines of a place that are shown.
const MOST_LINES: usize = 12;

/// `specs/acme/links.delete.yaml:45:3`: the beginning of the key of a place, or of its value where it has no key.
pub(super) fn position_words(sources: &Sources, place: &Place) -> String {
    let place = place.key();
    let position = sources.position(&place);
    format!("{}:{}:{}", sources[place.file].path().display(), position.line, position.column)
}

/// A page's name, its address, and the day on which it was read.
pub(super) fn page_words(page: &Page) -> String {
    format!("{}, {}, read on {}", page.id, page.url, page.read)
}

/// The position, and below it the lines from the key to the end of the value.
pub(super) fn excerpt(sources: &Sources, place: &Place) -> Vec<String> {
    let source = &sources[place.file];
    let first = sources.position(&place.key()).line;
    let end = sources.resolve(place).range.end;
    let last = source.position(end.saturating_sub(1)).line.max(first);
    let number_width = last.to_string().len();
    let mut lines = vec![position_words(sources, place)];
    for number in (first..=last).take(MOST_LINES) {
        let text = source.text().get(source.line(number)).unwrap_or_default();
        lines.push(format!("{number:>number_width$} | {text}"));
    }
    if last - first >= MOST_LINES {
        lines.push(format!("{:>number_width$} | ...", ""));
    }
    lines
}
