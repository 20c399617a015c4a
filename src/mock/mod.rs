//! The embedded sandbox's side of the socket: a server that hands every request to an answerer and can break what it sends.

mod breakable_socket;
mod connection;
mod deliver;
pub mod faults;
mod in_process;
pub mod sandbox;
pub mod server;

pub(crate) use deliver::deliver;
pub use faults::{Breakage, Fault, FaultPlan, FaultRule, Faulty};
pub use in_process::InProcess;
pub use sandbox::{Mock, MockError, MockSettings, OutcomeChoice, ServedRequest, Spawned};
pub use server::{Bounds, Running, Server};

use crate::http::exchange::{Request, Response};

/// An answerer of requests; it never blocks, so that one thread can serve thousands of requests a second.
pub trait Answerer: Send + Sync {
    /// The answer to one received request, whose `url` is the path with its query.
    fn answer(&self, request: &Request) -> Reply;
}

/// An answer on its way out, and the fault that it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The answer; the server itself writes `content-length`, and leaves the body out where HTTP allows none.
    pub response: Response,
    /// The delay or the breakage of the answer, if there is one.
    pub fault: Option<Fault>,
}

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        Self { response, fault: None }
    }
}
