//! Runs the contracts of this repository through the library, against any origin.

use proviso::contract::case::{Case, Selection, compile};
use proviso::contract::{Loaded, Vendor, load};
use proviso::http::retry::Retry;
use proviso::http::send::{Sender, Settings as SendSettings};
use proviso::judge::verdict::Verdict;
use proviso::mock::{Answerer, Mock, MockSettings, Running, Server};
use proviso::run::event::{CaseResult, Event, JudgedCase, Notice};
use proviso::run::{
    Answers, Cleanup, Destination, EarlierRuns, Listener, Opening, Parties, Party, RunContext, RunPlan, SavedCases,
    Teller, conduct,
};
use proviso::text::secret::Redactor;
use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// What a run told, in order.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) results: Vec<CaseResult>,
    pub(crate) notices: Vec<Notice>,
    /// The steps of cases that were judged again.
    pub(crate) steps: Vec<JudgedCase>,
}

impl Told {
    /// The ids of the cases that came to a verdict.
    pub(crate) fn of(&self, verdict: Verdict) -> Vec<&str> {
        self.results.iter().filter(|result| result.verdict == verdict).map(|result| result.id.as_str()).collect()
    }

    /// What does not conform, in lines that a person can read.
    pub(crate) fn trouble(&self) -> String {
        let line = |result: &CaseResult| {
            let findings: Vec<_> = result
                .findings
                .iter()
                .map(|finding| format!("\n    [{}] {}", finding.code.as_str(), finding.message))
                .collect();
            format!(
                "{} {}{}{}\n",
                result.verdict,
                result.id,
                result.reason.as_ref().map(|why| format!(": {why}")).unwrap_or_default(),
                findings.concat()
            )
        };
        let trouble = self.results.iter().filter(|result| result.verdict != Verdict::Conforms).map(line);
        trouble
            .chain(self.notices.iter().map(|notice| format!("notice {}: {}\n", notice.kind, notice.message)))
            .collect()
    }
}

/// An answerer on a socket, for as long as this lives.
pub(crate) struct Served {
    pub(crate) origin: String,
    _running: Running,
    _runtime: Runtime,
}

impl Served {
    pub(crate) fn new(answerer: Arc<dyn Answerer>) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let running = runtime.block_on(async { Server::bind(free, answerer).unwrap().start() });
        Self { origin: format!("http://{}", running.addr()), _running: running, _runtime: runtime }
    }
}

