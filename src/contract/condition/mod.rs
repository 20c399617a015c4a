//! What a row's `when` speaks of: each kind of condition knows how to bring itself about and how to recognise itself.
//!
//! The kinds stand in [`KINDS`] in the order in which a vendor is taken to look at a request. Together they span a finite
//! [`Space`] for an operation: a row is a region of it, a case is a point in it, and a request in one state of the world is
//! a point as well.

mod body;
mod credentials;
mod draft;
mod headers;
mod patch;
mod query;
mod resource;
mod sight;
mod space;

pub use credentials::{Accounts, Carrier, OURS, carriers};
pub use draft::{Draft, IdSource};
pub use patch::is_order_between;
pub use resource::{WRONG, WRONG_MEANS, impossible, right_state};
pub use sight::{Sight, Standing, World};
pub use space::{Point, Region, Space};

use crate::contract::template::Names;
use crate::contract::{Operation, Vendor};
use serde_json::Value;
use std::fmt;

/// A dimension of an operation's space: one thing that can be right, or wrong in so many ways.
#[derive(Debug, Clone)]
pub struct Dimension {
    /// The key under `when`: a kind's word, or a resource's name.
    pub key: String,
    /// The kind of condition.
    pub kind: &'static dyn Condition,
    /// The choices; the first one is what is *right*.
    pub choices: Vec<String>,
}

/// One kind of condition, with both of its faces.
pub trait Condition: Sync + fmt::Debug {
    /// The dimensions that it adds to an operation, in order.
    fn dimensions(&self, vendor: &Vendor, operation: &Operation) -> Vec<Dimension>;

    /// The names of choices in what stands under its key in a `when`.
    fn named(&self, value: &Value) -> Vec<String>;

    /// The ways in which a choice can be brought about: one case each, by name where there are several.
    fn samples(&self, vendor: &Vendor, dimension: &Dimension, choice: &str) -> Vec<Option<String>>;

    /// Brings a choice about in a request that is otherwise right.
    fn arrange(&self, vendor: &Vendor, dimension: &Dimension, choice: &str, sample: Option<&str>, draft: &mut Draft);

    /// Makes its other face ready, for one operation and for the credentials that a vendor accepts.
    fn recogniser(
        &self,
        vendor: &Vendor,
        operation: &Operation,
        dimension: &Dimension,
        accepted: &dyn Names,
    ) -> Recogniser;
}

/// The choice of one dimension that holds for a request as the mock sees it; `None` where no choice describes it.
pub type Recogniser = Box<dyn Fn(&Sight<'_>) -> Option<usize> + Send + Sync>;

/// Every kind, in the order of the dimensions.
pub static KINDS: [&dyn Condition; 5] =
    [&credentials::Credentials, &headers::Headers, &query::Query, &body::Body, &resource::Resource];

/// The words under `when` that are no resource.
pub const WORDS: [&str; 6] = ["credentials", "headers", "query", "json", "form", "raw"];
