//! Placeholders in texts: `[link.id]` in place of a value that varies, distinct from a text that only looks like one.

use crate::contract::json_type::json_type;
use crate::run::snapshot::varying_values::{VaryingValues, continues_word};
use serde_json::Value;

/// The placeholder of a scalar that varies as a whole; one that is not text names its type, so that a change of type shows.
pub(super) fn placeholder(name: &str, value: &Value) -> Value {
    match value {
        Value::String(_) => Value::String(format!("[{name}]")),
        Value::Number(_) => Value::String(format!("[{name} number]")),
        Value::Bool(_) => Value::String(format!("[{name} boolean]")),
        other => other.clone(),
    }
}

/// A text in which every varying value is replaced by its name; what only looks like a placeholder gets a backslash before it.
pub(super) fn place_names(text: &str, varying: &VaryingValues) -> String {
    let mut placed = String::with_capacity(text.len());
    let mut literal = String::new();
    let mut before = None;
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let found = varying.find_at(rest).filter(|_| !continues_word(before, rest));
        let (passed, behind) = rest.split_at(found.map_or(letter.len_utf8(), |(length, _)| length));
        if let Some((_, name)) = found {
            push_literal(&mut placed, &literal, true);
            literal.clear();
            placed.extend(["[", name, "]"]);
        } else {
            literal.push(letter);
        }
        before = passed.chars().next_back();
        rest = behind;
    }
    push_literal(&mut placed, &literal, false);
    placed
}

/// The JSON type of a value, or of the value that a placeholder replaces.
pub(super) fn placed_type(value: &Value) -> &'static str {
    match value {
        Value::String(text) if is_placeholder(text) && text.ends_with(" number]") => "number",
        Value::String(text) if is_placeholder(text) && text.ends_with(" boolean]") => "boolean",
        _ => json_type(value),
    }
}

/// Returns true if a text is one placeholder and nothing else.
pub(super) fn is_placeholder(text: &str) -> bool {
    lookalike_length(text) == Some(text.len())
}

/// Writes a text that means itself. A backslash is doubled where one before a bracket means something.
fn push_literal(placed: &mut String, literal: &str, placeholder_follows: bool) {
    let mut backslashes = 0;
    let mut rest = literal;
    while let Some(letter) = rest.chars().next() {
        if lookalike_length(rest).is_some() {
            placed.extend(std::iter::repeat_n('\\', backslashes + 1));
        }
        backslashes = if letter == '\\' { backslashes + 1 } else { 0 };
        placed.push(letter);
        (_, rest) = rest.split_at(letter.len_utf8());
    }
    if placeholder_follows {
        placed.extend(std::iter::repeat_n('\\', backslashes));
    }
}

/// The length of what looks like a placeholder at the beginning of a text: words of small letters, dots and digits in brackets.
fn lookalike_length(text: &str) -> Option<usize> {
    let (inner, _) = text.strip_prefix('[')?.split_once(']')?;
    let is_named = inner.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    let mut letters = inner.chars();
    let is_name = letters.all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | ' '));
    (is_named && is_name).then_some(inner.len() + 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn known(values: &[(&str, &str)]) -> VaryingValues {
        let mut known = VaryingValues::default();
        values.iter().for_each(|(name, value)| known.add(name, &json!(value)));
        known
    }

    /// The text that a placed one was made of.
    fn restored(placed: &str, known: &VaryingValues) -> String {
        let mut text = String::new();
        let mut rest = placed;
        while let Some(letter) = rest.chars().next() {
            let run = rest.len() - rest.trim_start_matches('\\').len();
            let after = &rest[run..];
            match lookalike_length(after) {
                Some(length) if run.is_multiple_of(2) => {
                    text.extend(std::iter::repeat_n('\\', run / 2));
                    text.push_str(known.value(&after[1..length - 1]).unwrap().as_str().unwrap());
                    rest = &after[length..];
                }
                Some(_) => {
                    text.extend(std::iter::repeat_n('\\', run / 2));
                    text.push('[');
                    rest = &after[1..];
                }
                None if run > 0 => {
                    text.push_str(&rest[..run]);
                    rest = after;
                }
                None => {
                    text.push(letter);
                    rest = &rest[letter.len_utf8()..];
                }
            }
        }
        text
    }

    #[test]
    fn a_known_value_becomes_its_name_and_another_one_stays() {
        let known = known(&[("link.id", "link_test_abc123"), ("link.uri", "http://h/pay/link_test_abc123")]);
        assert_eq!(place_names("link_test_abc123 and link_test_abc124", &known), "[link.id] and link_test_abc124");
        assert_eq!(place_names("http://h/pay/link_test_abc123?x", &known), "[link.uri]?x");
        for other in ["link_test_abc1234", "xlink_test_abc123", "link_test_abc123_2", "LINK_TEST_ABC123"] {
            assert_eq!(place_names(other, &known), other);
        }
    }

    #[test]
    fn what_only_looks_like_a_placeholder_is_told_apart() {
        let known = known(&[("link.id", "link_test_abc123")]);
        assert_eq!(place_names("[link.id]", &known), r"\[link.id]");
        assert_eq!(place_names(r"\[link.id]", &known), r"\\\[link.id]");
        assert_eq!(place_names(r"\link_test_abc123", &known), r"\\[link.id]");
        assert_eq!(place_names("[link_test_abc123]", &known), "[[link.id]]");
        assert_eq!(place_names("[1, 2]", &known), "[1, 2]");
    }

    #[test]
    fn a_short_value_is_not_looked_for_in_texts() {
        let known = known(&[("link.id", "17"), ("link.currency", "thb")]);
        assert_eq!(place_names("17 thb", &known), "17 thb");
        assert!(known.value("link.id").is_some());
    }

    proptest! {
        #[test]
        fn a_placed_text_can_be_restored_so_nothing_but_known_values_is_hidden(
            pieces in prop::collection::vec(
                prop_oneof![
                    Just("link_test_abc123".to_owned()), Just("http://127.0.0.1:8080".to_owned()),
                    Just("[link.id]".to_owned()), Just("[time]".to_owned()), Just("\\".to_owned()),
                    Just("[".to_owned()), Just("]".to_owned()), "\\PC{0,6}", "[a-z0-9_. -]{0,8}",
                ],
                0..12,
            ),
        ) {
            let known = known(&[("link.id", "link_test_abc123"), ("origin", "http://127.0.0.1:8080")]);
            let text = pieces.concat();
            prop_assert_eq!(restored(&place_names(&text, &known), &known), text);
        }

        #[test]
        fn a_text_without_known_values_stays_but_for_what_looks_like_a_placeholder(text in "[^\\[]{0,40}") {
            let known = known(&[("link.id", "link_test_abc123")]);
            prop_assume!(!text.contains("link_test_abc123"));
            prop_assert_eq!(place_names(&text, &known), text);
        }
    }
}
