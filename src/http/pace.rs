//! How fast one vendor is asked: a fixed rate, or as fast as it lets us.

use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use thiserror::Error;
use tokio::time::{Instant, sleep_until};

/// The gap with which `auto` begins once a vendor has refused, and the widest it gets.
const FIRST_GAP: Duration = Duration::from_millis(50);
const WIDEST_GAP: Duration = Duration::from_secs(2);
/// Below this gap `auto` is without bounds again.
const NO_GAP: Duration = Duration::from_millis(2);

/// A rate as it is written: `5/s`, `100/m`, `1000/h` or `auto`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// One request in so long a time.
    Every(Duration),
    /// As fast as the vendor takes them: slower after each 429, and faster again after.
    Auto,
}

/// A rate that is not written as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("expected a rate such as 5/s, 100/m, 1000/h or auto")]
pub struct BadRate;

impl FromStr for Rate {
    type Err = BadRate;

    fn from_str(text: &str) -> Result<Self, BadRate> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        let (count, unit) = text.split_once('/').ok_or(BadRate)?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => return Err(BadRate),
        };
        let count = count.parse().ok().filter(|count| *count > 0).ok_or(BadRate)?;
        Ok(Self::Every(Duration::from_secs(seconds) / count))
    }
}

/// The pace of one vendor, kept by all who send to it.
#[derive(Debug)]
pub struct Pace {
    auto: bool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    gap: Duration,
    /// When the next request may go out: all that the generic cell rate algorithm has to remember.
    next: Option<Instant>,
    slowed: Option<Instant>,
}

impl Pace {
    /// A pace that begins at a rate; `auto` begins without bounds.
    pub fn new(rate: Rate) -> Self {
        let (auto, gap) = match rate {
            Rate::Every(gap) => (false, gap),
            Rate::Auto => (true, Duration::ZERO),
        };
        Self { auto, state: Mutex::new(State { gap, next: None, slowed: None }) }
    }

    /// Waits for the caller's turn; turns are given in the order in which they are asked for, evenly spaced.
    pub async fn wait(&self) {
        let now = Instant::now();
        let turn = self.state().turn(now);
        if turn > now {
            sleep_until(turn).await;
        }
    }

    /// Takes note of the answer to a request that was sent at `sent`; only `auto` heeds it.
    pub fn heed(&self, sent: Instant, status: u16) {
        if self.auto {
            self.state().heed(sent, status == 429, Instant::now());
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is whole after each change, so a panic elsewhere spoils nothing.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn turn(&mut self, now: Instant) -> Instant {
        let turn = self.next.map_or(now, |next| next.max(now));
        self.next = Some(turn + self.gap);
        turn
    }

    /// Requests that were under way when we slowed down say nothing about the slower pace.
    fn heed(&mut self, sent: Instant, refused: bool, now: Instant) {
        if self.slowed.is_some_and(|slowed| sent < slowed) {
            return;
        }
        if refused {
            self.gap = (self.gap * 2).clamp(FIRST_GAP, WIDEST_GAP);
            self.next = Some(now + self.gap);
            self.slowed = Some(now);
        } else {
            let narrower = self.gap * 15 / 16;
            self.gap = if narrower < NO_GAP { Duration::ZERO } else { narrower };
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;

    use super::*;

    /// When each of so many turns came, in milliseconds, all asked for at once.
    async fn turns(pace: &Pace, count: usize) -> Vec<u128> {
        let begun = Instant::now();
        join_all((0..count).map(async |_| {
            pace.wait().await;
            begun.elapsed().as_millis()
        }))
        .await
    }

    fn gap(pace: &Pace) -> Duration {
        pace.state().gap
    }

    #[test]
    fn rates_are_read() {
        let every = |millis| Ok(Rate::Every(Duration::from_millis(millis)));
        assert_eq!("5/s".parse(), every(200));
        assert_eq!("100/m".parse(), every(600));
        assert_eq!("3600/h".parse(), every(1000));
        assert_eq!("auto".parse(), Ok(Rate::Auto));
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for text in ["", "5", "/s", "5/", "5/d", "0/s", "-5/s", "1.5/s", "5 / s", "99999999999/s", "Auto"] {
            assert_eq!(text.parse::<Rate>(), Err(BadRate), "{text}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn turns_are_evenly_spaced() {
        let pace = Pace::new("5/s".parse().unwrap());
        assert_eq!(turns(&pace, 5).await, [0, 200, 400, 600, 800]);
    }

    #[tokio::test(start_paused = true)]
    async fn time_that_nobody_used_is_not_made_up_for() {
        let pace = Pace::new("5/s".parse().unwrap());
        pace.wait().await;
        tokio::time::advance(Duration::from_mins(1)).await;
        assert_eq!(turns(&pace, 3).await, [0, 200, 400]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_fixed_rate_heeds_no_answer() {
        let pace = Pace::new("5/s".parse().unwrap());
        pace.heed(Instant::now(), 429);
        assert_eq!(gap(&pace), Duration::from_millis(200));
    }

    #[tokio::test(start_paused = true)]
    async fn auto_is_without_bounds_until_a_refusal() {
        let pace = Pace::new(Rate::Auto);
        assert_eq!(turns(&pace, 4).await, [0; 4]);
        pace.heed(Instant::now(), 503);
        assert_eq!(turns(&pace, 2).await, [0; 2]);
        pace.heed(Instant::now(), 429);
        assert_eq!(turns(&pace, 3).await, [50, 100, 150]);
    }

    #[tokio::test(start_paused = true)]
    async fn refusals_that_were_under_way_together_slow_auto_once() {
        let pace = Pace::new(Rate::Auto);
        let sent = Instant::now();
        tokio::time::advance(Duration::from_millis(5)).await;
        for _ in 0..64 {
            pace.heed(sent, 429);
        }
        assert_eq!(gap(&pace), FIRST_GAP);
    }

    #[tokio::test(start_paused = true)]
    async fn each_later_refusal_doubles_the_gap_up_to_the_widest() {
        let pace = Pace::new(Rate::Auto);
        let mut gaps = Vec::new();
        for _ in 0..7 {
            tokio::time::advance(Duration::from_millis(1)).await;
            pace.heed(Instant::now(), 429);
            gaps.push(gap(&pace).as_millis());
        }
        assert_eq!(gaps, [50, 100, 200, 400, 800, 1600, 2000]);
    }

    #[tokio::test(start_paused = true)]
    async fn answers_quicken_auto_until_it_has_no_bounds_again() {
        let pace = Pace::new(Rate::Auto);
        pace.heed(Instant::now(), 429);
        let mut before = gap(&pace);
        while before > Duration::ZERO {
            pace.heed(Instant::now(), 200);
            assert!(gap(&pace) < before);
            before = gap(&pace);
        }
    }
}
