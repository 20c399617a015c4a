//! A small blocking HTTP/1.1 server on the standard library alone: one thread a connection, every request on record.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use serde_json::Value;

/// The longest request line or header line that is read.
const LONGEST_LINE: u64 = 64 * 1024;
/// The most header lines of one request.
const MOST_HEADERS: usize = 256;
/// The longest body that is read.
const LONGEST_BODY: u64 = 16 * 1024 * 1024;

/// One request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// The method as sent.
    pub(crate) method: String,
    /// The path without its query, still percent-encoded.
    pub(crate) path: String,
    /// What stood behind the question mark, or nothing.
    pub(crate) query: String,
    /// Names as sent, values without the blanks around them.
    pub(crate) headers: Vec<(String, String)>,
    /// The body with any chunking taken away.
    pub(crate) body: Vec<u8>,
    /// The `http://host:port` of the server that it arrived at.
    pub(crate) origin: String,
}

impl Received {
    /// The first header of that name, whatever its case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        value_of(&self.headers, name)
    }

    /// The body as JSON, if it is any.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// One value of the query, as it stands there.
    pub(crate) fn query_value(&self, name: &str) -> Option<&str> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The same request with one header replaced.
    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// What a handler answers; the length and the connection's fate are added when it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// Headers in the order they are written.
    pub(crate) headers: Vec<(String, String)>,
    /// The body's bytes.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// An answer of that media type.
    pub(crate) fn new(status: u16, media: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: vec![("Content-Type".to_owned(), media.to_owned())], body: body.into() }
    }

    /// The same answer with one header replaced.
    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The first header of that name, whatever its case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        value_of(&self.headers, name)
    }

    /// The body as JSON, if it is any.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    fn write(&self, to: &mut impl Write, bare: bool, close: bool) -> io::Result<()> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        if self.header("content-length").is_none() {
            let _ = write!(head, "Content-Length: {}\r\n", self.body.len());
        }
        head.push_str(if close { "Connection: close\r\n\r\n" } else { "\r\n" });
        let mut whole = head.into_bytes();
        if !bare {
            whole.extend_from_slice(&self.body);
        }
        to.write_all(&whole)
    }
}

type Handler = Box<dyn Fn(&Received) -> Answer + Send + Sync>;

struct Shared {
    handler: Handler,
    origin: String,
    stopping: AtomicBool,
    connections: AtomicUsize,
    received: Mutex<Vec<Received>>,
    open: Mutex<HashMap<usize, TcpStream>>,
    closed: Condvar,
}

/// A listening server that stops, and closes what is open, when it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on a free loopback port and answers with what the handler says.
    pub(crate) fn start(handler: impl Fn(&Received) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            handler: Box::new(handler),
            origin: format!("http://{address}"),
            stopping: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
            received: Mutex::default(),
            open: Mutex::default(),
            closed: Condvar::new(),
        });
        let for_acceptor = Arc::clone(&shared);
        let acceptor = thread::spawn(move || accept(&listener, &for_acceptor));
        Self { address, shared, acceptor: Some(acceptor) }
    }

    /// The `http://127.0.0.1:port` that it answers at.
    pub(crate) fn origin(&self) -> &str {
        &self.shared.origin
    }

    /// Returns when every request has been handled that was sent by clients who are gone; no other may be connected.
    pub(crate) fn quiet(&self) {
        // Connections are taken in turn: once this one is answered, those before it are known.
        let mut own = TcpStream::connect(self.address).unwrap();
        own.write_all(b"are you there?\r\n").unwrap();
        drop(own.read(&mut [0]));
        drop(own);
        let open = locked(&self.shared.open);
        drop(self.shared.closed.wait_while(open, |open| !open.is_empty()));
    }

    /// How many connections were accepted so far.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// How many whole requests arrived so far.
    pub(crate) fn requests(&self) -> usize {
        locked(&self.shared.received).len()
    }

    /// Every whole request so far, in the order of arrival.
    pub(crate) fn received(&self) -> Vec<Received> {
        locked(&self.shared.received).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        // A connection of our own wakes the acceptor, which then sees that it is to stop.
        drop(TcpStream::connect(self.address));
        if let Some(acceptor) = self.acceptor.take() {
            drop(acceptor.join());
        }
        for stream in locked(&self.shared.open).values() {
            drop(stream.shutdown(Shutdown::Both));
        }
    }
}

/// Locks although a handler may have panicked: its test fails by itself, the others go on.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopping.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let number = shared.connections.fetch_add(1, Ordering::SeqCst);
        let Ok(handle) = stream.try_clone() else { continue };
        locked(&shared.open).insert(number, handle);
        let shared = Arc::clone(shared);
        thread::spawn(move || {
            // A client that goes away mid-sentence is no concern of the server's, and a handler that panics
            // must not leave its client waiting.
            drop(catch_unwind(AssertUnwindSafe(|| converse(&stream, &shared))));
            locked(&shared.open).remove(&number);
            shared.closed.notify_all();
            drop(stream.shutdown(Shutdown::Both));
        });
    }
}

