//! The mistakes of one file while it is read.

use std::ops::Range;

use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::{FileId, Span, text_part};

/// The number of mistakes of one file that are shown; more are counted.
const MOST_MISTAKES: usize = 1_000;

/// The early end of reading; the last mistake explains it.
pub(super) struct EndOfReading;

/// The mistakes found so far in a text.
pub(super) struct Mistakes<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    found: Vec<Diagnostic>,
    /// The number of further mistakes.
    unshown: usize,
}

impl<'a> Mistakes<'a> {
    pub(super) fn new(file: FileId, text: &'a str) -> Self {
        Self { file, text, found: Vec::new(), unshown: 0 }
    }

    /// Adds a mistake, unless there are too many to be of use.
    pub(super) fn push(&mut self, mistake: Diagnostic) {
        if self.found.len() < MOST_MISTAKES {
            self.found.push(mistake);
        } else {
            self.unshown += 1;
        }
    }

    /// Adds a mistake at bytes.
    pub(super) fn report(
        &mut self,
        code: Code,
        message: impl Into<String>,
        range: Range<usize>,
        label: &str,
        help: impl Into<String>,
    ) {
        self.push(Diagnostic::error(code, message).at(self.span(range), label).help(help));
    }

    /// Adds a mistake with which reading ends.
    pub(super) fn stop(
        &mut self,
        code: Code,
        message: impl Into<String>,
        range: Range<usize>,
        label: &str,
        help: &str,
    ) -> EndOfReading {
        self.end_with(Diagnostic::error(code, message).at(self.span(range), label).help(help))
    }

    /// Adds a mistake with which reading ends; it is shown however many there were before it.
    pub(super) fn end_with(&mut self, mistake: Diagnostic) -> EndOfReading {
        self.found.push(mistake);
        EndOfReading
    }

    /// Reports two equal keys of one mapping.
    pub(super) fn report_duplicate(&mut self, first: Range<usize>, second: Range<usize>) {
        let key = text_part(self.text, second.clone());
        let mistake = Diagnostic::error(Code::DuplicateKey, format!("the key `{key}` stands twice"))
            .at(self.span(second), "again here")
            .at(self.span(first), "first here")
            .help("remove one of the two, or rename it");
        self.push(mistake);
    }

    /// Reports a comma that cut a sentence in two.
    pub(super) fn report_comma(&mut self, name: &str, range: Range<usize>) {
        let before = text_part(self.text, 0..range.start).trim_end();
        let message = format!("a comma: `{name}` is read as a key without a value");
        let mut mistake = Diagnostic::error(Code::UnquotedComma, message).at(self.span(range), "read as a key");
        if before.ends_with(',') {
            mistake = mistake.at(self.span(before.len() - 1..before.len()), "the comma ends the value before it");
        }
        self.push(mistake.help("quote the sentence; within braces a comma separates entries"));
    }

    /// The mistakes to be shown, the last with the number of those that are not.
    pub(super) fn into_shown(mut self) -> Vec<Diagnostic> {
        if self.unshown > 0
            && let Some(last) = self.found.pop()
        {
            self.found.push(last.help(format!("{} further mistakes of this file are not shown", self.unshown)));
        }
        self.found
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span { file: self.file, range }
    }
}
