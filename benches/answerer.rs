//! The answering side of the benchmarks: bare hyper, one thread, counting; late or lying where it is told to be.
//!
//! `answerer serve [--latency-ms N] [--lie]` prints its address. `DELETE /COLLECTION/ID` answers 401 without credentials, 404 where
//! the id says `unknown`, else 200; `--lie` spoils the answer to every id that ends in 0. `GET /counted` tells what was counted and
//! begins anew. Anything else is answered by one body that never changes.
#![expect(clippy::print_stdout, reason = "what a bench asks of it, it prints")]

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::cell::Cell;
use std::convert::Infallible;
use std::error::Error;
use std::rc::Rc;
use std::time::Duration;
use tokio::net::TcpSocket;
use tokio::task::LocalSet;

#[derive(Default)]
struct Counted {
    connections: Cell<usize>,
    requests: Cell<usize>,
    in_flight: Cell<usize>,
    most_in_flight: Cell<usize>,
}

struct Answerer {
    latency: Duration,
    lies: bool,
    counted: Counted,
}

/// What a link is told by, about as long as the mock's own answer.
const LINK: &str = r#"{"object":"link","id":"link_test_0123456789abcdefghi","livemode":false,"amount":10000,"currency":"thb","used":false,"multiple":false,"title":"bench","description":"bench"}"#;

impl Answerer {
    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        if request.uri().path() == "/counted" {
            return Ok(self.tell());
        }
        add(&self.counted.requests, 1);
        add(&self.counted.in_flight, 1);
        self.counted.most_in_flight.set(self.counted.most_in_flight.get().max(self.counted.in_flight.get()));
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        let answer =
            if request.method() == Method::DELETE { self.deleted(&request) } else { self.other(request).await };
        self.counted.in_flight.set(self.counted.in_flight.get() - 1);
        Ok(answer)
    }

    fn deleted(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        let id = request.uri().path().rsplit('/').next().unwrap_or_default();
        let lie = self.lies && id.ends_with('0');
        let signed = request.headers().get(AUTHORIZATION).is_some_and(|value| value.as_bytes().starts_with(b"Basic "));
        if !signed {
            return error(401, if lie { "not_found" } else { "authentication_failure" }, "authentication failed");
        }
        if id.contains("unknown") {
            return error(404, if lie { "gone" } else { "not_found" }, "link was not found");
        }
        let deleted = if lie { "\"true\"" } else { "true" };
        json(200, format!(r#"{{"object":"link","id":"{id}","livemode":false,"deleted":{deleted}}}"#))
    }

    async fn other(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let _ = request.into_body().collect().await;
        json(200, LINK)
    }

    fn tell(&self) -> Response<Full<Bytes>> {
        let Counted { connections, requests, most_in_flight, .. } = &self.counted;
        json(
            200,
            format!(
                r#"{{"connections":{},"requests":{},"most_in_flight":{}}}"#,
                connections.replace(0),
                requests.replace(0),
                most_in_flight.replace(0)
            ),
        )
    }
}

fn add(cell: &Cell<usize>, more: usize) {
    cell.set(cell.get() + more);
}

fn json(status: u16, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}

fn error(status: u16, code: &str, message: &str) -> Response<Full<Bytes>> {
    let location = format!("https://docs.example.test/errors#{code}");
    json(status, format!(r#"{{"object":"error","location":"{location}","code":"{code}","message":"{message}"}}"#))
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_none_or(|word| word != "serve") {
        println!("called by `cargo bench --bench ratio`");
        return Ok(());
    }
    let behind = |word: &str| arguments.iter().skip_while(|known| *known != word).nth(1);
    let latency = behind("--latency-ms").map_or(Ok(0), |text| text.parse())?;
    let answerer = Rc::new(Answerer {
        latency: Duration::from_millis(latency),
        lies: arguments.iter().any(|word| word == "--lie"),
        counted: Counted::default(),
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        let socket = TcpSocket::new_v4()?;
        socket.bind(([127, 0, 0, 1], 0).into())?;
        let listener = socket.listen(4096)?;
        println!("http://{}", listener.local_addr()?);
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let _ = stream.set_nodelay(true);
            let answerer = Rc::clone(&answerer);
            tokio::task::spawn_local(async move {
                let counted = Cell::new(false);
                let service = service_fn(|request: Request<Incoming>| {
                    // The connection over which counts are asked for is none of the client's.
                    if request.uri().path() != "/counted" && !counted.replace(true) {
                        add(&answerer.counted.connections, 1);
                    }
                    answerer.answer(request)
                });
                let mut http = http1::Builder::new();
                let _ = http
                    .timer(TokioTimer::new())
                    .pipeline_flush(true)
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    })
}
