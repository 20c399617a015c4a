//! HTTP/1.1 and 1.0: what stays open, what comes in which order, what is refused.

use crate::client::{Site, field};

#[test]
fn one_connection_serves_request_after_request() {
    let site = Site::new();
    let mut client = site.client();
    for n in 0..3 {
        let answered = client.ask(&format!("GET /{n}?q=1 HTTP/1.1\r\nHost: h\r\n\r\n"));
        assert_eq!((answered.status, answered.body), (200, format!("GET /{n}?q=1 None")));
        assert_eq!(field(&answered.head, "connection"), None);
    }
}

#[test]
fn the_server_adds_nothing_to_an_answer_but_its_length() {
    let answered = Site::new().ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_eq!(answered.head, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n");
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let site = Site::new();
    let mut client = site.client();
    let request = |n| format!("POST /{n} HTTP/1.1\r\nHost: h\r\ncontent-length: 2\r\n\r\n{{}}");
    client.send((0..500).map(request).collect::<Vec<_>>().concat());
    for n in 0..500 {
        assert_eq!(client.receive().body, format!("POST /{n} Some(b\"{{}}\")"));
    }
}

#[test]
fn long_pipelined_answers_reach_a_client_that_reads_late() {
    let site = Site::new();
    let mut client = site.client();
    client.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n".repeat(20));
    for _ in 0..20 {
        assert_eq!(client.receive().body.len(), 300_000);
    }
    assert_eq!(client.ask("GET /after HTTP/1.1\r\nHost: h\r\n\r\n").body, "GET /after None");
}

#[test]
fn a_request_may_come_byte_by_byte() {
    let site = Site::new();
    let mut client = site.client();
    let request = "\r\nPOST /a HTTP/1.1\r\nHost: h\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\nt: u\r\n\r\n";
    request.bytes().for_each(|byte| client.send([byte]));
    assert_eq!(client.receive().body, "POST /a Some(b\"abcde\")");
    let request = "PUT /b HTTP/1.1\r\nHost: h\r\ncontent-length: 3\r\n\r\nabc";
    request.bytes().for_each(|byte| client.send([byte]));
    assert_eq!(client.receive().body, "PUT /b Some(b\"abc\")");
}

#[test]
fn an_empty_body_is_not_a_missing_one() {
    let site = Site::new();
    assert_eq!(site.ask("POST / HTTP/1.1\r\nHost: h\r\ncontent-length: 0\r\n\r\n").body, "POST / Some(b\"\")");
    assert_eq!(
        site.ask("POST / HTTP/1.1\r\nHost: h\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n").body,
        "POST / Some(b\"\")"
    );
    assert_eq!(site.ask("POST / HTTP/1.1\r\nHost: h\r\n\r\n").body, "POST / None");
}

#[test]
fn head_has_the_length_and_not_the_body() {
    let site = Site::new();
    let mut client = site.client();
    client.send("HEAD /abc HTTP/1.1\r\nHost: h\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_eq!(field(&client.receive_head(), "content-length"), Some("14"));
    assert_eq!(client.receive().body, "GET /next None");
}

#[test]
fn an_answer_without_content_leaves_the_connection_in_step() {
    let site = Site::new();
    let mut client = site.client();
    client.send("DELETE /none HTTP/1.1\r\nHost: h\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_eq!(client.receive().head, "HTTP/1.1 204 No Content\r\ncontent-type: application/json\r\n\r\n");
    assert_eq!(client.receive().body, "GET /next None");
}

#[test]
fn whoever_asks_to_close_gets_a_close() {
    let site = Site::new();
    for (request, told) in [
        ("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", Some("close")),
        ("GET / HTTP/1.0\r\n\r\n", None),
        ("GET /close HTTP/1.1\r\nHost: h\r\n\r\n", Some("close")),
    ] {
        let mut client = site.client();
        client.send(format!("{request}GET /unheard HTTP/1.1\r\nHost: h\r\n\r\n"));
        assert_eq!(field(&client.receive().head, "connection"), told, "{request}");
        assert_eq!(client.rest(), (String::new(), None), "{request}");
    }
}

#[test]
fn an_old_client_may_keep_the_connection_and_is_told_so() {
    let site = Site::new();
    let mut client = site.client();
    for _ in 0..2 {
        let answered = client.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        assert_eq!(field(&answered.head, "connection"), Some("keep-alive"));
    }
}

#[test]
fn a_client_that_waits_for_a_word_gets_it_once_and_then_the_answer() {
    let site = Site::new();
    let mut client = site.client();
    for framing in ["content-length: 3", "transfer-encoding: chunked"] {
        client.send(format!("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n{framing}\r\n\r\n"));
        assert_eq!(client.receive_head(), "HTTP/1.1 100 Continue\r\n\r\n");
        client.send(if framing.starts_with('c') { "abc" } else { "3\r\nabc\r\n0\r\n\r\n" });
        assert_eq!(client.receive().body, "POST / Some(b\"abc\")");
    }
}

#[test]
fn a_body_that_is_announced_too_long_is_refused_in_place_of_the_word() {
    let site = Site::new();
    let answered = site.ask("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1048577\r\n\r\n");
    assert_eq!(answered.status, 413);
}

#[test]
fn a_client_that_believes_in_a_proxy_is_served_itself() {
    let site = Site::new();
    let whole = site.ask("GET http://api.example/links/1?x HTTP/1.1\r\nHost: api.example\r\n\r\n");
    assert_eq!(whole.body, "GET /links/1?x None");
    let mut client = site.client();
    client.send("CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\n\r\n");
    assert_eq!(client.receive_head(), "HTTP/1.1 200 OK\r\n\r\n");
    assert_eq!(client.ask("GET /links/1 HTTP/1.1\r\nHost: h\r\n\r\n").body, "GET /links/1 None");
    assert_eq!(client.ask("DELETE /links/1 HTTP/1.1\r\nHost: h\r\n\r\n").body, "DELETE /links/1 None");
}

#[test]
fn a_secure_greeting_in_the_tunnel_is_refused() {
    let site = Site::new();
    let mut client = site.client();
    client.send("CONNECT api.example:443 HTTP/1.1\r\nHost: h\r\n\r\n");
    client.receive_head();
    client.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\n");
    assert_eq!(client.receive().status, 400);
}

#[test]
fn a_body_too_long_is_refused_and_the_client_may_finish_sending() {
    let site = Site::new();
    let mut counted = site.client();
    counted.send("POST / HTTP/1.1\r\nHost: h\r\ncontent-length: 3000000\r\n\r\n");
    assert_eq!(counted.receive().status, 413);
    for _ in 0..60 {
        counted.send("x".repeat(50_000));
    }
    counted.shut_writing();
    assert_eq!(counted.rest(), (String::new(), None));
}

#[test]
fn chunks_that_are_too_long_together_are_refused() {
    let site = Site::new();
    let mut client = site.client();
    client.send("POST / HTTP/1.1\r\nHost: h\r\ntransfer-encoding: chunked\r\n\r\n");
    for _ in 0..60 {
        client.try_send(format!("C350\r\n{}\r\n", "x".repeat(50_000)));
    }
    assert_eq!(client.receive().status, 413);
}

#[test]
fn a_body_as_long_as_the_bound_is_taken() {
    let site = Site::new();
    let body = "x".repeat(1 << 20);
    let answered = site.ask(&format!("POST / HTTP/1.1\r\nHost: h\r\ncontent-length: {}\r\n\r\n{body}", body.len()));
    assert_eq!(answered.body.len(), "POST / Some(b\"\")".len() + body.len());
}

#[test]
fn a_head_without_end_is_refused() {
    let site = Site::new();
    let mut client = site.client();
    client.try_send("GET / HTTP/1.1\r\nHost: h\r\n");
    client.try_send("a: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n".repeat(4000));
    assert_eq!(client.receive().status, 431);
}

#[test]
fn what_is_no_request_is_refused_and_the_connection_ends() {
    let site = Site::new();
    for bytes in [
        "hello\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\na b: c\r\n\r\n",
        "GET /a HTTP/3.0\r\nHost: h\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\ncontent-length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\ntransfer-encoding: gzip\r\n\r\n",
    ] {
        let mut client = site.client();
        let answered = client.ask(bytes);
        assert_eq!(answered.status, 400, "{bytes}");
        assert_eq!(field(&answered.head, "connection"), Some("close"));
        assert_eq!(client.rest(), (String::new(), None), "{bytes}");
    }
    assert_eq!(site.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status, 200);
}

#[test]
fn a_request_names_one_host() {
    let site = Site::new();
    for hosts in ["", "Host: h\r\nHost: h\r\n", "Host: a\r\nhost: b\r\n"] {
        let answered = site.ask(&format!("GET / HTTP/1.1\r\n{hosts}\r\n"));
        assert_eq!((answered.status, answered.body.as_str()), (400, "A request has one Host field.\n"), "{hosts}");
    }
    assert_eq!(site.ask("GET / HTTP/1.0\r\n\r\n").status, 200, "a client of HTTP/1.0 need not name one");
}

#[test]
fn the_answers_before_a_bad_request_are_not_lost() {
    let site = Site::new();
    let mut client = site.client();
    client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\nbad\r\n\r\n");
    assert_eq!([client.receive().body, client.receive().body], ["GET /a None", "GET /b None"]);
    assert_eq!(client.receive().status, 400);
}
