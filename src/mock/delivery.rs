//! Between this program's requests and answers and those of hyper.

use crate::http::exchange::{Headers, Request, Response};
use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderName, HeaderValue, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;

/// What no field can have in it.
const BREAKS: [char; 3] = ['\r', '\n', '\0'];

/// Why a request is turned away before the answerer sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refusal {
    /// The status that the client gets.
    pub(super) status: u16,
    /// What is wrong with the request, as one sentence for the client.
    pub(super) reason: &'static str,
}

impl Refusal {
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

/// A request as the answerer sees it, and its body where it has one; an empty body is not a missing one.
pub(super) fn received(request: http::Request<Incoming>) -> (Request, Option<Incoming>) {
    let (parts, body) = request.into_parts();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let framed = parts.headers.contains_key(CONTENT_LENGTH) || parts.headers.contains_key(TRANSFER_ENCODING);
    let url = parts.uri.path_and_query().map_or("/", |url| url.as_str()).to_owned();
    let request = Request { method: parts.method.as_str().to_owned(), url, headers: Headers(headers), body: None };
    (request, framed.then_some(body))
}

/// An answer as hyper sends it; what describes the connection is hyper's own to say, but that it closes.
pub(super) fn sent(response: Response) -> http::Response<Full<Bytes>> {
    let closes = closes(&response);
    let mut sent = http::Response::new(Full::new(response.body));
    *sent.status_mut() = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let fields = response.headers.iter().filter(|(name, _)| !is_of_connection(name));
    sent.headers_mut()
        .extend(fields.filter_map(|(name, value)| Some((HeaderName::try_from(name).ok()?, field(value)?))));
    if closes {
        sent.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    sent
}

/// A line break that came in by an echoed value must not begin another field.
fn field(value: &str) -> Option<HeaderValue> {
    HeaderValue::try_from(value).or_else(|_| HeaderValue::try_from(value.replace(BREAKS, " "))).ok()
}

/// An answer as it is read by the sender of a request with such a method: what would have been put on the wire.
pub(crate) fn delivered(mut response: Response, method: &str) -> Response {
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
        response.headers.0.push((CONTENT_LENGTH.as_str().to_owned(), response.body.len().to_string()));
    }
    if closes {
        response.headers.0.push((CONNECTION.as_str().to_owned(), "close".to_owned()));
    }
    if body == 0 {
        response.body = Bytes::new();
    }
    response
}

/// Whether the connection ends with an answer.
fn closes(response: &Response) -> bool {
    response.headers.get(CONNECTION.as_str()).is_some_and(|word| word.eq_ignore_ascii_case("close"))
}

/// How many bytes of an answer's body go out.
pub(super) fn body_length(response: &Response, method: &str) -> usize {
    if is_bodiless(response.status) || method == "HEAD" { 0 } else { response.body.len() }
}

/// Whether HTTP allows an answer of this status no body.
fn is_bodiless(status: u16) -> bool {
    matches!(status, 100..=199 | 204 | 304)
}

/// Whether a field describes the connection, which only the server knows.
fn is_of_connection(name: &str) -> bool {
    [CONTENT_LENGTH, CONNECTION, TRANSFER_ENCODING].iter().any(|known| name.eq_ignore_ascii_case(known.as_str()))
}
