//! One change of one place in a body: the changes of a value depend on the value alone.

use super::mutant_kind::MutantKind;
use crate::text::source::unescape_segment;
use serde_json::{Value, json};

/// A change of the value at a place.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Edit {
    /// It is left out.
    Drop,
    /// It has another name.
    Rename,
    /// It is null.
    Null,
    /// It is of another type.
    Retype,
    /// True for false, or false for true.
    Flip,
    /// A number is one more.
    Next,
    /// A number is on the other side of zero.
    Negate,
    /// Another text.
    Another,
    /// A text without its last letter.
    Shorten,
    /// A text that has the same form, with another last letter or digit.
    Twin,
    /// Nothing in a text or list.
    Empty,
    /// A text that is no time or URL any more.
    Spoil,
    /// A list with an item more.
    Add,
    /// This value.
    Put(Value),
}

/// The look of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextLook {
    /// A date, or a time.
    Time,
    /// A URL with its scheme.
    Url,
    /// Anything else.
    Plain,
}

impl TextLook {
    /// The look of a text.
    pub(super) fn of(text: &str) -> Self {
        if looks_like_date(text) {
            return Self::Time;
        }
        if text.split_once("://").is_some_and(|(scheme, rest)| !rest.is_empty() && scheme.len() > 1) {
            return Self::Url;
        }
        Self::Plain
    }
}

/// Whether a text begins as `2026-11-20` does.
fn looks_like_date(text: &str) -> bool {
    let mut bytes = text.bytes();
    (0..10).all(|at| match (at, bytes.next()) {
        (4 | 7, Some(byte)) => byte == b'-',
        (_, Some(byte)) => byte.is_ascii_digit(),
        (_, None) => false,
    })
}

/// Every edit of a value; `echo` is whether it is what was asked for or sent.
pub(super) fn edits(value: &Value, echo: bool) -> Vec<Edit> {
    let mut edits = vec![Edit::Drop, Edit::Rename, Edit::Retype];
    if !value.is_null() {
        edits.push(Edit::Null);
    }
    match value {
        Value::Bool(_) => edits.push(Edit::Flip),
        Value::Number(number) => {
            edits.push(Edit::Next);
            edits.extend((number.as_f64() != Some(0.0)).then_some(Edit::Negate));
        }
        Value::String(text) if !text.is_empty() => {
            edits.push(Edit::Empty);
            match TextLook::of(text) {
                TextLook::Time | TextLook::Url => edits.push(Edit::Spoil),
                TextLook::Plain => edits.extend([Edit::Another, Edit::Shorten]),
            }
            edits.extend(echo.then_some(Edit::Twin));
        }
        Value::Array(items) => {
            edits.push(Edit::Add);
            edits.extend((!items.is_empty()).then_some(Edit::Empty));
        }
        Value::Null | Value::String(_) | Value::Object(_) => {}
    }
    edits
}

impl Edit {
    /// The kind of mutant that it makes, of an echo or of another value.
    pub(super) fn kind(&self, echo: bool) -> MutantKind {
        match self {
            Self::Drop => MutantKind::FieldDropped,
            Self::Rename => MutantKind::FieldRenamed,
            Self::Null => MutantKind::FieldNulled,
            Self::Retype => MutantKind::OtherType,
            Self::Flip | Self::Next | Self::Another | Self::Shorten | Self::Twin if echo => MutantKind::EchoChanged,
            Self::Flip | Self::Next | Self::Another | Self::Shorten | Self::Twin => MutantKind::ConstantChanged,
            Self::Negate | Self::Empty => MutantKind::BoundCrossed,
            Self::Spoil => MutantKind::FormatSpoiled,
            Self::Add => MutantKind::ItemAdded,
            Self::Put(_) => MutantKind::ErrorCode,
        }
    }

    /// Whether it leaves a value of the same type, which is neither empty nor of another look.
    pub(super) fn changes_only_the_value(&self) -> bool {
        matches!(self, Self::Flip | Self::Next | Self::Another | Self::Shorten | Self::Twin | Self::Put(_))
    }

