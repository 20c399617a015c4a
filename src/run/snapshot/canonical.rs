//! An exchange in its canonical form, and the text of it: the content of a baseline, for people to read.

use crate::text::visible::{escape_json, is_hidden};
use serde_json::Value;
use std::fmt::Write;

/// The result of a request, without anything that no two runs share.
#[derive(Debug, Clone, PartialEq)]
pub struct Canonical {
    /// Method, path and query.
    pub request: String,
    /// The status.
    pub status: u16,
    /// The header fields that matter, by name.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Content,
}

/// A body.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// There is none.
    None,
    /// An object or a list, or any JSON where the media type is one of JSON.
    Json(Value),
    /// A text.
    Text(String),
    /// The length of bytes that are not text, and their SHA-256.
    Binary(usize, String),
}

/// A line of a snapshot that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableLine {
    /// The line, from 1.
    pub line: usize,
    /// A sentence about what is wrong there.
    pub message: String,
}

impl UnreadableLine {
    pub(super) fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

/// The sign before a line of a text body, so that no such line can be taken for anything else.
const QUOTE: char = '>';
const BINARY: &str = "! ";

impl Canonical {
    /// The text, without a line end behind it.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n\nHTTP {}\n", escape_invisible(&self.request), self.status);
        for (name, value) in &self.headers {
            let _ = writeln!(text, "{}: {}", escape_invisible(name), escape_invisible(value.trim()));
        }
        text.push('\n');
        match &self.body {
            Content::None => {}
            // The keys of a JSON object are sorted.
            Content::Json(value) => text.push_str(&escape_json(&format!("{value:#}"), is_invisible)),
            Content::Text(body) => {
                let lines: Vec<_> = body.split('\n').map(quote_line).collect();
                text.push_str(&lines.join("\n"));
            }
            Content::Binary(length, hash) => {
                let _ = write!(text, "{BINARY}{length} bytes that are no text, SHA-256 {hash}");
            }
        }
        text.truncate(text.trim_end().len());
        text
    }

    /// Reads a text; `first` is the number of its first line in its file.
    pub fn read(text: &str, first: usize) -> Result<Self, UnreadableLine> {
        let text = text.replace("\r\n", "\n");
        let (request, rest) = cut_line(text.trim_end());
        let (blank, rest) = cut_line(rest);
        let (status, mut rest) = cut_line(rest);
        let request = reveal(request);
        if !request.contains(' ') {
            return Err(UnreadableLine::new(first, "a request line like `DELETE /links/[link.id]` is due here"));
        }
        if !blank.trim().is_empty() {
            return Err(UnreadableLine::new(first + 1, "an empty line is due between the request and the answer"));
        }
        let status = status.strip_prefix("HTTP ").and_then(|status| status.trim().parse().ok());
        let status = status.ok_or_else(|| UnreadableLine::new(first + 2, "a status like `HTTP 200` is due here"))?;
        let mut headers = Vec::new();
        for number in first + 3.. {
            let (line, below) = cut_line(rest);
            rest = below;
            if line.trim().is_empty() {
                break;
            }
            let (name, value) = line
                .split_once(':')
                .ok_or_else(|| UnreadableLine::new(number, "a header like `content-type: text/plain` is due here"))?;
            headers.push((reveal(name.trim()), reveal(value.trim())));
        }
        let body = read_body(rest, first + 4 + headers.len())?;
        Ok(Self { request, status, headers, body })
    }
}

/// The first line of a text, and the rest.
fn cut_line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

fn read_body(text: &str, first: usize) -> Result<Content, UnreadableLine> {
    if text.is_empty() {
        return Ok(Content::None);
    }
    if let Some(binary) = text.strip_prefix(BINARY) {
        let (words, _) = cut_line(binary);
        return match (words.split(' ').next().and_then(|length| length.parse().ok()), words.rsplit(' ').next()) {
            (Some(length), Some(hash)) => Ok(Content::Binary(length, hash.to_owned())),
            _ => Err(UnreadableLine::new(first, "a length and a hash are due here")),
        };
    }
    if text.starts_with(QUOTE) {
        let lines = text.split('\n').zip(first..).map(|(line, number)| unquote_line(line, number));
        return Ok(Content::Text(lines.collect::<Result<Vec<_>, _>>()?.join("\n")));
    }
    serde_json::from_str(text).map(Content::Json).map_err(|error| {
        let message = error.to_string();
        let message = message.split_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        UnreadableLine::new(first + error.line().saturating_sub(1), format!("the body is not JSON: {message}"))
    })
}

