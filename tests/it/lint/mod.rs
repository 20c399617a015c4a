//! Claims about `lint`: what it finds in contracts, and where.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by a panic"
)]

mod anything;
mod bad;
mod citations;
mod clean;
mod copy;
mod exceptions;
mod hostile;
mod told;
mod typical;