/// The contracts of this repository.
pub(crate) fn specs() -> Loaded {
    load(&[std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/specs"))])
}

/// Whether a case cannot be run on any target, as its contract says.
pub(crate) fn is_barred(result: &CaseResult) -> bool {
    result.reason.as_ref().is_some_and(|why| why.starts_with("not inducible"))
}

/// Whether a path has an id that a page has as its example: each of them is asked by a case of its own.
pub(crate) fn is_example(path: &str) -> bool {
    path.ends_with("5xuy4w91xqz7d1w9u0t") || path.ends_with("a1b2c3d4e5f6g7h8i9j0")
}

/// A plan for servers on this machine: short bounds, no long waits between tries.
pub(crate) fn quick() -> RunPlan {
    RunPlan {
        jobs: RunPlan::JOBS,
        retry: Retry { base: Duration::from_millis(1), further: 2, ..Retry::default() },
        max_time: None,
        max_requests: None,
        fail_fast: false,
        tell_all: true,
        state: None,
        wind_down: RunPlan::WIND_DOWN,
        baselines: None,
        known: Vec::new(),
        earlier: EarlierRuns::default(),
        opening: Opening::Canary,
        cleanup: Cleanup::Remove,
    }
}

/// Runs the selected cases of contracts against an origin.
pub(crate) fn run(
    loaded: &Loaded,
    origin: &str,
    variables: &[(&str, String)],
    selection: &Selection,
    plan: &RunPlan,
) -> Told {
    let cases = selection.select(&loaded.contracts, compile(&loaded.contracts));
    run_cases(loaded, origin, variables, &cases, plan)
}

/// Runs these cases of contracts against an origin.
pub(crate) fn run_cases(
    loaded: &Loaded,
    origin: &str,
    variables: &[(&str, String)],
    cases: &[Case],
    plan: &RunPlan,
) -> Told {
    let to = |vendor: &Vendor| Destination::url(vendor, "test", origin).unwrap();
    run_to(loaded, to, variables, cases, plan)
}

/// Runs all cases of contracts, each vendor's where it is said to be.
pub(crate) fn run_at(
    loaded: &Loaded,
    destination: impl Fn(&Vendor) -> Destination,
    variables: &[(String, String)],
    plan: &RunPlan,
) -> Told {
    let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    run_to(loaded, destination, &variables, &compile(&loaded.contracts), plan)
}

fn run_to(
    loaded: &Loaded,
    destination: impl Fn(&Vendor) -> Destination,
    variables: &[(&str, String)],
    cases: &[Case],
    plan: &RunPlan,
) -> Told {
    let variables: HashMap<String, String> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let parties: Parties<'_> = loaded
        .contracts
        .vendors
        .iter()
        .map(|vendor| Party::new(vendor, destination(vendor), &variables, None))
        .collect();
    tell(loaded, &parties, cases, plan, None)
}

/// Judges what a run told once more, without the vendors, whose keys nobody has any more.
pub(crate) fn judge_again(loaded: &Loaded, origin: &str, saved: &[CaseResult], plan: &RunPlan) -> Told {
    let mock = Mock::new(Arc::clone(&loaded.contracts), &MockSettings::default()).unwrap();
    // The run before had no such variable, and its default says what was sent.
    let variables = mock.environment().into_iter().filter(|(name, _)| name != "MYTPE_PAGE_ID").collect();
    let met = |vendor| {
        let mut party = Party::new(vendor, Destination::url(vendor, "test", origin).unwrap(), &variables, None);
        party.live_then = Some(false);
        party
    };
    let parties: Parties<'_> = loaded.contracts.vendors.iter().map(met).collect();
    let judged = |case: &Case| saved.iter().any(|result| result.id == case.id);
    let cases: Vec<Case> = compile(&loaded.contracts).into_iter().filter(judged).collect();
    tell(loaded, &parties, &cases, plan, Some(saved))
}

/// What an engine tells while it runs cases, or judges saved ones.
fn tell<'a>(
    loaded: &'a Loaded,
    parties: &Parties<'a>,
    cases: &[Case],
    plan: &RunPlan,
    saved: Option<&[CaseResult]>,
) -> Told {
    let secrets = parties.iter().flat_map(|party| {
        let env = |name: &String| party.vendor.file.credentials[name].env.as_str();
        party.credentials.iter().map(move |(name, secret)| (env(name), secret))
    });
    let (redactor, _) = Redactor::new(secrets);
    let teller = Teller { sources: &loaded.sources, redactor: &redactor };
    let sender = Sender::new(&SendSettings { timeout: Duration::from_secs(5), ..SendSettings::default() }).unwrap();
    let (mut results, mut notices, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    let mut take_steps = |case| steps.push(case);
    let mut sink = |event| match event {
        Event::CaseFinished(result) => results.push(*result),
        Event::Notice(notice) => notices.push(notice),
        _ => {}
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (answers, plan) = match saved {
        None => (Answers::Sent(&sender), plan.clone()),
        Some(saved) => {
            let judging = RunPlan { jobs: 1, opening: Opening::Nothing, cleanup: Cleanup::Leave, ..plan.clone() };
            (Answers::Saved(SavedCases::from(saved)), judging)
        }
    };
    let listener = match saved {
        None => Listener::Events(&mut sink),
        Some(_) => Listener::Explained { events: &mut sink, steps: &mut take_steps },
    };
    let run = RunContext::new(&loaded.contracts, answers, &plan, teller, listener);
    runtime.block_on(conduct(&run, parties, cases, std::future::pending()));
    drop(run);
    Told { results, notices, steps }
}
