//! The integration tests, in one binary that is linked once.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that is wrong about its own data has nothing better to do than to stop"
)]

#[path = "../servers/mod.rs"]
mod servers;

mod acme;
mod agree;
mod broken_clauses;
mod cli;
mod cost;
mod damage;
mod depot;
mod documents;
mod edits;
mod first_failure;
mod guard;
mod guard_sent;
mod handover;
mod hostile;
mod ledger;
mod lint;
mod mock;
mod mutate;
mod orders;
mod pages;
mod parcel;
mod ready;
mod recipes;
mod report;
mod run;
mod runner;
mod serve;
mod shuffle;
mod snapshot;
mod tidy;
mod variables;
mod walk;
mod why;
mod within;
mod words;
mod workflows;
