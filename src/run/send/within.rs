//! A request asked of somebody in this process: sent and answered as over a connection, but without one.

use http::header::{CONTENT_LENGTH, HOST};

use crate::exchange::{Failure, FailureKind, Headers, Request, Response};
use crate::mock::{Answer, Breakage, Fault, Reply, delivered};
use crate::run::send::request::build;

/// Asks for an answer. What could not be sent over a connection is not sent here either.
pub(super) async fn send(answerer: &dyn Answer, request: &Request) -> Result<Response, Failure> {
    // Over a connection others go on while one waits, and so they do here.
    tokio::task::yield_now().await;
    let Reply { response, fault } = answerer.answer(&received(request)?);
    let Fault { delay, breakage } = fault.unwrap_or_default();
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let response = match breakage {
        Some(Breakage::Reset | Breakage::Lost) => return Err(broken(FailureKind::Closed)),
        Some(Breakage::Torn | Breakage::Cut) => return Err(broken(FailureKind::Truncated)),
        Some(breakage) => breakage.replace(response),
        None => response,
    };
    Ok(delivered(response, &request.method))
}

fn broken(kind: FailureKind) -> Failure {
    Failure { kind, detail: "a fault on demand".to_owned() }
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
