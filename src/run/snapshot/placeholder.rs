//! Placeholders in texts: `[link.id]` in the place of a value that varies, told apart from a text that only looks like one.

use crate::run::snapshot::known::{Known, continues};
use serde_json::Value;

/// A text in which every known value is replaced by its name; what only looks like a placeholder gets a backslash before it.
pub(super) fn place(text: &str, known: &Known) -> String {
    let mut placed = String::with_capacity(text.len());
    let mut literal = String::new();
    let mut before = None;
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some((length, name)) = known.at(rest).filter(|_| !continues(before, rest)) {
            push_literal(&mut placed, &literal, true);
            literal.clear();
            placed.push('[');
            placed.push_str(name);
            placed.push(']');
            let (value, tail) = rest.split_at(length);
            before = value.chars().next_back();
            rest = tail;
        } else {
            literal.push(letter);
            before = Some(letter);
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
        }
    }
    push_literal(&mut placed, &literal, false);
    placed
}

/// The placeholder of a scalar that varies as a whole; one that is no text says what it is, so that a change of type shows.
pub(super) fn whole(name: &str, value: &Value) -> Value {
    match value {
        Value::String(_) => Value::String(format!("[{name}]")),
        Value::Number(_) => Value::String(format!("[{name} number]")),
        Value::Bool(_) => Value::String(format!("[{name} boolean]")),
        other => other.clone(),
    }
}

/// The JSON type of a value, that of what a placeholder stands for included.
pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(text) => match text.strip_suffix(']').filter(|_| is_placeholder(text)) {
            Some(inner) if inner.ends_with(" number") => "number",
            Some(inner) if inner.ends_with(" boolean") => "boolean",
            _ => "string",
        },
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Whether a text is one placeholder and nothing else.
pub(super) fn is_placeholder(text: &str) -> bool {
    lookalike(text) == Some(text.len())
}

/// Writes a text that stands for itself. A backslash is doubled where one before a bracket means something.
fn push_literal(placed: &mut String, literal: &str, placeholder_follows: bool) {
    let mut backslashes = 0;
    for (at, letter) in literal.char_indices() {
        if letter == '[' && literal.get(at..).is_some_and(|rest| lookalike(rest).is_some()) {
            placed.extend(std::iter::repeat_n('\\', backslashes + 1));
        }
        backslashes = if letter == '\\' { backslashes + 1 } else { 0 };
        placed.push(letter);
    }
    if placeholder_follows {
        placed.extend(std::iter::repeat_n('\\', backslashes));
    }
}

/// The length of what looks like a placeholder at the beginning of a text: words of small letters, dots and digits in brackets.
fn lookalike(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('[')?;
    let end = inner.find(']')?;
    let inner = inner.get(..end)?;
    let of_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | ' ');
    let named = inner.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    (named && inner.chars().all(of_name)).then_some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn known(values: &[(&str, &str)]) -> Known {
        let mut known = Known::default();
        values.iter().for_each(|(name, value)| known.add(name, &json!(value)));
        known
    }

    /// The text that a placed one was made of.
    fn restored(placed: &str, known: &Known) -> String {
        let mut text = String::new();
        let mut rest = placed;
        while let Some(letter) = rest.chars().next() {
            let run = rest.len() - rest.trim_start_matches('\\').len();
            let after = &rest[run..];
            match lookalike(after) {
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
        assert_eq!(place("link_test_abc123 and link_test_abc124", &known), "[link.id] and link_test_abc124");
        assert_eq!(place("http://h/pay/link_test_abc123?x", &known), "[link.uri]?x");
        for other in ["link_test_abc1234", "xlink_test_abc123", "link_test_abc123_2", "LINK_TEST_ABC123"] {
            assert_eq!(place(other, &known), other);
        }
    }

    #[test]
    fn what_only_looks_like_a_placeholder_is_told_apart() {
        let known = known(&[("link.id", "link_test_abc123")]);
        assert_eq!(place("[link.id]", &known), r"\[link.id]");
        assert_eq!(place(r"\[link.id]", &known), r"\\\[link.id]");
        assert_eq!(place(r"\link_test_abc123", &known), r"\\[link.id]");
        assert_eq!(place("[link_test_abc123]", &known), "[[link.id]]");
        assert_eq!(place("[1, 2]", &known), "[1, 2]");
    }

    #[test]
    fn a_short_value_is_not_looked_for_in_texts() {
        let known = known(&[("link.id", "17"), ("link.currency", "thb")]);
        assert_eq!(place("17 thb", &known), "17 thb");
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
            prop_assert_eq!(restored(&place(&text, &known), &known), text);
        }

        #[test]
        fn a_text_without_known_values_stays_but_for_what_looks_like_a_placeholder(text in "[^\\[]{0,40}") {
            let known = known(&[("link.id", "link_test_abc123")]);
            prop_assume!(!text.contains("link_test_abc123"));
            prop_assert_eq!(place(&text, &known), text);
        }
    }
}
