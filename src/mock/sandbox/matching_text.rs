//! A text that a regular expression matches, as short and as plain as it allows.

use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

/// The longest text that is made.
const LONGEST: usize = 4096;
/// The most times that a part is repeated more than it must be, to reach a length.
const REPEATS: u32 = 300;

/// A text of at least and at most so many letters that matches; `None` where none was found.
pub(super) fn matching_text(pattern: &str, least: usize, most: usize) -> Option<String> {
    let tree = regex_syntax::parse(pattern).ok()?;
    let regex = Regex::new(pattern).ok()?;
    let texts = (0..=REPEATS).map_while(|repeats| {
        let mut text = String::new();
        append_match(&tree, repeats, &mut text).then_some(text)
    });
    texts.into_iter().find(|text| (least..=most).contains(&text.chars().count()) && regex.is_match(text))
}

/// Appends a text that a tree matches; false where nothing matches it, or the text grows too long.
fn append_match(tree: &Hir, repeats: u32, text: &mut String) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    match tree.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(literal) => {
                text.push_str(literal);
                true
            }
            Err(_) => false,
        },
        HirKind::Class(class) => plainest_letter(class).is_some_and(|letter| {
            text.push(letter);
            true
        }),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            let count = repetition.min.saturating_add(repeats).min(most);
            (0..count).all(|_| append_match(&repetition.sub, repeats, text))
        }
        HirKind::Capture(capture) => append_match(&capture.sub, repeats, text),
        HirKind::Concat(parts) => parts.iter().all(|part| append_match(part, repeats, text)),
        HirKind::Alternation(ways) => ways.first().is_some_and(|way| append_match(way, repeats, text)),
    }
}

/// The plainest letter of a class: a small letter before a capital, a digit, and anything else it has.
fn plainest_letter(class: &Class) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.ranges().iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) => class.ranges().iter().map(|range| (range.start().into(), range.end().into())).collect(),
    };
    let mut plain = ('a'..='z').chain('A'..='Z').chain('0'..='9').chain(['-', '_', ' ']);
    plain
        .find(|letter| ranges.iter().any(|(start, end)| (*start..=*end).contains(letter)))
        .or_else(|| ranges.first().map(|(start, _)| *start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_matches() {
        for pattern in [
            "^link(_test)?_[0-9a-z]+$",
            "^[A-Za-z]{3}$",
            "^[Tt][Hh][Bb]$",
            r"^\d{4}-\d{2}$",
            r"^(a|b)+\.(com|org)$",
            "(?i)^PAY$",
            "^[^a-z]+$",
            "x",
            "",
        ] {
            let text = matching_text(pattern, 0, 100).unwrap_or_else(|| panic!("{pattern}"));
            assert!(Regex::new(pattern).unwrap().is_match(&text), "{pattern}: {text}");
        }
    }

    #[test]
    fn lengths_are_kept_where_the_pattern_allows() {
        assert_eq!(matching_text("^[a-z]*$", 5, 10).as_deref(), Some("aaaaa"));
        assert_eq!(matching_text("^[a-z]{3}$", 5, 10), None);
    }

    #[test]
    fn a_pattern_that_nothing_matches_or_that_is_too_long_ends() {
        assert_eq!(matching_text("[^\\s\\S]", 0, 10), None);
        assert_eq!(matching_text("((((a{90}){90}){90}){9}){1}", 0, usize::MAX), None);
        assert_eq!(matching_text("(", 0, 10), None);
    }
}
