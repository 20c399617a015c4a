//! A server made of bare sockets: a test says what is done with each connection.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A listening socket, and what it has seen.
pub(crate) struct Server {
    /// The port on 127.0.0.1.
    pub(crate) port: u16,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

/// One connection, with the order in which it came.
pub(crate) struct Peer {
    stream: TcpStream,
    /// From 0.
    pub(crate) number: usize,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Does the same with each connection, each on a thread of its own.
    pub(crate) fn each(act: impl Fn(&mut Peer) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (connections, requests) = (Arc::new(AtomicUsize::new(0)), Arc::default());
        let server = Self { port, connections: Arc::clone(&connections), requests: Arc::clone(&requests) };
        let act = Arc::new(act);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let number = connections.fetch_add(1, Ordering::SeqCst);
                let mut peer = Peer { stream, number, requests: Arc::clone(&requests) };
                let act = Arc::clone(&act);
                std::thread::spawn(move || act(&mut peer));
            }
        });
        server
    }

    /// Answers every request on every connection, one after the other, from what number it has among all.
    pub(crate) fn answering(answer: impl Fn(usize) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::each(move |peer| {
            while let Some(number) = peer.request() {
                if !peer.write(&answer(number)) {
                    break;
                }
            }
        })
    }

    /// Answers every request alike.
    pub(crate) fn saying(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::answering(move |_| answer.clone())
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The requests as they came, heads and bodies.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Peer {
    /// Reads one request whole; its number among all of the server's, from 0.
    pub(crate) fn request(&mut self) -> Option<usize> {
        let mut read = Vec::new();
        let mut byte = [0];
        while !read.ends_with(b"\r\n\r\n") {
            if self.stream.read(&mut byte).ok()? == 0 {
                return None;
            }
            read.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&read).to_ascii_lowercase();
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |text| text.parse().unwrap());
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).ok()?;
        read.extend(body);
        let mut requests = self.requests.lock().unwrap();
        requests.push(String::from_utf8_lossy(&read).into_owned());
        Some(requests.len() - 1)
    }

    /// Waits until something of a request is there, and leaves it unread: then closing the socket resets the connection.
    pub(crate) fn leave_unread(&mut self) {
        let _ = self.stream.peek(&mut [0]);
    }

    /// Whether the other side still takes bytes.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    /// Whether the other side is still there after so long.
    pub(crate) fn stays(&mut self, time: Duration) -> bool {
        self.stream.set_read_timeout(Some(time)).unwrap();
        self.stream
            .read(&mut [0])
            .is_err_and(|error| matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut))
    }

    /// Keeps the connection open until the other side ends it.
    pub(crate) fn hold(&mut self) {
        let mut rest = [0; 1024];
        while self.stream.read(&mut rest).is_ok_and(|read| read > 0) {}
    }
}

/// A whole answer of JSON.
pub(crate) fn json(status: u16, body: &str) -> Vec<u8> {
    answer(status, "Content-Type: application/json\r\n", body.as_bytes())
}

/// A whole answer with further header lines.
pub(crate) fn answer(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status} Word\r\n{headers}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend(body);
    bytes
}
