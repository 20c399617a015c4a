//! A secret value, and the redactor that keeps it out of everything printed or stored.

mod decoding;
mod encoding;
mod hit;
mod named;

pub use named::{SECRET_NAMES, Shown, is_secret, variable};

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value as Json;

use encoding::Pattern;
pub use encoding::percent;
use hit::{Hit, pieces, replace};
pub use hit::{Piece, Written};

/// A value that is never shown: it has no `Display`, and its `Debug` tells nothing, not even a length. It is wiped when dropped.
#[derive(Clone)]
pub struct Secret {
    value: SecretString,
    /// How many of its first characters say only what kind of secret it is, where its parts are secret as well.
    kind: Option<usize>,
}

impl Secret {
    /// Takes a value into custody.
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: SecretString::from(value.into()), kind: None }
    }

    /// The same, of which every part is a secret as well: each run of 12 characters behind the first few, which say only what
    /// kind of secret it is.
    #[must_use]
    pub fn in_parts(self, kind: usize) -> Self {
        Self { kind: Some(kind), ..self }
    }

    /// The value itself; for requests only.
    pub fn expose(&self) -> &str {
        self.value.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

/// The shortest value, in characters, that is redacted wherever it occurs; a shorter one would take innocent text with it.
pub const SHORTEST: usize = 4;

/// How many bytes of a pattern are searched for at once with all others; the rest is compared where these are. A secret has so
/// many forms that to search for all of each would cost a short run more than everything else that it does.
const SEED: usize = 16;

/// How many encodings may lie over one another, such as percent encoding within JSON, before a value is no longer recognised.
const LAYERS: usize = 2;

/// Why a value cannot be redacted; whoever brought it should be told.
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
/// Found are, in whatever letter case, the value itself, reversed, in UTF-16, in hexadecimal and octal, in Base32 and Base64 (both
/// alphabets, with or without padding, once or twice, alone or anywhere within a longer encoded text, as in Basic credentials);
/// and all of these under percent encoding, form encoding, quoted-printable, the escapes of JSON and of programming languages,
/// the references of HTML, and with the same sign between all letters or groups of letters: two layers deep, whichever characters
/// the encoder chose to escape. What is made of digits or letters of an encoding is found broken over lines too. Where values
/// overlap, all of their text goes, under the name of the longest. A part of a value is found only if [`Secret::in_parts`] says so,
/// and in no encoding: redact before anything is cut.
///
/// Values can be added during a run, from any task; what is added while a text is redacted counts from the next text on.
#[derive(Default)]
pub struct Redactor {
    /// Groups of values, each at least as large as the next, so that adding one value seldom rebuilds many.
    groups: RwLock<Vec<Arc<Group>>>,
}

struct Group {
    values: Vec<Arc<Value>>,
    automaton: AhoCorasick,
    /// By the automaton's number of a pattern: its value, and the pattern among those of the value.
    owners: Vec<(usize, usize)>,
    /// Whether a value holds a space, which a form writes as a plus.
    spaced: bool,
}

struct Value {
    name: Arc<str>,
    secret: Secret,
    patterns: Vec<Pattern>,
}

/// What is shown although it has the name of a secret.
#[derive(Clone, Copy)]
pub enum Showing<'a> {
    /// Nothing.
    Nothing,
    /// What a contract says of an answer.
    Answer(&'a Shown),
    /// What was made up for a request of ours: a wrong key is nobody's.
    Request(&'a BTreeMap<String, Json>),
}

impl Showing<'_> {
    fn made_up(self, value: &[u8]) -> bool {
        let Self::Request(drawn) = self else { return false };
        let mut texts = drawn.values().filter_map(Json::as_str).filter(|text| text.len() >= SHORTEST);
        texts.any(|text| value.windows(text.len()).any(|part| part == text.as_bytes()))
    }
}

impl Redactor {
    /// A redactor for these values; the second part names those that it will not redact.
    pub fn new<'a>(values: impl IntoIterator<Item = (&'a str, &'a Secret)>) -> (Self, Vec<(&'a str, NotRedacted)>) {
        let redactor = Self::default();
        let (short, fit): (Vec<_>, Vec<_>) = values.into_iter().partition(|(_, secret)| is_short(secret));
        let mut refused: Vec<_> = short.into_iter().map(|(name, _)| (name, NotRedacted::TooShort)).collect();
        // All at once, since every value that is added later rebuilds others; one by one where they are too much together.
        if redactor.insert(fit.iter().map(|(name, secret)| Value::of(name, secret))).is_err() {
            refused
                .extend(fit.into_iter().filter_map(|(name, secret)| Some((name, redactor.add(name, secret).err()?))));
        }
        (redactor, refused)
    }

    /// Adds a value under a name; one that is there already keeps its first name.
    pub fn add(&self, name: &str, secret: &Secret) -> Result<(), NotRedacted> {
        if is_short(secret) {
            return Err(NotRedacted::TooShort);
        }
        self.insert([Value::of(name, secret)])
    }

    /// Adds a value of any length, on the caller's word that it stands for nothing else; below [`SHORTEST`] it is found as it
    /// stands and escaped, but not in Base64 or hexadecimal. An empty value is nothing to be found.
    pub fn add_short(&self, name: &str, secret: &Secret) -> Result<(), NotRedacted> {
        match secret.expose().chars().count() {
            0 => Ok(()),
            1..SHORTEST => {
                let patterns = encoding::plain(secret.expose());
                self.insert([Arc::new(Value { name: name.into(), secret: secret.clone(), patterns })])
            }
            _ => self.add(name, secret),
        }
    }

    /// Adds those values that are not there yet: all of them, or none.
    fn insert(&self, new: impl IntoIterator<Item = Arc<Value>>) -> Result<(), NotRedacted> {
        // A panic elsewhere leaves the list whole, so a poisoned lock is no reason to stop redacting.
        let mut groups = self.groups.write().unwrap_or_else(PoisonError::into_inner);
        let mut values: Vec<Arc<Value>> = Vec::new();
        for value in new {
            let mut known = groups.iter().flat_map(|group| &group.values).chain(&values);
            if known.all(|known| known.secret.expose() != value.secret.expose()) {
                values.push(value);
            }
        }
        if values.is_empty() {
            return Ok(());
        }
        let mut kept = groups.len();
        while let Some(last) =
            kept.checked_sub(1).and_then(|last| groups.get(last)).filter(|last| last.values.len() <= values.len())
        {
            values.extend(last.values.iter().cloned());
            kept -= 1;
        }
        let group = Group::new(values)?;
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
        if hits.is_empty() { Cow::Borrowed(bytes) } else { Cow::Owned(replace(bytes, hits)) }
    }

    /// The value of a header field without the values; all of it goes where its name is that of a secret, but for the word that
    /// says how credentials are written. Where we sent a secret that is known by itself, the rest is the contract's own.
    pub fn redact_header<'a>(&self, name: &str, value: &'a str, showing: Showing<'_>) -> Cow<'a, str> {
        let hits = self.header_hits(name, value, showing);
        if hits.is_empty() {
            return Cow::Borrowed(value);
        }
        Cow::Owned(String::from_utf8_lossy(&replace(value.as_bytes(), hits)).into_owned())
    }

    /// The bytes in parts: what stays, and the variables in place of values.
    pub fn pieces<'a>(&self, bytes: &'a [u8], showing: Showing<'_>) -> Vec<Piece<'a>> {
        pieces(bytes, self.hits(bytes, showing))
    }

    /// The value of a header field in parts, as [`Redactor::redact_header`] has it.
    pub fn header_pieces<'a>(&self, name: &str, value: &'a str, showing: Showing<'_>) -> Vec<Piece<'a>> {
        pieces(value.as_bytes(), self.header_hits(name, value, showing))
    }

    fn header_hits(&self, name: &str, value: &str, showing: Showing<'_>) -> Vec<Hit> {
        let shown = match showing {
            Showing::Answer(shown) => !shown.hides(&format!("header {name}")),
            _ => !is_secret(name),
        };
        let hits = self.hits(value.as_bytes(), showing);
        let known = matches!(showing, Showing::Request(_)) && !hits.is_empty();
        if shown
            || known
            || value.is_empty()
            || showing.made_up(value.as_bytes())
            || basic_pair(value).is_some_and(|pair| showing.made_up(&pair))
        {
            return hits;
        }
        let scheme = value.find(' ').filter(|_| name.to_ascii_lowercase().ends_with("authorization"));
        let start = scheme.map_or(0, |space| space + 1);
        vec![Hit::named(&variable(name), start..value.len(), Vec::new())]
    }

    fn hits(&self, bytes: &[u8], showing: Showing<'_>) -> Vec<Hit> {
        let groups = self.groups.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut hits = Vec::new();
        for group in groups {
            hits.extend(group.find(bytes, LAYERS));
        }
        let mut named = match showing {
            Showing::Answer(shown) => named::find(bytes, shown),
            _ => named::find(bytes, &Shown::default()),
        };
        if matches!(showing, Showing::Request(_)) {
            let known = |range: &Range<usize>| {
                hits.iter().any(|hit| hit.range.start < range.end && range.start < hit.range.end)
            };
            named
                .retain(|hit| !known(&hit.range) && !showing.made_up(bytes.get(hit.range.clone()).unwrap_or_default()));
        }
        hits.extend(named);
        hits
    }
}

