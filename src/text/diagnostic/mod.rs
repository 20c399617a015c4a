//! A mistake in a contract: a stable code, a message, labelled source and help; collected, never one at a time.

mod annotation;
mod code;
mod json;
mod text;

use crate::text::source::{Place, Sources, Span};
use std::collections::HashMap;

pub use annotation::github;
pub use code::Code;
pub use json::{json, object};
pub use text::{Style, text};

/// How bad a mistake is.
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

/// Where a label points: bytes that are known, or a place that is looked up when the mistake is shown.
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

/// A place and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub at: At,
    /// What; may be empty, then the place is only underlined.
    pub text: String,
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Diagnostic {
    /// Which kind of mistake, for people to look up and for machines to filter.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line, without an end mark.
    pub message: String,
    /// The first label is the primary one: the mistake is sorted and headed by its place.
    pub labels: Vec<Label>,
    /// What would be right, each in one sentence.
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

    /// Adds what would be right.
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
}

/// Orders mistakes by file and place; those of one place stay in the order in which they were found.
pub fn sort(diagnostics: &mut [Diagnostic], sources: &Sources) {
    diagnostics.sort_by_cached_key(|diagnostic| diagnostic.span(sources).map(|span| (span.file, span.range.start)));
}

/// The same mistake at the same place told once, with the labels of all: several pages may share the passage in which it stands.
pub fn merge(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut merged: Vec<Diagnostic> = Vec::new();
    let mut seen: HashMap<(Code, Option<At>, String), usize> = HashMap::new();
    for diagnostic in diagnostics {
        let at = diagnostic.labels.first().map(|label| label.at.clone());
        let index = *seen.entry((diagnostic.code, at, diagnostic.message.clone())).or_insert(merged.len());
        let Some(first) = merged.get_mut(index) else {
            merged.push(diagnostic);
            continue;
        };
        for label in diagnostic.labels {
            if !first.labels.iter().any(|known| known.at == label.at) {
                first.labels.push(label);
            }
        }
    }
    merged
}

/// The candidate nearest to a word, where one is near enough to be what was meant.
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // About one slip in three letters, and always one; a swap of neighbours counts as one slip.
    let bound = (word.chars().count() / 3).max(1);
    let distance = |candidate: &str| strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase());
    let near = candidates.into_iter().filter(|candidate| candidate.len().abs_diff(word.len()) <= bound * 4);
    near.map(|candidate| (distance(candidate), candidate))
        .filter(|(distance, _)| *distance <= bound)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests;
