//! Cases tried against the broken mock, in one thread of its own: the contracts compiled once, the answers given without a socket.

use super::change::Sample;
use super::stage::{Fault, Stage, origin};
use crate::contract::case::Case;
use crate::contract::{Contracts, Loaded};
use crate::http::retry::Retry;
use crate::http::send::Sender;
use crate::judge::verdict::Verdict;
use crate::mock::{Answerer, InProcess, Mock, MockError, MockSettings};
use crate::run::event::Event;
use crate::run::{Destination, Engine, Party, Settings, Teller, Tried};
use crate::text::secret::Redactor;
use futures_util::future::join_all;
use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use thiserror::Error;
use tokio::runtime::{Builder, Runtime};

/// Why nothing can be measured.
#[derive(Debug, Error)]
pub enum Unmeasurable {
    /// The mock cannot start.
    #[error(transparent)]
    Mock(#[from] MockError),
    /// The machine gives no runtime or no thread.
    #[error("the machine gives no runtime: {0}")]
    Runtime(#[from] io::Error),
    /// A thread of the measurement ended before its work was done.
    #[error("this is a mistake in proviso itself: a thread of the measurement panicked")]
    Panicked,
}

/// A stage with a run in front of it.
pub(crate) struct Trial<'a> {
    stage: Arc<Stage>,
    runtime: Runtime,
    engine: &'a Engine<'a>,
    parties: &'a [Party<'a>],
    contracts: &'a Contracts,
}

/// Makes a trial ready, with the credentials that `values` give, and hands it on.
pub(crate) fn on_trial<T>(
    loaded: &Loaded,
    shared: &Arc<Contracts>,
    values: &HashMap<String, String>,
    act: impl FnOnce(&Trial<'_>) -> T,
) -> Result<T, Unmeasurable> {
    let mock = MockSettings { values: values.clone(), seed: Some(1), ..MockSettings::default() };
    let mock = Arc::new(Mock::new(Arc::clone(shared), &mock)?);
    let variables: HashMap<String, String> = mock.environment().into_iter().collect();
    let stage = Arc::new(Stage::new(mock, Arc::clone(shared)));
    let sender = Sender::within(Arc::new(InProcess(Arc::clone(&stage) as Arc<dyn Answerer>)));
    let settings = Settings { retry: Retry { further: 0, ..Retry::default() }, ..Settings::default() };
    let redactor = Redactor::default();
    let teller = Teller { sources: &loaded.sources, redactor: &redactor };
    let mut sink = |_: Event| {};
    let contracts = &loaded.contracts;
    let engine = Engine::new(contracts, &sender, &settings, teller, &mut sink);
    let met = contracts.vendors.iter();
    let parties: Vec<Party<'_>> =
        met.map(|vendor| Party::new(vendor, Destination::embedded(&origin(vendor.id)), &variables, None)).collect();
    let runtime = Builder::new_current_thread().build()?;
    let trial = Trial { stage, runtime, engine: &engine, parties: &parties, contracts };
    trial.runtime.block_on(join_all(parties.iter().map(|party| engine.meet(party))));
    // What was made to see that a vendor is alive serves no case here, so that all cases go the same way in every thread.
    parties.iter().for_each(|party| drop(party.spare.take()));
    Ok(act(&trial))
}

impl Trial<'_> {
    /// A case tried with nothing broken: what it came to, and what it exchanged.
    pub(crate) fn sample(&self, case: &Case) -> (Tried, Vec<Sample>) {
        self.stage.set(None);
        self.stage.listen();
        let tried = self.try_alone(case);
        (tried, self.stage.heard())
    }

    /// The first of these cases that notices a fault, tried one after another.
    pub(super) fn first_to_notice<'c>(
        &self,
        fault: &Arc<Fault>,
        cases: impl Iterator<Item = &'c Case>,
    ) -> Option<&'c Case> {
        for case in cases {
            self.stage.set(Some(Arc::clone(fault)));
            if self.notices(case, &self.try_alone(case)) {
                return Some(case);
            }
        }
        None
    }

    /// The first of these cases that notices a fault, all of them under way at once, so that what one does can show in another.
    /// They take turns in both orders: what one does shows only in those whose turn comes after.
    pub(super) fn first_together<'c>(&self, fault: &Arc<Fault>, cases: &[&'c Case]) -> Option<&'c Case> {
        let backwards: Vec<&Case> = cases.iter().rev().copied().collect();
        self.together(fault, cases).or_else(|| self.together(fault, &backwards))
    }

    fn together<'c>(&self, fault: &Arc<Fault>, cases: &[&'c Case]) -> Option<&'c Case> {
        let party = self.parties.get(fault.operation.vendor.position())?;
        self.stage.set(Some(Arc::clone(fault)));
        let all = cases.iter().map(|case| self.engine.try_case(party, case));
        let tried = self.runtime.block_on(join_all(all));
        cases.iter().zip(tried).find(|(case, tried)| self.notices(case, tried)).map(|(case, _)| *case)
    }

    fn try_alone(&self, case: &Case) -> Tried {
        let Some(party) = self.parties.get(case.row.vendor().position()) else {
            return Tried { verdict: Verdict::Skipped, reason: None, findings: Vec::new(), charged: Vec::new() };
        };
        self.runtime.block_on(self.engine.try_case(party, case))
    }

    /// Whether a case that conforms where nothing is broken has noticed: it violates, or a documented row that it looked at is
    /// charged. Of a row that the page says only *may* be so, the run tells a departure without calling it a violation.
    fn notices(&self, case: &Case, tried: &Tried) -> bool {
        match tried.verdict {
            Verdict::Violates => true,
            Verdict::Skipped => self.contracts[case.row].may,
            _ => tried.charged.iter().any(|row| self.contracts[row.operation].page.is_some()),
        }
    }
}