/// A line of a text body; blanks at its end are written out, since readers of lines may drop them.
fn quote_line(line: &str) -> String {
    let line = escape_invisible(line);
    let (words, blanks) = line.split_at(line.trim_end_matches(' ').len());
    if line.is_empty() { QUOTE.to_string() } else { format!("{QUOTE} {words}{}", "\\u{20}".repeat(blanks.len())) }
}

fn unquote_line(line: &str, number: usize) -> Result<String, UnreadableLine> {
    match line.strip_prefix(QUOTE) {
        Some(rest) => Ok(reveal(rest.strip_prefix(' ').unwrap_or(rest))),
        None => Err(UnreadableLine::new(number, "every line of a text begins with `>`")),
    }
}

/// A text on one line in which everything can be seen; [`reveal`] undoes it.
fn escape_invisible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_invisible(letter) {
            shown.extend(letter.escape_unicode());
        } else if letter == '\\' {
            shown.push_str("\\\\");
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// The text that was made visible.
fn reveal(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\\') {
        plain.push_str(before);
        let (letter, behind) = numbered_letter(escape).unwrap_or(('\\', escape.strip_prefix('\\').unwrap_or(escape)));
        plain.push(letter);
        rest = behind;
    }
    plain.push_str(rest);
    plain
}

/// The letter that is written by its number, and what is behind it.
fn numbered_letter(escape: &str) -> Option<(char, &str)> {
    let (code, behind) = escape.strip_prefix("u{")?.split_once('}')?;
    Some((char::from_u32(u32::from_str_radix(code, 16).ok()?)?, behind))
}

/// Returns true for a letter that is not seen, or changes how others are seen.
pub(super) fn is_invisible(letter: char) -> bool {
    is_hidden(letter) || letter.is_whitespace() && letter != ' '
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn canonical(body: Content) -> Canonical {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Canonical { request: "GET /x/[x.id]?a=b".to_owned(), status: 404, headers, body }
    }

    #[test]
    fn an_exchange_is_written_so_that_a_person_can_read_it() {
        let text = canonical(Content::Json(json!({ "b": [], "a": "x" }))).text();
        let body = "{\n  \"a\": \"x\",\n  \"b\": []\n}";
        assert_eq!(text, format!("GET /x/[x.id]?a=b\n\nHTTP 404\ncontent-type: application/json\n\n{body}"));
        assert!(canonical(Content::None).text().ends_with("application/json"));
    }

    #[test]
    fn nothing_invisible_is_left_in_the_text() {
        let text = canonical(Content::Json(json!({ "a": "x\u{202e}y\u{7f}\u{85}\u{a0}" }))).text();
        assert!(text.ends_with(
            r#""a": "x\u202ey\u007f\u0085\u00a0"
}"#
        ));
        let text = canonical(Content::Text("a\tb \r\n\u{1b}[1m\n".to_owned())).text();
        assert!(text.ends_with("> a\\u{9}b \\u{d}\n> \\u{1b}[1m\n>"), "{text}");
    }

    #[test]
    fn what_is_broken_is_told_with_its_line() {
        let broken = |text: &str| Canonical::read(text, 10).map(drop).unwrap_err().line;
        assert_eq!(broken(""), 10);
        assert_eq!(broken("GET /x\nHTTP 200"), 11);
        assert_eq!(broken("GET /x\n\nHTTP two"), 12);
        assert_eq!(broken("GET /x\n\nHTTP 200\nno header"), 13);
        assert_eq!(broken("GET /x\n\nHTTP 200\n\n{\n  \"a\": 1,\n"), 15);
        assert_eq!(broken("GET /x\n\nHTTP 200\na: b\n\n> a\nb"), 16);
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(".{0,4}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_back(
            status in 100..600u16,
            path in "[!-~]{1,12}",
            value in "[!-~]([ -~]{0,12}[!-~])?",
            body in prop_oneof![
                Just(Content::None),
                json().prop_map(Content::Json),
                "(?s).{0,40}".prop_map(Content::Text),
                any::<usize>().prop_map(|length| Content::Binary(length, "0af3".to_owned())),
            ],
        ) {
            let headers = vec![("x-value".to_owned(), value)];
            let canonical = Canonical { request: format!("GET /{path}"), status, headers, body };
            prop_assert_eq!(Canonical::read(&canonical.text(), 1), Ok(canonical));
        }
    }
}
