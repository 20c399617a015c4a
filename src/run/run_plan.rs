//! Everything that differs between runs, walks, trials and saved runs that are judged again. A plan has no default, so that the
//! compiler asks for every field.

use crate::http::retry::Retry;
use crate::run::earlier_runs::EarlierRuns;
use crate::run::event::KnownInfo;
use crate::run::snapshot::Baselines;
use std::path::PathBuf;
use std::time::Duration;

/// The way in which a run does its tasks.
#[derive(Debug, Clone)]
pub struct RunPlan {
    /// The number of tasks that run at once.
    pub jobs: usize,
    /// The tries of a request.
    pub retry: Retry,
    /// The time that the run may take.
    pub max_time: Option<Duration>,
    /// The most requests that the run may send.
    pub max_requests: Option<usize>,
    /// True if the first violation ends it.
    pub fail_fast: bool,
    /// True if exchanges are reported of cases that conform, too.
    pub tell_all: bool,
    /// The folder of what runs remember, with the ledger; without one, a run that is killed leaves behind what it made.
    pub state: Option<PathBuf>,
    /// The time in which a run that is cancelled goes on removing what it has made.
    pub wind_down: Duration,
    /// The accepted answers that those of this run are compared with, if any.
    pub baselines: Option<Baselines>,
    /// The violations that are known.
    pub known: Vec<KnownInfo>,
    /// The violations that earlier runs found.
    pub earlier: EarlierRuns,
    /// The beginning at a vendor, before its first task.
    pub opening: Opening,
    /// The fate of the resources that the run makes.
    pub cleanup: Cleanup,
}

impl RunPlan {
    /// The tasks that run at once where the user names no number.
    pub const JOBS: usize = 64;
    /// The same where requests are bounded: few cases are cut off half-way.
    pub const JOBS_WITHIN_BOUND: usize = 4;
    /// The time for removing what was made, after a run is cancelled.
    pub const WIND_DOWN: Duration = Duration::from_secs(10);
}

/// The beginning at a vendor, before its first task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// A canary asks whether the vendor is alive.
    Canary,
    /// Nothing: a task asks when it needs to know, or there is no vendor.
    Nothing,
}

/// The fate of the resources that a run makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cleanup {
    /// They are removed, and what remains is reported.
    Remove,
    /// They are left: no vendor keeps them.
    Leave,
}
