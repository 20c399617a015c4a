//! The request of an operation as written: `DELETE /links/{link_id}`, or `GET $link.payment_uri`.

use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;

/// A method and a path, or a captured URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RequestLine {
    pub(super) method: String,
    pub(super) url: String,
}

impl RequestLine {
    /// Reads a request line.
    pub(super) fn parse(text: &str, at: &Place) -> Result<Self, Diagnostic> {
        let mut words = text.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some(method), Some(url), None)
                if method.bytes().all(|byte| byte.is_ascii_uppercase())
                    && url.starts_with(['/', '$'])
                    && is_braced(url) =>
            {
                Ok(Self { method: method.to_owned(), url: url.to_owned() })
            }
            _ => Err(Diagnostic::error(
                Code::BadRequestLine,
                "a request is a method in capitals and a path below the origin",
            )
            .at(at, "not a method and a path")
            .help("write it like `DELETE /links/{link_id}`, or with a captured URL like `GET $link.payment_uri`")),
        }
    }
}

/// Whether every brace of a path is closed, around a name.
fn is_braced(url: &str) -> bool {
    let mut pieces = url.split('{');
    let before = pieces.next().unwrap_or_default();
    let named = |piece: &str| piece.split_once('}').is_some_and(|(name, rest)| !name.is_empty() && !rest.contains('}'));
    !before.contains('}') && pieces.all(named)
}

/// The names in braces of a path.
pub fn placeholders(url: &str) -> impl Iterator<Item = &str> {
    url.split('{').skip(1).filter_map(|piece| piece.split_once('}').map(|(name, _)| name))
}