    /// Makes the change; false where nothing is at the place that it could be made to.
    pub(super) fn apply(&self, body: &mut Value, pointer: &str) -> bool {
        let Some((container, last)) = pointer.rsplit_once('/') else { return false };
        let name = unescape_segment(last);
        match (self, body.pointer_mut(container)) {
            (Self::Drop, Some(Value::Object(map))) => map.remove(name.as_ref()).is_some(),
            (Self::Rename, Some(Value::Object(map))) => match map.remove(name.as_ref()) {
                Some(value) => map.insert(format!("{name}_"), value).is_none(),
                None => false,
            },
            (Self::Drop, Some(Value::Array(items))) => match name.parse::<usize>() {
                Ok(index) if index < items.len() => {
                    items.remove(index);
                    true
                }
                _ => false,
            },
            (_, None) | (Self::Drop | Self::Rename, Some(_)) => false,
            (_, Some(_)) => body.pointer_mut(pointer).is_some_and(|value| match self.changed(value) {
                Some(changed) if changed != *value => {
                    *value = changed;
                    true
                }
                _ => false,
            }),
        }
    }

    /// The value after the change; none where it cannot be made to a value like this.
    pub(super) fn changed(&self, value: &Value) -> Option<Value> {
        match (self, value) {
            (Self::Null, _) => Some(Value::Null),
            (Self::Retype, _) => Some(of_another_type(value)),
            (Self::Flip, Value::Bool(truth)) => Some(json!(!truth)),
            (Self::Next, Value::Number(number)) => match number.as_i64() {
                Some(whole) => Some(json!(whole.checked_add(1)?)),
                None => Some(json!(number.as_f64()? + 1.0)),
            },
            (Self::Negate, Value::Number(number)) => match number.as_i64() {
                Some(whole) => Some(json!(whole.checked_neg()?)),
                None => Some(json!(-number.as_f64()?)),
            },
            (Self::Another, Value::String(_)) => Some(json!("something else")),
            (Self::Shorten, Value::String(text)) => {
                let mut letters = text.chars();
                letters.next_back()?;
                Some(json!(letters.as_str()))
            }
            (Self::Twin, Value::String(text)) => Some(json!(twin(text)?)),
            (Self::Spoil, Value::String(_)) => Some(json!("neither time nor URL")),
            (Self::Empty, Value::String(_)) => Some(json!("")),
            (Self::Empty, Value::Array(_)) => Some(json!([])),
            (Self::Add, Value::Array(items)) => {
                let other = json!("something else");
                Some(items.iter().chain([items.first().unwrap_or(&other)]).cloned().collect())
            }
            (Self::Put(given), _) => Some(given.clone()),
            _ => None,
        }
    }

    /// The change in words, as made to a value.
    pub(super) fn words(&self, pointer: &str, value: &Value) -> String {
        match self {
            Self::Drop => format!("{pointer} left out (it was {})", short(value)),
            Self::Rename => format!("{pointer} renamed to {pointer}_"),
            _ => match self.changed(value) {
                Some(changed) => format!("{pointer}: {} in place of {}", short(&changed), short(value)),
                None => format!("{pointer}: changed in place of {}", short(value)),
            },
        }
    }
}

/// A value as it fits in a line.
pub(super) fn short(value: &Value) -> String {
    let mut text = value.to_string();
    if let Some((end, _)) = text.char_indices().nth(60) {
        text.truncate(end);
        text += "...";
    }
    text
}

/// The same text with another last letter or digit of the same sort.
fn twin(text: &str) -> Option<String> {
    let at = text.rfind(|letter: char| letter.is_ascii_alphanumeric())?;
    let changed = match text.as_bytes().get(at)? {
        b'9' => '0',
        b'z' | b'f' => 'a',
        b'Z' | b'F' => 'A',
        byte => char::from(byte + 1),
    };
    Some(format!("{}{changed}{}", text.get(..at)?, text.get(at + 1..)?))
}

