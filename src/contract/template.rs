//! Texts with references in them, `$link.id` or `Token $token`: found, resolved, and turned into patterns.

use crate::text::secret::percent;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// What a reference may stand for, wherever values come from.
pub trait Names {
    /// The value under a dotted name, if there is one.
    fn value(&self, name: &str) -> Option<Value>;
}

/// Nothing stands for anything.
pub struct NoNames;

impl Names for NoNames {
    fn value(&self, _: &str) -> Option<Value> {
        None
    }
}

/// Names whose texts are encoded as parts of a path.
pub struct Encoded<'a>(pub &'a dyn Names);

impl Names for Encoded<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        self.0.value(name).map(|value| percent(&plain(&value)).into())
    }
}

/// A text in pieces: what stands as it is, and what stands for something else.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    parts: Vec<Part>,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Name(String),
}

/// A reference that stands for nothing here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nothing is named ${0} here")]
pub struct Unresolved(pub String);

impl Template {
    /// Reads a text: `$$` is a dollar, and a dollar before anything but a name stands for itself.
    pub fn parse(text: &str) -> Self {
        let mut template = Self::default();
        let mut pieces = text.split('$');
        template.push_text(pieces.next().unwrap_or_default());
        let mut escaped = false;
        for piece in pieces {
            let end = if escaped { 0 } else { name_end(piece) };
            let (name, rest) = piece.split_at(end);
            if !name.is_empty() {
                template.parts.push(Part::Name(name.to_owned()));
            } else if !escaped {
                template.push_text("$");
                escaped = piece.is_empty();
                template.push_text(rest);
                continue;
            }
            escaped = false;
            template.push_text(rest);
        }
        template
    }

    /// The dotted names in it, as written.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Name(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The value it stands for; a text that is one reference and nothing else keeps the type of what it refers to.
    pub fn resolve(&self, names: &dyn Names) -> Result<Value, Unresolved> {
        if let [Part::Name(name)] = self.parts.as_slice() {
            let (value, rest) = longest(name, names)?;
            return Ok(if rest.is_empty() { value } else { Value::String(plain(&value) + rest) });
        }
        self.text(names).map(Value::String)
    }

    /// The text it stands for.
    pub fn text(&self, names: &dyn Names) -> Result<String, Unresolved> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(piece) => text.push_str(piece),
                Part::Name(name) => {
                    let (value, rest) = longest(name, names)?;
                    match value {
                        Value::String(value) => text.push_str(&value),
                        other => text.push_str(&other.to_string()),
                    }
                    text.push_str(rest);
                }
            }
        }
        Ok(text)
    }

    /// Whether a whole text could have been made from it: what is drawn may be anything of its kind, and a name that stands for
    /// nothing here may be any text.
    pub fn matches(&self, text: &str, names: &dyn Names) -> bool {
        matches_parts(&self.parts, text, names)
    }

    /// The same with every name replaced that stands for something.
    #[must_use]
    pub fn bind(&self, names: &dyn Names) -> Self {
        let mut bound = Self::default();
        for part in &self.parts {
            match part {
                Part::Text(piece) => bound.push_text(piece),
                Part::Name(name) => match longest(name, names) {
                    Ok((value, rest)) => bound.push_text(&(plain(&value) + rest)),
                    Err(_) => bound.parts.push(part.clone()),
                },
            }
        }
        bound
    }

    /// The text that it is, where no reference stands in it.
    pub fn literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    fn push_text(&mut self, text: &str) {
        match self.parts.last_mut() {
            _ if text.is_empty() => {}
            Some(Part::Text(last)) => last.push_str(text),
            _ => self.parts.push(Part::Text(text.to_owned())),
        }
    }
}

/// Whether a value holds a reference anywhere in its texts.
pub fn refers(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('$'),
        Value::Array(items) => items.iter().any(refers),
        Value::Object(map) => map.values().any(refers),
        _ => false,
    }
}

