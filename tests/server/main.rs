//! The listening socket as a raw client sees it: HTTP/1.1 in its odd corners, faults on demand, and no way to stop it for others.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests may")]

mod any_bytes;
mod client;
mod faults;
mod lifetime;
mod protocol;
