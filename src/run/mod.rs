//! Lanes at once, cases in order: arrange, send, judge, look at the state afterwards, remove what was made.

mod build;
mod canary;
mod cleanup;
mod destination;
mod engine;
pub mod guard;
mod judging;
mod lane;
pub mod pace;
mod party;
mod plan;
pub mod retry;
mod scope;
pub mod send;
mod told;

pub use destination::{BadTarget, Destination, same_origin};
pub use engine::{Cut, Engine, Settings, runnable};
pub use party::{Health, Party};
pub use plan::plan;
pub use scope::Credentials;
pub use told::{Teller, cited, clause, condition, promise};
