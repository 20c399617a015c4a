//! Accepted answers and their drift: exchanges in a form of which no two runs share anything but the vendor's own words.
//!
//! [`normalise()`] takes out of an exchange what varies by nature, [`compare`] finds the kind of difference that is left between it
//! and the accepted one, and both are pure. Files are in insta's own format, so that its tool serves for them as well; a run writes
//! none but pending ones.

mod baselines;
mod canonical;
mod drift;
mod normalise;
mod pending;
mod placeholder;
pub mod review;
mod schema_at;
mod snapshot_store;
mod snapshot_text;
mod varying_values;

pub use baselines::{BadDeny, BadUpdate, BaselineChoice, Baselines, Deny, ROOT, Update, is_ci};
pub use canonical::{Canonical, Content, UnreadableLine};
pub use drift::{Difference, Drift, PromisedAnswer, Snapshot, compare};
pub use normalise::{CaseExchange, normalise};
pub use pending::{Pending, drift_between, find_orphans, find_pending, has_accepted};
pub use snapshot_store::{
    BadFile, baseline_path, drop_pending, keep_pending, pending_path, read_snapshot, remove_file,
};
pub use snapshot_text::Head;
pub use varying_values::VaryingValues;
