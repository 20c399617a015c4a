//! Accepted answers and what became of them: exchanges in a form of which no two runs share anything but the vendor's own words.
//!
//! [`normalise()`] takes out of an exchange what varies by nature, [`compare`] says what kind of difference is left between it and
//! the accepted one, and both are pure. Files are in insta's own format, so that its tool serves for them as well; a run writes
//! none but pending ones.

mod baselines;
mod canonical;
mod drift;
mod file;
mod known;
mod normalise;
mod pending;
mod placeholder;
pub mod review;
mod said;
mod store;

pub use baselines::{BadDeny, BadUpdate, Baselines, Choice, Deny, ROOT, Update, is_ci};
pub use canonical::{Canonical, Content, Unreadable};
pub use drift::{Difference, Drift, Promised, Snapshot, compare};
pub use file::Head;
pub use known::Known;
pub use normalise::{Seen, normalise};
pub use pending::{Pending, accept, between, drift_of, orphans, pending, reject};
pub use store::{BadFile, drop_pending, keep_pending, path, pending_path, read, remove};
