//! Everything that is resolved before the first request: where each goes, the embedded mock, credentials, the guard, the socket.

use crate::cli::args::Global;
use crate::cli::contracts::plural;
use crate::cli::environment::Environment;
use crate::cli::output::Output;
use crate::cli::panics;
use crate::cli::run::destinations::{Goal, goals};
use crate::cli::run::supplies::{self, Supplied};
use crate::cli::run::{Destination, Pacing};
use crate::cli::settings::Settings;
use crate::cli::value;
use proviso::contract::Loaded;
use proviso::http::pace::Rate;
use proviso::http::send::{self, Sender};
use proviso::mock::Spawned;
use proviso::report::Exit;
use proviso::run::guard::{Deeds, Refusal, Terms, departure, leaves, refusals};
use proviso::run::{self, Party};
use proviso::text::secret::Redactor;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// Where requests are to go, and how.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// Where.
    pub(crate) destination: &'a Destination,
    /// How fast and how long.
    pub(crate) pacing: &'a Pacing,
    /// The environment.
    pub(crate) environment: &'a Environment,
    /// `proviso.yaml`.
    pub(crate) settings: &'a Settings,
    /// The contracts.
    pub(crate) loaded: &'a Loaded,
}

/// Everything that is ready before the first request.
pub(crate) struct Stage<'a> {
    /// What waits for the network.
    pub(crate) runtime: Runtime,
    /// The vendors, each with its place and its credentials.
    pub(crate) parties: Vec<Party<'a>>,
    /// What keeps secrets out.
    pub(crate) redactor: Arc<Redactor>,
    /// The client socket.
    pub(crate) sender: Sender,
    /// The vendors of the embedded mock, which answer as long as this is held.
    _mock: Vec<Spawned>,
}

impl Wanted<'_> {
    /// Where each vendor's requests go.
    pub(crate) fn goals(self, output: &mut Output) -> Result<Vec<Option<Goal>>, Exit> {
        goals(&self.destination.target, &self.loaded.contracts, self.settings).map_err(|mistakes| {
            for mistake in mistakes {
                output.error(&mistake.message, &mistake.help);
            }
            Exit::Wrong
        })
    }
}

impl<'a> Stage<'a> {
    /// Makes everything ready; `deeds` says what is about to be done at a vendor, if anything is. A vendor that the guard
    /// refuses is told, and is not asked.
    pub(crate) fn set(
        wanted: Wanted<'a>,
        goals: &[Option<Goal>],
        mut supplied: Supplied,
        deeds: impl Fn(&Party<'_>) -> Option<Deeds>,
        output: &mut Output,
    ) -> Result<Self, Exit> {
        let Wanted { loaded, .. } = wanted;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
            output.error(&format!("the machine gives no runtime: {error}"), &[]);
            Exit::Environment
        })?;
        let inside = runtime.enter();
        let wrong = |why: String, output: &mut Output| {
            output.error(&why, &[]);
            Exit::Wrong
        };
        let reach = &wanted.destination.reach;
        let terms =
            reach.consent.terms(wanted.environment, reach.connecting.way()).map_err(|why| wrong(why, output))?;
        let mut mock = Vec::new();
        if goals.contains(&Some(Goal::Mock)) {
            let started = super::mock::start(&wanted.destination.reach, loaded, goals, &mut supplied);
            mock = started.map_err(|why| wrong(why, output))?;
        }
        let (redactor, too_short) = supplies::redactor(&loaded.contracts, &supplied);
        let redactor = Arc::new(redactor);
        panics::hook_redacting(&redactor);
        for notice in too_short {
            output.notice(&format!("notice: {notice}\n"));
        }
        let from_file = || wanted.settings.rate_limit.as_deref().and_then(|text| text.parse().ok());
        let rate = wanted.pacing.rate_limit.or_else(from_file);
        let parties = parties(loaded, goals, &mock, &supplied.variables, rate);
        for party in parties.iter().filter(|party| !party.destination.embedded || leaves(party, &terms)) {
            if let Some(deeds) = deeds(party) {
                guard(party, &deeds, &terms, output);
            }
        }
        let sender =
            Sender::new(&sender_settings(wanted, mock.len())).map_err(|error| wrong(error.to_string(), output))?;
        drop(inside);
        Ok(Self { runtime, parties, redactor, sender, _mock: mock })
    }
}

fn parties<'a>(
    loaded: &'a Loaded,
    goals: &[Option<Goal>],
    mock: &[Spawned],
    variables: &HashMap<String, String>,
    rate: Option<Rate>,
) -> Vec<Party<'a>> {
    let vendors = loaded.contracts.vendors.iter().zip(goals);
    // One for each vendor whose goal the mock is, in their order.
    let mut mock = mock.iter();
    let party = |(vendor, goal): (&'a proviso::contract::Vendor, &Option<Goal>)| {
        let destination = match goal {
            Some(Goal::Mock) => proviso::run::Destination::embedded(&mock.next()?.origin),
            Some(Goal::Elsewhere(destination)) => destination.clone(),
            None => return None,
        };
        Some(Party::new(vendor, destination, variables, rate))
    };
    vendors.filter_map(party).collect()
}

/// Has the guard look at what is about to be done at a vendor: what speaks against it is told, and forbids it; else where its
/// variables go.
fn guard(party: &Party<'_>, deeds: &Deeds, terms: &Terms, output: &mut Output) {
    let refused = refusals(party, deeds, terms);
    if refused.is_empty() {
        if let Some(line) = departure(party, deeds, terms) {
            output.tell(&format!("{line}\n"));
        }
        return;
    }
    tell_refused(&refused, output);
    output.tell(&format!("{}; nothing is sent to {}\n", plural(refused.len(), "refusal"), party.vendor.name));
    party.forbid(&refused);
}

/// Tells refusals, each with what permits it.
pub(crate) fn tell_refused(refused: &[Refusal], output: &mut Output) {
    for refusal in refused {
        let help = refusal.permit.iter().map(|permit| format!("if that is meant, type `{permit}`"));
        output.error(&format!("refused: {}", refusal.why), &help.collect::<Vec<_>>());
    }
}

/// Of how many vendors of the mock connections are kept. Each answers at a port of its own, so that of very many the kept ones
/// would be more than a process may have open.
const MOST_KEPT: usize = 64;

fn sender_settings(wanted: Wanted<'_>, mocked: usize) -> send::Settings {
    let Wanted { destination, pacing, settings, .. } = wanted;
    let from_file = settings.timeout.as_deref().and_then(|text| value::duration(text).ok());
    let mut built = destination.reach.connecting.settings();
    built.timeout = pacing.timeout.or(from_file).unwrap_or(built.timeout);
    built.keeps = mocked <= MOST_KEPT;
    built
}

/// How requests go about it, as far as runs and walks have that in common.
pub(crate) fn engine_settings(pacing: &Pacing, global: &Global, settings: &Settings) -> run::Settings {
    let mut built = run::Settings { state: Some(global.state.clone()), ..run::Settings::default() };
    built.retry.further = pacing.retry.or(settings.retry).unwrap_or(built.retry.further);
    let from_file = || settings.max_time.as_deref().and_then(|text| value::duration(text).ok());
    built.max_time = pacing.max_time.or_else(from_file);
    built
}
