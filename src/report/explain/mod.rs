//! Explanations in words, made from contracts alone: what is promised, where it is written and how it is judged.

mod arrangement;
mod clause_citation;
mod condition_words;
mod excerpt;
mod explain_case;
mod explain_clause;
mod explain_code;
mod explain_operation;
mod explain_vendor;
mod outcome_words;
mod request_lines;
mod topic;

pub(super) use arrangement::{arrangement_steps, chosen_ways};
pub use clause_citation::{ClauseCitation, ClauseTally, citations, tally_clauses};
pub use explain_code::explain_code;
pub(super) use outcome_words::promise_words;
pub use topic::{TopicError, explain, is_name};

use crate::text::visible;
use std::borrow::Cow;

/// A text in parts, each under a heading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Explanation {
    /// The name of the thing that is explained.
    pub title: String,
    /// The parts.
    pub parts: Vec<ExplanationPart>,
}

/// Lines under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplanationPart {
    /// The heading.
    pub heading: Cow<'static, str>,
    /// The lines.
    pub lines: Vec<String>,
}

impl Explanation {
    /// An explanation without parts.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), parts: Vec::new() }
    }

    /// The same with a further part; one without lines is left out.
    #[must_use]
    pub fn part(mut self, heading: impl Into<Cow<'static, str>>, lines: impl IntoIterator<Item: Into<String>>) -> Self {
        let lines: Vec<String> = lines.into_iter().map(Into::into).collect();
        if !lines.is_empty() {
            self.parts.push(ExplanationPart { heading: heading.into(), lines });
        }
        self
    }

    /// The whole text; title and headings are set off by a function, such as one that makes them bold.
    pub fn text(&self, set_off: impl Fn(&str) -> String) -> String {
        let mut lines = vec![set_off(&self.title)];
        for part in &self.parts {
            lines.push(String::new());
            lines.push(set_off(&part.heading));
            lines.extend(part.lines.iter().map(|line| format!("  {}", visible::text(line)).trim_end().to_owned()));
        }
        lines.join("\n") + "\n"
    }
}

/// The lines of a part as far as they are written.
#[derive(Debug, Default)]
struct Lines(Vec<Cow<'static, str>>);

impl Lines {
    fn push(&mut self, line: impl Into<Cow<'static, str>>) {
        self.0.push(line.into());
    }

    /// Adds a line that is not there yet.
    fn push_once(&mut self, line: String) {
        if !self.0.contains(&Cow::from(&line)) {
            self.push(line);
        }
    }

    fn extend(&mut self, lines: impl IntoIterator<Item = String>) {
        self.0.extend(lines.into_iter().map(Cow::from));
    }
}

impl IntoIterator for Lines {
    type Item = Cow<'static, str>;
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_without_lines_is_left_out_and_headings_are_set_off() {
        let explanation = Explanation::new("x").part("None", [""; 0]).part("Some", ["a"]);
        assert_eq!(explanation.text(|text| format!("<{text}>")), "<x>\n\n<Some>\n  a\n");
    }
}
