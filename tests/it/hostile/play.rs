//! Whole runs of this repository's contracts through the library, with bounds that a test sets.

use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

use proviso::contract::Loaded;
use proviso::contract::case::{Selection, compile};
use proviso::http::send::{Sender, Settings as SendSettings};
use proviso::judge::verdict::Verdict;
use proviso::run::event::{CaseResult, Event};
use proviso::run::{Answers, Destination, Listener, Parties, Party, RunContext, RunPlan, Teller, conduct};
use proviso::text::secret::Redactor;

use super::stage::Stage;
use crate::runner::{Told, quick, specs};

/// The contracts, read once.
static LOADED: LazyLock<Loaded> = LazyLock::new(specs);

/// A run that is about to begin.
pub(crate) struct Play {
    /// Where each vendor answers; under `*`, all that have no address of their own.
    pub(crate) origins: Vec<(&'static str, String)>,
    /// The credentials and fixtures.
    pub(crate) environment: Vec<(&'static str, String)>,
    /// Which cases.
    pub(crate) selection: Selection,
    /// The bounds of one exchange.
    pub(crate) bounds: SendSettings,
    /// How the run goes about its cases.
    pub(crate) settings: RunPlan,
}

impl Play {
    /// Every case against a stage, with bounds that only what has no end passes.
    pub(crate) fn on(stage: &Stage) -> Self {
        let settings = RunPlan { jobs: 8, max_time: Some(Duration::from_mins(2)), ..quick() };
        Self {
            origins: vec![("*", stage.origin().to_owned())],
            environment: stage.environment(),
            selection: Selection::default(),
            bounds: SendSettings {
                timeout: Duration::from_mins(1),
                max_body: 1 << 20,
                max_decoded: 1 << 20,
                ..SendSettings::default()
            },
            settings,
        }
    }

    /// Runs; a run that its own bound of time had to end has failed its test.
    pub(crate) fn run(&self) -> Told {
        let contracts = &LOADED.contracts;
        let variables: HashMap<String, String> =
            self.environment.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let parties: Parties<'_> = contracts
            .vendors
            .iter()
            .map(|vendor| {
                let origin = self.origin(&vendor.name);
                Party::new(vendor, Destination::url(vendor, "test", origin).unwrap(), &variables, None)
            })
            .collect();
        let secrets = parties.iter().flat_map(|party| &party.credentials);
        let (redactor, _) = Redactor::new(secrets.map(|(name, secret)| (name.as_str(), secret)));
        let teller = Teller { sources: &LOADED.sources, redactor: &redactor };
        let sender = Sender::new(&self.bounds).unwrap();
        let cases = self.selection.select(contracts, compile(contracts));
        let (mut results, mut notices) = (Vec::new(), Vec::new());
        let mut sink = |event| match event {
            Event::CaseFinished(result) => results.push(*result),
            Event::Notice(notice) => notices.push(notice),
            _ => {}
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let answers = Answers::Sent(&sender);
        let run = RunContext::new(contracts, answers, &self.settings, teller, Listener::Events(&mut sink));
        runtime.block_on(conduct(&run, &parties, &cases, std::future::pending()));
        assert_eq!(run.cancelled(), None, "the run ended by itself");
        drop(run);
        let told = Told { results, notices, steps: Vec::new() };
        for case in &cases {
            let ends = told.results.iter().filter(|result| result.id == case.id).count();
            assert_eq!(ends, 1, "{} is judged once", case.id);
        }
        told
    }

    fn origin(&self, vendor: &str) -> &str {
        let own = self.origins.iter().find(|(name, _)| *name == vendor);
        &own.or_else(|| self.origins.iter().find(|(name, _)| *name == "*")).unwrap().1
    }
}

/// The results of these cases; every other one conforms, or cannot run for a reason that has nothing to do with this.
pub(crate) fn only<'t>(told: &'t Told, cases: &[&str]) -> Vec<&'t CaseResult> {
    let (theirs, others): (Vec<_>, Vec<_>) =
        told.results.iter().partition(|result| cases.contains(&result.id.as_str()));
    for result in others {
        let barred = result.verdict == Verdict::Skipped;
        assert!(barred || result.verdict == Verdict::Conforms, "{}:\n{}", result.id, told.trouble());
    }
    assert_eq!(theirs.len(), cases.len(), "{}", told.trouble());
    theirs
}