/// What a careless serializer makes of a value: a text of a number, a number of a text, a list of an object.
fn of_another_type(value: &Value) -> Value {
    match value {
        Value::Null => json!(0),
        Value::Bool(_) | Value::Number(_) => json!(value.to_string()),
        Value::String(_) => json!(7),
        Value::Array(_) => json!({}),
        Value::Object(_) => json!([]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(edit: &Edit, pointer: &str) -> Option<Value> {
        let mut body = json!({ "a": { "text": "abc9", "number": 4, "truth": true, "list": [1], "none": null } });
        edit.apply(&mut body, pointer).then(|| body["a"].take())
    }

    #[test]
    fn each_edit_changes_its_place_alone() {
        let whole = json!({ "text": "abc9", "number": 4, "truth": true, "list": [1], "none": null });
        let with = |name: &str, value: Value| {
            let mut changed = whole.clone();
            changed[name] = value;
            Some(changed)
        };
        assert_eq!(after(&Edit::Null, "/a/text"), with("text", Value::Null));
        assert_eq!(after(&Edit::Retype, "/a/text"), with("text", json!(7)));
        assert_eq!(after(&Edit::Retype, "/a/number"), with("number", json!("4")));
        assert_eq!(after(&Edit::Retype, "/a/list"), with("list", json!({})));
        assert_eq!(after(&Edit::Retype, "/a/none"), with("none", json!(0)));
        assert_eq!(after(&Edit::Flip, "/a/truth"), with("truth", json!(false)));
        assert_eq!(after(&Edit::Next, "/a/number"), with("number", json!(5)));
        assert_eq!(after(&Edit::Negate, "/a/number"), with("number", json!(-4)));
        assert_eq!(after(&Edit::Another, "/a/text"), with("text", json!("something else")));
        assert_eq!(after(&Edit::Shorten, "/a/text"), with("text", json!("abc")));
        assert_eq!(after(&Edit::Twin, "/a/text"), with("text", json!("abc0")));
        assert_eq!(after(&Edit::Empty, "/a/text"), with("text", json!("")));
        assert_eq!(after(&Edit::Empty, "/a/list"), with("list", json!([])));
        assert_eq!(after(&Edit::Spoil, "/a/text"), with("text", json!("neither time nor URL")));
        assert_eq!(after(&Edit::Add, "/a/list"), with("list", json!([1, 1])));
        assert_eq!(after(&Edit::Put(json!("x")), "/a/text"), with("text", json!("x")));
        assert_eq!(after(&Edit::Drop, "/a/list/0"), with("list", json!([])));
        let dropped = after(&Edit::Drop, "/a/text").unwrap();
        assert_eq!((dropped.get("text"), dropped.as_object().unwrap().len()), (None, 4));
        let renamed = after(&Edit::Rename, "/a/text").unwrap();
        assert_eq!((renamed.get("text"), &renamed["text_"]), (None, &json!("abc9")));
    }

    #[test]
    fn what_cannot_be_changed_is_no_mutant() {
        assert_eq!(after(&Edit::Flip, "/a/text"), None);
        assert_eq!(after(&Edit::Drop, "/a/other"), None);
        assert_eq!(after(&Edit::Drop, "/b/text"), None);
        assert_eq!(after(&Edit::Put(json!(4)), "/a/number"), None, "it is so already");
        assert_eq!(after(&Edit::Drop, ""), None);
    }

    #[test]
    fn a_value_alone_tells_what_is_done_to_it() {
        let spoiled = |text: &str| edits(&json!(text), false).contains(&Edit::Spoil);
        assert!(spoiled("2026-11-20T10:00:00Z") && spoiled("2026-11-20") && spoiled("https://pay.example/x"));
        assert!(!spoiled("pay.example") && !spoiled("12345-678"));
        assert!(edits(&json!("link_1"), true).contains(&Edit::Twin));
        assert!(!edits(&json!(""), false).contains(&Edit::Empty));
        assert!(!edits(&json!(0), false).contains(&Edit::Negate));
        assert_eq!(edits(&json!({}), false), [Edit::Drop, Edit::Rename, Edit::Retype, Edit::Null]);
        assert_eq!(edits(&Value::Null, false), [Edit::Drop, Edit::Rename, Edit::Retype]);
        assert!(edits(&json!([]), false).contains(&Edit::Add));
    }
}
