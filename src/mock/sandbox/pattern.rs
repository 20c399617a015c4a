//! A text that a regular expression matches, as short and as plain as it allows.

use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

/// The longest text that is made.
const LONGEST: usize = 4096;
/// How often a part that may be repeated is repeated more than it must be, at most, to reach a length.
const REPEATS: u32 = 300;

/// A text of at least and at most so many letters that matches; `None` where none was found.
pub(super) fn matching(pattern: &str, least: usize, most: usize) -> Option<String> {
    let tree = regex_syntax::parse(pattern).ok()?;
    let regex = Regex::new(pattern).ok()?;
    let texts = (0..=REPEATS).map_while(|repeats| {
        let mut text = String::new();
        write(&tree, repeats, &mut text).then_some(text)
    });
    let fits = |text: &String| (least..=most).contains(&text.chars().count()) && regex.is_match(text);
    texts.into_iter().find(fits)
}

/// Appends a text that a tree matches; false where nothing matches it, or the text grows too long.
fn write(tree: &Hir, repeats: u32, text: &mut String) -> bool {
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
        HirKind::Class(class) => letter(class).is_some_and(|letter| {
            text.push(letter);
            true
        }),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            let count = repetition.min.saturating_add(repeats).min(most);
            (0..count).all(|_| write(&repetition.sub, repeats, text))
        }
        HirKind::Capture(capture) => write(&capture.sub, repeats, text),
        HirKind::Concat(parts) => parts.iter().all(|part| write(part, repeats, text)),
        HirKind::Alternation(ways) => ways.first().is_some_and(|way| write(way, repeats, text)),
    }
}

/// The plainest letter of a class: a small letter before a capital, a digit, and whatever else it has.
fn letter(class: &Class) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.ranges().iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) => class.ranges().iter().map(|range| (range.start().into(), range.end().into())).collect(),
    };
    let holds = |letter: char| ranges.iter().any(|(start, end)| (*start..=*end).contains(&letter));
    let plain = ('a'..='z').chain('A'..='Z').chain('0'..='9').chain(['-', '_', ' ']);
    plain.into_iter().find(|letter| holds(*letter)).or_else(|| ranges.first().map(|(start, _)| *start))
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
            let text = matching(pattern, 0, 100).unwrap_or_else(|| panic!("{pattern}"));
            assert!(Regex::new(pattern).unwrap().is_match(&text), "{pattern}: {text}");
        }
    }

    #[test]
    fn lengths_are_kept_where_the_pattern_allows() {
        assert_eq!(matching("^[a-z]*$", 5, 10).as_deref(), Some("aaaaa"));
        assert_eq!(matching("^[a-z]{3}$", 5, 10), None);
    }

    #[test]
    fn a_pattern_that_nothing_matches_or_that_is_too_long_ends() {
        assert_eq!(matching("[^\\s\\S]", 0, 10), None);
        assert_eq!(matching("((((a{90}){90}){90}){9}){1}", 0, usize::MAX), None);
        assert_eq!(matching("(", 0, 10), None);
    }
}