/// A JSON value with every reference in its texts replaced.
pub fn resolve_value(value: &Value, names: &dyn Names) -> Result<Value, Unresolved> {
    match value {
        Value::String(text) if text.contains('$') => Template::parse(text).resolve(names),
        Value::Array(items) => {
            items.iter().map(|item| resolve_value(item, names)).collect::<Result<_, _>>().map(Value::Array)
        }
        Value::Object(map) => {
            let resolved = map.iter().map(|(key, value)| Ok((key.clone(), resolve_value(value, names)?)));
            resolved.collect::<Result<Map<_, _>, _>>().map(Value::Object)
        }
        other => Ok(other.clone()),
    }
}

/// A value as it stands in a text: strings without quotes.
pub fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The reference with which a text begins, with its dollar, and the text behind it.
pub fn reference_at(text: &str) -> Option<(&str, &str)> {
    let name = name_end(text.strip_prefix('$')?);
    if name > 0 { text.split_at_checked(name + 1) } else { None }
}

/// How many letters behind a dollar are a name: words joined by single dots.
fn name_end(text: &str) -> usize {
    if text.starts_with(|letter: char| letter.is_ascii_digit()) {
        return 0;
    }
    let mut end = word_end(text);
    while let Some(rest) = text.get(end..).and_then(|rest| rest.strip_prefix('.')).filter(|_| end > 0) {
        match word_end(rest) {
            0 => break,
            more => end += 1 + more,
        }
    }
    end
}

/// How many bytes of a text are letters, digits or underscores.
fn word_end(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

/// The value of the longest dotted name that means something, and what is left of the text behind it.
fn longest<'a>(name: &'a str, names: &dyn Names) -> Result<(Value, &'a str), Unresolved> {
    let mut end = name.len();
    loop {
        let (head, rest) = name.split_at(end);
        if let Some(value) = names.value(head) {
            return Ok((value, rest));
        }
        end = head.rfind('.').ok_or_else(|| Unresolved(name.to_owned()))?;
    }
}

/// The names that stand for something drawn anew, with a letter class and a length in their own name.
const CLASSES: [(&str, &str); 3] =
    [("alnum", "0123456789abcdefghijklmnopqrstuvwxyz"), ("hex", "0123456789abcdef"), ("digits", "0123456789")];

/// The letters of a UUID, in either case.
const UUID_LETTERS: &str = "-0123456789abcdefABCDEF";

/// A fresh value for `$uuid`, `$alnumN`, `$hexN`, `$digitsN`.
pub fn draw(name: &str) -> Option<Value> {
    draw_by(&mut fastrand::Rng::new(), name)
}

/// The same with dice of one's own.
pub fn draw_by(dice: &mut fastrand::Rng, name: &str) -> Option<Value> {
    if name == "uuid" {
        return Some(uuid(dice).into());
    }
    let (letters, length) = class(name)?;
    let text = (0..length).filter_map(|_| dice.choice(letters.as_bytes()).copied()).map(char::from);
    Some(Value::String(text.collect()))
}

fn class(name: &str) -> Option<(&'static str, usize)> {
    CLASSES.iter().find_map(|(word, letters)| {
        let length = name.strip_prefix(word)?.parse().ok()?;
        (1..=256).contains(&length).then_some((*letters, length))
    })
}

/// Whether a text is made of these pieces.
fn matches_parts(parts: &[Part], text: &str, names: &dyn Names) -> bool {
    let Some((part, rest)) = parts.split_first() else { return text.is_empty() };
    let literal = match part {
        Part::Text(piece) => Some(Cow::Borrowed(piece.as_str())),
        Part::Name(name) => longest(name, names).ok().map(|(value, tail)| Cow::Owned(plain(&value) + tail)),
    };
    if let Some(literal) = literal {
        return text.strip_prefix(literal.as_ref()).is_some_and(|text| matches_parts(rest, text, names));
    }
    let Part::Name(name) = part else { return false };
    let drawn = match name.as_str() {
        "uuid" => Some((UUID_LETTERS, 36)),
        name => class(name),
    };
    match drawn {
        Some((letters, length)) => text.split_at_checked(length).is_some_and(|(head, tail)| {
            head.chars().all(|letter| letters.contains(letter)) && matches_parts(rest, tail, names)
        }),
        None => (1..=text.len()).rev().filter_map(|end| text.get(end..)).any(|tail| matches_parts(rest, tail, names)),
    }
}

