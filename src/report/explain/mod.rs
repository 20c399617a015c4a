//! What is promised, where it is written and how it is judged, told in words; plain text, made from contracts alone.

mod arrange;
mod case;
mod citation;
mod clause;
mod code;
mod operation;
mod place;
mod topic;
mod words;

pub use citation::{Citation, Tally, citations, tally};
pub use code::explain_code;
pub use topic::{Lost, explain};
pub use words::{condition, outcome};

use crate::text::visible;

/// A text in parts, each under a heading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Explanation {
    /// What is explained.
    pub title: String,
    /// The parts.
    pub parts: Vec<Part>,
}

/// Lines under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The heading.
    pub heading: &'static str,
    /// The lines.
    pub lines: Vec<String>,
}

impl Explanation {
    /// An explanation without parts.
    pub fn of(title: impl Into<String>) -> Self {
        Self { title: title.into(), parts: Vec::new() }
    }

    /// The same with a further part; one without lines is left out.
    #[must_use]
    pub fn part(mut self, heading: &'static str, lines: Vec<String>) -> Self {
        if !lines.is_empty() {
            self.parts.push(Part { heading, lines });
        }
        self
    }

    /// The whole text; title and headings are set off by a function, such as one that makes them bold.
    pub fn text(&self, set_off: impl Fn(&str) -> String) -> String {
        let mut lines = vec![set_off(&self.title)];
        for part in &self.parts {
            lines.push(String::new());
            lines.push(set_off(part.heading));
            lines.extend(part.lines.iter().map(|line| format!("  {}", visible::text(line)).trim_end().to_owned()));
        }
        lines.join("\n") + "\n"
    }
}

/// A paragraph in lines of at most so many characters, where its words allow.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_without_lines_is_left_out_and_headings_are_set_off() {
        let explanation = Explanation::of("x").part("None", Vec::new()).part("Some", vec!["a".to_owned()]);
        assert_eq!(explanation.text(|text| format!("<{text}>")), "<x>\n\n<Some>\n  a\n");
    }

    #[test]
    fn a_paragraph_is_broken_between_words_only() {
        assert_eq!(wrap("one two  three incomprehensible", 8), ["one two", "three", "incomprehensible"]);
    }
}
