//! Pictures of the state machines that a vendor's rows are together, drawn from the rows alone.

mod layout;
mod machine;
mod mermaid;
mod svg;

pub use machine::{Edge, Machine, State, machines};
pub use mermaid::mermaid;
pub use svg::svg;

#[cfg(test)]
mod tests;
