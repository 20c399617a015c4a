//! Vendors that have too much to do, and vendors that lose what they have done: tried again, never accused.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use proviso::judge::verdict::Verdict;

use super::play::{Play, only};
use super::stage::{Rule, Stage, bytes};
use crate::servers::http::{Answer, Received};
use crate::servers::reply::{Kind, Reply};
use crate::servers::world::World;

const CASE: &str = "omise/links.delete/unknown";

fn is_unknown_link(_: &Received, reply: &Reply) -> bool {
    reply.operation == "links.delete" && reply.kind == Kind::Unknown
}

/// The stage closes a connection on which a rule was met; an answer that does not say so leaves it to chance whether the
/// next request is lost on it, which would cost one of its tries.
fn last(answer: Answer) -> Answer {
    answer.with_header("Connection", "close")
}

fn too_many(retry_after: Option<&str>) -> Vec<u8> {
    let answer = last(Answer::new(429, "application/json", "{\"message\": \"too many requests\"}"));
    bytes(&retry_after.into_iter().fold(answer, |answer, wait| answer.with_header("Retry-After", wait)))
}

fn unavailable() -> Vec<u8> {
    bytes(&last(Answer::new(503, "text/plain", "try again later")))
}

/// Patience enough for the three tries that a wait of our own allows.
const SHORT: Duration = Duration::from_millis(300);

/// One case alone is told to wait, ever again, while its vendor lives: how often it asked.
fn asked_under(retry_after: Option<String>, patience: Duration) -> usize {
    let name = format!("{retry_after:?}");
    let rule = Rule::new(is_unknown_link, move |wire| {
        wire.write(too_many(retry_after.as_deref()));
    });
    let stage = Stage::new(World::default(), vec![rule]);
    let mut play = Play::on(&stage);
    play.settings.max_time = None;
    play.settings.retry.patience = patience;
    play.settings.retry.base = Duration::from_millis(20);
    let told = play.run();
    let result = only(&told, &[CASE])[0];
    assert_eq!(result.verdict, Verdict::Environment, "{name}:\n{}", told.trouble());
    assert!(result.reason.as_ref().unwrap().contains("429"), "{name}: {:?}", result.reason);
    assert!(told.notices.is_empty(), "{name}:\n{}", told.trouble());
    stage.spoiled()
}

fn date(moved: impl Fn(SystemTime, Duration) -> SystemTime) -> String {
    httpdate::fmt_http_date(moved(SystemTime::now(), Duration::from_hours(1)))
}

#[test]
fn a_wait_that_nobody_has_time_for_is_not_begun() {
    assert_eq!(asked_under(Some("3600".to_owned()), SHORT), 1);
    assert_eq!(asked_under(Some("99999999999999999999999".to_owned()), SHORT), 1);
    assert_eq!(asked_under(Some(date(|now, hour| now + hour)), SHORT), 1);
}

#[test]
fn a_wait_that_is_none_is_our_own() {
    for garbage in [None, Some("-1"), Some("soon"), Some(""), Some("1.5"), Some("Mon, 99 Foo 2026 00:00:00 GMT")] {
        assert_eq!(asked_under(garbage.map(str::to_owned), SHORT), 3, "{garbage:?}");
    }
}

#[test]
fn a_wait_that_is_over_is_tried_again_until_patience_ends() {
    for past in [Some("0".to_owned()), Some(date(|now, hour| now - hour))] {
        // Long enough for a machine that has much else to do.
        assert!(asked_under(past, Duration::from_secs(2)) > 3);
    }
}

#[test]
fn a_fault_of_the_server_that_stands_while_the_vendor_lives_is_its_answer() {
    let rule = Rule::new(is_unknown_link, |wire| {
        wire.write(unavailable());
    });
    let stage = Stage::new(World::default(), vec![rule]);
    let told = Play::on(&stage).run();
    let result = only(&told, &[CASE])[0];
    assert_eq!(
        (result.verdict, result.findings[0].place.as_str()),
        (Verdict::Violates, "status"),
        "{}",
        told.trouble()
    );
    assert_eq!(stage.spoiled(), 3);
}

#[test]
fn a_vendor_that_is_unavailable_twice_before_each_answer_passes() {
    let seen: Mutex<HashMap<String, usize>> = Mutex::default();
    let twice = move |request: &Received, _: &Reply| {
        let who = ["authorization", "x-api-key", "x-api-secret", "content-type"].map(|name| request.header(name));
        let key = format!("{} {} {who:?} {:?}", request.method, request.path, request.body);
        let mut seen = seen.lock().unwrap();
        let count = seen.entry(key).or_default();
        *count += 1;
        *count <= 2
    };
    let rule = Rule::new(twice, |wire| {
        wire.write(unavailable());
    });
    let stage = Stage::new(World::default(), vec![rule]);
    let told = Play::on(&stage).run();
    only(&told, &[]);
    assert!(told.notices.is_empty(), "{}", told.trouble());
    assert!(stage.spoiled() > 100, "{} requests were told to come again", stage.spoiled());
    assert_eq!(stage.world().left(), Vec::<String>::new());
}

#[test]
fn a_vendor_that_asks_one_in_ten_to_wait_passes() {
    let count = AtomicUsize::new(0);
    let tenth = move |_: &Received, _: &Reply| count.fetch_add(1, Ordering::SeqCst) % 10 == 9;
    let rule = Rule::new(tenth, |wire| {
        wire.write(too_many(Some("1")));
    });
    let stage = Stage::new(World::default(), vec![rule]);
    let mut play = Play::on(&stage);
    play.settings.jobs = 64;
    let told = play.run();
    only(&told, &[]);
    assert!(told.notices.is_empty(), "{}", told.trouble());
    assert!(stage.spoiled() > 10, "{} requests were told to wait", stage.spoiled());
    assert_eq!(stage.world().left(), Vec::<String>::new());
}

/// Every deletion is done, and its first answer lost in this way.
fn loses_deletions(resets: bool, act: fn(&mut super::stage::Wire<'_>)) {
    let deleted: Mutex<HashSet<String>> = Mutex::default();
    let first = move |request: &Received, reply: &Reply| {
        request.method == "DELETE" && reply.kind == Kind::Live && deleted.lock().unwrap().insert(request.path.clone())
    };
    let rule = Rule::new(first, move |wire| {
        let _ = wire.truth();
        act(wire);
    });
    let stage = Stage::new(World::default(), vec![rule.resetting(resets)]);
    let told = Play::on(&stage).run();
    only(&told, &[]);
    assert!(told.notices.is_empty(), "{}", told.trouble());
    assert!(stage.spoiled() > 10, "{} deletions were lost", stage.spoiled());
    assert_eq!(stage.world().left(), Vec::<String>::new());
}

#[test]
fn a_deletion_whose_answer_was_lost_and_that_is_then_told_to_be_done_conforms() {
    loses_deletions(true, |_| {});
    loses_deletions(false, |_| {});
    loses_deletions(false, |wire| {
        wire.write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{");
    });
    loses_deletions(false, |wire| {
        wire.write(unavailable());
    });
}
