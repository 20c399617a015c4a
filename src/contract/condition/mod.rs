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
#[cfg(test)]
mod toy;

pub use credentials::{Accounts, Carrier, OURS, carriers};
pub use draft::{Draft, IdSource};
pub use patch::{Patch, is_order_between};
pub use resource::{ILL_FORMED, WRONG, WRONG_MEANS, impossible, right_state};
pub use sight::{Sight, Standing, World};
pub use space::{Point, Region, Space};

use crate::contract::template::{Names, refers};
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
    pub choices: Vec<Choice>,
}

/// One way in which a dimension can be.
#[derive(Debug, Clone, PartialEq)]
pub enum Choice {
    /// By its name: what is right, refused credentials, a state, or what is wrong with an id.
    Named(String),
    /// A change of the documented request.
    Patched(Patch),
}

impl Choice {
    fn named(name: &str) -> Self {
        Self::Named(name.to_owned())
    }

    /// The word for it.
    pub fn word(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::Patched(patch) => &patch.text,
        }
    }

    /// Whether it refers to anything.
    fn refers(&self) -> bool {
        matches!(self, Self::Patched(patch) if refers(&patch.written))
    }

    /// Whether a condition's value in a `when` names it.
    pub fn is_in(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Named(name), Value::String(word)) => word == name,
            (Self::Named(name), Value::Array(words)) => words.iter().any(|word| word == name.as_str()),
            (Self::Named(_), _) => false,
            (Self::Patched(patch), value) => patch.written == *value,
        }
    }
}

/// One kind of condition, with both of its faces.
pub trait Condition: Sync + fmt::Debug {
    /// The dimensions that it adds to an operation, in order.
    fn dimensions(&self, vendor: &Vendor, operation: &Operation) -> Vec<Dimension>;

    /// The ways in which a choice can be brought about: one case each, by name where there are several.
    fn samples(&self, _vendor: &Vendor, _dimension: &Dimension, _choice: &Choice) -> Vec<Option<String>> {
        vec![None]
    }

    /// Brings a choice about in a request that is otherwise right.
    fn arrange(&self, vendor: &Vendor, dimension: &Dimension, choice: &Choice, sample: Option<&str>, draft: &mut Draft);

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
