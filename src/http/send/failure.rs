//! Tells the ways apart in which an exchange breaks, from the phase it broke in and the causes beneath the client's error.

use std::error::Error;
use std::io;
use std::iter::successors;

use crate::http::exchange::{Failure, FailureKind};
use crate::http::send::names::Unresolved;

/// The phase in which an exchange broke; the client's own flags do not show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// No whole head of an answer had come.
    Head,
    /// The head was whole, its body not.
    Body,
}

type Cause<'a> = &'a (dyn Error + 'static);

/// The failure behind a client's error.
pub(super) fn classify(error: &reqwest::Error, phase: Phase, secure: bool) -> Failure {
    let kind = if error.is_connect() {
        in_connecting(error, secure)
    } else if error.is_timeout() {
        FailureKind::Timeout
    } else if error.is_builder() {
        FailureKind::Unsendable
    } else if phase == Phase::Body {
        FailureKind::Truncated
    } else {
        causes(error).find_map(in_head).unwrap_or(FailureKind::Closed)
    };
    Failure { kind, detail: innermost(error) }
}

/// The innermost cause's words: the outer ones repeat the URL, which may hold credentials.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    causes(error).last().map_or_else(String::new, ToString::to_string)
}

/// The error and all beneath it; an I/O error hides what it wraps from `source`.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = Cause<'_>> {
    successors(Some(error as Cause<'_>), |cause| beneath(*cause))
}

fn beneath(cause: Cause<'_>) -> Option<Cause<'_>> {
    match cause.downcast_ref::<io::Error>() {
        Some(wrapper) => wrapper.get_ref().map(|inner| inner as Cause<'_>),
        None => cause.source(),
    }
}

fn in_connecting(error: &reqwest::Error, secure: bool) -> FailureKind {
    let known = |cause: Cause<'_>| {
        if cause.is::<Unresolved>() {
            Some(FailureKind::Dns)
        } else if cause.is::<rustls::Error>() || (secure && cause.downcast_ref().is_some_and(broke_off)) {
            Some(FailureKind::Tls)
        } else {
            None
        }
    };
    causes(error).find_map(known).unwrap_or(FailureKind::Connect)
}

/// An accepted connection that ended while the secure one was agreed on.
fn broke_off(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, InvalidData, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | InvalidData | UnexpectedEof)
}

fn in_head(cause: Cause<'_>) -> Option<FailureKind> {
    if let Some(rustls::Error::AlertReceived(_)) = cause.downcast_ref() {
        return Some(FailureKind::Tls);
    }
    let error = cause.downcast_ref::<hyper::Error>()?;
    let words = error.to_string();
    if words.starts_with(TOO_LARGE) {
        Some(FailureKind::TooLarge)
    } else if error.is_parse() || words.starts_with(UNASKED) {
        Some(FailureKind::NotHttp)
    } else if error.is_user() {
        Some(FailureKind::Unsendable)
    } else {
        None
    }
}

// For these two a client has hyper's words, but no question to ask: a head past its bounds, and bytes before any request.
const TOO_LARGE: &str = "message head is too large";
const UNASKED: &str = "received unexpected message";
