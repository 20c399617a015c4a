//! One request that was sent and what came back, a broken connection included: plain data, an observation and never an error.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;

/// Header fields in the order and the letter case in which they were written; a name may stand twice.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(pub Vec<(String, String)>);

impl Headers {
    /// The first value under a name, whatever the letter case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Every value under a name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Puts one value under a name in place of whatever stood there.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.remove(name);
        self.0.push((name.to_owned(), value.into()));
    }

    /// Takes every value under a name away.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
    }

    /// Names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

/// A request, whole: to be sent by the run, or received by the mock (then `url` is the path with its query).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `DELETE`, in capitals.
    pub method: String,
    /// An absolute URL when sent; a path and query when received.
    pub url: String,
    /// The header fields, credentials included.
    pub headers: Headers,
    /// The body; `None` where none is sent, which is not the same as an empty one.
    pub body: Option<Bytes>,
}

/// An answer that came whole.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The header fields as they came, their names perhaps in small letters; what is not UTF-8 in a value is replaced.
    pub headers: Headers,
    /// The body, whole; where it came compressed without being asked to, unfolded, and then without `Content-Encoding`.
    pub body: Bytes,
}

/// The reason why no whole answer came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The kind of breakage.
    pub kind: FailureKind,
    /// The transport's own words.
    pub detail: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.kind {
            FailureKind::Dns => "the host's name is not known",
            FailureKind::Connect => "no connection",
            FailureKind::Tls => "no secure connection",
            FailureKind::Timeout => "no whole answer in time",
            FailureKind::Closed => "the connection ended before an answer",
            FailureKind::Truncated => "the answer broke off",
            FailureKind::NotHttp => "what came is not HTTP",
            FailureKind::TooLarge => "the answer is larger than the bound",
            FailureKind::Unsendable => "the request cannot be sent",
        };
        write!(formatter, "{words} ({})", self.detail)
    }
}

/// The ways in which an exchange breaks before a whole answer is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FailureKind {
    /// The host's name could not be resolved.
    Dns,
    /// Nobody listens there, or no route leads there, or the connection is not taken in time.
    Connect,
    /// The secure connection could not be made.
    Tls,
    /// The bound of time passed.
    Timeout,
    /// The connection ended before the head of an answer was whole.
    Closed,
    /// The answer broke off: fewer bytes than promised, or a broken chunk.
    Truncated,
    /// The answer is not HTTP.
    NotHttp,
    /// The answer passed the bound of bytes, as sent or decoded.
    TooLarge,
    /// The request could not be made at all: a bad URL or header.
    Unsendable,
}

impl FailureKind {
    /// Returns whether the vendor may have received the request, and acted on it.
    pub fn may_have_arrived(self) -> bool {
        !matches!(self, Self::Dns | Self::Connect | Self::Tls | Self::Unsendable)
    }

    /// Returns whether another try may end otherwise.
    pub fn is_passing(self) -> bool {
        !matches!(self, Self::Unsendable | Self::TooLarge)
    }
}

/// One request and what came of it, after all tries.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The request, as it was sent the last time.
    pub request: Request,
    /// The answer to that, or the breakage.
    pub result: Result<Response, Failure>,
    /// The tries before the last one, oldest first.
    pub earlier: Vec<Attempt>,
    /// The duration of the last try.
    pub took: Duration,
}

/// A try that was not the last: why it was not enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The vendor answered with a status that asks for another try.
    Status(u16),
    /// No whole answer came.
    Failure(Failure),
}

impl Exchange {
    /// The answer, if a whole one came.
    pub fn response(&self) -> Option<&Response> {
        self.result.as_ref().ok()
    }

    /// Returns whether an earlier try may have reached the vendor although its answer was lost.
    pub fn may_have_acted_before(&self) -> bool {
        self.earlier.iter().any(|attempt| match attempt {
            Attempt::Status(status) => *status >= 500,
            Attempt::Failure(failure) => failure.kind.may_have_arrived(),
        })
    }
}

/// Header values may hold credentials, so only the names are shown.
impl fmt::Debug for Headers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter().map(|(key, _)| key)).finish()
    }
}

/// URL and body may hold credentials, so only the method is shown.
impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Request")
            .field("method", &self.method)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

/// A vendor may echo credentials, so only the status and the sizes are shown.
impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("bytes", &self.body.len())
            .finish()
    }
}

/// The names and values of a query or a form, decoded.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    let decode = |piece: &str| {
        let piece = piece.replace('+', " ");
        percent_encoding::percent_decode_str(&piece).decode_utf8_lossy().into_owned()
    };
    let pair = |piece: &str| {
        let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
        (decode(name), decode(value))
    };
    text.split('&').filter(|piece| !piece.is_empty()).map(pair).collect()
}
