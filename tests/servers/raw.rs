//! A client that writes bytes to a socket and reads bytes back, so that a stand-in is proved by nothing but itself.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;

use super::http::Answer;

/// One connection, used again for every request.
pub(crate) struct Raw {
    reader: BufReader<TcpStream>,
}

impl Raw {
    /// Connects to an `http://host:port`.
    pub(crate) fn connect(origin: &str) -> Self {
        let stream = TcpStream::connect(origin.strip_prefix("http://").unwrap()).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { reader: BufReader::new(stream) }
    }

    /// Sends a request with a body of known length and reads its answer.
    pub(crate) fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
        for (name, value) in headers {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        if !body.is_empty() {
            let _ = write!(request, "Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        }
        self.send(format!("{request}\r\n{body}").as_bytes());
        self.read()
    }

    /// Sends those bytes and nothing else.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.reader.get_mut().write_all(bytes).unwrap();
    }

    /// Reads one answer, whose end its `Content-Length` tells.
    pub(crate) fn read(&mut self) -> Answer {
        let start = self.line();
        let status = start.split(' ').nth(1).unwrap().parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.push((name.to_owned(), value.to_owned()));
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
        answer.body.resize(length, 0);
        self.reader.read_exact(&mut answer.body).unwrap();
        answer
    }

    /// Whether the server has closed the connection, after whatever it still had to say.
    pub(crate) fn is_closed(&mut self) -> bool {
        match self.reader.read_to_end(&mut Vec::new()) {
            Ok(read) => read == 0,
            // A reset is an end as well.
            Err(error) => error.kind() == ErrorKind::ConnectionReset,
        }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.reader.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}
