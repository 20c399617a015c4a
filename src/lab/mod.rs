//! What asks the program instead of a vendor: whether the mock agrees, random walks, and mutants of its answers.

pub mod agree;
mod mismatch;
pub mod mutant;
mod rehearsal;
pub mod walk;

pub use rehearsal::rehearse;
