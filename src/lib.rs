//! Proviso turns a vendor's documented answers into contracts, tests and a stateful mock.

pub mod case;
pub mod check;
pub mod condition;
pub mod contract;
pub mod diagnostic;
pub mod event;
pub mod exchange;
pub mod explain;
pub mod lint;
pub mod mock;
pub mod report;
pub mod run;
pub mod secret;
pub mod source;
pub mod verdict;
pub mod yaml;
