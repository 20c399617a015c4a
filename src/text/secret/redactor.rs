//! The redactor, which keeps secret values out of everything printed or stored.

use super::hit::{Hit, replace_hits};
use super::named_values::named_values;
use super::piece::Piece;
use super::value_group::{SecretValue, ValueGroup};
use super::{SHORTEST, Secret, ShownParts, basic_pair, bytes_in, is_secret, variable};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

/// The reason why a value cannot be redacted; it is for the user who brought the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotRedacted {
    /// The value has fewer than [`SHORTEST`] characters.
    #[error("a value of fewer than {SHORTEST} characters is too short to be kept out of reports")]
    TooShort,
    /// The values together are too long to be searched for.
    #[error("the value is too long to be kept out of reports")]
    TooLong,
}

/// Replaces secret values by `$NAME`, in every encoding in which they are sent or may be echoed.
///
/// Found are, in any letter case, the value itself, reversed, in UTF-16, in hexadecimal and octal, in Base32 and Base64 (both
/// alphabets, with or without padding, once or twice, alone or anywhere within a longer encoded text, as in Basic credentials);
/// and all of these under percent encoding, form encoding, quoted-printable, the escapes of JSON and of programming languages,
/// the references of HTML, and with the same sign between all letters or groups of letters: two layers deep, whichever characters
/// the encoder chose to escape. What is made of digits or letters of an encoding is found broken over lines too. Where values
/// overlap, all of their text goes, under the name of the longest. A part of a value is found only if [`Secret::in_parts`] asks for it,
/// and in no encoding: redact before anything is cut.
///
/// Values can be added during a run, from any task; what is added while a text is redacted counts from the next text on.
#[derive(Default)]
pub struct Redactor {
    /// Groups of values, each at least as large as the next, so that adding one value seldom rebuilds many.
    pub(super) groups: RwLock<Vec<Arc<ValueGroup>>>,
}

/// The values that are shown although they have the name of a secret.
#[derive(Clone, Copy)]
pub enum Showing<'a> {
    /// Nothing.
    Nothing,
    /// The parts of an answer that a contract shows.
    Answer(&'a ShownParts),
    /// The values made up for a request of ours: a wrong key belongs to no one.
    Request(&'a BTreeMap<String, Value>),
}

impl<'a> Showing<'a> {
    fn parts(self) -> &'a ShownParts {
        match self {
            Self::Answer(shown) => shown,
            _ => ShownParts::NOTHING,
        }
    }

    fn is_request(self) -> bool {
        matches!(self, Self::Request(_))
    }

    /// Returns true for a value with something in it that was made up.
    fn is_made_up(self, value: &[u8]) -> bool {
        let Self::Request(drawn) = self else { return false };
        let mut texts = drawn.values().filter_map(Value::as_str).filter(|text| text.len() >= SHORTEST);
        texts.any(|text| value.windows(text.len()).any(|part| part == text.as_bytes()))
    }
}

