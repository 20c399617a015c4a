//! Decisions at their edges, and the loop on a clock that stands still but for its own waits.

#![expect(clippy::unnecessary_wraps, reason = "answers and failures alike are what a try gives")]

use std::cell::Cell;
use std::future::ready;

use super::*;
use crate::http::exchange::{FailureKind, Headers};
use crate::http::pace::Rate;

const BASE: Duration = Duration::from_millis(100);

fn answer(status: u16, wait: Option<&str>) -> Result<Response, Failure> {
    let headers = wait.map(|wait| ("retry-after".to_owned(), wait.to_owned())).into_iter().collect();
    Ok(Response { status, headers: Headers(headers), body: bytes::Bytes::new() })
}

fn failure(kind: FailureKind) -> Result<Response, Failure> {
    Err(Failure { kind, detail: String::new() })
}

fn fresh() -> Standing {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    Standing { spent: 0, elapsed: Duration::ZERO, left: None, repeats: Repeats::Always, now, draw: 1.0 }
}

fn decided(result: &Result<Response, Failure>, standing: &Standing) -> Decision {
    decide(&Retry::default(), result, standing)
}

fn counted(millis: u64) -> Decision {
    Decision::Again { after: Duration::from_millis(millis), counts: true }
}

/// The decision after a 429 with such a `Retry-After` when nothing is added to its wait.
fn asked(wait: &str) -> Decision {
    decided(&answer(429, Some(wait)), &Standing { draw: 0.0, ..fresh() })
}

#[test]
fn waits_double_and_stop_at_the_cap() {
    let retry = Retry { further: u32::MAX, cap: Duration::from_secs(3), ..Retry::default() };
    let wait = |spent| decide(&retry, &answer(500, None), &Standing { spent, ..fresh() });
    let waits = [0, 1, 2, 3, 4, 5, 31, 32, u32::MAX - 1].map(wait);
    assert_eq!(waits, [100, 200, 400, 800, 1600, 3000, 3000, 3000, 3000].map(counted));
}

#[test]
fn the_draw_takes_any_share_of_a_wait() {
    let wait = |draw| decided(&answer(500, None), &Standing { draw, spent: 1, ..fresh() });
    assert_eq!([0.0, 0.25, 1.0].map(wait), [0, 50, 200].map(counted));
    assert_eq!([-1.0, 7.0, f64::NAN].map(wait), [200; 3].map(counted));
}

#[test]
fn tries_are_counted() {
    let after = |spent| decided(&failure(FailureKind::Closed), &Standing { spent, draw: 0.0, ..fresh() });
    assert_eq!((after(3), after(4)), (counted(0), Decision::Enough));
}

#[test]
fn only_refusals_and_servers_that_are_unwell_are_asked_again() {
    for (status, again) in
        [(200, false), (302, false), (404, false), (428, false), (429, true), (500, true), (503, true), (599, true)]
    {
        assert_eq!(decided(&answer(status, None), &fresh()) != Decision::Enough, again, "{status}");
    }
}

#[test]
fn what_may_have_arrived_is_sent_again_only_where_it_may_be_repeated() {
    use FailureKind::{Closed, Connect, Dns, NotHttp, Timeout, Tls, TooLarge, Truncated, Unsendable};
    use Repeats::{Always, UnlessLost, UnlessTaken};
    let again = |kind, repeats| decided(&failure(kind), &Standing { repeats, ..fresh() }) != Decision::Enough;
    let all = |kind| [Always, UnlessLost, UnlessTaken].map(|repeats| again(kind, repeats));
    for kind in [Dns, Connect, Tls] {
        assert_eq!(all(kind), [true; 3], "{kind:?}");
    }
    for kind in [Timeout, Closed, Truncated, NotHttp] {
        assert_eq!(all(kind), [true, false, false], "{kind:?}");
    }
    for kind in [TooLarge, Unsendable] {
        assert_eq!(all(kind), [false; 3], "{kind:?}");
    }
}

#[test]
fn what_may_have_been_done_is_sent_again_only_after_a_refusal_to_take_it() {
    let again = |status, repeats| decided(&answer(status, None), &Standing { repeats, ..fresh() }) != Decision::Enough;
    assert!(again(500, Repeats::UnlessLost) && again(503, Repeats::Always));
    assert!(!again(500, Repeats::UnlessTaken) && !again(503, Repeats::UnlessTaken));
    assert!(again(429, Repeats::UnlessTaken));
}

