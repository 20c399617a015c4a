//! The early end of a run: nothing new is begun, what is under way is dropped, and what was made is still removed.

use crate::judge::verdict::Verdict;
use crate::run::early_end::EarlyEnd;
use futures_util::FutureExt;
use std::any::Any;
use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

/// The time for the answer to a request that may make something, after the end was asked for: without it, its id is not known.
const GRACE: Duration = Duration::from_secs(2);

/// The reason why a run ends before all cases are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelReason {
    /// The user interrupted it.
    Interrupted,
    /// Its time was up.
    OutOfTime,
    /// It has sent as many requests as it may.
    OutOfRequests,
    /// A violation was found, and one was enough.
    FailFast,
}

impl CancelReason {
    /// The reason in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Interrupted => "interrupted",
            Self::OutOfTime => "--max-time is up",
            Self::OutOfRequests => "--max-requests is reached",
            Self::FailFast => "--fail-fast, and a case violates",
        }
    }

    /// The end of a case that has begun and is not finished.
    pub(super) fn unfinished(self) -> EarlyEnd {
        EarlyEnd::new(Verdict::Undetermined, format!("not finished: {}", self.words()))
    }

    /// Returns whether what is under way ends, too.
    pub(super) fn ends_cases(self) -> bool {
        self != Self::FailFast
    }
}

/// The value that a panic leaves.
pub(super) type Panic = Box<dyn Any + Send>;

/// The token that ends a run early.
pub(crate) struct CancelToken {
    reason: watch::Sender<Option<CancelReason>>,
    /// When the run's time is up; once it is cancelled, the time for removing what it has made.
    until: Cell<Option<Instant>>,
    wind_down: Duration,
}

impl CancelToken {
    /// A token of a run that goes on, as long as it has time.
    pub(super) fn new(max_time: Option<Duration>, wind_down: Duration) -> Self {
        let until = Cell::new(max_time.map(|time| Instant::now() + time));
        Self { reason: watch::Sender::new(None), until, wind_down }
    }

    /// Ends the run: cases that have not begun are reported as not run, and unless it is for a violation, so are those that have.
    pub(super) fn cancel(&self, reason: CancelReason) {
        if self.ends_cases() || self.reason() == Some(reason) {
            return;
        }
        self.reason.send_replace(Some(reason));
        if self.ends_cases() {
            self.until.set(Some(Instant::now() + self.wind_down));
        }
    }

    /// The reason, if the run ends early.
    pub(super) fn reason(&self) -> Option<CancelReason> {
        *self.reason.borrow()
    }

    /// When the run's time is up, if it is bounded.
    pub(super) fn until(&self) -> Option<Instant> {
        self.until.get()
    }

    fn ends_cases(&self) -> bool {
        self.reason().is_some_and(CancelReason::ends_cases)
    }

    /// The result of a case that has begun when the run is cancelled.
    pub(crate) fn early_end(&self) -> Option<EarlyEnd> {
        let reason = self.reason().filter(|reason| reason.ends_cases())?;
        Some(reason.unfinished())
    }

    /// Does a run's work to its end; once it is cancelled, only as long as there is time for removing what was made.
    pub(super) async fn until_cancelled(
        &self,
        work: impl Future<Output = ()>,
        interrupted: impl Future<Output = ()>,
    ) -> Result<(), Panic> {
        let work = AssertUnwindSafe(work).catch_unwind();
        tokio::pin!(work, interrupted);
        let mut heard = false;
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = &mut interrupted, if !heard => {
                    heard = true;
                    self.cancel(CancelReason::Interrupted);
                }
                () = self.time_is_up() => {
                    if self.ends_cases() {
                        return Ok(());
                    }
                    self.cancel(CancelReason::OutOfTime);
                }
            }
        }
    }

    async fn time_is_up(&self) {
        match self.until() {
            Some(until) => sleep_until(until).await,
            None => std::future::pending().await,
        }
    }

    /// Does work to its end, or until the run is cancelled and `landed` ends: then no answer is expected any more that shows what
    /// was made.
    ///
    /// The work is pinned by the caller: a future that is taken by value is held twice, as an argument and as what is awaited,
    /// and a case's is large and moved whenever one begins.
    pub(super) async fn unless_cancelled<T>(
        &self,
        work: Pin<&mut impl Future<Output = T>>,
        landed: impl Future<Output = ()>,
    ) -> Option<T> {
        let cancelled = async {
            // The sender lives as long as the run, so that waiting does not fail.
            let _ = self.reason.subscribe().wait_for(|reason| reason.is_some_and(CancelReason::ends_cases)).await;
            let _ = timeout(GRACE.min(self.wind_down), landed).await;
        };
        tokio::select! {
            biased;
            done = work => Some(done),
            () = cancelled => None,
        }
    }
}
