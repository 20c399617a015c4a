//! Between this program's requests and answers and those of hyper.

use crate::http::exchange::{Headers, Request, Response};
use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::uri::PathAndQuery;
use http::{HeaderName, HeaderValue, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;

/// The characters that no field can have in it.
const BREAKS: [char; 3] = ['\r', '\n', '\0'];

/// The reason to turn a request away before the answerer sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct RequestRefusal {
    /// The status that the client gets.
    pub(super) status: u16,
    /// The mistake in the request, as one sentence for the client.
    pub(super) reason: &'static str,
}

impl RequestRefusal {
    /// The answer that says so; the connection ends with it.
    pub(super) fn response(self) -> http::Response<Full<Bytes>> {
        let mut response = http::Response::new(Full::from(format!("{}\n", self.reason)));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(http::header::CONTENT_TYPE, plain);
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        response
    }
}

/// Takes a request as the answerer sees it, and its body where it has one; an empty body is not a missing one.
pub(super) fn receive(request: http::Request<Incoming>) -> (Request, Option<Incoming>) {
    let (parts, body) = request.into_parts();
    let field = |(name, value): (&HeaderName, &HeaderValue)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let headers = Headers(parts.headers.iter().map(field).collect());
    let framed = parts.headers.contains_key(CONTENT_LENGTH) || parts.headers.contains_key(TRANSFER_ENCODING);
    let url = parts.uri.path_and_query().map_or("/", PathAndQuery::as_str).to_owned();
    let request = Request { method: parts.method.as_str().to_owned(), url, headers, body: None };
    (request, framed.then_some(body))
}

/// Turns an answer into one of hyper's; what describes the connection is hyper's own to write, but that it closes.
pub(super) fn send(response: Response) -> http::Response<Full<Bytes>> {
    let closes = closes(&response);
    let mut sent = http::Response::new(Full::new(response.body));
    *sent.status_mut() = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in response.headers.0 {
        if is_of_connection(&name) {
            continue;
        }
        if let (Ok(name), Some(value)) = (HeaderName::try_from(name), header_value(value)) {
            sent.headers_mut().append(name, value);
        }
    }
    if closes {
        sent.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    sent
}

/// A field's value; a line break that came in by an echoed value must not begin another field.
fn header_value(value: String) -> Option<HeaderValue> {
    if value.contains(BREAKS) {
        return HeaderValue::try_from(value.replace(BREAKS, " ")).ok();
    }
    HeaderValue::try_from(value).ok()
}

/// Makes of an answer what the sender of a request with such a method reads: what would have been put on the wire.
pub(crate) fn deliver(mut response: Response, method: &str) -> Response {
    let closes = closes(&response);
    response.headers.0.retain(|(name, _)| !is_of_connection(name));
    for (name, value) in &mut response.headers.0 {
        name.make_ascii_lowercase();
        if value.contains(BREAKS) {
            *value = value.replace(BREAKS, " ");
        }
    }
    let body = body_length(&response, method);
    if !is_bodiless(response.status) {
        response.headers.set(CONTENT_LENGTH.as_str(), response.body.len().to_string());
    }
    if closes {
        response.headers.set(CONNECTION.as_str(), "close");
    }
    if body == 0 {
        response.body = Bytes::new();
    }
    response
}

/// Returns true where the connection ends with an answer.
fn closes(response: &Response) -> bool {
    response.headers.get(CONNECTION.as_str()).is_some_and(|word| word.eq_ignore_ascii_case("close"))
}

/// The number of bytes of an answer's body that go out.
pub(super) fn body_length(response: &Response, method: &str) -> usize {
    if is_bodiless(response.status) || method == "HEAD" { 0 } else { response.body.len() }
}

/// Returns true where HTTP allows an answer of this status no body.
fn is_bodiless(status: u16) -> bool {
    matches!(status, 100..=199 | 204 | 304)
}

/// Returns true for a field that describes the connection, which only the server knows.
fn is_of_connection(name: &str) -> bool {
    [CONTENT_LENGTH, CONNECTION, TRANSFER_ENCODING].iter().any(|known| name.eq_ignore_ascii_case(known.as_str()))
}
