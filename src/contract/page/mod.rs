//! A vendor's page beside its contract: whether the sentences that clauses paraphrase still stand on a later copy of it.
//!
//! Of a page nothing is kept but lengths and hashes, in `clauses.lock` beside the contracts. The way is: a text is
//! [normalised](Normalised) to what every copy of it has in common, a quoted passage becomes a [`Sentence`] (its length and
//! hashes), [`seal()`] makes the lock's entry of a page, [`check()`] looks for every sentence on a later copy, and [`mistakes()`]
//! holds the lock against the contracts.

mod check;
mod copy;
mod document;
mod lock;
mod misread;
mod mistakes;
mod normalise;
mod quote;
mod seal;
mod sentence;

pub use check::{Change, Checked, Standing, check};
pub use copy::{CopyError, LARGEST_COPY, read};
pub use document::{Document, document, documents};
pub use lock::{LOCK_FILE, Lock, LockError, LockedPage, lock_path};
pub use mistakes::{mistakes, mistakes_of};
pub use normalise::Normalised;
pub use quote::{Quote, QuoteError, Quotes, quotes};
pub use seal::{Sealed, seal};
pub use sentence::{Presence, Sentence, find};
