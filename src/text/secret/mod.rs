//! A secret value, and the redactor that keeps it out of everything printed or stored.

mod decoded_view;
mod hit;
mod html_entity;
mod named_values;
mod piece;
mod redactor;
mod secret_name;
mod secret_pattern;
mod shown_parts;
mod shown_places;
mod unescaped;
mod value_group;
mod without_repeated_signs;

use std::fmt;
use std::ops::Range;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretString};

pub use piece::{Piece, Written};
pub use redactor::{NotRedacted, Redactor, Showing};
pub use secret_name::{SECRET_NAMES, is_secret, variable};
pub use secret_pattern::percent;
pub use shown_parts::ShownParts;

/// A value that is never shown: it has no `Display`, and its `Debug` shows nothing, not even a length. It is wiped when dropped.
#[derive(Clone)]
pub struct Secret {
    value: SecretString,
    /// The number of its first characters that show only what kind of secret it is, where its parts are secret as well.
    kind: Option<usize>,
}

impl Secret {
    /// Takes a value into custody.
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: SecretString::from(value.into()), kind: None }
    }

    /// The same, of which every part is a secret as well: each run of 12 characters behind the first few, which show only what
    /// kind of secret it is.
    #[must_use]
    pub fn in_parts(self, kind: usize) -> Self {
        Self { kind: Some(kind), ..self }
    }

    /// The value itself; for requests only.
    pub fn expose(&self) -> &str {
        self.value.expose_secret()
    }

    fn is_short(&self) -> bool {
        self.expose().chars().count() < SHORTEST
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

/// The shortest value, in characters, that is redacted wherever it occurs; a shorter one would take innocent text with it.
pub const SHORTEST: usize = 4;

/// The pair in Basic credentials, as an `Authorization` has them.
pub fn basic_pair(value: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(value.strip_prefix("Basic ")?).ok()
}

/// The bytes of a range, as far as there are any.
fn bytes_in(bytes: &[u8], range: Range<usize>) -> &[u8] {
    let (until, _) = bytes.split_at(range.end.min(bytes.len()));
    let (_, part) = until.split_at(range.start.min(until.len()));
    part
}

/// The bytes from a place on, as far as there are any.
fn bytes_from(bytes: &[u8], start: usize) -> &[u8] {
    bytes_in(bytes, start..bytes.len())
}

#[cfg(test)]
mod tests;
