//! Vendors that have too much to do, and vendors that lose what they have done: tried again, never accused.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use proviso::judge::verdict::Verdict;
use proviso::run::event::CaseResult;

use super::play::{Play, only};
use super::stage::{Rule, Stage, Wire, bytes};
use crate::runner::{Told, is_example};
use crate::servers::http::{Answer, Received};
use crate::servers::reply::{Kind, Reply};
use crate::servers::world::World;

const CASE: &str = "omise/links.delete/unknown";

fn is_unknown_link(request: &Received, reply: &Reply) -> bool {
    reply.operation == "links.delete" && reply.kind == Kind::Unknown && !is_example(&request.path)
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
    // Three tries, and three more once the vendor had given a sign of life.
    assert_eq!(stage.spoiled(), 6);
}

#[test]
fn a_vendor_that_is_unavailable_twice_before_each_answer_passes() {
    let seen: Mutex<HashMap<String, usize>> = Mutex::default();
    let twice = move |request: &Received, reply: &Reply| {
        let who = ["authorization", "x-api-key", "x-api-secret", "content-type"].map(|name| request.header(name));
        let mut key = format!("{} {} {who:?} {:?}", request.method, request.path, request.body);
        if request.method == "DELETE" && reply.kind == Kind::Live {
            // It may have been done, so that it is sent again for another thing.
            key = format!("{} {who:?}", reply.operation);
        }
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

/// The way in which the answer to a deletion that was done is lost.
struct Loss {
    name: &'static str,
    resets: bool,
    act: fn(&mut Wire<'_>),
}

const LOSSES: [Loss; 3] = [
    Loss { name: "a reset", resets: true, act: |_| {} },
    Loss { name: "an end", resets: false, act: |_| {} },
    Loss {
        name: "an answer that is cut",
        resets: false,
        act: |wire| {
            wire.write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{");
        },
    },
];

/// A run against a vendor that does every deletion, and answers those that `fits` takes in a way of its own.
fn deleting(
    resets: bool,
    fits: impl Fn(&str) -> bool + Send + Sync + 'static,
    act: fn(&mut Wire<'_>),
) -> (Told, Stage) {
    let meant = move |request: &Received, reply: &Reply| {
        request.method == "DELETE" && reply.kind == Kind::Live && fits(&request.path)
    };
    let rule = Rule::new(meant, move |wire| {
        let _ = wire.truth();
        act(wire);
    });
    let stage = Stage::new(World::default(), vec![rule.resetting(resets)]);
    let mut play = Play::on(&stage);
    play.settings.jobs = 1;
    (play.run(), stage)
}

/// The cases that are not judged unless a deletion is answered: those of a live thing, and those that need a deleted one.
fn needs_deletion(result: &CaseResult) -> bool {
    let of_deleted = ["deleted", "gone", "bare_gone/deleted"].iter().any(|end| result.id.ends_with(end));
    of_deleted || ["live", "bare", "reusable"].contains(&result.row.as_str()) && result.operation.ends_with(".delete")
}

/// Every case that needs the answer to a deletion comes to a verdict, and all others conform; nothing is left.
fn only_deletions(told: &Told, stage: &Stage, verdict: Verdict, how: &str) {
    let mut count = 0;
    for result in told.results.iter().filter(|result| !crate::runner::is_barred(result)) {
        let needs = needs_deletion(result);
        let expected = if needs { verdict } else { Verdict::Conforms };
        assert_eq!(result.verdict, expected, "{how}: {}:\n{}", result.id, told.trouble());
        count += usize::from(needs);
    }
    assert!(count >= 8, "{how}: {count}");
    assert!(told.notices.is_empty(), "{how}:\n{}", told.trouble());
    assert_eq!(stage.world().left(), Vec::<String>::new(), "{how}");
}

#[test]
fn a_vendor_that_loses_every_first_answer_to_a_deletion_proves_nothing() {
    for Loss { name, resets, act } in LOSSES {
        let deleted: Mutex<HashSet<String>> = Mutex::default();
        let first = move |path: &str| deleted.lock().unwrap().insert(path.to_owned());
        let (told, stage) = deleting(resets, first, act);
        only_deletions(&told, &stage, Verdict::Environment, name);
    }
}

#[test]
fn a_vendor_that_loses_some_answers_to_deletions_conforms_by_fresh_things() {
    for Loss { name, resets, act } in LOSSES {
        let (count, deleted) = (AtomicUsize::new(0), Mutex::<HashSet<String>>::default());
        // Of three things in a row one is lost, so that no case meets three.
        let third = move |path: &str| {
            deleted.lock().unwrap().insert(path.to_owned()) && count.fetch_add(1, Ordering::SeqCst).is_multiple_of(3)
        };
        let (told, stage) = deleting(resets, third, act);
        only(&told, &[]);
        assert!(stage.spoiled() > 5, "{name}: {} deletions were lost", stage.spoiled());
        assert!(told.notices.is_empty(), "{name}:\n{}", told.trouble());
        assert_eq!(stage.world().left(), Vec::<String>::new(), "{name}");
        let anew = told.results.iter().filter(|result| result.notes.iter().any(|note| note.contains("fresh things")));
        assert!(anew.count() > 0, "{name}: a case says that it began anew");
    }
}

#[test]
fn a_deletion_that_takes_effect_and_is_always_answered_500_violates() {
    let (told, stage) = deleting(
        false,
        |_| true,
        |wire| {
            wire.write(unavailable());
        },
    );
    for result in told.results.iter().filter(|result| !crate::runner::is_barred(result)) {
        let expected = match needs_deletion(result) {
            // What needs a deleted thing is not judged by a fault of the server before.
            true if result.operation.ends_with(".delete")
                && ["live", "bare", "reusable"].contains(&result.row.as_str()) =>
            {
                Verdict::Violates
            }
            true => Verdict::Environment,
            false => Verdict::Conforms,
        };
        assert_eq!(result.verdict, expected, "{}:\n{}", result.id, told.trouble());
    }
    assert_eq!(told.of(Verdict::Violates).len(), 6, "{}", told.trouble());
    assert_eq!(stage.world().left(), Vec::<String>::new());
}

#[test]
fn a_deletion_that_takes_effect_and_is_never_answered_never_conforms() {
    for Loss { name, resets, act } in LOSSES {
        let (told, stage) = deleting(resets, |_| true, act);
        only_deletions(&told, &stage, Verdict::Environment, name);
    }
}
