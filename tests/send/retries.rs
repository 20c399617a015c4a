//! Tries over real sockets: which requests go out again, and what is remembered of the earlier ones.

use std::time::Duration;

use proviso::http::exchange::{Attempt, Exchange, FailureKind, Request, Response};
use proviso::http::retry::Repeats::{self, Always, UnlessLost};
use proviso::http::retry::{Policy, Retry};
use proviso::http::send::{Connection, Sender, Settings};

use crate::server::{Server, answer, json};
use crate::{block_on, get, post};

/// Waits that no test has to sit out.
fn quick() -> Retry {
    Retry { base: Duration::from_micros(10), ..Retry::default() }
}

fn exchange(request: Request, retry: &Retry, repeats: Repeats, accepts: impl Fn(&Response) -> bool) -> Exchange {
    let policy = Policy { retry, pace: None, repeats, until: None, allowance: None };
    let sender = Sender::new(&Settings::default()).unwrap();
    block_on(sender.exchange(request, Connection::Kept, &policy, accepts))
}

/// Answers the first requests one way, and tells the truth from then on.
fn after(failing: usize, bad: Vec<u8>) -> Server {
    Server::answering(move |number| if number < failing { bad.clone() } else { json(200, "{}") })
}

/// Resets the first connections while they wait for an answer.
fn resetting(first: usize) -> Server {
    Server::each(move |peer| {
        if peer.number < first {
            return peer.leave_unread();
        }
        while peer.request().is_some() && peer.write(&json(200, "{}")) {}
    })
}

#[test]
fn an_exchange_may_move_between_threads() {
    fn may_move<T: Send>(future: T) -> T {
        future
    }
    let (sender, retry) = (Sender::new(&Settings::default()).unwrap(), quick());
    let policy = Policy { retry: &retry, pace: None, repeats: Always, until: None, allowance: None };
    let exchange = block_on(may_move(sender.exchange(get("nowhere"), Connection::Kept, &policy, |_| true)));
    assert!(exchange.result.is_err());
}

#[test]
fn a_server_that_is_unwell_twice_is_heard_the_third_time() {
    let server = after(2, json(503, "{}"));
    let exchange = exchange(get(&server.url("/")), &quick(), Always, |_| false);
    assert_eq!(exchange.response().unwrap().status, 200);
    assert_eq!(exchange.earlier, [Attempt::Status(503), Attempt::Status(503)]);
    assert_eq!(exchange.request.url, server.url("/"));
}

#[test]
fn tries_end_and_the_last_answer_stands() {
    let server = after(99, json(500, "{}"));
    let exchange = exchange(get(&server.url("/")), &quick(), Always, |_| false);
    assert_eq!(exchange.response().unwrap().status, 500);
    assert_eq!((server.requests().len(), exchange.earlier.len()), (5, 4));
}

#[test]
fn a_documented_answer_is_enough_whatever_its_status() {
    for status in [429, 500, 503] {
        let server = after(99, answer(status, "Retry-After: 0\r\n", b"{}"));
        let exchange = exchange(get(&server.url("/")), &quick(), Always, |answer| answer.status == status);
        assert_eq!((server.requests().len(), exchange.earlier.len()), (1, 0));
    }
}

#[test]
fn a_refusal_that_names_a_wait_spends_no_try() {
    let server = after(6, answer(429, "Retry-After: 0\r\n", b"{}"));
    let exchange = exchange(get(&server.url("/")), &Retry { further: 0, ..quick() }, Always, |_| false);
    assert_eq!(exchange.response().unwrap().status, 200);
    assert_eq!(exchange.earlier, vec![Attempt::Status(429); 6]);
}

#[test]
fn a_refusal_that_names_no_wait_spends_a_try() {
    for wait in ["", "Retry-After: soon\r\n", "Retry-After: -1\r\n"] {
        let server = after(99, answer(429, wait, b"{}"));
        let exchange = exchange(get(&server.url("/")), &quick(), Always, |_| false);
        assert_eq!((exchange.response().unwrap().status, server.requests().len()), (429, 5), "{wait}");
    }
}

#[test]
fn a_refusal_for_longer_than_there_is_time_ends_at_once() {
    let server = after(99, answer(429, "Retry-After: 3600\r\n", b"{}"));
    let exchange = exchange(get(&server.url("/")), &quick(), Always, |_| false);
    assert_eq!((exchange.response().unwrap().status, server.requests().len()), (429, 1));
}

#[test]
fn a_lost_answer_is_asked_for_again() {
    let server = resetting(2);
    let exchange = exchange(get(&server.url("/")), &quick(), Always, |_| false);
    assert_eq!(exchange.response().unwrap().status, 200);
    assert!(exchange.may_have_acted_before());
    assert!(matches!(&exchange.earlier[..], [Attempt::Failure(first), _] if first.kind == FailureKind::Closed));
}

