//! What the pure half of the server promises about bytes, however they come.

use bytes::BytesMut;
use proptest::prelude::*;

use super::{Chunks, Delivery, Framing, Head, HeadReader, MAX_BODY, MAX_HEAD, write};
use crate::exchange::{Headers, Request, Response};

fn read(text: &str) -> Result<(Head, Request), u16> {
    let (mut input, mut request) = (BytesMut::from(text), Request::default());
    match HeadReader::default().read(&mut input, &mut request) {
        Ok(head) => Ok((head.expect("the head is whole"), request)),
        Err(refusal) => Err(refusal.status),
    }
}

fn target(text: &str) -> Result<String, u16> {
    read(&format!("GET {text} HTTP/1.1\r\n\r\n")).map(|(_, request)| request.url)
}

fn framing(fields: &str) -> Result<Framing, u16> {
    read(&format!("POST / HTTP/1.1\r\n{fields}\r\n\r\n")).map(|(head, _)| head.framing)
}

fn persistent(version: &str, fields: &str) -> bool {
    read(&format!("GET / HTTP/{version}\r\n{fields}\r\n")).expect("the head is whole").0.persistent
}

#[test]
fn method_target_and_fields_are_read_as_written() {
    let (head, request) = read("DELETE /links/1?a=b%20c HTTP/1.1\r\nHost: x\r\nX-Key:  v \r\nx-key:\r\n\r\n").unwrap();
    assert_eq!((request.method.as_str(), request.url.as_str()), ("DELETE", "/links/1?a=b%20c"));
    let fields: Vec<_> = request.headers.iter().collect();
    assert_eq!(fields, [("Host", "x"), ("X-Key", "v"), ("x-key", "")]);
    assert_eq!(head, Head { framing: Framing::Absent, persistent: true, old: false, expects_continue: false });
}

#[test]
fn nothing_of_the_former_request_is_left_in_the_next() {
    let mut input = BytesMut::from("POST /long?query=1 HTTP/1.1\r\na: 1\r\nb: 2\r\n\r\nGET / HTTP/1.1\r\nc: 3\r\n\r\n");
    let (mut request, mut heads) = (Request::default(), HeadReader::default());
    heads.read(&mut input, &mut request).unwrap().unwrap();
    request.body = Some("left".into());
    heads.read(&mut input, &mut request).unwrap().unwrap();
    assert_eq!((request.method.as_str(), request.url.as_str(), &request.body), ("GET", "/", &None));
    assert_eq!(request.headers, Headers(vec![("c".to_owned(), "3".to_owned())]));
    assert!(input.is_empty());
}

#[test]
fn a_whole_url_as_the_target_is_its_path_and_query() {
    assert_eq!(target("http://host:80/a/b?c"), Ok("/a/b?c".to_owned()));
    assert_eq!(target("HTTPS://host"), Ok("/".to_owned()));
    assert_eq!(target("http://host?c=/d"), Ok("/?c=/d".to_owned()));
    assert_eq!(target("/a?b=http://c/d"), Ok("/a?b=http://c/d".to_owned()));
    assert_eq!(target("*"), Ok("*".to_owned()));
}

#[test]
fn a_target_that_is_no_path_is_refused() {
    assert_eq!(target("a/b"), Err(400));
    assert_eq!(target("ftp://host/a"), Err(400));
}

#[test]
fn a_body_is_framed_by_one_length_or_by_chunks() {
    assert_eq!(framing("Content-Length: 12"), Ok(Framing::Length(12)));
    assert_eq!(framing("content-length: 12\r\nCONTENT-LENGTH: 12"), Ok(Framing::Length(12)));
    assert_eq!(framing("transfer-encoding: Chunked"), Ok(Framing::Chunked));
    assert_eq!(framing(&format!("content-length: {MAX_BODY}")), Ok(Framing::Length(MAX_BODY)));
}

#[test]
fn a_framing_that_two_readers_could_read_differently_is_refused() {
    assert_eq!(framing("content-length: 1\r\ncontent-length: 2"), Err(400));
    assert_eq!(framing("content-length: 1\r\ntransfer-encoding: chunked"), Err(400));
    assert_eq!(framing("transfer-encoding: chunked\r\ntransfer-encoding: chunked"), Err(400));
    for length in ["+1", "-1", "1, 1", "0x1", "", "1 2"] {
        assert_eq!(framing(&format!("content-length: {length}")), Err(400), "{length}");
    }
    assert_eq!(framing("content-length : 1"), Err(400));
    assert_eq!(framing("transfer-encoding: gzip, chunked"), Err(501));
}

