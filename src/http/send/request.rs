//! Makes the client's request from ours, and refuses what would go out as something else than what was written.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use reqwest::Url;

use crate::http::exchange::{Failure, FailureKind, Request};

/// The client's form of a request. Only names are told of what cannot be sent, since values may be credentials.
pub(super) fn build(request: &Request) -> Result<reqwest::Request, Failure> {
    let method = Method::from_bytes(request.method.as_bytes()).ok().filter(|method| *method != Method::CONNECT);
    let method = method.ok_or_else(|| unsendable("the method is none that a request can have"))?;
    let headers = headers(request, &method)?;
    let mut built = reqwest::Request::new(method, url(&request.url)?);
    *built.headers_mut() = headers;
    *built.body_mut() = request.body.clone().map(Into::into);
    Ok(built)
}

/// A request that cannot go out.
pub(super) fn unsendable(detail: impl Into<String>) -> Failure {
    Failure { kind: FailureKind::Unsendable, detail: detail.into() }
}

/// The URL as it goes out, if it can.
pub(crate) fn sent_url(text: &str) -> Option<String> {
    url(text).ok().map(String::from)
}

/// The URL, if a client sends it as it is written.
fn url(text: &str) -> Result<Url, Failure> {
    if text.bytes().any(|byte| byte <= b' ' || byte == 0x7f || byte == b'\\') {
        return Err(unsendable("the URL holds a space, a backslash or a control character; percent-encode it"));
    }
    let url = Url::parse(text).map_err(|error| unsendable(format!("the URL cannot be read: {error}")))?;
    if !is_http(text) {
        return Err(unsendable("the URL is neither http://HOST nor https://HOST"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(unsendable("the URL holds a user or a password"));
    }
    if has_dot_segment(text) {
        return Err(unsendable("the path has a segment `.` or `..`, which every client takes out before it sends"));
    }
    Ok(url)
}

/// A client would take `http:host` and `http:///host` for `http://host`.
fn is_http(text: &str) -> bool {
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")) && !rest.starts_with('/')
}

fn has_dot_segment(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or(text);
    path.split('/').any(|segment| match segment.len() {
        1 => segment == ".",
        2 => segment == "..",
        3 => segment.eq_ignore_ascii_case("%2e"),
        4 => segment.eq_ignore_ascii_case(".%2e") || segment.eq_ignore_ascii_case("%2e."),
        6 => segment.eq_ignore_ascii_case("%2e%2e"),
        _ => false,
    })
}

fn headers(request: &Request, method: &Method) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::with_capacity(request.headers.0.len() + 3);
    for (name, value) in request.headers.iter() {
        let key =
            HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsendable(format!("`{name}` is no header's name")))?;
        let value = HeaderValue::from_bytes(value.as_bytes())
            .map_err(|_| unsendable(format!("the value of the header `{name}` holds a control character")))?;
        headers.append(key, value);
    }
    check_length(&headers, request)?;
    // Without a length a server may take such a body for one that is still to come.
    if request.body.as_ref().map_or(has_length(method.as_str()), Bytes::is_empty) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    Ok(headers)
}

/// Returns whether a request of this method that has no body has a length all the same: none.
pub(crate) fn has_length(method: &str) -> bool {
    matches!(method, "POST" | "PUT" | "PATCH")
}

/// A length that is not the body's would leave the server waiting, or make the rest of the body a request of its own.
fn check_length(headers: &HeaderMap, request: &Request) -> Result<(), Failure> {
    let length = request.body.as_ref().map_or(0, Bytes::len);
    let right = |value: &HeaderValue| value.to_str().is_ok_and(|text| text.parse() == Ok(length));
    if headers.contains_key(TRANSFER_ENCODING) {
        return Err(unsendable("the header `Transfer-Encoding` is the sender's own"));
    }
    if headers.get_all(CONTENT_LENGTH).iter().any(|value| !right(value))
        || headers.get_all(CONTENT_LENGTH).iter().count() > 1
    {
        return Err(unsendable("the header `Content-Length` is not the body's length"));
    }
    Ok(())
}