/// The pair in Basic credentials, as an `Authorization` has them.
pub fn basic_pair(value: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(value.strip_prefix("Basic ")?).ok()
}

fn is_short(secret: &Secret) -> bool {
    secret.expose().chars().count() < SHORTEST
}

impl Value {
    /// A value with every form in which it may be sent or echoed.
    fn of(name: &str, secret: &Secret) -> Arc<Self> {
        let mut patterns = encoding::all(secret.expose());
        patterns.extend(secret.kind.into_iter().flat_map(|kind| encoding::parts(secret.expose(), kind)));
        Arc::new(Self { name: name.into(), secret: secret.clone(), patterns })
    }
}

impl Group {
    fn new(values: Vec<Arc<Value>>) -> Result<Self, NotRedacted> {
        let seed = |pattern: &'_ Pattern| pattern.bytes.iter().take(SEED).copied().collect::<Vec<u8>>();
        let bytes = values.iter().flat_map(|value| &value.patterns).map(seed);
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .ascii_case_insensitive(true)
            .build(bytes)
            .map_err(|_| NotRedacted::TooLong)?;
        let counts = values.iter().map(|value| value.patterns.len()).enumerate();
        let owners = counts.flat_map(|(value, count)| (0..count).map(move |pattern| (value, pattern))).collect();
        let spaced = values.iter().any(|value| value.secret.expose().contains(' '));
        Ok(Self { values, automaton, owners, spaced })
    }

