//! The embedded sandbox's side of the socket: a server that hands every request to an answerer and can break what it sends.

mod connection;
mod delivery;
pub mod faults;
pub mod sandbox;
pub mod server;
mod socket;
mod within;

pub(crate) use delivery::delivered;
pub use faults::{Breakage, Fault, Faulty, Plan, Rule};
pub use sandbox::{Choice, Met, Mock, MockError, Settings, Spawned};
pub use server::{Bounds, Running, Server};
pub use within::Within;

use crate::http::exchange::{Request, Response};

/// Whoever knows the answer to a request; it never waits, so that one thread can serve thousands of requests a second.
pub trait Answer: Send + Sync {
    /// The answer to one received request, whose `url` is the path with its query.
    fn answer(&self, request: &Request) -> Reply;
}

/// An answer on its way out, and what shall go wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The answer; the server itself writes `content-length`, and leaves the body out where HTTP allows none.
    pub response: Response,
    /// How the answer is to be late or broken, if it is.
    pub fault: Option<Fault>,
}

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        Self { response, fault: None }
    }
}