/// Answers the requests of one connection until either side has had enough.
fn converse(stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    loop {
        let request = match read_request(&mut reader, stream, &shared.origin)? {
            Reading::Whole(request) => request,
            Reading::Ended => return Ok(()),
            Reading::Refused(status) => {
                return Answer::new(status, "text/plain", "no such HTTP").write(&mut &*stream, false, true);
            }
        };
        let close = closes(&request);
        let bare = request.method == "HEAD";
        let answer = (shared.handler)(&request);
        locked(&shared.received).push(request);
        answer.write(&mut &*stream, bare, close)?;
        if close {
            return Ok(());
        }
    }
}

enum Reading {
    Whole(Received),
    Ended,
    Refused(u16),
}

fn read_request(reader: &mut BufReader<&TcpStream>, stream: &TcpStream, origin: &str) -> io::Result<Reading> {
    let mut start = String::new();
    while start.is_empty() {
        // A blank line before a request is tolerated, as servers do.
        match read_line(reader)? {
            None => return Ok(Reading::Ended),
            Some(line) => start = line,
        }
    }
    let words: Vec<&str> = start.split(' ').collect();
    let [method, target, version @ ("HTTP/1.1" | "HTTP/1.0")] = words.as_slice() else {
        return Ok(Reading::Refused(400));
    };
    let mut headers = Vec::new();
    loop {
        let Some(line) = read_line(reader)? else { return Ok(Reading::Ended) };
        if line.is_empty() {
            break;
        }
        match line.split_once(':') {
            Some((name, value)) if headers.len() < MOST_HEADERS => {
                headers.push((name.to_owned(), value.trim().to_owned()));
            }
            _ => return Ok(Reading::Refused(431)),
        }
    }
    if *version == "HTTP/1.0" && value_of(&headers, "connection").is_none() {
        headers.push(("Connection".to_owned(), "close".to_owned()));
    }
    if value_of(&headers, "expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue")) {
        (&mut &*stream).write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    let body = match read_body(reader, &headers)? {
        Ok(body) => body,
        Err(status) => return Ok(Reading::Refused(status)),
    };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let (method, path, query) = ((*method).to_owned(), path.to_owned(), query.to_owned());
    Ok(Reading::Whole(Received { method, path, query, headers, body, origin: origin.to_owned() }))
}

/// The body, or the status that says why there is none.
fn read_body(reader: &mut impl BufRead, headers: &[(String, String)]) -> io::Result<Result<Vec<u8>, u16>> {
    let length = value_of(headers, "content-length");
    match (value_of(headers, "transfer-encoding"), length) {
        (None, None) => Ok(Ok(Vec::new())),
        (None, Some(length)) => match length.parse::<u64>() {
            Ok(length) if length > LONGEST_BODY => Ok(Err(413)),
            Ok(length) => read_exactly(reader, length).map(Ok),
            Err(_) => Ok(Err(400)),
        },
        (Some(coding), None) if coding.eq_ignore_ascii_case("chunked") => read_chunks(reader),
        _ => Ok(Err(400)),
    }
}

fn read_chunks(reader: &mut impl BufRead) -> io::Result<Result<Vec<u8>, u16>> {
    let mut body = Vec::new();
    loop {
        let line = read_line(reader)?.unwrap_or_default();
        let size = line.split(';').next().unwrap_or_default().trim();
        let Ok(size) = u64::from_str_radix(size, 16) else { return Ok(Err(400)) };
        if size.saturating_add(body.len() as u64) > LONGEST_BODY {
            return Ok(Err(413));
        }
        if size == 0 {
            // Trailers may follow; the empty line ends them.
            while read_line(reader)?.is_some_and(|line| !line.is_empty()) {}
            return Ok(Ok(body));
        }
        body.extend(read_exactly(reader, size)?);
        if read_line(reader)?.is_none_or(|line| !line.is_empty()) {
            return Ok(Err(400));
        }
    }
}

fn read_exactly(reader: &mut impl BufRead, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(length).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}

/// One line without its end, or nothing where the stream ended before the line did.
fn read_line(reader: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    reader.take(LONGEST_LINE).read_until(b'\n', &mut bytes)?;
    if bytes.pop() != Some(b'\n') {
        return Ok(None);
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

fn closes(request: &Received) -> bool {
    request.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
}

fn value_of<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    let found = headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

/// The phrase that belongs to a status.
pub(crate) fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        410 => "Gone",
        413 => "Content Too Large",
        422 => "Unprocessable Entity",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        _ => "Unnamed",
    }
}
