//! What is promised, where it is written and how it is judged, told in words; plain text, made from contracts alone.

mod citation;

pub use citation::{Citation, Tally, citations, tally};