    /// Every stretch that holds a value, in the bytes as they stand and in what they decode to.
    fn find(&self, bytes: &[u8], layers: usize) -> Vec<Hit> {
        let mut hits = self.find_plain(bytes, |_| true);
        if let Some(view) = decoding::joined(bytes) {
            hits.extend(view.origins(self.find_plain(&view.bytes, |pattern| pattern.breaks)));
        }
        // What follows in the same encoding says nothing by itself, and would seem to be part of the variable's name.
        for hit in hits.iter_mut().filter(|hit| hit.encoded) {
            hit.range.end = encoding::end_of_base64(bytes, hit.range.end);
        }
        if let Some(view) = decoding::spaced(bytes) {
            hits.extend(view.origins(self.find_plain(&view.bytes, |_| true)));
        }
        if layers > 0 {
            for view in decoding::unescaped(bytes, self.spaced) {
                hits.extend(view.origins(self.find(&view.bytes, layers - 1)));
            }
        }
        hits
    }

    fn find_plain(&self, bytes: &[u8], counts: impl Fn(&Pattern) -> bool) -> Vec<Hit> {
        let hit = |found: aho_corasick::Match| {
            let (value, pattern) = self.owners.get(found.pattern().as_usize())?;
            let value = self.values.get(*value)?;
            let pattern = value.patterns.get(*pattern).filter(|pattern| counts(pattern))?;
            let weight = pattern.bytes.len();
            let range = found.start()..found.start() + weight;
            bytes.get(range.clone()).filter(|written| written.eq_ignore_ascii_case(&pattern.bytes))?;
            let range = pattern.widen(bytes, range);
            let (name, value) = (Arc::clone(&value.name), Some(Arc::clone(value)));
            Some(Hit { range, name, value, weight, encoded: pattern.breaks, quotes: Vec::new() })
        };
        self.automaton.find_overlapping_iter(bytes).filter_map(hit).collect()
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

#[cfg(test)]
mod tests;
