//! An answer as bytes.

use std::io::Write as _;

use bytes::Bytes;

use crate::exchange::Response;

/// What cannot stand in a field.
const BREAKS: [char; 3] = ['\r', '\n', '\0'];

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
    let bodiless = is_bodiless(*status);
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

/// An answer as it is read by whoever sent a request of such a method: what [`write`] would have put on the wire.
pub fn delivered(mut response: Response, method: &str) -> Response {
    response.headers.0.retain(|(name, _)| !is_ours(name));
    for (name, value) in &mut response.headers.0 {
        name.make_ascii_lowercase();
        if value.contains(BREAKS) {
            *value = value.replace(BREAKS, " ");
        }
    }
    let bodiless = is_bodiless(response.status);
    if !bodiless {
        response.headers.0.push(("content-length".to_owned(), response.body.len().to_string()));
    }
    if bodiless || method == "HEAD" {
        response.body = Bytes::new();
    }
    response
}

/// Whether HTTP allows an answer of this status no body.
fn is_bodiless(status: u16) -> bool {
    matches!(status, 100..=199 | 204 | 304)
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
