//! The settings of what asks vendors, in plain values: as typed, or else as in `proviso.yaml`, or else as usual.

use crate::cli::args::{OrderArgs, PaceArgs, ReachArgs};
use crate::cli::context::Context;
use crate::cli::live::ProjectSettings;
use crate::cli::problem::Problem;
use proviso::http::pace::Rate;
use proviso::http::send;
use proviso::mock::OutcomeChoice;
use proviso::run;
use proviso::run::guard::Terms;
use std::num::NonZeroUsize;

/// The settings of everything that asks vendors.
pub(crate) struct LiveSettings {
    /// The terms of the guard.
    pub(crate) terms: Terms,
    /// The outcomes that the embedded mock gives.
    pub(crate) choices: Vec<OutcomeChoice>,
    /// The pace at which a vendor is asked.
    pub(crate) rate: Option<Rate>,
    /// Those of the client socket.
    pub(crate) sending: send::Settings,
    /// Those of the engine.
    pub(crate) engine: run::Settings,
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
        let mut engine = run::Settings { state: Some(context.state.clone()), ..run::Settings::default() };
        engine.retry.further = pace.retry.or(project.retry).unwrap_or(engine.retry.further);
        engine.max_time = pace.max_time.or(project.max_time);
        Ok(Self {
            terms: reach.consent.terms(&context.environment, &reach.connection)?,
            choices: reach.choose.clone(),
            rate: pace.rate_limit.or(project.rate_limit),
            sending,
            engine,
        })
    }

    /// The same with what concerns runs of cases alone.
    pub(crate) fn with_order(mut self, order: &OrderArgs, project: &ProjectSettings) -> Self {
        self.engine.jobs = order.jobs.map(NonZeroUsize::get).or(project.jobs).unwrap_or(self.engine.jobs);
        self.engine.fail_fast = order.fail_fast;
        self.engine.known.clone_from(&project.known);
        self
    }
}
