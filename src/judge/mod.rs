//! How an answer departs from what is documented, and what that means; no input, no output.

pub mod check;
pub mod compared_outcome;
pub mod verdict;
