//! A request asked of somebody in this process: sent as over a connection, but without one.

use http::header::{CONTENT_LENGTH, HOST};
use std::time::Duration;

use crate::http::exchange::{Failure, Headers, Request, Response};
use crate::http::send::request::build;

/// Whoever answers in this process, in place of a connection.
pub trait Peer: Send + Sync {
    /// Answers a request, whose `url` is the path with its query.
    fn ask(&self, request: Request) -> Delivery;
}

/// The answer to a request, and the time before it comes.
pub struct Delivery {
    /// The time.
    pub delay: Duration,
    /// The answer, or what broke.
    pub result: Result<Response, Failure>,
}

/// Asks for an answer. What could not be sent over a connection is not sent here either.
pub(super) async fn send(peer: &dyn Peer, request: &Request) -> Result<Response, Failure> {
    // Over a connection others go on while one waits, and so they do here.
    tokio::task::yield_now().await;
    let Delivery { delay, result } = peer.ask(received(request)?);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    result
}

/// The request as a server would receive it.
fn received(request: &Request) -> Result<Request, Failure> {
    let built = build(request)?;
    let (url, fields) = (built.url(), built.headers());
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let mut headers = Headers(fields.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect());
    if !fields.contains_key(HOST) {
        headers.set(HOST.as_str(), url.authority());
    }
    if let Some(body) = request.body.as_ref().filter(|_| !fields.contains_key(CONTENT_LENGTH)) {
        headers.set(CONTENT_LENGTH.as_str(), body.len().to_string());
    }
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Ok(Request {
        method: request.method.clone(),
        url: format!("{}{query}", url.path()),
        headers,
        body: request.body.clone(),
    })
}
