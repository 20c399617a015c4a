//! The integration tests, in one binary that is linked once.

#[path = "../servers/mod.rs"]
mod servers;

mod run;
mod runner;
mod tidy;