#[test]
fn what_is_too_long_is_refused_before_it_is_read() {
    assert_eq!(framing(&format!("content-length: {}", MAX_BODY + 1)), Err(413));
    assert_eq!(framing("content-length: 99999999999999999999999999"), Err(413));
    assert_eq!(read(&format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(MAX_HEAD))).unwrap_err(), 431);
    assert_eq!(read(&format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(101))).unwrap_err(), 431);
    let endless = read(&"a".repeat(MAX_HEAD + 1));
    assert_eq!(endless.unwrap_err(), 431);
}

#[test]
fn a_connection_persists_as_its_version_and_fields_say() {
    assert!(persistent("1.1", ""));
    assert!(!persistent("1.1", "Connection: Close\r\n"));
    assert!(!persistent("1.1", "connection: keep-alive, close\r\n"));
    assert!(!persistent("1.0", ""));
    assert!(persistent("1.0", "connection: Keep-Alive\r\n"));
}

#[test]
fn other_versions_and_expectations_are_refused() {
    assert_eq!(read("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").unwrap_err(), 505);
    assert_eq!(read("POST / HTTP/1.1\r\nexpect: gold\r\n\r\n").unwrap_err(), 417);
    assert!(read("POST / HTTP/1.1\r\nExpect: 100-Continue\r\n\r\n").unwrap().0.expects_continue);
    assert!(!read("POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n").unwrap().0.expects_continue);
}

fn join(bytes: &[u8]) -> Result<Option<Vec<u8>>, u16> {
    let mut chunks = Chunks::new();
    match chunks.read(&mut BytesMut::from(bytes)) {
        Ok(whole) => Ok(whole.then(|| chunks.into_body())),
        Err(refusal) => Err(refusal.status),
    }
}

#[test]
fn chunks_are_joined_and_their_extensions_and_trailers_dropped() {
    assert_eq!(join(b"3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nt: u\r\n\r\n"), Ok(Some(b"abc0123456789".to_vec())));
    assert_eq!(join(b"0\r\n\r\n"), Ok(Some(Vec::new())));
    assert_eq!(join(b"3\r\nabc\r\n0\r\n"), Ok(None));
}

#[test]
fn broken_or_endless_chunks_are_refused() {
    for bytes in [&b"x\r\n"[..], b"\r\n", b"-1\r\n", b"+1\r\n", b"3\r\nabcd\r\n", b"3\r\nab\r\n0\r\n\r\n"] {
        assert_eq!(join(bytes), Err(400), "{}", bytes.escape_ascii());
    }
    assert_eq!(join(b"100001\r\n"), Err(413));
    assert_eq!(join(b"ffffffffffffffffffffffff\r\n"), Err(413));
    assert_eq!(join(&[b'1'; 5000]), Err(400));
    let trailers = [&b"0\r\n"[..], &b"t: 0123456789\r\n".repeat(MAX_BODY)].concat();
    assert_eq!(join(&trailers), Err(413));
}

fn written(response: &Response, head_only: bool) -> String {
    let mut output = Vec::new();
    write(response, Delivery { head_only, connection: None }, &mut output);
    String::from_utf8(output).expect("the answer is text")
}

fn response(status: u16, fields: &[(&str, &str)], body: &'static str) -> Response {
    let headers = Headers(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect());
    Response { status, headers, body: body.into() }
}

#[test]
fn an_answer_has_one_length_whatever_the_answerer_claims() {
    let claimed = response(200, &[("Content-Length", "99"), ("Transfer-Encoding", "chunked"), ("X-A", "b")], "abc");
    assert_eq!(written(&claimed, false), "HTTP/1.1 200 OK\r\nX-A: b\r\ncontent-length: 3\r\n\r\nabc");
    assert_eq!(written(&claimed, true), "HTTP/1.1 200 OK\r\nX-A: b\r\ncontent-length: 3\r\n\r\n");
}

