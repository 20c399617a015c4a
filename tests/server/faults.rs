//! Every fault on demand, as the client at the other end of the socket sees it.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use crate::client::{Answered, Client, Site, field};

const GET: &str = "GET /abcdef HTTP/1.1\r\nHost: h\r\n\r\n";
const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 16\r\n\r\n";

/// What comes back, and how the connection ends, when a request brings a fault along.
fn broken(site: &Site, request: &str, fault: &str) -> (String, Option<ErrorKind>) {
    let mut client = site.client();
    client.send(request.replace("\r\n\r\n", &format!("\r\nX-Proviso-Fault: {fault}\r\n\r\n")));
    client.rest()
}

fn asked(client: &mut Client, fault: &str) -> Answered {
    client.ask(&format!("GET /abcdef HTTP/1.1\r\nHost: h\r\nX-Proviso-Fault: {fault}\r\n\r\n"))
}

#[test]
fn a_reset_is_a_reset_and_not_a_close() {
    let site = Site::faulty(&[]);
    assert_eq!(broken(&site, GET, "reset"), (String::new(), Some(ErrorKind::ConnectionReset)));
    assert_eq!(broken(&site, GET, "lost"), (String::new(), Some(ErrorKind::ConnectionReset)));
}

#[test]
fn a_reset_during_the_answer_comes_after_half_of_the_body() {
    let seen = broken(&Site::faulty(&[]), GET, "reset=during");
    assert_eq!(seen, (format!("{HEAD}GET /abc"), Some(ErrorKind::ConnectionReset)));
}

#[test]
fn a_cut_answer_ends_in_good_order_after_half_of_the_promised_body() {
    assert_eq!(broken(&Site::faulty(&[]), GET, "cut"), (format!("{HEAD}GET /abc"), None));
}

#[test]
fn where_there_is_no_body_the_head_is_cut() {
    let site = Site::faulty(&[]);
    for request in [
        "HEAD /abcdef HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /empty HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /none HTTP/1.1\r\nHost: h\r\n\r\n",
    ] {
        let (seen, end) = broken(&site, request, "cut");
        assert!(seen.starts_with("HTTP/1.1 20") && !seen.contains("\r\n\r\n"), "{seen}");
        assert_eq!(end, None);
    }
}

#[test]
fn a_status_on_demand_leaves_the_connection_open() {
    let site = Site::faulty(&[]);
    let mut client = site.client();
    for status in [500, 502, 503, 599, 404] {
        assert_eq!(asked(&mut client, &format!("status={status}")).status, status);
    }
    assert_eq!(client.ask(GET).status, 200);
}

#[test]
fn too_many_says_when_to_come_back_if_it_is_told_to() {
    let site = Site::faulty(&[]);
    let mut client = site.client();
    let told = asked(&mut client, "429=7");
    assert_eq!((told.status, field(&told.head, "retry-after")), (429, Some("7")));
    let untold = asked(&mut client, "429");
    assert_eq!((untold.status, field(&untold.head, "retry-after")), (429, None));
}

#[test]
fn a_wrong_body_comes_under_the_true_status() {
    let site = Site::faulty(&[]);
    let mut client = site.client();
    let garbage = asked(&mut client, "garbage");
    assert_eq!((garbage.status, field(&garbage.head, "content-type")), (200, Some("application/json")));
    assert!(serde_json::from_str::<serde_json::Value>(&garbage.body).is_err());
    let page = asked(&mut client, "html");
    assert_eq!((page.status, field(&page.head, "content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.body.starts_with("<!doctype html>"));
}

#[test]
fn a_delayed_answer_is_the_true_one_and_holds_nobody_else_up() {
    let site = Site::faulty(&["GET:delay=300ms"]);
    let begun = Instant::now();
    let mut delayed = site.client();
    delayed.send(GET);
    assert_eq!(site.ask("DELETE /abcdef HTTP/1.1\r\nHost: h\r\n\r\n").status, 200);
    assert_eq!(delayed.receive().body, "GET /abcdef None");
    // Only a lower bound: a slow machine makes it truer.
    assert!(begun.elapsed() >= Duration::from_millis(300));
}

#[test]
fn the_answers_before_a_broken_one_are_whole() {
    let site = Site::faulty(&["DELETE:cut"]);
    let mut client = site.client();
    client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\nDELETE /b HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_eq!(client.receive().body, "GET /a None");
    assert!(client.rest().0.ends_with("DELETE "));
    let site = Site::faulty(&["DELETE:lost"]);
    let mut client = site.client();
    client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\nDELETE /b HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_eq!(client.receive().body, "GET /a None");
    assert_eq!(client.rest(), (String::new(), Some(ErrorKind::ConnectionReset)));
}

#[test]
fn a_flaky_server_tells_the_truth_after_the_first_tries() {
    let site = Site::faulty(&["503*2"]);
    for url in ["/a", "/b"] {
        let statuses: Vec<u16> =
            (0..4).map(|_| site.ask(&format!("GET {url} HTTP/1.1\r\nHost: h\r\n\r\n")).status).collect();
        assert_eq!(statuses, [503, 503, 200, 200], "{url}");
    }
}

#[test]
fn a_mistaken_fault_in_the_header_is_told_and_not_passed_over() {
    let site = Site::faulty(&[]);
    let answered = asked(&mut site.client(), "rest");
    assert_eq!(answered.status, 400);
    assert_eq!(
        answered.body,
        "x-proviso-fault: `rest` is not a fault: there is no `rest`; perhaps `reset` was meant\n"
    );
}
