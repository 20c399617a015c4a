//! The contract language: what a person writes, and what it means once every name in it is resolved.

pub mod language;
mod model;
pub mod resolve;
pub mod shape;
pub mod template;

pub use model::{Body, Branch, Contracts, Operation, Outcome, Placed, Promise, Row, Vendor};
