//! What is read of an answer that comes whole: its bytes within the bounds, its fields as text.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use flate2::Compression;
use flate2::write::GzEncoder;
use proviso::http::exchange::{FailureKind, Request};
use proviso::http::send::{Connection, Sender, Settings};

use crate::server::{Server, answer, json};
use crate::{get, kind, post, send, send_with};

const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn bounded(max_body: usize, max_decoded: usize) -> Settings {
    Settings { max_body, max_decoded, ..Settings::default() }
}

#[test]
fn an_answer_comes_back_whole() {
    let server = Server::saying(json(404, "{\"code\":\"not_found\"}"));
    let answer = send(&get(&server.url("/links/x"))).unwrap();
    assert_eq!(answer.status, 404);
    assert_eq!(answer.headers.get("Content-Type"), Some("application/json"));
    assert_eq!(&*answer.body, b"{\"code\":\"not_found\"}");
}

#[test]
fn a_body_in_many_pieces_is_put_together() {
    let pieces: Vec<String> = (0..2000).map(|number| format!("{number:05}")).collect();
    let wanted = pieces.concat();
    let server = Server::each(move |peer| {
        peer.request();
        peer.write(CHUNKED);
        for piece in &pieces {
            peer.write(format!("5\r\n{piece}\r\n").as_bytes());
        }
        peer.write(b"0\r\n\r\n");
    });
    assert_eq!(send(&get(&server.url("/"))).unwrap().body, wanted);
}

#[test]
fn a_body_without_a_length_ends_with_its_connection() {
    let server = Server::each(|peer| {
        peer.request();
        peer.write(b"HTTP/1.1 200 OK\r\n\r\nall");
    });
    assert_eq!(send(&get(&server.url("/"))).unwrap().body, "all");
}

#[test]
fn a_head_request_has_no_body_whatever_length_is_told() {
    let server = Server::saying("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99999999999\r\n\r\n");
    let request = Request { method: "HEAD".to_owned(), ..get(&server.url("/")) };
    assert_eq!(send(&request).unwrap().body, "");
}

#[test]
fn the_bound_of_bytes_holds_to_the_byte() {
    let whole = Server::saying(json(200, "0123456789"));
    let pieces = Server::saying([CHUNKED, b"5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n"].concat());
    let piece = Server::saying([CHUNKED, b"a\r\n0123456789\r\n0\r\n\r\n"].concat());
    for server in [whole, pieces, piece] {
        assert_eq!(send_with(&bounded(10, 10), &get(&server.url("/"))).unwrap().body, "0123456789");
        assert_eq!(kind(send_with(&bounded(9, 10), &get(&server.url("/")))), FailureKind::TooLarge);
    }
}

#[test]
fn a_length_past_the_bound_is_not_waited_for() {
    let server = Server::each(|peer| {
        peer.request();
        peer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n");
        peer.hold();
    });
    assert_eq!(kind(send(&get(&server.url("/")))), FailureKind::TooLarge);
}

#[test]
fn a_body_without_end_is_cut_at_the_bound() {
    let written = Arc::new(AtomicUsize::new(0));
    let (counted, (done, ended)) = (Arc::clone(&written), std::sync::mpsc::channel());
    let server = Server::each(move |peer| {
        peer.request();
        peer.write(CHUNKED);
        let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
        while peer.write(chunk.as_bytes()) {
            counted.fetch_add(chunk.len(), Ordering::SeqCst);
        }
        done.send(()).unwrap();
    });
    assert_eq!(kind(send_with(&bounded(1 << 20, 1 << 20), &get(&server.url("/")))), FailureKind::TooLarge);
    ended.recv().unwrap();
    // What the bound lets through, and what the two sockets hold between them.
    assert!(written.load(Ordering::SeqCst) < 32 << 20, "{written:?}");
}

#[test]
fn many_large_bodies_at_once_all_come() {
    let body = "x".repeat(600 << 10);
    let server = Server::saying(json(200, &body));
    let sender = Sender::new(&Settings::default()).unwrap();
    let request = get(&server.url("/"));
    let answers =
        crate::block_on(futures_util::future::join_all((0..20).map(|_| sender.send(&request, Connection::Kept))));
    assert!(answers.into_iter().all(|answer| answer.unwrap().body == body));
}

#[test]
fn an_answer_that_comes_compressed_unasked_is_unfolded() {
    let server = Server::saying(answer(200, "Content-Encoding: gzip\r\n", &gzip(b"{\"a\":1}")));
    let answer = send(&get(&server.url("/"))).unwrap();
    assert_eq!(answer.body, "{\"a\":1}");
    assert_eq!(answer.headers.get("content-encoding"), None);
    assert!(!server.requests()[0].to_ascii_lowercase().contains("accept-encoding"));
}

#[test]
fn a_small_body_that_unfolds_past_the_bound_is_too_large() {
    let bomb = gzip(&vec![0; 64 << 20]);
    assert!(bomb.len() < 100_000);
    let server = Server::saying(answer(200, "Content-Encoding: gzip\r\n", &bomb));
    assert_eq!(kind(send(&get(&server.url("/")))), FailureKind::TooLarge);
}

#[test]
fn a_body_that_is_not_compressed_as_it_says_is_kept() {
    let server = Server::saying(answer(200, "Content-Encoding: gzip\r\n", b"{\"a\":1}"));
    assert_eq!(send(&get(&server.url("/"))).unwrap().body, "{\"a\":1}");
}

#[test]
fn fields_keep_their_order_and_their_repetitions_and_lose_what_is_no_text() {
    let head = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX-Bytes: \xff!\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n";
    let server = Server::saying(*head);
    let answer = send(&get(&server.url("/"))).unwrap();
    assert_eq!(answer.headers.all("set-cookie").collect::<Vec<_>>(), ["a=1", "b=2"]);
    assert_eq!(answer.headers.get("x-bytes"), Some("\u{fffd}!"));
}

#[test]
fn a_request_goes_out_as_it_is_written() {
    let server = Server::saying(json(200, "{}"));
    let mut request = post(&server.url("/links?a=%20b&a=c"), b"{\"title\":\"\xc3\xa9\"}");
    request.headers.0.push(("X-Two".to_owned(), "1".to_owned()));
    request.headers.0.push(("X-Two".to_owned(), "2".to_owned()));
    send(&request).unwrap();
    let seen = server.requests().remove(0);
    let (head, body) = seen.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /links?a=%20b&a=c HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("authorization: Basic c2tleV90ZXN0Og==\r\n"), "{head}");
    assert!(head.contains("x-two: 1\r\nx-two: 2"), "{head}");
    assert!(head.contains(concat!("user-agent: proviso/", env!("CARGO_PKG_VERSION"))), "{head}");
    assert!(head.contains("content-length: 14"), "{head}");
    assert!(!head.contains("content-type"), "{head}");
    assert_eq!(body, "{\"title\":\"é\"}");
}

#[test]
fn no_body_and_an_empty_one_are_told_apart() {
    let server = Server::saying(json(200, "{}"));
    let without = Request { method: "DELETE".to_owned(), ..get(&server.url("/")) };
    let empty = Request { method: "DELETE".to_owned(), ..post(&server.url("/"), b"") };
    let awaited = Request { body: None, ..post(&server.url("/"), b"") };
    for request in [&without, &empty, &awaited] {
        send(request).unwrap();
    }
    let has_length = |seen: &String| seen.contains("content-length: 0\r\n");
    assert_eq!(server.requests().iter().map(has_length).collect::<Vec<_>>(), [false, true, true]);
}
