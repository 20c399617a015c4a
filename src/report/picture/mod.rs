//! Pictures of the state machines that a vendor's rows are together, drawn from the rows alone.

mod layout;
mod machine;
mod mermaid;
mod page_machines;
mod svg;

pub use machine::{Machine, MachineEdge, MachineState, machines};
pub use mermaid::mermaid;
pub use page_machines::page_machines;
pub use svg::{LOOKS, escape_markup, page_svg, svg};

#[cfg(test)]
mod tests;
