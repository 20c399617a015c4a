//! One client's connection: requests in, answers out, in order, with one buffer for each way.

use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::exchange::{Headers, Request, Response};
use crate::mock::wire::{self, Chunks, Delivery, Framing, Head, HeadReader, Refusal};
use crate::mock::{Answer, Bounds, Breakage, Fault, Reply};

/// How many bytes are asked of the socket at a time.
const READ: usize = 8 * 1024;
/// How many bytes of answers may wait while further requests stand in the input.
const WAITING: usize = 64 * 1024;
/// How much of a client's leftovers is read before the connection is dropped.
const LEFTOVERS: usize = 8 * wire::MAX_BODY;
/// How long those leftovers are awaited.
const LINGER: Duration = Duration::from_secs(5);

/// Why a connection ends.
enum Stop {
    /// The client left, fell silent or does not read: nothing can be said any more.
    Gone,
    /// All that was to be said is in the output.
    Finished,
    /// The request cannot be taken.
    Refused(Refusal),
    /// A fault asks for a reset.
    Reset,
}

/// Serves one connection until either side ends it.
pub(super) async fn converse(stream: TcpStream, answerer: &dyn Answer, bounds: Bounds) {
    let mut connection = Connection::new(stream, answerer, bounds);
    let stop = loop {
        if let Err(stop) = connection.exchange().await {
            break stop;
        }
    };
    match stop {
        Stop::Gone => {}
        Stop::Finished => connection.finish().await,
        Stop::Refused(refusal) => {
            connection.refuse(refusal);
            connection.finish().await;
        }
        Stop::Reset => {
            // Where the option is missing the client sees a plain close, which is broken enough.
            let _ = connection.stream.set_zero_linger();
        }
    }
}

struct Connection<'a> {
    stream: TcpStream,
    answerer: &'a dyn Answer,
    bounds: Bounds,
    input: BytesMut,
    output: Vec<u8>,
    heads: HeadReader,
    request: Request,
    /// When the request that is being received must be whole.
    due: Instant,
}

impl<'a> Connection<'a> {
    fn new(stream: TcpStream, answerer: &'a dyn Answer, bounds: Bounds) -> Self {
        Self {
            stream,
            answerer,
            bounds,
            input: BytesMut::with_capacity(READ),
            output: Vec::with_capacity(1024),
            heads: HeadReader::default(),
            request: Request::default(),
            due: Instant::now(),
        }
    }

    /// One request and its answer.
    async fn exchange(&mut self) -> Result<(), Stop> {
        let head = self.receive_head().await?;
        if self.request.method == "CONNECT" {
            // The tunnel leads nowhere but back here: what comes through it is read as the next request.
            self.output.extend_from_slice(b"HTTP/1.1 200 Connection established\r\n\r\n");
            return Ok(());
        }
        self.receive_body(head).await?;
        let reply = self.answerer.answer(&self.request);
        self.request.body = None;
        match reply.fault {
            None => self.deliver(&reply.response, head)?,
            Some(_) => self.deliver_broken(reply, head).await?,
        }
        if self.output.len() > WAITING {
            self.flush().await?;
        }
        Ok(())
    }

    async fn receive_head(&mut self) -> Result<Head, Stop> {
        let now = Instant::now();
        let (mut begun, silence) = (false, now + self.bounds.idle);
        self.due = now + self.bounds.request;
        loop {
            if let Some(head) = self.heads.read(&mut self.input, &mut self.request).map_err(Stop::Refused)? {
                return Ok(head);
            }
            if !begun && !self.input.is_empty() {
                begun = true;
                self.due = Instant::now() + self.bounds.request;
            }
            self.fill(begun, if begun { self.due } else { silence }).await?;
        }
    }

    async fn receive_body(&mut self, head: Head) -> Result<(), Stop> {
        self.request.body = match head.framing {
            Framing::Absent => None,
            Framing::Length(length) => Some(self.receive_length(length, head.expects_continue).await?),
            Framing::Chunked => Some(self.receive_chunks(head.expects_continue).await?),
        };
        Ok(())
    }

    async fn receive_length(&mut self, length: usize, expects_continue: bool) -> Result<Bytes, Stop> {
        if let Some(whole) = self.input.get(..length) {
            let body = Bytes::copy_from_slice(whole);
            self.input.advance(length);
            return Ok(body);
        }
        self.encourage(expects_continue);
        // The length is only a promise: memory is given for what came.
        let mut body = Vec::with_capacity(length.min(WAITING));
        loop {
            let here = (length - body.len()).min(self.input.len());
            body.extend_from_slice(self.input.get(..here).unwrap_or_default());
            self.input.advance(here);
            if body.len() == length {
                return Ok(body.into());
            }
            self.fill(true, self.due).await?;
        }
    }

