//! The hostile world: whole runs against vendors that break, lie on the wire, answer without end, or are not there.

mod faults;
mod health;
mod names;
mod needles;
mod play;
pub(crate) mod secure;
mod shapes;
pub(crate) mod stage;
#[cfg(unix)]
mod trees;

mod anything;
mod broken;
mod canary;
mod codes;
mod dead;
mod elsewhere;
mod memory;
mod overload;
mod pasted;
mod payloads;
