//! What a run sends with: one request once, or one until its answer is enough.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use crate::http::exchange::{Attempt, Exchange, Failure, FailureKind, Request, Response};
use crate::http::retry::{Policy, Repeats, until_enough};
use crate::http::send::settings::{BadSetting, Connection, Settings};
use crate::http::send::socket::Socket;
use crate::http::send::within::{self, Peer};

/// The sender through which all requests of a run go.
pub struct Sender {
    way: Way,
}

/// The place where requests go.
enum Way {
    /// Over the network.
    Socket(Box<Socket>),
    /// To somebody in this process.
    Within(Arc<dyn Peer>),
}

impl Sender {
    /// Builds the sender of a run. Nothing is connected and no certificate of the machine is read before it is needed.
    pub fn new(settings: &Settings) -> Result<Self, BadSetting> {
        Ok(Self { way: Way::Socket(Box::new(Socket::new(settings)?)) })
    }

    /// A sender that asks somebody in this process: no socket, no timer, and so no need of a runtime, unless an answer is to be
    /// late or is sent for again.
    pub fn within(peer: Arc<dyn Peer>) -> Self {
        Self { way: Way::Within(peer) }
    }

    /// Sends a request until what comes back is enough; an answer that `accepts` takes is enough whatever its status.
    ///
    /// A server may close a kept connection just as a request is on its way, or answer 408 to the wait before it. One such loss
    /// costs no try: the request goes out again at once over a connection of its own, if it may go out again at all; after 408 it
    /// may, since the server has not read it (RFC 9110, 15.5.9).
    pub async fn exchange(
        &self,
        request: Request,
        connection: Connection,
        policy: &Policy<'_>,
        accepts: impl Fn(&Response) -> bool,
    ) -> Exchange {
        let (begun, stale) = (AtomicUsize::new(0), OnceLock::new());
        let one_try = async || {
            let before = begun.fetch_add(1, Ordering::Relaxed);
            let result = self.send(&request, connection).await;
            match self.lost_to_keeping(&result, connection, policy.repeats) {
                Some(attempt) if stale.get().is_none() && policy.may_send() => {
                    let _ = stale.set((before, attempt));
                    self.send(&request, Connection::Fresh).await
                }
                _ => result,
            }
        };
        let mut tries = until_enough(policy, accepts, one_try).await;
        if let Some((before, attempt)) = stale.into_inner() {
            tries.earlier.insert(before.min(tries.earlier.len()), attempt);
        }
        Exchange { request, result: tries.result, earlier: tries.earlier, took: tries.took }
    }

    /// Sends a request once.
    pub async fn send(&self, request: &Request, connection: Connection) -> Result<Response, Failure> {
        match &self.way {
            Way::Socket(socket) => socket.send(request, connection).await,
            Way::Within(peer) => within::send(peer.as_ref(), request).await,
        }
    }

    /// The try that was perhaps lost only because its connection had been kept too long, where it may be followed by another.
    fn lost_to_keeping(
        &self,
        result: &Result<Response, Failure>,
        connection: Connection,
        repeats: Repeats,
    ) -> Option<Attempt> {
        if connection != Connection::Kept || !matches!(self.way, Way::Socket(_)) {
            return None;
        }
        match result {
            Ok(answer) if answer.status == 408 => Some(Attempt::Status(answer.status)),
            Err(failure) if failure.kind == FailureKind::Closed && repeats == Repeats::Always => {
                Some(Attempt::Failure(failure.clone()))
            }
            _ => None,
        }
    }
}