#[test]
fn a_wait_is_read_as_seconds_or_as_a_date() {
    let waits = |seconds| Decision::Again { after: Duration::from_secs(seconds), counts: false };
    assert_eq!(asked("2"), waits(2));
    assert_eq!(asked(" 007 "), waits(7));
    assert_eq!(asked("Sun, 09 Sep 2001 01:46:50 GMT"), waits(10));
}

#[test]
fn a_wait_that_is_over_is_as_long_as_the_base() {
    let base = Decision::Again { after: BASE, counts: false };
    assert_eq!([asked("0"), asked("Sat, 08 Sep 2001 01:46:50 GMT")], [base; 2]);
}

#[test]
fn a_wait_that_says_nothing_leaves_us_our_own() {
    for text in ["", " ", "-1", "+1", "1.5", "soon", "1 hour", "0x10", "٣"] {
        assert_eq!(asked(text), counted(0), "{text:?}");
    }
}

#[test]
fn the_base_spreads_those_who_were_told_the_same_wait() {
    let drawn = decided(&answer(429, Some("1")), &Standing { draw: 0.5, ..fresh() });
    assert_eq!(drawn, Decision::Again { after: Duration::from_millis(1050), counts: false });
}

#[test]
fn a_wait_longer_than_the_time_left_is_not_begun() {
    let left = |seconds| Some(Duration::from_secs(seconds));
    let wait = |text, left| decided(&answer(429, Some(text)), &Standing { left, draw: 0.0, ..fresh() });
    assert_eq!(wait("3600", left(60)), Decision::Enough);
    assert_eq!(wait("99999999999999999999999", left(60)), Decision::Enough);
    assert_eq!(wait("60", left(60)), Decision::Again { after: Duration::from_mins(1), counts: false });
    let short = Standing { left: Some(BASE / 2), ..fresh() };
    assert_eq!(decided(&answer(503, None), &short), Decision::Enough);
}

#[test]
fn without_a_bound_on_the_run_patience_is_the_bound() {
    let wait = |text, elapsed| decided(&answer(429, Some(text)), &Standing { elapsed, draw: 0.0, ..fresh() });
    assert_eq!(wait("301", Duration::ZERO), Decision::Enough);
    assert_eq!(wait("60", Duration::from_secs(241)), Decision::Enough);
    assert_ne!(wait("60", Duration::from_mins(4)), Decision::Enough);
}

/// Plays the answers one after the other, the last one for ever; what came of it, and in how long.
async fn play(retry: Retry, pace: Option<&Pace>, answers: &[Result<Response, Failure>]) -> (Tries, Duration) {
    let (number, begun) = (Cell::new(0), Instant::now());
    let policy = Policy { retry: &retry, pace, repeats: Repeats::Always, until: None, allowance: None };
    let tries = until_enough(
        &policy,
        |_| false,
        || {
            let answer = answers.get(number.replace(number.get() + 1)).or(answers.last());
            ready(answer.unwrap().clone())
        },
    );
    let tries = tries.await;
    (tries, begun.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_named_wait_is_sat_out_before_the_next_try() {
    let answers = [answer(429, Some("1")), answer(429, Some("30")), answer(200, None)];
    let (tries, waited) = play(Retry { further: 0, ..Retry::default() }, None, &answers).await;
    assert_eq!(tries.result.unwrap().status, 200);
    assert_eq!(tries.earlier, [Attempt::Status(429), Attempt::Status(429)]);
    assert!((31.0..31.3).contains(&waited.as_secs_f64()), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_vendor_that_says_at_once_for_ever_is_left_when_patience_ends() {
    let (tries, waited) = play(Retry::default(), None, &[answer(429, Some("0"))]).await;
    assert_eq!(tries.result.unwrap().status, 429);
    assert!(waited <= Retry::default().patience, "{waited:?}");
    assert!((1400..=3000).contains(&tries.earlier.len()), "{}", tries.earlier.len());
}

#[tokio::test(start_paused = true)]
async fn all_tries_of_a_dead_vendor_take_less_than_their_waits() {
    let (tries, waited) = play(Retry::default(), None, &[failure(FailureKind::Connect)]).await;
    assert_eq!((tries.result, tries.earlier.len()), (failure(FailureKind::Connect), 4));
    assert!(waited <= Duration::from_millis(1500 + 4), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn every_try_takes_a_turn_of_the_pace() {
    let pace = Pace::new(Rate::Every(Duration::from_secs(10)));
    let (tries, waited) =
        play(Retry::default(), Some(&pace), &[answer(503, None), answer(503, None), answer(200, None)]).await;
    assert_eq!((waited.as_secs(), tries.took), (20, Duration::ZERO));
}
