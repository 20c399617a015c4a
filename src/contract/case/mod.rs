//! The meaning of contracts, ready to run: rows with every choice made, the ways to the states they need, and which to run.

mod canary_calls;
mod compile;
mod reads;
mod select;
mod ways;

pub use canary_calls::CanaryCall;
pub(super) use canary_calls::{canary_calls, harmless_reads};
pub use compile::compile;
pub(crate) use compile::{arrangements, referred};
pub use reads::Read;
pub(super) use reads::reads;
pub use select::{Selection, matches};
pub use ways::{Step, Ways};

use crate::contract::RowId;
use crate::contract::condition::{Draft, Point};
use std::sync::Arc;

/// One generated test: a row of a vendor's table with every choice made.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// `vendor/operation/row[/sample]`.
    pub id: String,
    /// The row.
    pub row: RowId,
    /// The choice in every dimension of the operation's space.
    pub point: Point,
    /// The request, with where its ids come from.
    pub draft: Draft,
    /// The words by which it is selected.
    pub tags: Vec<String>,
    /// What an engineer has to supply for it, each by its environment variable.
    pub needs: Arc<[String]>,
    /// Whether it, or the way to its condition, makes, changes or removes anything at the vendor.
    pub changes: bool,
    /// Why it can never run, if so.
    pub barred: Option<String>,
}
