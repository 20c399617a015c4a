//! A client's socket, which can be made to break in the middle of an answer, and which gives up on a client that does not read.

use super::Breakage;
use std::io::{Error, ErrorKind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// The ways in which the connection breaks at an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Severance {
    /// It is reset, without a byte of the answer.
    Reset,
    /// It is reset after half of the answer.
    Torn,
    /// It is closed in good order after half of the answer.
    Cut,
}

impl Severance {
    /// The effect of a breakage on the connection, if it has one.
    pub(super) fn of_breakage(breakage: Breakage) -> Option<Self> {
        match breakage {
            Breakage::Reset | Breakage::Lost => Some(Self::Reset),
            Breakage::Torn => Some(Self::Torn),
            Breakage::Cut => Some(Self::Cut),
            Breakage::Status(_) | Breakage::TooMany(_) | Breakage::Garbage | Breakage::Html => None,
        }
    }
}

/// The answerer's word to the socket that the answer on its way is to break.
#[derive(Debug, Default)]
pub(super) struct Severing(Mutex<Option<(Severance, usize)>>);

impl Severing {
    /// Breaks the connection at the next answer, whose body has so many bytes.
    pub(super) fn begin(&self, severance: Severance, body: usize) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((severance, body));
    }

    fn current(&self) -> Option<(Severance, usize)> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A client's socket.
pub(super) struct BreakableSocket {
    stream: TcpStream,
    severing: Arc<Severing>,
    /// The part of an answer that is to break that was written so far.
    held: Vec<u8>,
    /// The number of its bytes that have gone out.
    out: usize,
    patience: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl BreakableSocket {
    /// The socket of a connection; a client that takes nothing for so long is dropped.
    pub(super) fn new(stream: TcpStream, severing: Arc<Severing>, patience: Duration) -> Self {
        Self { stream, severing, held: Vec::new(), out: 0, patience, stalled: None }
    }

    fn reset(&self) -> Error {
        // Where the option is missing the client sees a plain close, which is broken enough.
        let _ = self.stream.set_zero_linger();
        ErrorKind::ConnectionReset.into()
    }

    /// Sends what the severance lets through once the answer is there; then the connection ends.
    fn poll_sever(&mut self, context: &mut Context<'_>, severance: Severance, body: usize) -> Poll<Error> {
        if severance == Severance::Reset {
            return Poll::Ready(self.reset());
        }
        let whole = self.held.len();
        let end = if body == 0 { whole / 2 } else { whole - body + body / 2 };
        while let Some(rest) = self.held.get(self.out..end).filter(|rest| !rest.is_empty()) {
            match ready!(Pin::new(&mut self.stream).poll_write(context, rest)) {
                Ok(0) => return Poll::Ready(ErrorKind::WriteZero.into()),
                Ok(more) => self.out += more,
                Err(error) => return Poll::Ready(error),
            }
        }
        if severance == Severance::Torn {
            return Poll::Ready(self.reset());
        }
        let closed = ready!(Pin::new(&mut self.stream).poll_shutdown(context));
        Poll::Ready(closed.err().unwrap_or_else(|| ErrorKind::ConnectionAborted.into()))
    }

    /// Returns true once all of the answer has been written: its head, and so many bytes of body.
    fn is_whole(&self, body: usize) -> bool {
        let head = self.held.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4);
        head.is_some_and(|head| self.held.len() >= head + body)
    }
}

impl AsyncRead for BreakableSocket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for BreakableSocket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize, Error>> {
        let socket = self.get_mut();
        if socket.severing.current().is_some() {
            socket.held.extend_from_slice(bytes);
            return Poll::Ready(Ok(bytes.len()));
        }
        if let Poll::Ready(written) = Pin::new(&mut socket.stream).poll_write(context, bytes) {
            socket.stalled = None;
            return Poll::Ready(written);
        }
        let patience = socket.patience;
        let stalled = socket.stalled.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let socket = self.get_mut();
        match socket.severing.current() {
            Some((severance, body)) if socket.is_whole(body) => {
                Poll::Ready(Err(ready!(socket.poll_sever(context, severance, body))))
            }
            _ => Pin::new(&mut socket.stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
