//! Faults on demand: what can go wrong with an answer, and which requests it happens to.

mod plan;
mod rule;
#[cfg(test)]
mod tests;

pub use plan::{Faulty, HEADER, Plan};
pub use rule::{Rule, RuleError, Timing};

use std::time::Duration;

use bytes::Bytes;

use crate::http::exchange::{Headers, Response};

/// What goes wrong with one answer: it comes late, or broken, or both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Fault {
    /// How long the answer waits.
    pub delay: Duration,
    /// How the answer is broken, if it is.
    pub breakage: Option<Breakage>,
}

/// The ways in which an answer is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Breakage {
    /// The request is refused with a status, and nothing is done.
    Status(u16),
    /// The request is refused with 429, perhaps with the seconds to wait, and nothing is done.
    TooMany(Option<u32>),
    /// The connection is reset before anything is done.
    Reset,
    /// What was asked is done, and the connection reset without a byte of the answer.
    Lost,
    /// What was asked is done, and the connection reset halfway through the answer.
    Torn,
    /// What was asked is done, and the connection closed in good order halfway through the answer.
    Cut,
    /// What was asked is done, and the body is no JSON although the header fields say so.
    Garbage,
    /// What was asked is done, and a page of HTML comes with the status.
    Html,
}

impl Breakage {
    /// Whether what was asked is done all the same.
    pub fn acts(self) -> bool {
        !matches!(self, Self::Status(_) | Self::TooMany(_) | Self::Reset)
    }

    /// The answer that goes out in place of the true one; a breakage of the connection alone leaves it as it is.
    pub fn replace(self, truth: Response) -> Response {
        match self {
            Self::Status(status) => refusal(status, None),
            Self::TooMany(seconds) => refusal(429, seconds),
            Self::Garbage => Response { body: Bytes::from_static(b"{\"this\": is no JSON"), ..truth },
            Self::Html => page(truth),
            Self::Reset | Self::Lost | Self::Torn | Self::Cut => truth,
        }
    }
}

fn refusal(status: u16, retry_after: Option<u32>) -> Response {
    let mut headers = Headers(vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())]);
    if let Some(seconds) = retry_after {
        headers.set("retry-after", seconds.to_string());
    }
    Response { status, headers, body: Bytes::from_static(b"A fault on demand.\n") }
}

fn page(mut truth: Response) -> Response {
    truth.headers.set("content-type", "text/html; charset=utf-8");
    Response { body: Bytes::from_static(b"<!doctype html><title>Oops</title><p>A fault on demand.</p>\n"), ..truth }
}
