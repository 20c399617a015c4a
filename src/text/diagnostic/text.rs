//! Mistakes as text with the source under them, in the manner of rustc.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Severity};
use crate::text::source::{FileId, Source, Sources, character_end, character_start};
use crate::text::visible::{self, is_hidden};

/// Whether text may carry colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Plain text.
    Plain,
    /// With the escape codes of a terminal.
    Coloured,
}

/// A line longer than this is not shown; its place is.
const LONGEST_LINE: usize = 2_000;
/// Labels farther apart than this are shown as two snippets.
const FARTHEST_LINE: usize = 50;

/// All mistakes, each followed by an empty line.
pub fn text(diagnostics: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let printed: String = diagnostics.iter().map(|one| renderer.render(&[group(one, sources)]) + "\n\n").collect();
    // The renderer makes the older control characters visible and leaves others. In a line of a file one character takes the place of
    // one, so that marks stay below what they mean; its own colours are all that is left of controls.
    let own = |character: char| character == '\n' || (style == Style::Coloured && character == '\x1b');
    printed.replace(|character| is_hidden(character) && !own(character), "\u{fffd}")
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(visible::text(&diagnostic.message)).id(diagnostic.code.as_str());
    let mut group = Group::with_title(title);
    for window in windows(diagnostic, sources) {
        group = window.show(group, sources);
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(visible::text(help)));
    }
    group
}

/// Neighbouring lines of one file that one snippet shows.
struct Window<'a> {
    file: FileId,
    first: usize,
    last: usize,
    marks: Vec<Mark<'a>>,
}

/// One label, cut to the line on which it begins.
struct Mark<'a> {
    primary: bool,
    range: Range<usize>,
    text: &'a str,
}

/// The labels by the lines that show them; the primary label's window first.
fn windows<'a>(diagnostic: &'a Diagnostic, sources: &Sources) -> Vec<Window<'a>> {
    let mut windows: Vec<Window<'a>> = Vec::new();
    for (number, label) in diagnostic.labels.iter().enumerate() {
        let span = label.at.span(sources);
        let source = sources.get(span.file);
        let line = source.position(span.range.start).line;
        let mark = Mark { primary: number == 0, range: first_line(source, &span.range), text: &label.text };
        let near = |window: &&mut Window<'_>| {
            window.file == span.file && line + FARTHEST_LINE >= window.first && line <= window.last + FARTHEST_LINE
        };
        if let Some(window) = windows.iter_mut().find(near) {
            window.first = window.first.min(line);
            window.last = window.last.max(line);
            window.marks.push(mark);
        } else {
            windows.push(Window { file: span.file, first: line, last: line, marks: vec![mark] });
        }
    }
    windows
}

/// The part of a range that lies on its first line, at least one character wide where the line has one.
fn first_line(source: &Source, range: &Range<usize>) -> Range<usize> {
    let start = character_start(source.text(), range.start);
    let line = source.line(source.position(start).line);
    let end = character_end(source.text(), range.end).min(line.end).max(start);
    start..end
}

impl<'a> Window<'a> {
    fn show(&self, group: Group<'a>, sources: &'a Sources) -> Group<'a> {
        let source = sources.get(self.file);
        let path = visible::line(&source.path().to_string_lossy());
        let (start, end) = (source.line(self.first).start, source.line(self.last).end);
        let text = source.text().get(start..end).unwrap_or_default();
        if text.is_empty() || text.lines().any(|line| line.len() > LONGEST_LINE) {
            return self.show_places(group, source, &path);
        }
        let annotations = self.marks.iter().map(|mark| {
            let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let range = mark.range.start - start..mark.range.end - start;
            kind.span(range).label((!mark.text.is_empty()).then(|| visible::text(mark.text)))
        });
        group.element(Snippet::source(text).path(path).line_start(self.first).annotations(annotations))
    }

    /// Paths, lines and columns alone, with the labels as notes.
    fn show_places(&self, mut group: Group<'a>, source: &Source, path: &str) -> Group<'a> {
        for mark in &self.marks {
            let mut origin = Origin::path(path.to_owned());
            if !source.text().is_empty() {
                let position = source.position(mark.range.start);
                origin = origin.line(position.line).char_column(position.column);
            }
            group = group.element(origin);
            if !mark.text.is_empty() {
                group = group.element(Level::NOTE.message(visible::text(mark.text)));
            }
        }
        group
    }
}
