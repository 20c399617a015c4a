//! Faults on demand: the ways in which an answer goes wrong, and the requests whose answers do.

mod fault_plan;
mod fault_rule;
mod faulty;
#[cfg(test)]
mod tests;

pub use fault_plan::FaultPlan;
pub use fault_rule::{FaultRule, FaultRuleError, Timing};
pub use faulty::{Faulty, HEADER};

use crate::http::exchange::{Headers, Response};
use bytes::Bytes;
use std::time::Duration;

/// A fault of one answer: it comes late, or broken, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fault {
    /// The time that the answer waits.
    pub delay: Duration,
    /// The way in which the answer is broken, if it is.
    pub breakage: Option<Breakage>,
}

impl Fault {
    /// An answer in time and whole.
    pub(super) const NONE: Self = Self { delay: Duration::ZERO, breakage: None };
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
    /// The request takes effect, and the connection is reset without a byte of the answer.
    Lost,
    /// The request takes effect, and the connection is reset halfway through the answer.
    Torn,
    /// The request takes effect, and the connection is closed in good order halfway through the answer.
    Cut,
    /// The request takes effect, and the body is not JSON although the header fields say so.
    Garbage,
    /// The request takes effect, and a page of HTML comes with the status.
    Html,
}

/// The text of an answer in place of the true one.
const EXCUSE: &str = "A fault on demand.";

impl Breakage {
    /// Returns true where the request takes effect all the same.
    pub fn acts(self) -> bool {
        !matches!(self, Self::Status(_) | Self::TooMany(_) | Self::Reset)
    }

    /// The answer that goes out in place of the true one; a breakage of the connection alone does not change it.
    pub fn replace(self, truth: Response) -> Response {
        match self {
            Self::Status(status) => plain_text(status, EXCUSE),
            Self::TooMany(seconds) => too_many(seconds),
            Self::Garbage => Response { body: Bytes::from_static(b"{\"this\": is no JSON"), ..truth },
            Self::Html => html_page(truth),
            Self::Reset | Self::Lost | Self::Torn | Self::Cut => truth,
        }
    }
}

fn too_many(retry_after: Option<u32>) -> Response {
    let mut refusal = plain_text(429, EXCUSE);
    if let Some(seconds) = retry_after {
        refusal.headers.set("retry-after", seconds.to_string());
    }
    refusal
}

fn html_page(mut truth: Response) -> Response {
    truth.headers.set("content-type", "text/html; charset=utf-8");
    Response { body: Bytes::from_static(b"<!doctype html><title>Oops</title><p>A fault on demand.</p>\n"), ..truth }
}

fn plain_text(status: u16, text: &str) -> Response {
    let mut headers = Headers::default();
    headers.set("content-type", "text/plain; charset=utf-8");
    Response { status, headers, body: Bytes::from(format!("{text}\n")) }
}
