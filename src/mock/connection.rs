//! One client's connection: hyper reads the requests and writes the answers, within bounds of time and size.

use super::breakable_socket::{BreakableSocket, Severance, Severing};
use super::deliver::{self, RequestRefusal};
use super::{Answerer, Bounds, Fault};
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
/// The bytes of a refused body that are read all the same: a client that cannot finish sending may never read why.
const LEFTOVERS: usize = 8 * MAX_BODY;
/// The time that they may take.
const LINGER: Duration = Duration::from_secs(5);

/// One client's connection.
pub(super) struct Connection {
    answerer: Arc<dyn Answerer>,
    bounds: Bounds,
    severing: Arc<Severing>,
    /// The tunnel that the last request asked for.
    tunnel: Mutex<Option<OnUpgrade>>,
}

impl Connection {
    /// Serves one connection until either side ends it.
    pub(super) async fn converse(stream: TcpStream, answerer: Arc<dyn Answerer>, bounds: Bounds) {
        let severing = Arc::new(Severing::default());
        let socket = BreakableSocket::new(stream, Arc::clone(&severing), bounds.write);
        let connection = Self { answerer, bounds, severing, tunnel: Mutex::default() };
        let mut tunnel = connection.serve(TokioIo::new(socket)).await;
        // A tunnel leads nowhere but back here: what comes through it is read as the next request.
        while let Some(upgraded) = tunnel {
            tunnel = connection.serve(upgraded).await;
        }
    }

    /// Serves requests until the connection ends, or becomes a tunnel.
    async fn serve<I>(&self, io: I) -> Option<Upgraded>
    where
        I: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
    {
        let served = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.bounds.idle)
            .max_header_size(MAX_HEAD)
            .auto_date_header(false)
            .half_close(true)
            .serve_connection(io, service_fn(|request| self.answer(request)))
            .with_upgrades()
            .await;
        let tunnel = self.tunnel.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (served, tunnel) {
            (Ok(()), Some(tunnel)) => tunnel.await.ok(),
            // A client that left, or sent what is not HTTP, is gone.
            _ => None,
        }
    }

    async fn answer(&self, request: http::Request<Incoming>) -> Result<http::Response<Full<Bytes>>, Infallible> {
        if request.method() == Method::CONNECT {
            *self.tunnel.lock().unwrap_or_else(PoisonError::into_inner) = Some(hyper::upgrade::on(request));
            return Ok(http::Response::default());
        }
        Ok(match self.receive(request).await {
            Ok(request) => self.reply(&request).await,
            Err(refusal) => refusal.response(),
        })
    }

    async fn receive(&self, request: http::Request<Incoming>) -> Result<Request, RequestRefusal> {
        let hosts = request.headers().get_all(HOST).iter().count();
        if hosts > 1 || hosts == 0 && request.version() == Version::HTTP_11 {
            return Err(RequestRefusal { status: 400, reason: "A request has one Host field." });
        }
        let awaits_word = request.headers().contains_key(EXPECT);
        let (mut received, body) = deliver::receive(request);
        if let Some(body) = body {
            received.body = Some(self.receive_body(body, awaits_word).await?);
        }
        Ok(received)
    }

    /// The whole body; a client that awaits a word before it sends is not asked for one that is too long.
    async fn receive_body(&self, mut body: Incoming, awaits_word: bool) -> Result<Bytes, RequestRefusal> {
        match timeout(self.bounds.request, collect_body(&mut body)).await {
            Ok(Ok(Some(whole))) => Ok(whole),
            Ok(Ok(None)) => {
                if !awaits_word {
                    tokio::spawn(timeout(LINGER, drain_body(body)));
                }
                Err(RequestRefusal { status: 413, reason: "The body is longer than 1 MiB." })
            }
            Ok(Err(_)) => Err(RequestRefusal { status: 400, reason: "The body is not framed as its fields say." }),
            Err(_) => Err(RequestRefusal { status: 408, reason: "The request did not come whole in time." }),
        }
    }

    async fn reply(&self, request: &Request) -> http::Response<Full<Bytes>> {
        let reply = self.answerer.answer(request);
        let Fault { delay, breakage } = reply.fault.unwrap_or(Fault::NONE);
        if !delay.is_zero() {
            sleep(delay).await;
        }
        let response = match breakage {
            Some(breakage) => breakage.replace(reply.response),
            None => reply.response,
        };
        if let Some(severance) = breakage.and_then(Severance::of_breakage) {
            self.severing.begin(severance, deliver::body_length(&response, &request.method));
        }
        deliver::send(response)
    }
}

/// The joined body; `None` where it is, or is announced to be, longer than the bound.
async fn collect_body(body: &mut Incoming) -> Result<Option<Bytes>, hyper::Error> {
    let mut whole: Vec<u8> = Vec::new();
    while whole.len() as u64 + body.size_hint().lower() <= MAX_BODY as u64 {
        match body.frame().await.transpose()? {
            Some(frame) => frame.into_data().iter().for_each(|data| whole.extend_from_slice(data)),
            None => return Ok(Some(whole.into())),
        }
    }
    Ok(None)
}

/// Reads the rest of a body.
async fn drain_body(mut body: Incoming) {
    let mut left = LEFTOVERS;
    while let Some(Ok(frame)) = body.frame().await {
        match frame.into_data().map_or(Some(left), |data| left.checked_sub(data.len())) {
            Some(less) => left = less,
            None => return,
        }
    }
}
