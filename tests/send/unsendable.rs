//! A request that cannot go out as it is written is a failure of its own kind, and never a panic.

use bytes::Bytes;
use proptest::prelude::*;
use proviso::http::exchange::{FailureKind, Headers, Request};
use proviso::http::send::{Connection, Sender, Settings};

use crate::server::{Server, json};
use crate::{block_on, get, kind, post, send};

#[test]
fn a_url_that_would_go_out_as_another_is_refused() {
    let server = Server::saying(json(200, "{}"));
    let origin = server.url("");
    let whole = [
        "",
        "/links",
        "links",
        "http://",
        "http:///x",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://127.0.0.1:99999/",
    ];
    let paths = [
        "/a b",
        "/a\tb",
        "/a\nb",
        "/a\\b",
        "/links/..",
        "/links/../x",
        "/./x",
        "/links/%2e%2E",
        "/.%2e",
        "/x\u{7f}",
        "/a ",
    ];
    for url in whole.iter().map(ToString::to_string).chain(paths.iter().map(|path| format!("{origin}{path}"))) {
        assert_eq!(kind(send(&get(&url))), FailureKind::Unsendable, "{url:?}");
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_url_with_dots_and_escapes_that_stay_is_sent() {
    let server = Server::saying(json(200, "{}"));
    for path in ["/", "/links/", "//x", "/a..b", "/...", "/a%2Fb", "/%2e%2e%2e", "/x?next=/../y", "/a%20b?c=%ff"] {
        send(&get(&server.url(path))).unwrap();
        let seen = server.requests().pop().unwrap();
        assert!(seen.starts_with(&format!("GET {path} HTTP/1.1\r\n")), "{seen}");
    }
}

#[test]
fn a_user_in_the_url_is_refused_and_not_told() {
    let failure = send(&get("http://me:hidden@127.0.0.1:1/")).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unsendable);
    assert!(!failure.detail.contains("hidden"), "{}", failure.detail);
}

#[test]
fn a_method_that_is_none_is_refused() {
    for method in ["", "GET /", "G\nET", "CONNECT"] {
        let request = Request { method: method.to_owned(), ..get("http://127.0.0.1:1/") };
        assert_eq!(kind(send(&request)), FailureKind::Unsendable, "{method:?}");
    }
}

#[test]
fn a_header_that_cannot_be_sent_is_named_and_its_value_is_not() {
    for (name, value) in [
        ("", "hidden"),
        ("a b", "hidden"),
        ("X-Key", "hidden\r\nX-More: 1"),
        ("X-Key", "hidden\u{0}"),
        ("Content-Length", "77"),
        ("Content-Length", "hidden"),
        ("Transfer-Encoding", "chunked"),
    ] {
        let mut request = post("http://127.0.0.1:1/", b"{}");
        request.headers.set(name, value);
        let failure = send(&request).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Unsendable, "{name:?}");
        assert!(failure.detail.contains(name) && !failure.detail.contains("hidden"), "{}", failure.detail);
    }
}

#[test]
fn a_length_that_is_right_may_be_written() {
    let server = Server::saying(json(200, "{}"));
    let mut request = post(&server.url("/"), b"{}");
    request.headers.set("Content-Length", "2");
    assert_eq!(send(&request).unwrap().status, 200);
}

proptest! {
    #[test]
    fn whatever_is_written_ends_without_a_panic(
        method in "\\PC{0,6}|GET|POST",
        url in "\\PC{0,20}|http://[a-z0-9.:%@\\[\\]-]{0,12}/\\PC{0,12}|http://a.invalid[/?#a-z0-9%.\u{e9}]{0,12}",
        headers in prop::collection::vec(("[a-zA-Z-]{0,10}|\\PC{0,4}|Host|Connection|Expect|Upgrade|TE", "[\\PC\u{0}-\u{1f}]{0,8}"), 0..4),
        body in prop::option::of(prop::collection::vec(any::<u8>(), 0..8)),
    ) {
        // No name is asked about and no address is connected to but a closed port of this machine.
        let settings = Settings { connect_to: vec!["::127.0.0.1:1".parse().unwrap()], ..Settings::default() };
        let request = Request { method, url, headers: Headers(headers), body: body.map(Bytes::from) };
        let sender = Sender::new(&settings).unwrap();
        let kind = block_on(sender.send(&request, Connection::Kept)).unwrap_err().kind;
        prop_assert!(matches!(kind, FailureKind::Unsendable | FailureKind::Connect), "{kind:?}");
    }
}
