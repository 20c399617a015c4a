//! Values that are searched for at once.

use super::decoded_view::DecodedView;
use super::hit::Hit;
use super::secret_pattern::{SecretPattern, all_patterns, end_of_base64, part_patterns};
use super::unescaped::unescaped;
use super::without_repeated_signs::without_repeated_signs;
use super::{NotRedacted, Secret, bytes_in};
use aho_corasick::{AhoCorasick, AhoCorasickKind, Match};
use std::sync::Arc;

/// The number of bytes of a pattern that are searched for at once with all others; the rest is compared where these are. A secret
/// has so many forms that to search for all of each would cost a short run more than everything else that it does.
const SEED: usize = 16;

/// The number of encodings that may lie over one another, such as percent encoding within JSON, before a value is no longer
/// recognised.
const LAYERS: usize = 2;

/// A secret under its name, with the patterns that betray it.
pub(super) struct SecretValue {
    pub(super) name: Arc<str>,
    pub(super) secret: Secret,
    patterns: Vec<SecretPattern>,
}

impl SecretValue {
    /// A value with every form in which it may be sent or echoed.
    pub(super) fn new(name: &str, secret: &Secret) -> Arc<Self> {
        let mut patterns = all_patterns(secret.expose());
        patterns.extend(secret.kind.into_iter().flat_map(|kind| part_patterns(secret.expose(), kind)));
        Arc::new(Self { name: name.into(), secret: secret.clone(), patterns })
    }

    /// A value that is found as it is, and escaped.
    pub(super) fn plain(name: &str, secret: &Secret) -> Arc<Self> {
        let patterns = vec![SecretPattern::plain(secret.expose())];
        Arc::new(Self { name: name.into(), secret: secret.clone(), patterns })
    }
}

/// Values and the automaton that finds their patterns.
pub(super) struct ValueGroup {
    pub(super) values: Vec<Arc<SecretValue>>,
    automaton: AhoCorasick,
    /// By the automaton's number of a pattern: its value, and the pattern among those of the value.
    owners: Vec<(usize, usize)>,
    /// True if a value holds a space, which a form writes as a plus.
    spaced: bool,
}

impl ValueGroup {
    pub(super) fn new(values: Vec<Arc<SecretValue>>) -> Result<Self, NotRedacted> {
        let patterns = values.iter().flat_map(|value| &value.patterns);
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .ascii_case_insensitive(true)
            .build(patterns.map(|pattern| bytes_in(&pattern.bytes, 0..SEED)))
            .map_err(|_| NotRedacted::TooLong)?;
        let mut owners = Vec::with_capacity(automaton.patterns_len());
        for (index, value) in values.iter().enumerate() {
            owners.extend((0..value.patterns.len()).map(|pattern| (index, pattern)));
        }
        let spaced = values.iter().any(|value| value.secret.expose().contains(' '));
        Ok(Self { values, automaton, owners, spaced })
    }

    /// Every stretch that holds a value, in the bytes as they are and in what they decode to.
    pub(super) fn find(&self, bytes: &[u8]) -> Vec<Hit> {
        self.find_in_layers(bytes, LAYERS)
    }

    fn find_in_layers(&self, bytes: &[u8], layers: usize) -> Vec<Hit> {
        let mut hits = self.find_plain(bytes, |_| true);
        if let Some(view) = DecodedView::of_joined_lines(bytes) {
            hits.extend(view.origins(self.find_plain(&view.bytes, |pattern| pattern.breaks)));
        }
        // What follows in the same encoding means nothing alone, and would seem to be part of the variable's name.
        for hit in hits.iter_mut().filter(|hit| hit.encoded) {
            hit.range.end = end_of_base64(bytes, hit.range.end);
        }
        if let Some(view) = without_repeated_signs(bytes) {
            hits.extend(view.origins(self.find_plain(&view.bytes, |_| true)));
        }
        if layers > 0 {
            for view in unescaped(bytes, self.spaced) {
                hits.extend(view.origins(self.find_in_layers(&view.bytes, layers - 1)));
            }
        }
        hits
    }

    fn find_plain(&self, bytes: &[u8], counts: impl Fn(&SecretPattern) -> bool) -> Vec<Hit> {
        let found = self.automaton.find_overlapping_iter(bytes);
        found.filter_map(|found| self.hit_at(bytes, &found, &counts)).collect()
    }

    /// The hit of a pattern of which the seed was found.
    fn hit_at(&self, bytes: &[u8], found: &Match, counts: impl Fn(&SecretPattern) -> bool) -> Option<Hit> {
        let (value, pattern) = *self.owners.get(found.pattern().as_usize())?;
        let value = self.values.get(value)?;
        let pattern = value.patterns.get(pattern).filter(|pattern| counts(pattern))?;
        let weight = pattern.bytes.len();
        let range = found.start()..found.start() + weight;
        if !bytes_in(bytes, range.clone()).eq_ignore_ascii_case(&pattern.bytes) {
            return None;
        }
        Some(Hit {
            range: pattern.widen(bytes, range),
            name: Arc::clone(&value.name),
            value: Some(Arc::clone(value)),
            weight,
            encoded: pattern.breaks,
            quotes: Vec::new(),
        })
    }
}
