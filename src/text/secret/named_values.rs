//! Values that are secret by the name that they have, wherever they are in a text.

use super::hit::Hit;
use super::secret_name::{LONGEST_NAME, SecretName};
use super::shown_places::shown_places;
use super::{ShownParts, bytes_from, is_secret, variable};
use std::ops::Range;

/// A value that its name hides, by its place behind the sign between both.
struct NamedValue {
    range: Range<usize>,
    /// The quotes around the replacement, as the name has them, where the value itself is not text.
    quotes: Vec<u8>,
}

/// Every stretch of a text that is a value under a name of secrets: `"name": value`, `name=value`, or a line `Name: value`.
pub(super) fn named_values(bytes: &[u8], shown: &ShownParts) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut rest = bytes;
    while let Some(sign) = rest.iter().position(|byte| matches!(byte, b':' | b'=')) {
        let (_, from) = rest.split_at(sign);
        let at = bytes.len() - from.len();
        let (before, _) = bytes.split_at(at);
        rest = bytes_from(from, 1);
        if let Some((name, value)) = value_at(before, from) {
            let start = at + 1;
            let range = start + value.range.start..start + value.range.end;
            hits.push(Hit::named(&variable(name), range, value.quotes));
            rest = bytes_from(rest, value.range.end + 1);
        }
    }
    if !hits.is_empty() && !shown.places.is_empty() {
        let seen = shown_places(bytes, shown);
        hits.retain(|hit| !is_within(&hit.range, &seen));
    }
    hits
}

/// Returns true if a stretch is within the last one that begins before its end; they are in their order.
fn is_within(range: &Range<usize>, seen: &[Range<usize>]) -> bool {
    let (begun, _) = seen.split_at(seen.partition_point(|seen| seen.start <= range.start));
    begun.last().is_some_and(|seen| seen.end >= range.end)
}

/// The name before a sign, and the value behind it, if the name hides it.
fn value_at<'a>(before: &'a [u8], from: &[u8]) -> Option<(&'a str, NamedValue)> {
    let (sign, behind) = from.split_first()?;
    if *sign == b'=' {
        let name = last_word(before).filter(|name| is_secret(name))?;
        return Some((name, NamedValue::of_parameter(behind)?));
    }
    if let Some((name, escapes)) = quoted_name(before) {
        return Some((name, NamedValue::of_field(behind, escapes, SecretName::of(name)?)?));
    }
    let name = name_of_line(before).filter(|name| is_secret(name))?;
    Some((name, NamedValue::of_line(behind)?))
}

/// The word with which bytes end.
fn last_word(bytes: &[u8]) -> Option<&str> {
    let end = bytes.iter().rev().take(LONGEST_NAME);
    let length = end.take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.[]".contains(byte)).count();
    let (_, word) = bytes.split_at(bytes.len() - length);
    std::str::from_utf8(word).ok().filter(|word| !word.is_empty())
}

/// The word that is all of the last line.
fn name_of_line(bytes: &[u8]) -> Option<&str> {
    let word = last_word(bytes)?;
    let (before, _) = bytes.split_at(bytes.len() - word.len());
    let name = match before.last() {
        None | Some(b'\n' | b'\r') => word,
        // A line end that is itself escaped.
        Some(b'\\') => word.strip_prefix('n')?,
        Some(_) => return None,
    };
    (name.contains('-') || SecretName::of(name).is_some_and(SecretName::is_of_heads)).then_some(name)
}

/// The name in quotes with which bytes end, and the number of backslashes before each of its quotes.
fn quoted_name(bytes: &[u8]) -> Option<(&str, usize)> {
    let bytes = bytes.trim_ascii_end().strip_suffix(b"\"")?;
    let escapes = bytes.iter().rev().take_while(|byte| **byte == b'\\').count();
    let (inner, _) = bytes.split_at(bytes.len() - escapes);
    let length = inner.iter().rev().take(LONGEST_NAME + 1).position(|byte| *byte == b'"')?;
    let (_, name) = inner.split_at(inner.len() - length);
    Some((std::str::from_utf8(name).ok()?, escapes))
}

impl NamedValue {
    /// A field's value, as JSON has it, with so many backslashes before each quote.
    fn of_field(bytes: &[u8], escapes: usize, name: SecretName) -> Option<Self> {
        let rest = bytes.trim_ascii_start();
        let start = bytes.len() - rest.len();
        let mut quote = vec![b'\\'; escapes];
        quote.push(b'"');
        if let Some(inner) = rest.strip_prefix(quote.as_slice()) {
            let (text, _) = inner.split_at(text_length(inner, escapes));
            return Self::unless_replaced(start + quote.len(), text, Vec::new());
        }
        let length = match rest.first()? {
            b'{' | b'[' if name.is_of_heads() => return None,
            b'{' | b'[' => container_length(rest, escapes),
            _ => rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count(),
        };
        let (written, _) = rest.split_at(length);
        let reveals_nothing = matches!(written, b"null" | b"true" | b"false" | b"{}" | b"[]" | b"");
        if reveals_nothing { None } else { Self::unless_replaced(start, written, quote) }
    }

    /// A parameter's value: what follows up to a sign that no encoder leaves in it, or what is in quotes.
    fn of_parameter(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"=") {
            return None;
        }
        if let Some(inner) = bytes.strip_prefix(b"\"") {
            return Self::unless_replaced(1, until(inner, |byte| byte == b'"'), Vec::new());
        }
        let written = until(bytes, |byte| byte.is_ascii_whitespace() || b"&;#\"<>\\`".contains(&byte));
        Self::unless_replaced(0, written, Vec::new())
    }

    /// The rest of a line.
    fn of_line(bytes: &[u8]) -> Option<Self> {
        let start = bytes.iter().take_while(|byte| **byte == b' ').count();
        let (_, rest) = bytes.split_at(start);
        Self::unless_replaced(start, until(rest, |byte| b"\r\n\\\"".contains(&byte)), Vec::new())
    }

    /// A value, unless there is nothing or the name of a variable already.
    fn unless_replaced(start: usize, written: &[u8], quotes: Vec<u8>) -> Option<Self> {
        let is_replaced = written.strip_prefix(b"$").is_some_and(|name| name.iter().copied().all(is_of_variable));
        let is_hidden = !written.is_empty() && !is_replaced;
        is_hidden.then(|| Self { range: start..start + written.len(), quotes })
    }
}

fn is_of_variable(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_'
}

/// The bytes before the first one that ends them.
fn until(bytes: &[u8], ends: impl Fn(u8) -> bool) -> &[u8] {
    let length = bytes.iter().position(|byte| ends(*byte)).unwrap_or(bytes.len());
    bytes.split_at(length).0
}

/// The length of a text up to its closing quote, whose quotes have so many backslashes before them.
pub(super) fn text_length(bytes: &[u8], escapes: usize) -> usize {
    let mut run = 0;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'\\' => run += 1,
            b'"' if run % (2 * (escapes + 1)) == escapes => return at - escapes,
            _ => run = 0,
        }
    }
    bytes.len()
}

/// The length of an object or a list; one that does not end is as long as what there is.
pub(super) fn container_length(bytes: &[u8], escapes: usize) -> usize {
    let mut depth = 0_usize;
    let mut rest = bytes;
    while let Some((byte, behind)) = rest.split_first() {
        rest = behind;
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => rest = bytes_from(behind, text_length(behind, escapes) + escapes + 1),
            _ => {}
        }
        if depth == 0 {
            return bytes.len() - rest.len();
        }
    }
    bytes.len()
}
