//! Ids and times that look like the vendors': drawn at random, or from a seed where two worlds must be alike.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::SystemTime;

const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// A stream of numbers that never repeats within a run.
#[derive(Debug, Clone)]
pub(crate) struct Draw(u64);

impl Default for Draw {
    /// Begins where no other world begins, in this process or another.
    fn default() -> Self {
        Self(RandomState::new().build_hasher().finish())
    }
}

impl Draw {
    /// Begins at that seed.
    pub(crate) fn from(seed: u64) -> Self {
        Self(seed)
    }

    /// A stream of its own for another drawer: no id of one of them shares a part with a key of another.
    pub(crate) fn apart(&self, drawer: u64) -> Self {
        let mut apart = Self(self.0.rotate_left(32) ^ drawer);
        Self(apart.next())
    }

    /// The next number (`SplitMix64`).
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// So many of the characters 0-9 and a-z.
    pub(crate) fn alnum(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(ALPHABET[(self.next() % 36) as usize])).collect()
    }

    /// A random UUID of version 4.
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        let version = (high & 0x0fff) | 0x4000;
        let variant = (low >> 48 & 0x3fff) | 0x8000;
        let (first, second) = (high >> 32, high >> 16 & 0xffff);
        format!("{first:08x}-{second:04x}-{version:04x}-{variant:04x}-{:012x}", low & 0xffff_ffff_ffff)
    }
}

/// The present second as RFC 3339 in UTC.
pub(crate) fn now() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()
}
