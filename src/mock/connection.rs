//! One client's connection: hyper reads the requests and writes the answers, within bounds of time and size.

use super::delivery::{self, Refusal};
use super::socket::{Severance, Severing, Socket};
use super::{Answer, Bounds, Fault};
use crate::http::exchange::Request;
use bytes::Bytes;
use http::header::{EXPECT, HOST};
use http::{Method, Version};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// The longest head of a request, request line included.
const MAX_HEAD: usize = 64 * 1024;
/// The longest body of a request, once its chunks are joined.
const MAX_BODY: usize = 1024 * 1024;
/// How much of a body that is refused is read all the same: a client that cannot finish sending may never read why.
const LEFTOVERS: usize = 8 * MAX_BODY;
/// How long that is awaited.
const LINGER: Duration = Duration::from_secs(5);

/// Serves one connection until either side ends it.
pub(super) async fn converse(stream: TcpStream, answerer: Arc<dyn Answer>, bounds: Bounds) {
    let severing = Arc::new(Severing::default());
    let socket = Socket::new(stream, Arc::clone(&severing), bounds.write);
    let desk = Desk { answerer, bounds, severing, tunnel: Arc::default() };
    let mut tunnel = desk.serve(TokioIo::new(socket)).await;
    // A tunnel leads nowhere but back here: what comes through it is read as the next request.
    while let Some(upgraded) = tunnel {
        tunnel = desk.serve(upgraded).await;
    }
}

/// What answers the requests of one connection.
#[derive(Clone)]
struct Desk {
    answerer: Arc<dyn Answer>,
    bounds: Bounds,
    severing: Arc<Severing>,
    /// The tunnel that the last request asked for.
    tunnel: Arc<Mutex<Option<OnUpgrade>>>,
}

impl Desk {
    /// Serves requests until the connection ends, or becomes a tunnel.
    async fn serve<I>(&self, io: I) -> Option<Upgraded>
    where
        I: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
    {
        let service = service_fn(|request| self.clone().answer(request));
        let served = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.bounds.idle)
            .max_header_size(MAX_HEAD)
            .auto_date_header(false)
            .half_close(true)
            .serve_connection(io, service)
            .with_upgrades()
            .await;
        let tunnel = self.tunnel.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (served, tunnel) {
            (Ok(()), Some(tunnel)) => tunnel.await.ok(),
            // A client that left, or said what is no HTTP, is gone; there is no one to tell.
            _ => None,
        }
    }

    async fn answer(self, request: http::Request<Incoming>) -> Result<http::Response<Full<Bytes>>, Infallible> {
        if request.method() == Method::CONNECT {
            *self.tunnel.lock().unwrap_or_else(PoisonError::into_inner) = Some(hyper::upgrade::on(request));
            return Ok(http::Response::default());
        }
        Ok(match self.receive(request).await {
            Ok(request) => self.reply(&request).await,
            Err(refusal) => refusal.response(),
        })
    }

    async fn receive(&self, request: http::Request<Incoming>) -> Result<Request, Refusal> {
        let hosts = request.headers().get_all(HOST).iter().count();
        if hosts > 1 || hosts == 0 && request.version() == Version::HTTP_11 {
            return Err(Refusal { status: 400, reason: "A request has one Host field." });
        }
        let (mut received, body) = delivery::received(request);
        if let Some(body) = body {
            let awaits_word = received.headers.get(EXPECT.as_str()).is_some();
            received.body = Some(self.receive_body(body, awaits_word).await?);
        }
        Ok(received)
    }

    /// The whole body; a client that awaits a word before it sends is not asked for one that is too long.
    async fn receive_body(&self, mut body: Incoming, awaits_word: bool) -> Result<Bytes, Refusal> {
        match timeout(self.bounds.request, collect(&mut body)).await {
            Ok(Ok(Some(whole))) => Ok(whole),
            Ok(Ok(None)) => {
                if !awaits_word {
                    tokio::spawn(timeout(LINGER, drain(body)));
                }
                Err(Refusal { status: 413, reason: "The body is longer than 1 MiB." })
            }
            Ok(Err(_)) => Err(Refusal { status: 400, reason: "The body is not framed as its fields say." }),
            Err(_) => Err(Refusal { status: 408, reason: "The request did not come whole in time." }),
        }
    }

    async fn reply(&self, request: &Request) -> http::Response<Full<Bytes>> {
        let reply = self.answerer.answer(request);
        let Fault { delay, breakage } = reply.fault.unwrap_or_default();
        if !delay.is_zero() {
            sleep(delay).await;
        }
        let response = match breakage {
            Some(breakage) => breakage.replace(reply.response),
            None => reply.response,
        };
        if let Some(severance) = breakage.and_then(Severance::of) {
            self.severing.begin(severance, delivery::body_length(&response, &request.method));
        }
        delivery::sent(response)
    }
}

/// The joined body; `None` where it is, or is announced to be, longer than the bound.
async fn collect(body: &mut Incoming) -> Result<Option<Bytes>, hyper::Error> {
    let mut whole: Vec<u8> = Vec::new();
    while whole.len() as u64 + body.size_hint().lower() <= MAX_BODY as u64 {
        match body.frame().await.transpose()? {
            Some(frame) => frame.into_data().iter().for_each(|data| whole.extend_from_slice(data)),
            None => return Ok(Some(whole.into())),
        }
    }
    Ok(None)
}

/// Reads what still comes of a body.
async fn drain(mut body: Incoming) {
    let mut left = LEFTOVERS;
    while let Some(Ok(frame)) = body.frame().await {
        match frame.into_data().map_or(Some(left), |data| left.checked_sub(data.len())) {
            Some(less) => left = less,
            None => return,
        }
    }
}
