//! A mistake in a contract: a stable code, a message, labelled source and help; collected, never one at a time.

mod code;
mod diagnostic_json;
mod render_github;
mod render_text;
mod shown_mistakes;

use crate::text::source::{Place, Sources, Span};
use std::collections::HashMap;

pub use code::Code;
pub use diagnostic_json::DiagnosticJson;
pub use render_github::render_github;
pub use render_text::{Style, render_text};
pub use shown_mistakes::shown_mistakes;

/// The weight of a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The contract cannot be used.
    Error,
    /// The contract can be used, but says something that its author will not have meant.
    Warning,
}

impl Severity {
    /// The word that reports print.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// The target of a label: bytes that are known, or a place that is looked up when the mistake is shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum At {
    /// Bytes of a file.
    Span(Span),
    /// A key or value of a parsed file.
    Place(Place),
}

impl At {
    /// The bytes meant.
    pub fn span(&self, sources: &Sources) -> Span {
        match self {
            Self::Span(span) => span.clone(),
            Self::Place(place) => sources.resolve(place),
        }
    }
}

impl From<Span> for At {
    fn from(span: Span) -> Self {
        Self::Span(span)
    }
}

impl From<Place> for At {
    fn from(place: Place) -> Self {
        Self::Place(place)
    }
}

impl From<&Place> for At {
    fn from(place: &Place) -> Self {
        Self::Place(place.clone())
    }
}

/// A place with a remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub at: At,
    /// The remark; may be empty, then the place is only underlined.
    pub text: String,
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Diagnostic {
    /// The kind of mistake, for people to look up and for machines to filter.
    pub code: Code,
    /// Its weight.
    pub severity: Severity,
    /// A sentence about what is wrong, in one line, without an end mark.
    pub message: String,
    /// The first label is the primary one: the mistake is sorted and headed by its place.
    pub labels: Vec<Label>,
    /// Advice, each in one sentence.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A mistake that makes the contract unusable.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, message: message.into(), labels: Vec::new(), help: Vec::new() }
    }

    /// Something that is probably not meant.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Adds a labelled place; the first one added is the primary one.
    pub fn at(mut self, at: impl Into<At>, text: impl Into<String>) -> Self {
        self.labels.push(Label { at: at.into(), text: text.into() });
        self
    }

    /// Adds advice.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds `did you mean` where one of the candidates is near to the word.
    pub fn suggest<'a>(self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        match suggest(word, candidates) {
            Some(candidate) => self.help(format!("did you mean `{candidate}`?")),
            None => self,
        }
    }

    /// The bytes of the primary label.
    pub fn span(&self, sources: &Sources) -> Option<Span> {
        self.labels.first().map(|label| label.at.span(sources))
    }

    /// The parts in which repetitions of one mistake agree.
    fn identity(&self) -> (Code, Option<&At>, &str) {
        (self.code, self.labels.first().map(|label| &label.at), &self.message)
    }

    fn add_labels(&mut self, labels: Vec<Label>) {
        for label in labels {
            if !self.labels.iter().any(|known| known.at == label.at) {
                self.labels.push(label);
            }
        }
    }
}

/// Orders mistakes by file and place; those of one place stay in the order in which they were found.
pub fn sort_by_place(diagnostics: &mut [Diagnostic], sources: &Sources) {
    diagnostics.sort_by_cached_key(|diagnostic| diagnostic.span(sources).map(|span| (span.file, span.range.start)));
}

/// Makes one mistake of those that are the same at the same place, with the labels of all: several pages may share the passage in
/// which it is.
pub fn merge_repeated(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut positions: HashMap<_, usize> = HashMap::new();
    let mut targets = Vec::with_capacity(diagnostics.len());
    for diagnostic in &diagnostics {
        let next = positions.len();
        targets.push(*positions.entry(diagnostic.identity()).or_insert(next));
    }
    let mut merged: Vec<Diagnostic> = Vec::with_capacity(positions.len());
    for (diagnostic, target) in diagnostics.into_iter().zip(targets) {
        match merged.get_mut(target) {
            Some(first) => first.add_labels(diagnostic.labels),
            None => merged.push(diagnostic),
        }
    }
    merged
}

/// The candidate nearest to a word, where one is near enough to be what was meant.
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // About one slip in three letters, and always one; a swap of neighbours counts as one slip.
    let bound = (word.chars().count() / 3).max(1);
    let lowercase = word.to_lowercase();
    let near = candidates.into_iter().filter(|candidate| candidate.len().abs_diff(word.len()) <= bound * 4);
    near.map(|candidate| (strsim::damerau_levenshtein(&lowercase, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= bound)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests;
