//! An answer as bytes.

use std::io::Write as _;

use crate::exchange::Response;

/// What the connection adds to an answer.
#[derive(Debug, Clone, Copy)]
pub(in crate::mock) struct Delivery {
    /// The request was a HEAD, so that the body stays behind.
    pub(in crate::mock) head_only: bool,
    /// What is to be said of the connection, if anything.
    pub(in crate::mock) connection: Option<&'static str>,
}

/// Appends an answer to the output and tells how many bytes of it are body.
pub(in crate::mock) fn write(response: &Response, delivery: Delivery, output: &mut Vec<u8>) -> usize {
    let Response { status, headers, body } = response;
    let reason = http::StatusCode::from_u16(*status).ok().and_then(|status| status.canonical_reason());
    // Writing into a vector cannot fail.
    let _ = write!(output, "HTTP/1.1 {status:03} {}\r\n", reason.unwrap_or_default());
    for (name, value) in headers.iter().filter(|(name, _)| !is_ours(name)) {
        push_field(name, value, output);
    }
    if let Some(word) = delivery.connection {
        push_field("connection", word, output);
    }
    let bodiless = matches!(status, 100..=199 | 204 | 304);
    if !bodiless {
        let _ = write!(output, "content-length: {}\r\n", body.len());
    }
    output.extend_from_slice(b"\r\n");
    if bodiless || delivery.head_only {
        return 0;
    }
    output.extend_from_slice(body);
    body.len()
}

/// Whether a field describes the connection, which only the server knows.
fn is_ours(name: &str) -> bool {
    ["content-length", "connection", "transfer-encoding"].iter().any(|ours| name.eq_ignore_ascii_case(ours))
}

fn push_field(name: &str, value: &str, output: &mut Vec<u8>) {
    push_text(name, output);
    output.extend_from_slice(b": ");
    push_text(value, output);
    output.extend_from_slice(b"\r\n");
}

/// A line break that came in by an echoed value must not begin another field.
fn push_text(text: &str, output: &mut Vec<u8>) {
    let begin = output.len();
    output.extend_from_slice(text.as_bytes());
    for byte in output.iter_mut().skip(begin).filter(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
        *byte = b' ';
    }
}