    async fn receive_chunks(&mut self, expects_continue: bool) -> Result<Bytes, Stop> {
        self.encourage(expects_continue && self.input.is_empty());
        let mut chunks = Chunks::new();
        while !chunks.read(&mut self.input).map_err(Stop::Refused)? {
            self.fill(true, self.due).await?;
        }
        Ok(chunks.into_body().into())
    }

    /// Tells a client that waits for it to send the body.
    fn encourage(&mut self, awaited: bool) {
        if awaited {
            self.output.extend_from_slice(b"HTTP/1.1 100 Continue\r\n\r\n");
        }
    }

    /// Sends what waits and reads on; a request that was begun and is late gets an answer, silence between requests gets none.
    async fn fill(&mut self, begun: bool, due: Instant) -> Result<(), Stop> {
        self.flush().await?;
        self.input.reserve(READ);
        match timeout_at(due, self.stream.read_buf(&mut self.input)).await {
            Ok(Ok(0) | Err(_)) => Err(Stop::Gone),
            Ok(Ok(_)) => Ok(()),
            Err(_) if begun => {
                Err(Stop::Refused(Refusal { status: 408, reason: "The request did not come whole in time." }))
            }
            Err(_) => Err(Stop::Gone),
        }
    }

    async fn flush(&mut self) -> Result<(), Stop> {
        if self.output.is_empty() {
            return Ok(());
        }
        let sent = timeout(self.bounds.write, self.stream.write_all(&self.output)).await;
        self.output.clear();
        // One long answer must not hold its memory for as long as the connection lives.
        self.output.shrink_to(4 * WAITING);
        match sent {
            Ok(Ok(())) => Ok(()),
            _ => Err(Stop::Gone),
        }
    }

    /// Appends an answer to the output, where it waits until the input is used up.
    fn deliver(&mut self, response: &Response, head: Head) -> Result<(), Stop> {
        let persistent = persists(response, head);
        self.write(response, head, persistent);
        if persistent { Ok(()) } else { Err(Stop::Finished) }
    }

    /// Appends an answer to the output and tells how many bytes of it are body.
    fn write(&mut self, response: &Response, head: Head, persistent: bool) -> usize {
        let connection = match (persistent, head.old) {
            (false, _) => Some("close"),
            (true, true) => Some("keep-alive"),
            (true, false) => None,
        };
        let delivery = Delivery { head_only: self.request.method == "HEAD", connection };
        wire::write(response, delivery, &mut self.output)
    }

    async fn deliver_broken(&mut self, reply: Reply, head: Head) -> Result<(), Stop> {
        let Fault { delay, breakage } = reply.fault.unwrap_or_default();
        self.flush().await?;
        if !delay.is_zero() {
            sleep(delay).await;
        }
        match breakage {
            Some(Breakage::Reset | Breakage::Lost) => Err(Stop::Reset),
            Some(Breakage::Torn) => {
                self.write_half(&reply.response, head);
                self.flush().await?;
                Err(Stop::Reset)
            }
            Some(Breakage::Cut) => {
                self.write_half(&reply.response, head);
                Err(Stop::Finished)
            }
            Some(breakage) => self.deliver(&breakage.replace(reply.response), head),
            None => self.deliver(&reply.response, head),
        }
    }

    /// The head and half of the body that it promises; where there is no body, half of the head.
    fn write_half(&mut self, response: &Response, head: Head) {
        let before = self.output.len();
        let body = self.write(response, head, head.persistent);
        let whole = self.output.len() - before;
        let kept = if body == 0 { whole / 2 } else { whole - body + body / 2 };
        self.output.truncate(before + kept);
    }

    fn refuse(&mut self, refusal: Refusal) {
        let response = Response {
            status: refusal.status,
            headers: Headers(vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())]),
            body: Bytes::from(format!("{}\n", refusal.reason)),
        };
        wire::write(&response, Delivery { head_only: false, connection: Some("close") }, &mut self.output);
    }

    /// Sends what waits, says goodbye, and reads what the client still sends: unread bytes would turn the goodbye into a reset.
    async fn finish(&mut self) {
        if self.flush().await.is_err() || self.stream.shutdown().await.is_err() {
            return;
        }
        let leftovers = async {
            let mut count = 0;
            while count < LEFTOVERS {
                self.input.clear();
                self.input.reserve(READ);
                match self.stream.read_buf(&mut self.input).await {
                    Ok(0) | Err(_) => break,
                    Ok(more) => count += more,
                }
            }
        };
        let _ = timeout(LINGER, leftovers).await;
    }
}

/// Whether another request may follow: both sides have a say.
fn persists(response: &Response, head: Head) -> bool {
    let closes = response.headers.get("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
    head.persistent && !closes
}
