//! When a try was enough, and how long to wait before the next: a pure decision, and the loop that obeys it.

use std::time::{Duration, SystemTime};

use tokio::time::{Instant, sleep};

use crate::http::exchange::{Attempt, Failure, Response};
use crate::http::pace::Pace;
use crate::http::tally::Allowance;

/// The number of tries of a request, and the growth of the waits between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// Further tries after the first one.
    pub further: u32,
    /// The longest wait before the second try; it doubles with each one after.
    pub base: Duration,
    /// The bound of our own waits.
    pub cap: Duration,
    /// The time that an exchange may go on because the vendor asks it to wait, where the run's own time sets no bound.
    pub patience: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            further: 4,
            base: Duration::from_millis(100),
            cap: Duration::from_secs(10),
            patience: Duration::from_mins(5),
        }
    }
}

impl Retry {
    /// A wait of our own before a further try, when so many are spent.
    pub(crate) fn wait(&self, spent: u32) -> Duration {
        share(backoff(self, spent), fastrand::f64())
    }
}

/// The tries after which a request may go out again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// Any try.
    Always,
    /// A try that was answered, or that cannot have arrived: a lost answer may be one to a deed that is not to be done twice.
    UnlessLost,
    /// A try that the vendor cannot have acted on: 429, or nothing that arrived.
    UnlessTaken,
}

/// The policy of one exchange for its tries.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    /// When to try again, and how often.
    pub retry: &'a Retry,
    /// The vendor's pace, if one is kept.
    pub pace: Option<&'a Pace>,
    /// The tries after which the request may go out again.
    pub repeats: Repeats,
    /// When the run's time is up.
    pub until: Option<Instant>,
    /// The requests that the exchange may use beside its first, where they are counted.
    pub allowance: Option<Allowance<'a>>,
}

impl Policy<'_> {
    /// Counts a further request, unless none may go out.
    pub(super) fn may_send(&self) -> bool {
        self.allowance.is_none_or(Allowance::take)
    }
}

/// The standing of an exchange after a try.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// The further tries that are spent.
    pub spent: u32,
    /// The time since the exchange began.
    pub elapsed: Duration,
    /// The rest of the run's time, if that is bounded.
    pub left: Option<Duration>,
    /// The tries after which the request may go out again.
    pub repeats: Repeats,
    /// The time with which a date in `Retry-After` is compared.
    pub now: SystemTime,
    /// A draw from zero to one, which spreads the waits of many exchanges.
    pub draw: f64,
}

/// The decision after a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The answer is final.
    Enough,
    /// Another try after a wait.
    Again {
        /// The wait.
        after: Duration,
        /// True if it is one of the tries that are counted.
        counts: bool,
    },
}

/// Decides whether an answer asks for another try, and when.
pub fn decide(retry: &Retry, result: &Result<Response, Failure>, standing: &Standing) -> Decision {
    let asked = match result {
        Ok(answer) if answer.status == 429 => asked_wait(answer, standing.now),
        Ok(answer) if answer.status >= 500 && standing.repeats != Repeats::UnlessTaken => None,
        Err(failure) if failure.kind.is_passing() && may_follow(standing.repeats, failure) => None,
        _ => return Decision::Enough,
    };
    match asked {
        Some(wait) => {
            let bound = standing.left.unwrap_or(retry.patience.saturating_sub(standing.elapsed));
            // At least the base passes between two tries, so that `Retry-After: 0` cannot turn into a flood.
            let after = wait.max(retry.base).saturating_add(share(retry.base, standing.draw));
            within(bound, Decision::Again { after, counts: false })
        }
        None if standing.spent < retry.further => {
            let after = share(backoff(retry, standing.spent), standing.draw);
            within(standing.left.unwrap_or(Duration::MAX), Decision::Again { after, counts: true })
        }
        None => Decision::Enough,
    }
}

/// Returns whether a request may go out again after a try without an answer.
fn may_follow(repeats: Repeats, failure: &Failure) -> bool {
    repeats == Repeats::Always || !failure.kind.may_have_arrived()
}

/// A wait that would outlast the time there is, is not begun.
fn within(bound: Duration, decision: Decision) -> Decision {
    match decision {
        Decision::Again { after, .. } if after > bound => Decision::Enough,
        fitting => fitting,
    }
}

fn share(whole: Duration, draw: f64) -> Duration {
    Duration::try_from_secs_f64(whole.as_secs_f64() * draw).map_or(whole, |part| part.min(whole))
}

fn backoff(retry: &Retry, spent: u32) -> Duration {
    let doubled = 2_u32.checked_pow(spent).and_then(|times| retry.base.checked_mul(times));
    doubled.map_or(retry.cap, |wait| wait.min(retry.cap))
}

/// The wait that `Retry-After` asks for, as seconds or as a date; anything else asks for none.
fn asked_wait(answer: &Response, now: SystemTime) -> Option<Duration> {
    let text = answer.headers.get("retry-after")?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

/// The result of all tries.
#[derive(Debug)]
pub struct Tries {
    /// The result of the last one.
    pub result: Result<Response, Failure>,
    /// Those before it, oldest first.
    pub earlier: Vec<Attempt>,
    /// The duration of the last one, without its wait.
    pub took: Duration,
}

/// Sends until what came back is enough: an answer that is accepted is, whatever its status.
pub async fn until_enough<F, A, S>(policy: &Policy<'_>, accepts: A, mut send: S) -> Tries
where
    F: Future<Output = Result<Response, Failure>>,
    A: Fn(&Response) -> bool,
    S: FnMut() -> F,
{
    let begun = Instant::now();
    let mut earlier = Vec::new();
    let mut spent = 0;
    loop {
        if let Some(pace) = policy.pace {
            pace.wait().await;
        }
        let started = Instant::now();
        let result = send().await;
        let took = started.elapsed();
        if let (Some(pace), Ok(answer)) = (policy.pace, &result) {
            pace.heed(started, answer.status);
        }
        if result.as_ref().is_ok_and(|answer| is_plain(answer) || accepts(answer)) {
            return Tries { result, earlier, took };
        }
        match decide(policy.retry, &result, &standing(policy, begun, spent)) {
            Decision::Again { .. } if !policy.may_send() => return Tries { result, earlier, took },
            Decision::Enough => return Tries { result, earlier, took },
            Decision::Again { after, counts } => {
                spent += u32::from(counts);
                earlier.push(attempt(result));
                sleep(after).await;
            }
        }
    }
}

/// An answer that no retry could follow is not worth asking about.
fn is_plain(answer: &Response) -> bool {
    answer.status < 500 && answer.status != 429
}

fn standing(policy: &Policy<'_>, begun: Instant, spent: u32) -> Standing {
    let now = Instant::now();
    Standing {
        spent,
        elapsed: now - begun,
        left: policy.until.map(|until| until.saturating_duration_since(now)),
        repeats: policy.repeats,
        now: SystemTime::now(),
        draw: fastrand::f64(),
    }
}

fn attempt(result: Result<Response, Failure>) -> Attempt {
    match result {
        Ok(answer) => Attempt::Status(answer.status),
        Err(failure) => Attempt::Failure(failure),
    }
}

#[cfg(test)]
mod tests;