#[test]
fn an_answer_without_content_has_neither_body_nor_length() {
    assert_eq!(written(&response(204, &[], "abc"), false), "HTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!(written(&response(304, &[], "abc"), false), "HTTP/1.1 304 Not Modified\r\n\r\n");
}

#[test]
fn a_line_break_in_a_value_begins_no_field() {
    let split = response(299, &[("x-a", "b\r\nset-cookie: c\0")], "");
    assert_eq!(written(&split, false), "HTTP/1.1 299 \r\nx-a: b  set-cookie: c \r\ncontent-length: 0\r\n\r\n");
}

/// A request as it might come, and bytes that might come in its place.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        "GET ",
        "POST ",
        "/",
        "http://h/",
        " HTTP/1.1",
        " HTTP/1.0",
        "\r\n",
        "\n",
        "\r",
        "a: b",
        "content-length: 3",
        "content-length: 18446744073709551616",
        "transfer-encoding: chunked",
        "expect: 100-continue",
        "3\r\nabc\r\n",
        "0\r\n\r\n",
        ":",
        " ",
        "\0",
        "é",
        "\u{7f}",
        "connection: close",
        ";",
        "ffffffffffffffff",
    ]);
    let built = prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat().into_bytes());
    prop_oneof![prop::collection::vec(any::<u8>(), 0..256), built, mutated()]
}

/// A good request with some of its bytes replaced.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let good = b"POST /links?a=b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nabc";
    let edits = prop::collection::vec((0..good.len(), any::<u8>()), 0..4);
    edits.prop_map(move |edits| {
        let mut bytes = good.to_vec();
        for (at, byte) in edits {
            bytes[at] = byte;
        }
        bytes
    })
}

/// All that the reader says about some bytes that come in pieces of one size.
fn read_in_pieces(bytes: &[u8], size: usize) -> (Vec<Request>, Option<u16>) {
    let (mut input, mut request, mut heads) = (BytesMut::new(), Request::default(), HeadReader::default());
    let mut read = Vec::new();
    for piece in bytes.chunks(size) {
        input.extend_from_slice(piece);
        loop {
            match heads.read(&mut input, &mut request) {
                Ok(Some(_)) => read.push(request.clone()),
                Ok(None) => break,
                Err(refusal) => return (read, Some(refusal.status)),
            }
        }
    }
    (read, None)
}

proptest! {
    #[test]
    fn any_bytes_are_read_the_same_in_whatever_pieces_they_come(bytes in bytes(), size in 1_usize..8) {
        let (requests, refused) = read_in_pieces(&bytes, size);
        prop_assert_eq!((requests, refused), read_in_pieces(&bytes, bytes.len().max(1)));
    }

    #[test]
    fn every_request_of_many_is_read_in_whatever_pieces_they_come(count in 1_usize..4, length in 1_usize..40, size in 1_usize..80) {
        let urls: Vec<String> = (0..count).map(|n| format!("/{}", "u".repeat(length / (n + 1)))).collect();
        let bytes = urls.iter().map(|url| format!("GET {url} HTTP/1.1\r\na: b\r\n\r\n")).collect::<Vec<_>>().concat();
        let (requests, refused) = read_in_pieces(bytes.as_bytes(), size);
        prop_assert_eq!(requests.into_iter().map(|request| request.url).collect::<Vec<_>>(), urls);
        prop_assert_eq!(refused, None);
    }

    #[test]
    fn any_chunks_end_in_a_body_within_the_bound_or_in_a_refusal(bytes in bytes(), size in 1_usize..8) {
        let (mut chunks, mut input) = (Chunks::new(), BytesMut::new());
        for piece in bytes.chunks(size) {
            input.extend_from_slice(piece);
            if !matches!(chunks.read(&mut input), Ok(false)) {
                break;
            }
        }
        prop_assert!(chunks.into_body().len() <= MAX_BODY);
    }

    #[test]
    fn a_body_that_is_cut_into_chunks_is_joined_again(body in prop::collection::vec(any::<u8>(), 0..300), size in 1_usize..64) {
        let mut sent = Vec::new();
        for chunk in body.chunks(size) {
            sent.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            sent.extend_from_slice(chunk);
            sent.extend_from_slice(b"\r\n");
        }
        sent.extend_from_slice(b"0\r\n\r\n");
        prop_assert_eq!(join(&sent), Ok(Some(body)));
    }

    #[test]
    fn any_fields_of_an_answer_are_read_back_as_one_head(name in "[a-z]{1,8}", value in any::<String>(), body in any::<String>()) {
        let mut output = Vec::new();
        let response = Response { status: 200, headers: Headers(vec![(name, value)]), body: body.clone().into() };
        let count = write(&response, Delivery { head_only: false, connection: None }, &mut output);
        prop_assert_eq!(count, body.len());
        let head = &output[..output.len() - count];
        prop_assert!(head.ends_with(b"\r\n\r\n"));
        prop_assert_eq!(head.windows(2).filter(|pair| pair == b"\r\n").count(), 4);
    }
}
