//! How a run ends before its time: nothing new is begun, what is under way is dropped, and what was made is still removed.

use crate::judge::verdict::Verdict;
use crate::run::engine::Engine;
use crate::run::judging::Ended;
use crate::run::stop::Stop;
use futures_util::FutureExt;
use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout};

/// How long the answer to a request that may make something is waited for after a cut: without it, its id is not known.
const GRACE: Duration = Duration::from_secs(2);

/// Why a run ends before all cases are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The engineer interrupted it.
    Interrupted,
    /// Its time was up.
    OutOfTime,
    /// A violation was found, and one was enough.
    FailFast,
}

impl Engine<'_> {
    /// Ends the run: cases that have not begun are told as not run, and unless it is for a violation, so are those that have.
    pub fn cut(&self, cut: Cut) {
        if self.is_ending() || self.was_cut() == Some(cut) {
            return;
        }
        self.cut.send_replace(Some(cut));
        if self.is_ending() {
            self.until.set(Some(Instant::now() + self.settings.wind_down));
        }
    }

    /// Why the run ended early, if it did.
    pub fn was_cut(&self) -> Option<Cut> {
        *self.cut.borrow()
    }

    /// Whether what is under way is to end, too.
    pub(super) fn is_ending(&self) -> bool {
        ends(self.was_cut())
    }

    /// What a case comes to that has begun when the run is cut.
    pub(crate) fn stop(&self) -> Option<Stop> {
        match self.was_cut()? {
            Cut::Interrupted => Some(Stop::new(Verdict::Skipped, "interrupted")),
            Cut::OutOfTime => Some(Stop::new(Verdict::Undetermined, "not finished: --max-time is up")),
            Cut::FailFast => None,
        }
    }

    /// Does a run's work to its end; once it is cut, only as long as there is time for removing what was made.
    pub(super) async fn until_cut(
        &self,
        work: impl Future<Output = ()>,
        interrupted: impl Future<Output = ()>,
    ) -> Result<(), Panic> {
        let work = AssertUnwindSafe(work).catch_unwind();
        tokio::pin!(work, interrupted);
        let mut told = false;
        loop {
            let alarm = async {
                match self.until.get() {
                    Some(until) => sleep_until(until).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = &mut interrupted, if !told => {
                    told = true;
                    self.cut(Cut::Interrupted);
                }
                () = alarm => {
                    if self.is_ending() {
                        return Ok(());
                    }
                    self.cut(Cut::OutOfTime);
                }
            }
        }
    }

    /// Does work to its end, or until the run is cut and no answer is due any more that tells what was made.
    ///
    /// The work is pinned by the caller: a future that is taken by value is held twice, as an argument and as what is awaited,
    /// and a case's is large and moved whenever one begins.
    pub(crate) async fn unless_cut<T>(&self, work: Pin<&mut impl Future<Output = T>>) -> Option<T> {
        let cut = async {
            // The sender lives as long as the run, so that waiting does not fail.
            let _ = self.cut.subscribe().wait_for(|cut| ends(*cut)).await;
            let _ = timeout(GRACE.min(self.settings.wind_down), self.ledger.landed()).await;
        };
        tokio::select! {
            biased;
            done = work => Some(done),
            () = cut => None,
        }
    }
}

/// What a panic leaves.
pub(super) type Panic = Box<dyn Any + Send>;

fn ends(cut: Option<Cut>) -> bool {
    matches!(cut, Some(Cut::Interrupted | Cut::OutOfTime))
}

/// A case's work; where it panics, that is told in its place, and the other cases go on.
pub(super) fn unbroken(work: impl Future<Output = Ended>) -> impl Future<Output = Ended> {
    let told = |panic: Panic| {
        let why = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let why = why.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        Ended::with(Verdict::Undetermined, format!("this is a mistake in proviso itself: it panicked: {why}"))
    };
    AssertUnwindSafe(work).catch_unwind().map(move |ended| ended.unwrap_or_else(told))
}
