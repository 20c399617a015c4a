//! Mistakes as text with the source under them, in the manner of rustc.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Severity};
use crate::text::source::{FileId, Source, Sources, text_part};
use crate::text::visible::{self, is_hidden};

/// Plain or coloured text.
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
pub fn render_text(diagnostics: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let groups = diagnostics.iter().map(|diagnostic| group(diagnostic, sources));
    let printed: String = groups.map(|group| mark_files(&renderer.render(&[group])) + "\n\n").collect();
    // The renderer makes the older control characters visible and no others. In a line of a file one character takes the place of
    // one, so that marks stay below what they mean; its own colours are all that is left of controls.
    let own: &[char] = if style == Style::Coloured { &['\n', '\x1b'] } else { &['\n'] };
    printed.replace(|character| is_hidden(character) && !own.contains(&character), "\u{fffd}")
}

/// Marks every file in the same way: a line that begins with colons might be taken for a command of a pipeline.
fn mark_files(printed: &str) -> String {
    let mut text = String::new();
    for line in printed.split_inclusive('\n') {
        match line.split_once(":::") {
            Some((before, after))
                if before.bytes().all(|byte| b" \x1b[;m".contains(&byte) || byte.is_ascii_digit()) =>
            {
                text.extend([before, "-->", after]);
            }
            _ => text += line,
        }
    }
    text
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(visible::text(&diagnostic.message)).id(diagnostic.code.as_str());
    let mut group = Group::with_title(title);
    for window in windows(diagnostic, sources) {
        group = window.show(group);
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(visible::text(help)));
    }
    group
}

/// Neighbouring lines of one file that one snippet shows.
struct Window<'a> {
    file: FileId,
    source: &'a Source,
    first: usize,
    last: usize,
    marks: Vec<Mark<'a>>,
}

/// One label, cut to the line on which it begins.
struct Mark<'a> {
    kind: AnnotationKind,
    range: Range<usize>,
    text: &'a str,
}

/// The labels by the lines that show them; the primary label's window first.
fn windows<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Vec<Window<'a>> {
    let mut windows: Vec<Window<'a>> = Vec::new();
    for (number, label) in diagnostic.labels.iter().enumerate() {
        let span = label.at.span(sources);
        let source = &sources[span.file];
        let line = source.position(span.range.start).line;
        let kind = if number == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let mark = Mark { kind, range: first_line(source, &span.range), text: &label.text };
        if let Some(window) = windows.iter_mut().find(|window| window.is_near(span.file, line)) {
            window.first = window.first.min(line);
            window.last = window.last.max(line);
            window.marks.push(mark);
        } else {
            windows.push(Window { file: span.file, source, first: line, last: line, marks: vec![mark] });
        }
    }
    windows
}

/// The part of a range that lies on its first line, at least one character wide where the line has one.
fn first_line(source: &Source, range: &Range<usize>) -> Range<usize> {
    let start = source.text().floor_char_boundary(range.start);
    let line = source.line(source.position(start).line);
    // What ends a line is no part of it.
    let start = start.min(line.end);
    let end = source.text().ceil_char_boundary(range.end).min(line.end).max(start);
    start..end
}

impl<'a> Window<'a> {
    fn is_near(&self, file: FileId, line: usize) -> bool {
        self.file == file && line + FARTHEST_LINE >= self.first && line <= self.last + FARTHEST_LINE
    }

    fn show(&self, group: Group<'a>) -> Group<'a> {
        let path = visible::line(&self.source.path().to_string_lossy());
        let (start, end) = (self.source.line(self.first).start, self.source.line(self.last).end);
        let text = text_part(self.source.text(), start..end);
        if text.is_empty() || text.lines().any(|line| line.len() > LONGEST_LINE) {
            return self.show_places(group, &path);
        }
        let annotations = self.marks.iter().map(|mark| mark.annotation(start));
        group.element(Snippet::source(text).path(path).line_start(self.first).annotations(annotations))
    }

    /// Paths, lines and columns alone, with the labels as notes.
    fn show_places(&self, mut group: Group<'a>, path: &str) -> Group<'a> {
        for mark in &self.marks {
            let mut origin = Origin::path(path.to_owned());
            if !self.source.text().is_empty() {
                let position = self.source.position(mark.range.start);
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

impl<'a> Mark<'a> {
    /// The mark in a text that begins at this byte of the file.
    fn annotation(&self, start: usize) -> Annotation<'a> {
        let range = self.range.start - start..self.range.end - start;
        self.kind.span(range).label((!self.text.is_empty()).then(|| visible::text(self.text)))
    }
}
