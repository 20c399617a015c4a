//! Lanes at once, cases in order: arrange, send, judge, look at the state afterwards, remove what was made.

mod baseline;
mod build;
mod canary;
mod cleanup;
mod cut;
mod destination;
mod engine;
mod find;
pub mod guard;
mod intent;
mod judging;
mod known;
mod lane;
mod ledger;
mod left;
mod minted;
pub mod pace;
mod party;
mod plan;
mod rejudge;
mod replay;
pub mod retry;
mod scope;
pub mod send;
mod stop;
mod sweep;
mod told;

pub use baseline::differences;
pub use cut::Cut;
pub use destination::{BadTarget, Destination, same_origin};
pub use engine::{Engine, Settings, runnable};
pub use party::{Health, Party};
pub use plan::plan;
pub use scope::Credentials;
pub use sweep::{LeftAt, Leftover, Sweeping, Swept, left_at, sweep};
pub use told::{Teller, cited, clause, condition, promise};
