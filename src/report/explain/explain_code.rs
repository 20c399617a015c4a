//! The meaning of the code of a mistake or of a departure.

use super::Explanation;
use crate::judge::check::FindingCode;
use crate::text::diagnostic::Code;

/// The width of a paragraph.
const WIDTH: usize = 96;

/// The explanation of a code: of a mistake in a contract, of a departure from one, or of both if both are so named.
pub fn explain_code(name: &str) -> Option<Explanation> {
    let mistake = name.parse::<Code>().ok().map(Code::explain);
    let departure = FindingCode::ALL.iter().find(|(code, _)| code.as_str() == name).map(|(_, meaning)| *meaning);
    if mistake.is_none() && departure.is_none() {
        return None;
    }
    let explanation = Explanation::new(name).part("A mistake in a contract", mistake.into_iter().flat_map(paragraph));
    Some(explanation.part("A departure of an answer", departure.into_iter().flat_map(paragraph)))
}

/// The names of all codes.
pub(super) fn code_names() -> impl Iterator<Item = &'static str> {
    Code::ALL.iter().map(|code| code.as_str()).chain(FindingCode::ALL.iter().map(|(code, _)| code.as_str()))
}

fn paragraph(text: &str) -> Vec<String> {
    wrap_words(text, WIDTH)
}

/// A paragraph in lines of at most so many characters, where its words allow.
fn wrap_words(text: &str, width: usize) -> Vec<String> {
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
    fn every_code_is_explained_and_a_name_of_both_kinds_twice() {
        assert!(code_names().all(|name| explain_code(name).is_some()));
        assert_eq!(explain_code("duplicate-key").unwrap().parts.len(), 2);
        assert_eq!(explain_code("no-such-code"), None);
    }

    #[test]
    fn a_paragraph_is_broken_between_words_only() {
        assert_eq!(wrap_words("one two  three incomprehensible", 8), ["one two", "three", "incomprehensible"]);
    }
}
