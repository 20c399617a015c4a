//! Cases tried against the broken mock, in one thread of its own: the contracts compiled once, the answers given without a socket.

use super::change::Sample;
use super::stage::{PlantedFault, Stage};
use crate::contract::case::Case;
use crate::contract::{Contracts, Loaded};
use crate::http::retry::Retry;
use crate::http::send::Sender;
use crate::judge::verdict::Verdict;
use crate::mock::{Answerer, InProcess, Mock, MockError, MockSettings};
use crate::run::{
    Answers, Cleanup, EarlierRuns, Health, Listener, Opening, Parties, RunContext, RunPlan, SignsOfLife, Teller,
    TrialResult, conduct,
};
use crate::text::secret::Redactor;
use std::cell::RefCell;
use std::collections::HashMap;
use std::future::pending;
use std::io;
use std::sync::Arc;
use thiserror::Error;
use tokio::runtime::{Builder, Runtime};

/// A reason for which nothing can be measured.
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
    run: &'a RunContext<'a>,
    parties: &'a Parties<'a>,
    /// What the cases came to that were just tried.
    results: &'a RefCell<Vec<TrialResult>>,
    contracts: &'a Contracts,
}

/// Makes a trial ready, with the credentials that `values` give, and hands it on.
pub(crate) fn on_trial<T>(
    loaded: &Loaded,
    values: &HashMap<String, String>,
    act: impl FnOnce(&Trial<'_>) -> T,
) -> Result<T, Unmeasurable> {
    let mock = MockSettings { values: values.clone(), seed: Some(1), ..MockSettings::default() };
    let mock = Arc::new(Mock::new(Arc::clone(&loaded.contracts), &mock)?);
    let variables: HashMap<String, String> = mock.environment().into_iter().collect();
    let stage = Arc::new(Stage::new(mock, Arc::clone(&loaded.contracts)));
    let sender = Sender::within(Arc::new(InProcess(Arc::clone(&stage) as Arc<dyn Answerer>)));
    let redactor = Redactor::default();
    let teller = Teller { sources: &loaded.sources, redactor: &redactor };
    let results = RefCell::new(Vec::new());
    let mut take = |result| results.borrow_mut().push(result);
    let contracts = &loaded.contracts;
    let plan = plan();
    let run = RunContext::new(contracts, Answers::Sent(&sender), &plan, teller, Listener::Trials(&mut take));
    let parties = stage.parties(contracts, &variables, true);
    let runtime = Builder::new_current_thread().build()?;
    let trial = Trial { stage, runtime, run: &run, parties: &parties, results: &results, contracts };
    trial.forget();
    Ok(act(&trial))
}

/// Cases tried once each, many at once, with nothing remembered and nothing compared.
fn plan() -> RunPlan {
    RunPlan {
        jobs: usize::MAX,
        retry: Retry { further: 0, ..Retry::default() },
        max_time: None,
        max_requests: None,
        fail_fast: false,
        tell_all: false,
        state: None,
        wind_down: RunPlan::WIND_DOWN,
        baselines: None,
        known: Vec::new(),
        earlier: EarlierRuns::default(),
        opening: Opening::Nothing,
        cleanup: Cleanup::Leave,
    }
}

impl Trial<'_> {
    /// Forgets everything that the cases before have made or changed at a case's vendor.
    pub(crate) fn begin_again(&self, case: &Case) {
        self.stage.begin_again(case.row.vendor());
    }

    /// A case tried with nothing broken: its result, and its exchanges.
    pub(crate) fn sample(&self, case: &Case) -> (TrialResult, Vec<Arc<Sample>>) {
        self.stage.set(None);
        self.stage.listen();
        let result = self.try_cases(&[case]).pop();
        (result.unwrap_or_else(|| TrialResult::untried(case)), self.stage.heard())
    }

    /// The first of these cases that notices a fault, tried one after another.
    pub(super) fn first_to_notice<'c>(
        &self,
        fault: &Arc<PlantedFault>,
        mut cases: impl Iterator<Item = &'c Case>,
    ) -> Option<&'c Case> {
        cases.find(|case| self.notice_together(fault, &[case]).is_some())
    }

    /// The first of these cases that notices a fault, all of them under way at once, so that what one does can show in another.
    /// They take turns in both orders: what one does shows only in those whose turn comes after.
    pub(super) fn first_together<'c>(&self, fault: &Arc<PlantedFault>, cases: &[&'c Case]) -> Option<&'c Case> {
        let backwards: Vec<&Case> = cases.iter().rev().copied().collect();
        self.notice_together(fault, cases).or_else(|| self.notice_together(fault, &backwards))
    }

    /// Forgets what cases have learned of vendors: the mock is alive, whatever a mutant made of its answers.
    fn forget(&self) {
        for party in self.parties {
            party.health.replace(Health::Open);
            party.signs.replace(SignsOfLife::certain());
            party.older.take();
            party.spare.take();
        }
    }

    fn notice_together<'c>(&self, fault: &Arc<PlantedFault>, cases: &[&'c Case]) -> Option<&'c Case> {
        self.forget();
        cases.iter().for_each(|case| self.begin_again(case));
        self.stage.set(Some(Arc::clone(fault)));
        let results = self.try_cases(cases);
        let noticed = |case: &&&Case| {
            let mut own = results.iter().filter(|result| result.case == case.id);
            own.any(|result| self.notices(result))
        };
        cases.iter().find(noticed).copied()
    }

    /// Tries cases, all of them under way at once.
    fn try_cases(&self, cases: &[&Case]) -> Vec<TrialResult> {
        self.runtime.block_on(conduct(self.run, self.parties, cases, pending()));
        self.results.take()
    }

    /// Whether a case that conforms where nothing is broken has noticed: it violates, or a documented row that it looked at is
    /// charged. A case that is skipped has noticed nothing.
    fn notices(&self, result: &TrialResult) -> bool {
        match result.verdict {
            Verdict::Violates => true,
            // A departure from what no page says is a notice of the run.
            Verdict::Conforms if !result.findings.is_empty() => true,
            _ => result.charged.iter().any(|row| self.contracts[row.operation].page.is_some()),
        }
    }
}
