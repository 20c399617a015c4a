//! A server with an answerer that echoes, and a client that sees bytes and not HTTP.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use proviso::http::exchange::{Headers, Request, Response};
use proviso::mock::{Answerer, Bounds, FaultPlan, Faulty, Reply, Running, Server};
use tokio::runtime::Runtime;

/// Long enough that only a hang reaches it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Answers with what it was asked, and in some ways on demand.
pub(crate) struct Echo;

impl Answerer for Echo {
    fn answer(&self, request: &Request) -> Reply {
        let (status, body) = match request.url.as_str() {
            "/none" => (204, String::new()),
            "/empty" => (200, String::new()),
            "/large" => (200, "x".repeat(300_000)),
            "/panic" => panic!("asked to"),
            url => (200, format!("{} {url} {:?}", request.method, request.body)),
        };
        let mut headers = Headers(vec![("Content-Type".to_owned(), "application/json".to_owned())]);
        if request.url == "/close" {
            headers.set("Connection", "close");
        }
        Response { status, headers, body: body.into() }.into()
    }
}

/// A runtime and the server on it.
pub(crate) struct Site {
    pub(crate) runtime: Runtime,
    pub(crate) running: Option<Running>,
    pub(crate) addr: SocketAddr,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::open(Arc::new(Echo), Bounds::default())
    }

    pub(crate) fn bounded(bounds: Bounds) -> Self {
        Self::open(Arc::new(Echo), bounds)
    }

    pub(crate) fn faulty(rules: &[&str]) -> Self {
        let rules = rules.iter().map(|rule| rule.parse().unwrap()).collect();
        Self::open(Arc::new(Faulty::new(Arc::new(Echo), FaultPlan::new(rules))), Bounds::default())
    }

    fn open(answerer: Arc<dyn Answerer>, bounds: Bounds) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let running = runtime.block_on(async { Server::bind(loopback(), answerer).unwrap().bounded(bounds).start() });
        Self { addr: running.addr(), running: Some(running), runtime }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.addr)
    }

    /// What one request on a connection of its own is answered.
    pub(crate) fn ask(&self, request: &str) -> Answered {
        self.client().ask(request)
    }
}

pub(crate) fn loopback() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// One answer, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

/// One connection.
pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    pub(crate) fn new(addr: SocketAddr) -> Self {
        let stream = TcpStream::connect(addr).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::new() }
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).unwrap();
    }

    /// The same where the server may already have closed.
    pub(crate) fn try_send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.write_all(bytes.as_ref());
    }

    pub(crate) fn ask(&mut self, request: &str) -> Answered {
        self.send(request);
        self.receive()
    }

    /// The next head, without reading past it.
    pub(crate) fn receive_head(&mut self) -> String {
        loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                return String::from_utf8(self.buffer.drain(..end + 4).collect()).unwrap();
            }
            assert_ne!(self.read_more().expect("a head"), 0, "closed within a head: {:?}", self.buffer);
        }
    }

    /// The next answer, by its content-length.
    pub(crate) fn receive(&mut self) -> Answered {
        let head = self.receive_head();
        let length = field(&head, "content-length").map_or(0, |length| length.parse().unwrap());
        while self.buffer.len() < length {
            assert_ne!(self.read_more().expect("a body"), 0, "closed within a body");
        }
        let body = String::from_utf8(self.buffer.drain(..length).collect()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answered { status, head, body }
    }

    /// All that still comes, and how the connection ends: in good order, or the error; it must end.
    pub(crate) fn rest(&mut self) -> (String, Option<ErrorKind>) {
        let end = loop {
            match self.read_more() {
                Ok(0) => break None,
                Ok(_) => {}
                Err(ErrorKind::WouldBlock | ErrorKind::TimedOut) => panic!("the connection does not end"),
                Err(error) => break Some(error),
            }
        };
        (String::from_utf8(std::mem::take(&mut self.buffer)).unwrap(), end)
    }

    pub(crate) fn shut_writing(&self) {
        let _ = self.stream.shutdown(std::net::Shutdown::Write);
    }

    /// Whether nothing has come so far.
    pub(crate) fn is_silent(&self) -> bool {
        self.stream.set_nonblocking(true).unwrap();
        let silent = self.stream.peek(&mut [0]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
        self.stream.set_nonblocking(false).unwrap();
        silent
    }

    fn read_more(&mut self) -> Result<usize, ErrorKind> {
        let mut piece = [0; 16 * 1024];
        let count = self.stream.read(&mut piece).map_err(|error| error.kind())?;
        self.buffer.extend_from_slice(&piece[..count]);
        Ok(count)
    }
}

/// The value of a field in a head.
pub(crate) fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}
