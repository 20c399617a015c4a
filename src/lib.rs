//! Proviso turns a vendor's documented answers into contracts, tests and a stateful mock.

pub mod exchange;
