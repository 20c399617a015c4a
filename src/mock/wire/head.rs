//! The head of a request: where it ends, what it asks for and how its body is framed.

use std::mem::MaybeUninit;

use bytes::{Buf, BytesMut};

use crate::exchange::Request;
use crate::mock::wire::{MAX_BODY, MAX_HEAD, Refusal};

/// The most header fields that one request may have.
const MAX_FIELDS: usize = 100;

/// How the body of a request is delimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mock) enum Framing {
    /// The request has no body.
    Absent,
    /// The body has so many bytes.
    Length(usize),
    /// The body comes in chunks.
    Chunked,
}

/// What the head of a request says about the connection; method, target and fields stand in the [`Request`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mock) struct Head {
    /// How the body is delimited.
    pub(in crate::mock) framing: Framing,
    /// Whether the client wants to go on after the answer.
    pub(in crate::mock) persistent: bool,
    /// Whether the client is of HTTP/1.0, which must be told that the connection stays open.
    pub(in crate::mock) old: bool,
    /// Whether the client waits for a word before it sends the body.
    pub(in crate::mock) expects_continue: bool,
}

/// Finds and reads heads in what has been received so far, looking at every byte once however slowly they come.
#[derive(Debug, Default)]
pub(in crate::mock) struct HeadReader {
    searched: usize,
}

impl HeadReader {
    /// Takes the next head off the input and writes it over `request`; `None` while it has not come whole.
    pub(in crate::mock) fn read(
        &mut self,
        input: &mut BytesMut,
        request: &mut Request,
    ) -> Result<Option<Head>, Refusal> {
        if self.searched == 0 {
            let blank = input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            input.advance(blank);
        }
        let end = end_of_head(input, self.searched);
        if end.unwrap_or(input.len()) > MAX_HEAD {
            return Err(Refusal { status: 431, reason: "The head is longer than 64 KiB." });
        }
        let Some(end) = end else {
            self.searched = input.len().saturating_sub(2);
            return Ok(None);
        };
        self.searched = 0;
        let head = parse(input.get(..end).unwrap_or_default(), request)?;
        input.advance(end);
        Ok(Some(head))
    }
}

/// The first byte after the blank line, looked for from `from` on.
fn end_of_head(input: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(step) = input.get(at..)?.iter().position(|byte| *byte == b'\n') {
        at += step + 1;
        match input.get(at..) {
            Some([b'\n', ..]) => return Some(at + 1),
            Some([b'\r', b'\n', ..]) => return Some(at + 2),
            _ => {}
        }
    }
    None
}

/// Reads one whole head; the strings of the former request are written over, so that a steady client costs no allocation.
fn parse(head: &[u8], request: &mut Request) -> Result<Head, Refusal> {
    let mut fields = [const { MaybeUninit::uninit() }; MAX_FIELDS];
    let mut parsed = httparse::Request::new(&mut []);
    let outcome = parsed.parse_with_uninit_headers(head, &mut fields).map_err(refuse)?;
    let (true, Some(method), Some(target)) = (outcome.is_complete(), parsed.method, parsed.path) else {
        return Err(Refusal::malformed("The head of the request is not HTTP/1.1."));
    };
    request.body = None;
    overwrite(&mut request.method, method);
    request.url.clear();
    if method == "CONNECT" {
        request.url.push_str(target);
    } else {
        push_path(target, &mut request.url)?;
    }
    let mut reading = Reading::new(parsed.version == Some(0));
    let slots = &mut request.headers.0;
    slots.truncate(parsed.headers.len());
    for (index, field) in parsed.headers.iter().enumerate() {
        let value = String::from_utf8_lossy(field.value);
        reading.field(field.name, &value)?;
        if let Some((slot_name, slot_value)) = slots.get_mut(index) {
            overwrite(slot_name, field.name);
            overwrite(slot_value, &value);
        } else {
            slots.push((field.name.to_owned(), value.into_owned()));
        }
    }
    reading.finish()
}

fn overwrite(slot: &mut String, text: &str) {
    slot.clear();
    slot.push_str(text);
}

