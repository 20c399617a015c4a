//! A vendor's page beside its contract: the sentences that clauses paraphrase, found again on later copies of it.
//!
//! Of a page nothing is kept but lengths and hashes, in `clauses.lock` beside the contracts. The way is: a text is
//! [normalised](NormalisedText) to what every copy of it has in common, a quoted passage becomes a [`Sentence`] (its length and
//! hashes), [`seal_page()`] makes the lock's entry of a page, [`check_copy()`] looks for every sentence on a later copy, and
//! [`lock_mistakes()`] compares the lock with the contracts.

mod check_copy;
mod document;
mod lock;
mod lock_mistakes;
mod misread_character;
mod normalised_text;
mod page_file_error;
mod read_copy;
mod read_quotes;
mod seal_page;
mod sentence;

pub use check_copy::{CopyCheck, PageChange, SentenceState, check_copy};
pub use document::{Document, documents, find_document};
pub use lock::{LOCK_FILE, Lock, LockedPage, lock_path};
pub use lock_mistakes::{lock_mistakes, lock_mistakes_of};
pub use normalised_text::{Margins, NormalisedText};
pub use page_file_error::PageFileError;
pub use read_copy::{LARGEST_COPY, read_copy};
pub use read_quotes::{Quote, Quotes, read_quotes};
pub use seal_page::{SealResult, seal_page};
pub use sentence::{Presence, Sentence, find_sentences};
