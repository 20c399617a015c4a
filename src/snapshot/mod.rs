//! Accepted answers and what became of them: exchanges in a form that no two runs share anything of but the vendor's own words.
//!
//! [`normalise`] takes out of an exchange what varies by nature, [`compare`] says what kind of difference is left.

mod canonical;
mod drift;
mod file;
mod known;
mod normalise;
mod placeholder;
mod said;

pub use canonical::{Canonical, Content, Unreadable};
pub use file::Head;
pub use drift::{Difference, Drift, Promised, Snapshot, compare};
pub use known::Known;
pub use normalise::{Seen, normalise};
