//! What the code of a mistake or of a departure means.

use super::{Explanation, wrap};
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
    let lines = |text: Option<&str>| text.map(|text| wrap(text, WIDTH)).unwrap_or_default();
    let explanation = Explanation::of(name).part("A mistake in a contract", lines(mistake));
    Some(explanation.part("A departure of an answer", lines(departure)))
}

/// The names of all codes.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    Code::ALL.iter().map(|code| code.as_str()).chain(FindingCode::ALL.iter().map(|(code, _)| code.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_and_a_name_of_both_kinds_twice() {
        assert!(names().all(|name| explain_code(name).is_some()));
        assert_eq!(explain_code("duplicate-key").unwrap().parts.len(), 2);
        assert_eq!(explain_code("no-such-code"), None);
    }
}
