//! The server under the stand-ins: framing, reuse, counting, many at once, the end.

use std::thread;

use crate::servers::http::{Answer, Received, Server};
use crate::servers::raw::Raw;

fn echo(request: &Received) -> Answer {
    Answer::new(200, "text/plain", request.body.clone())
}

#[test]
fn a_connection_is_used_again_and_both_are_counted() {
    let server = Server::start(echo);
    let mut raw = Raw::connect(server.origin());
    for _ in 0..3 {
        assert_eq!(raw.ask("POST", "/a?b=c", &[("X-One", " two ")], "{}").body, b"{}");
    }
    assert_eq!((server.connections(), server.requests()), (1, 3));
    let last = server.received().pop().unwrap();
    assert_eq!((last.method.as_str(), last.path.as_str(), last.query.as_str()), ("POST", "/a", "b=c"));
    assert_eq!((last.header("x-ONE"), last.query_value("b")), (Some("two"), Some("c")));
}

#[test]
fn a_chunked_body_arrives_whole() {
    let server = Server::start(echo);
    let mut raw = Raw::connect(server.origin());
    raw.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    raw.send(b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n");
    assert_eq!(raw.read().body, b"abcde");
    raw.send(b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    assert_eq!(raw.read().status, 100);
    raw.send(b"ok");
    assert_eq!(raw.read().body, b"ok");
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let server = Server::start(|request| Answer::new(200, "text/plain", request.path.clone()));
    let mut raw = Raw::connect(server.origin());
    raw.send(b"GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\nConnection: close\r\n\r\n");
    assert_eq!(raw.read().body, b"/1");
    assert_eq!(raw.read().body, b"/2");
    assert!(raw.is_closed());
}

#[test]
fn what_is_no_http_is_refused_and_does_no_harm() {
    let server = Server::start(echo);
    let wrong: [(&[u8], u16); 6] = [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400),
    ];
    for (bytes, status) in wrong {
        let mut raw = Raw::connect(server.origin());
        raw.send(bytes);
        assert_eq!(raw.read().status, status, "{}", String::from_utf8_lossy(bytes));
        assert!(raw.is_closed());
    }
    assert_eq!(server.requests(), 0);
    assert_eq!(Raw::connect(server.origin()).ask("GET", "/", &[], "").status, 200);
}

#[test]
fn many_connections_are_answered_at_once() {
    let server = Server::start(echo);
    thread::scope(|scope| {
        for number in 0..64 {
            let origin = server.origin();
            scope.spawn(move || {
                let mut raw = Raw::connect(origin);
                for round in 0..20 {
                    let body = format!("{number} {round}");
                    assert_eq!(raw.ask("POST", "/", &[], &body).body, body.as_bytes());
                }
            });
        }
    });
    assert_eq!((server.connections(), server.requests()), (64, 64 * 20));
}

#[test]
fn a_handler_that_panics_harms_only_its_own_client() {
    let server = Server::start(|request| {
        assert_ne!(request.path, "/panic");
        echo(request)
    });
    let mut raw = Raw::connect(server.origin());
    raw.send(b"GET /panic HTTP/1.1\r\n\r\n");
    assert!(raw.is_closed());
    assert_eq!(Raw::connect(server.origin()).ask("GET", "/", &[], "").status, 200);
}

#[test]
fn dropping_the_server_closes_what_is_open() {
    let server = Server::start(echo);
    let mut raw = Raw::connect(server.origin());
    assert_eq!(raw.ask("GET", "/", &[], "").status, 200);
    drop(server);
    assert!(raw.is_closed());
}
