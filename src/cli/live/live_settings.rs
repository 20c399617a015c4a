//! The settings of what asks vendors, in plain values: as typed, or else as in `proviso.yaml`, or else as usual.

use crate::cli::args::{OrderArgs, PaceArgs, ReachArgs};
use crate::cli::context::Context;
use crate::cli::live::ProjectSettings;
use crate::cli::problem::Problem;
use proviso::contract::Contracts;
use proviso::http::pace::Rate;
use proviso::http::retry::Retry;
use proviso::http::send;
use proviso::mock::OutcomeChoice;
use proviso::run::guard::Terms;
use proviso::run::{Cleanup, EarlierRuns, Opening, RunPlan};
use std::num::NonZeroUsize;
use std::sync::Arc;

/// The settings of everything that asks vendors.
pub(crate) struct LiveSettings {
    /// The terms of the guard.
    pub(crate) terms: Terms,
    /// The outcomes that the embedded mock gives.
    pub(crate) choices: Vec<OutcomeChoice>,
    /// The contracts by which the embedded mock answers, where they are not those of the run.
    pub(crate) answering: Option<Arc<Contracts>>,
    /// The pace at which a vendor is asked.
    pub(crate) rate: Option<Rate>,
    /// Those of the client socket.
    pub(crate) sending: send::Settings,
    /// The plan of a run with no cases known to violate and no accepted answers.
    pub(crate) plan: RunPlan,
}

impl LiveSettings {
    /// The settings that runs and walks have in common.
    pub(crate) fn new(
        reach: &ReachArgs,
        pace: &PaceArgs,
        project: &ProjectSettings,
        context: &Context,
    ) -> Result<Self, Problem> {
        let mut sending = reach.connection.send_settings();
        sending.timeout = pace.timeout.or(project.timeout).unwrap_or(sending.timeout);
        let mut retry = Retry::default();
        retry.further = pace.retry.or(project.retry).unwrap_or(retry.further);
        let plan = RunPlan {
            jobs: RunPlan::JOBS,
            retry,
            max_time: pace.max_time.or(project.max_time),
            max_requests: pace.max_requests.map(NonZeroUsize::get).or(project.max_requests),
            fail_fast: false,
            tell_all: false,
            state: Some(context.state.clone()),
            wind_down: RunPlan::WIND_DOWN,
            baselines: None,
            known: Vec::new(),
            earlier: EarlierRuns::default(),
            opening: Opening::Canary,
            cleanup: Cleanup::Remove,
        };
        Ok(Self {
            terms: reach.consent.terms(&context.environment, &reach.connection)?,
            choices: reach.choose.clone(),
            answering: None,
            rate: pace.rate_limit.or(project.rate_limit),
            sending,
            plan,
        })
    }

    /// The same with what concerns runs of cases alone.
    pub(crate) fn with_order(mut self, order: &OrderArgs, project: &ProjectSettings) -> Self {
        let usual = if self.plan.max_requests.is_some() { RunPlan::JOBS_WITHIN_BOUND } else { self.plan.jobs };
        self.plan.jobs = order.jobs.map(NonZeroUsize::get).or(project.jobs).unwrap_or(usual);
        self.plan.fail_fast = order.fail_fast;
        self.plan.known.clone_from(&project.known);
        self
    }
}
