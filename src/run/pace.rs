//! How fast one vendor is asked: a fixed rate, or as fast as it lets us.

use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use thiserror::Error;
use tokio::time::{Instant, sleep_until};

/// Where `auto` begins once a vendor has refused, and the slowest it gets.
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