/// Answers the first request of its first connection, takes the second and closes without a word; all others are answered.
fn closing_the_kept_one() -> Server {
    Server::each(|peer| {
        while peer.request().is_some_and(|number| peer.number > 0 || number == 0) {
            if !peer.write(&json(200, "{}")) {
                return;
            }
        }
    })
}

/// A request over the connection that another one has left open, with no try to spare.
fn over_a_kept_connection(server: &Server, request: Request, repeats: Repeats) -> Exchange {
    let (sender, retry) = (Sender::new(&Settings::default()).unwrap(), Retry { further: 0, ..quick() });
    let policy = Policy { retry: &retry, pace: None, repeats, until: None, allowance: None };
    block_on(async {
        sender.send(&get(&server.url("/first")), Connection::Kept).await.unwrap();
        sender.exchange(request, Connection::Kept, &policy, |_| false).await
    })
}

#[test]
fn a_kept_connection_that_the_server_closes_as_a_request_arrives_costs_no_try() {
    let server = closing_the_kept_one();
    let exchange = over_a_kept_connection(&server, get(&server.url("/second")), Always);
    assert_eq!(exchange.response().unwrap().status, 200);
    assert!(matches!(&exchange.earlier[..], [Attempt::Failure(lost)] if lost.kind == FailureKind::Closed));
    assert!(exchange.may_have_acted_before());
    assert_eq!((server.connections(), server.requests().len()), (2, 3));
}

#[test]
fn what_may_not_go_out_twice_does_not_because_of_a_kept_connection() {
    let server = closing_the_kept_one();
    let exchange = over_a_kept_connection(&server, post(&server.url("/second"), b"{}"), UnlessLost);
    assert_eq!(exchange.result.unwrap_err().kind, FailureKind::Closed);
    assert_eq!((server.connections(), server.requests().len()), (1, 2));
}

/// Answers the first request of its first connection, then 408 as if it had waited too long for the second.
fn timing_out_the_kept_one() -> Server {
    Server::each(|peer| {
        while let Some(number) = peer.request() {
            let timed_out = peer.number == 0 && number > 0;
            if !peer.write(&json(if timed_out { 408 } else { 200 }, "{}")) || timed_out {
                return;
            }
        }
    })
}

#[test]
fn a_kept_connection_that_waited_too_long_is_left_for_a_fresh_one_whatever_the_request() {
    for repeats in [Always, UnlessLost, Repeats::UnlessTaken] {
        let server = timing_out_the_kept_one();
        let exchange = over_a_kept_connection(&server, post(&server.url("/second"), b"{}"), repeats);
        assert_eq!(exchange.response().unwrap().status, 200);
        assert_eq!(exchange.earlier, [Attempt::Status(408)]);
        assert!(!exchange.may_have_acted_before());
        assert_eq!(server.connections(), 2);
    }
}

#[test]
fn a_408_on_a_fresh_connection_is_an_answer() {
    let server = after(9, json(408, "{}"));
    let (sender, retry) = (Sender::new(&Settings::default()).unwrap(), quick());
    let policy = Policy { retry: &retry, pace: None, repeats: Always, until: None, allowance: None };
    let exchange = block_on(sender.exchange(get(&server.url("/")), Connection::Fresh, &policy, |_| false));
    assert_eq!((exchange.response().unwrap().status, exchange.earlier.len()), (408, 0));
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_server_that_always_closes_is_given_one_more_connection_and_not_two() {
    let server = Server::each(|peer| {
        let _ = peer.request();
    });
    let exchange = exchange(get(&server.url("/")), &quick(), Always, |_| false);
    assert_eq!(exchange.result.unwrap_err().kind, FailureKind::Closed);
    assert_eq!((server.connections(), exchange.earlier.len()), (6, 5));
}

#[test]
fn a_create_whose_answer_was_lost_is_not_sent_again() {
    let server = resetting(1);
    let exchange = exchange(post(&server.url("/links"), b"{}"), &quick(), UnlessLost, |_| false);
    assert_eq!(exchange.result.unwrap_err().kind, FailureKind::Closed);
    assert_eq!((server.connections(), exchange.earlier.len()), (1, 0));
}

#[test]
fn a_create_that_was_refused_whole_is_sent_again() {
    let server = after(2, json(503, "{}"));
    let exchange = exchange(post(&server.url("/links"), b"{}"), &quick(), UnlessLost, |_| false);
    assert_eq!((exchange.response().unwrap().status, server.requests().len()), (200, 3));
}

#[test]
fn what_cannot_be_sent_is_not_tried_again() {
    let exchange = exchange(get("nowhere"), &quick(), Always, |_| false);
    assert_eq!(exchange.result.unwrap_err().kind, FailureKind::Unsendable);
    assert!(exchange.earlier.is_empty());
}