/// A random UUID, version 4.
fn uuid(dice: &mut fastrand::Rng) -> String {
    let bits = dice.u128(..) & !(0xf000 << 64) & !(0xc000 << 48) | (0x4000 << 64) | (0x8000 << 48);
    let hex = format!("{bits:032x}");
    let mut text = String::new();
    for (index, digit) in hex.chars().enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    struct Table(Value);

    impl Names for Table {
        fn value(&self, name: &str) -> Option<Value> {
            self.0.get(name).cloned()
        }
    }

    fn resolve(text: &str) -> Value {
        let table = Table(json!({ "link.id": "l1", "n": 3, "link.sent.amount": 100, "origin": "http://h" }));
        Template::parse(text).resolve(&table).unwrap_or_else(|error| json!({ "error": error.to_string() }))
    }

    #[test]
    fn a_text_that_is_one_reference_keeps_its_type() {
        assert_eq!(resolve("$n"), json!(3));
        assert_eq!(resolve("$link.sent.amount"), json!(100));
        assert_eq!(resolve("n=$n"), json!("n=3"));
    }

    #[test]
    fn the_longest_dotted_name_wins_and_the_rest_is_text() {
        assert_eq!(resolve("$origin/pay/$link.id.json"), json!("http://h/pay/l1.json"));
        assert_eq!(resolve("$n."), json!("3."));
    }

    #[test]
    fn two_dollars_are_one_and_a_lone_dollar_stands_for_itself() {
        assert_eq!(resolve("$$n"), json!("$n"));
        assert_eq!(resolve("a$$$n"), json!("a$3"));
        assert_eq!(resolve("5$ and $"), json!("5$ and $"));
    }

    #[test]
    fn an_unknown_name_is_told() {
        assert_eq!(resolve("$link.nope"), json!({ "error": "nothing is named $link.nope here" }));
    }

    struct Drawn;

    impl Names for Drawn {
        fn value(&self, name: &str) -> Option<Value> {
            draw(name)
        }
    }

    #[test]
    fn what_is_drawn_matches_what_it_was_drawn_from() {
        for text in ["link_test_$alnum19", "$uuid", "x$hex8-$digits3"] {
            let template = Template::parse(text);
            let made = template.text(&Drawn).unwrap();
            assert!(template.matches(&made, &NoNames), "{made}");
            assert!(!template.matches(&format!("{made}z"), &NoNames), "{made}");
        }
    }

    #[test]
    fn what_is_bound_is_text_and_the_rest_stays_open() {
        let table = Table(json!({ "n": 3, "o.k": "yes" }));
        let bound = Template::parse("$n-$alnum2-$o.k.z").bind(&table);
        assert!(bound.matches("3-ab-yes.z", &NoNames) && !bound.matches("3-ab-no.z", &NoNames));
        assert_eq!(bound.literal(), None);
        assert_eq!(Template::parse("$n$$").bind(&table).literal(), Some("3$"));
    }

    #[test]
    fn a_name_that_stands_for_nothing_matches_any_text_and_a_known_one_only_itself() {
        let table = Table(json!({ "n": 3 }));
        assert!(Template::parse("a $word, $n").matches("a b, c, 3", &table));
        assert!(!Template::parse("a $word, $n").matches("a b, 4", &table));
        assert!(!Template::parse("$word").matches("", &table));
    }
}