/// The path and query of a target, which a client that believes in a proxy writes as a whole URL.
fn push_path(target: &str, url: &mut String) -> Result<(), Refusal> {
    if target.starts_with('/') || target == "*" {
        url.push_str(target);
        return Ok(());
    }
    let (scheme, rest) =
        target.split_once("://").ok_or(Refusal::malformed("The target is neither a path nor a URL."))?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Err(Refusal::malformed("The target is a URL of a scheme other than http and https."));
    }
    let path = rest.find(['/', '?']).and_then(|at| rest.get(at..)).unwrap_or_default();
    if !path.starts_with('/') {
        url.push('/');
    }
    url.push_str(path);
    Ok(())
}

fn refuse(error: httparse::Error) -> Refusal {
    match error {
        httparse::Error::TooManyHeaders => {
            Refusal { status: 431, reason: "The request has more than 100 header fields." }
        }
        httparse::Error::Version => Refusal { status: 505, reason: "Only HTTP/1.1 and HTTP/1.0 are spoken here." },
        httparse::Error::HeaderName => Refusal::malformed("The name of a header field has a byte that no name has."),
        httparse::Error::HeaderValue => Refusal::malformed("The value of a header field has a byte that no value has."),
        httparse::Error::NewLine | httparse::Error::Status | httparse::Error::Token => {
            Refusal::malformed("The request line is not METHOD, a space, TARGET, a space and HTTP/1.1.")
        }
    }
}

/// What the fields seen so far say about framing and persistence.
struct Reading {
    old: bool,
    length: Option<u64>,
    chunked: bool,
    persistence: Persistence,
    expects_continue: bool,
}

/// What the client says about the time after the answer; of two words, the one that closes counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Persistence {
    Unsaid,
    KeepAlive,
    Close,
}

impl Reading {
    fn new(old: bool) -> Self {
        Self { old, length: None, chunked: false, persistence: Persistence::Unsaid, expects_continue: false }
    }

    fn field(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        if name.eq_ignore_ascii_case("content-length") {
            self.content_length(value.trim())
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            self.transfer_encoding(value.trim())
        } else if name.eq_ignore_ascii_case("expect") {
            self.expect(value.trim())
        } else {
            if name.eq_ignore_ascii_case("connection") {
                self.connection(value);
            }
            Ok(())
        }
    }

    fn content_length(&mut self, value: &str) -> Result<(), Refusal> {
        if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::malformed("content-length is not a number."));
        }
        // Digits that do not fit are a length all the same, and one beyond every bound.
        let length = value.parse().unwrap_or(u64::MAX);
        if self.length.is_some_and(|other| other != length) {
            return Err(Refusal::malformed("content-length stands twice, with different numbers."));
        }
        self.length = Some(length);
        Ok(())
    }

    fn transfer_encoding(&mut self, value: &str) -> Result<(), Refusal> {
        if self.chunked || self.old {
            return Err(Refusal::malformed("transfer-encoding stands twice, or in a request of HTTP/1.0."));
        }
        if !value.eq_ignore_ascii_case("chunked") {
            return Err(Refusal { status: 501, reason: "The only transfer-encoding understood is chunked." });
        }
        self.chunked = true;
        Ok(())
    }

    fn expect(&mut self, value: &str) -> Result<(), Refusal> {
        if !value.eq_ignore_ascii_case("100-continue") {
            return Err(Refusal { status: 417, reason: "The only expectation understood is 100-continue." });
        }
        self.expects_continue = !self.old;
        Ok(())
    }

    fn connection(&mut self, value: &str) {
        for option in value.split(',').map(str::trim) {
            if option.eq_ignore_ascii_case("close") {
                self.persistence = Persistence::Close;
            } else if option.eq_ignore_ascii_case("keep-alive") {
                self.persistence = self.persistence.max(Persistence::KeepAlive);
            }
        }
    }

    fn finish(self) -> Result<Head, Refusal> {
        let framing = match (self.chunked, self.length) {
            (true, Some(_)) => {
                return Err(Refusal::malformed("content-length and transfer-encoding exclude each other."));
            }
            (true, None) => Framing::Chunked,
            (false, None) => Framing::Absent,
            (false, Some(length)) => match usize::try_from(length) {
                Ok(length) if length <= MAX_BODY => Framing::Length(length),
                _ => return Err(Refusal::too_large()),
            },
        };
        let persistent = match self.persistence {
            Persistence::Unsaid => !self.old,
            Persistence::KeepAlive => true,
            Persistence::Close => false,
        };
        Ok(Head { framing, persistent, old: self.old, expects_continue: self.expects_continue })
    }
}
