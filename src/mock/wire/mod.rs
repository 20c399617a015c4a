//! HTTP/1.1 as bytes: pure functions from received bytes to requests and from answers to bytes, all of them bounded.

mod chunks;
mod head;
mod response;
#[cfg(test)]
mod tests;

pub(super) use chunks::Chunks;
pub(super) use head::{Framing, Head, HeadReader};
pub use response::delivered;
pub(super) use response::{Delivery, write};

/// The longest head of a request, request line included.
pub(super) const MAX_HEAD: usize = 64 * 1024;
/// The longest body of a request, once its chunks are joined.
pub(super) const MAX_BODY: usize = 1024 * 1024;

/// Why a request is turned away before anybody is asked for its answer; the connection ends with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The status that the client gets.
    pub(super) status: u16,
    /// What is wrong with the request, as one sentence for the client.
    pub(super) reason: &'static str,
}

impl Refusal {
    /// The head or the framing is no HTTP/1.1.
    const fn malformed(reason: &'static str) -> Self {
        Self { status: 400, reason }
    }

    /// The body passes the bound.
    const fn too_large() -> Self {
        Self { status: 413, reason: "The body is longer than 1 MiB." }
    }
}
