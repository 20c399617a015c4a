//! A number and its noun.

use std::fmt;

/// A number and what it counts: `1 case`, `2 cases`, `3 tries`.
#[derive(Debug, Clone, Copy)]
pub struct Count<'a>(
    /// The number.
    pub usize,
    /// The noun, for one.
    pub &'a str,
);

impl fmt::Display for Count<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(number, noun) = self;
        match (number, noun.strip_suffix("try")) {
            (1, _) => write!(formatter, "{number} {noun}"),
            (_, Some(before)) => write!(formatter, "{number} {before}tries"),
            (_, None) => write!(formatter, "{number} {noun}s"),
        }
    }
}