impl Redactor {
    /// A redactor for these values; the second part names those that it will not redact.
    pub fn new<'a>(values: impl IntoIterator<Item = (&'a str, &'a Secret)>) -> (Self, Vec<(&'a str, NotRedacted)>) {
        let redactor = Self::default();
        let (short, fit): (Vec<_>, Vec<_>) = values.into_iter().partition(|(_, secret)| secret.is_short());
        let mut refused: Vec<_> = short.into_iter().map(|(name, _)| (name, NotRedacted::TooShort)).collect();
        // All at once, since every value that is added later rebuilds others; one by one where they are too much together.
        if redactor.insert(fit.iter().map(|(name, secret)| SecretValue::new(name, secret))).is_err() {
            refused
                .extend(fit.into_iter().filter_map(|(name, secret)| Some((name, redactor.add(name, secret).err()?))));
        }
        (redactor, refused)
    }

    /// Adds a value under a name; one that is there already keeps its first name.
    pub fn add(&self, name: &str, secret: &Secret) -> Result<(), NotRedacted> {
        if secret.is_short() {
            return Err(NotRedacted::TooShort);
        }
        self.insert([SecretValue::new(name, secret)])
    }

    /// Adds a value of any length, on the caller's word that it means nothing else; below [`SHORTEST`] it is found as it is
    /// and escaped, but not in Base64 or hexadecimal. An empty value is nothing to be found.
    pub fn add_short(&self, name: &str, secret: &Secret) -> Result<(), NotRedacted> {
        match secret.expose().chars().count() {
            0 => Ok(()),
            1..SHORTEST => self.insert([SecretValue::plain(name, secret)]),
            _ => self.add(name, secret),
        }
    }

    /// Adds those values that are not there yet: all of them, or none.
    fn insert(&self, new: impl IntoIterator<Item = Arc<SecretValue>>) -> Result<(), NotRedacted> {
        // A panic elsewhere leaves the list whole, so a poisoned lock is no reason to stop redacting.
        let mut groups = self.groups.write().unwrap_or_else(PoisonError::into_inner);
        let mut values: Vec<Arc<SecretValue>> = Vec::new();
        for value in new {
            let mut known = groups.iter().flat_map(|group| &group.values).chain(&values);
            if known.all(|known| known.secret.expose() != value.secret.expose()) {
                values.push(value);
            }
        }
        if values.is_empty() {
            return Ok(());
        }
        let mut kept = groups.as_slice();
        while let Some((last, earlier)) = kept.split_last()
            && last.values.len() <= values.len()
        {
            values.extend_from_slice(&last.values);
            kept = earlier;
        }
        let kept = kept.len();
        let group = ValueGroup::new(values)?;
        groups.truncate(kept);
        groups.push(Arc::new(group));
        Ok(())
    }

    /// The text without the values, and without those that have the name of a secret; borrowed where none is in it.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.redact_showing(text, Showing::Nothing)
    }

    /// The same, with some of what has the name of a secret.
    pub fn redact_showing<'a>(&self, text: &'a str, showing: Showing<'_>) -> Cow<'a, str> {
        match self.redact_bytes(text.as_bytes(), showing) {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            // Stretches begin and end between characters, since values are text; nothing is lost here.
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }

    /// The bytes without the values, for bodies that may be no text.
    pub fn redact_bytes<'a>(&self, bytes: &'a [u8], showing: Showing<'_>) -> Cow<'a, [u8]> {
        let hits = self.hits(bytes, showing);
        if hits.is_empty() { Cow::Borrowed(bytes) } else { Cow::Owned(replace_hits(bytes, hits)) }
    }

    /// The value of a header field without the values; all of it goes where its name is that of a secret, but for the word that
    /// says how credentials are written. Where we sent a secret that is known by itself, the rest is the contract's own.
    pub fn redact_header<'a>(&self, name: &str, value: &'a str, showing: Showing<'_>) -> Cow<'a, str> {
        let hits = self.header_hits(name, value, showing);
        if hits.is_empty() {
            return Cow::Borrowed(value);
        }
        Cow::Owned(String::from_utf8_lossy(&replace_hits(value.as_bytes(), hits)).into_owned())
    }

    /// The bytes in parts: what stays, and the variables in place of values.
    pub fn pieces<'a>(&self, bytes: &'a [u8], showing: Showing<'_>) -> Vec<Piece<'a>> {
        Piece::split(bytes, self.hits(bytes, showing))
    }

    /// The value of a header field in parts, as [`Redactor::redact_header`] has it.
    pub fn header_pieces<'a>(&self, name: &str, value: &'a str, showing: Showing<'_>) -> Vec<Piece<'a>> {
        Piece::split(value.as_bytes(), self.header_hits(name, value, showing))
    }

    fn header_hits(&self, name: &str, value: &str, showing: Showing<'_>) -> Vec<Hit> {
        let shown = match showing {
            Showing::Answer(shown) => !shown.hides(&format!("header {name}")),
            _ => !is_secret(name),
        };
        let hits = self.hits(value.as_bytes(), showing);
        let known = showing.is_request() && !hits.is_empty();
        if shown
            || known
            || value.is_empty()
            || showing.is_made_up(value.as_bytes())
            || basic_pair(value).is_some_and(|pair| showing.is_made_up(&pair))
        {
            return hits;
        }
        let scheme = value.find(' ').filter(|_| name.to_ascii_lowercase().ends_with("authorization"));
        let start = scheme.map_or(0, |space| space + 1);
        vec![Hit::named(&variable(name), start..value.len(), Vec::new())]
    }

    fn hits(&self, bytes: &[u8], showing: Showing<'_>) -> Vec<Hit> {
        let groups = self.groups.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut hits: Vec<Hit> = groups.iter().flat_map(|group| group.find(bytes)).collect();
        let mut named = named_values(bytes, showing.parts());
        if showing.is_request() {
            named.retain(|named| {
                let is_known = hits.iter().any(|hit| hit.overlaps(named));
                !is_known && !showing.is_made_up(bytes_in(bytes, named.range.clone()))
            });
        }
        hits.extend(named);
        hits
    }
}

/// Shows the names only.
impl fmt::Debug for Redactor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = self.groups.read().unwrap_or_else(PoisonError::into_inner);
        let names = groups.iter().flat_map(|group| &group.values).map(|value| &value.name);
        formatter.write_str("Redactor ")?;
        formatter.debug_list().entries(names).finish()
    }
}
