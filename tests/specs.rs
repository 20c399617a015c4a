//! Every case of the contracts as a test: against the embedded mock, or against the target that `PROVISO_TARGET` names.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that is wrong about its own data has nothing better to do than to stop"
)]

use libtest_mimic::{Arguments, Failed, Trial};
use proviso::contract::case::{Case, compile};
use proviso::contract::{Loaded, Vendor, load};
use proviso::http::retry::Retry;
use proviso::http::send::{Sender, Settings as SendSettings};
use proviso::judge::verdict::Verdict;
use proviso::mock::{FaultPlan, Mock, MockSettings, Spawned};
use proviso::run::event::{CaseResult, Event};
use proviso::run::guard::{Deeds, Terms, refusals};
use proviso::run::{
    Answers, Cleanup, Destination, EarlierRuns, Listener, Opening, Parties, Party, RunContext, RunPlan, Teller,
    conduct, runnable,
};
use proviso::text::secret::Redactor;
use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let shared = Arc::new(Shared::read(&arguments));
    let cases = compile(&shared.loaded.contracts);
    let trials = cases.into_iter().map(|case| trial(&shared, case)).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// What all trials share; the server starts when the first of them needs it, and never for `--list`.
struct Shared {
    loaded: Loaded,
    /// The environment, read once.
    environment: HashMap<String, String>,
    target: String,
    mock: OnceLock<Served>,
}

/// The mock, and what it accepts.
struct Served {
    /// By vendor.
    spawned: Vec<Spawned>,
    accepted: HashMap<String, String>,
    _runtime: tokio::runtime::Runtime,
}

impl Shared {
    /// Reads the contracts: of the one vendor that is meant, where one test is asked for by its whole name.
    fn read(arguments: &Arguments) -> Self {
        let specs = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/specs"));
        let vendor = arguments.filter.as_ref().filter(|_| arguments.exact).and_then(|name| name.split('/').next());
        let folder = vendor.map(|vendor| specs.join(vendor)).filter(|folder| folder.is_dir());
        let loaded = load(&[folder.unwrap_or(specs)]);
        assert!(loaded.mistakes.is_empty(), "`proviso lint` tells what is wrong with the contracts");
        let environment: HashMap<_, _> = std::env::vars().collect();
        let target = environment.get("PROVISO_TARGET").cloned().unwrap_or_else(|| "mock".to_owned());
        Self { loaded, environment, target, mock: OnceLock::new() }
    }

    fn served(&self) -> &Served {
        self.mock.get_or_init(|| {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
            let runtime = runtime.expect("a runtime");
            let mock = Mock::new(Arc::clone(&self.loaded.contracts), &MockSettings::default());
            let mock = Arc::new(mock.expect("a mock of contracts without mistakes"));
            let accepted = mock.environment().into_iter().collect();
            let _inside = runtime.enter();
            let alone =
                |vendor: &Vendor| mock.spawn_vendor(vendor.id, Ipv4Addr::LOCALHOST.into(), FaultPlan::default());
            let spawned = self.loaded.contracts.vendors.iter().map(alone);
            let spawned = spawned.collect::<Result<_, _>>().expect("free ports");
            Served { spawned, accepted, _runtime: runtime }
        })
    }

    /// The vendor of a case as this run meets it.
    fn party(&self, case: &Case) -> Result<Party<'_>, String> {
        let vendor = &self.loaded.contracts[case.row.vendor()];
        let (destination, variables) = match self.target.as_str() {
            "mock" => {
                (Destination::embedded(&self.served().spawned[vendor.id.position()].origin), &self.served().accepted)
            }
            target => (elsewhere(vendor, target)?, &self.environment),
        };
        Ok(Party::new(vendor, destination, variables, None))
    }

    /// What the guard goes by: nothing is permitted here, and pins are kept.
    fn terms(&self) -> Result<Terms, String> {
        let pins = self.environment.get("PROVISO_PINS").map(String::as_str).unwrap_or_default().split_whitespace();
        let pins = pins.map(str::parse).collect::<Result<_, _>>().map_err(|error| format!("PROVISO_PINS: {error}"))?;
        Ok(Terms { pins, ..Terms::default() })
    }

    /// Why a case is known beforehand not to run here.
    fn barred(&self, case: &Case) -> Option<String> {
        if let Some(why) = &case.barred {
            return Some(why.clone());
        }
        if self.target == "mock" {
            return None;
        }
        let unset = |variable: &&String| self.environment.get(*variable).is_none_or(String::is_empty);
        let unset: Vec<_> = case.needs.iter().filter(unset).map(|variable| format!("${variable}")).collect();
        (!unset.is_empty()).then(|| format!("set {}", unset.join(" and ")))
    }
}

/// A target that a vendor's file names, or a URL.
fn elsewhere(vendor: &Vendor, target: &str) -> Result<Destination, String> {
    match Destination::declared(vendor, target) {
        Some(destination) => Ok(destination),
        None => Destination::url(vendor, "url", target).map_err(|error| error.to_string()),
    }
}

fn trial(shared: &Arc<Shared>, case: Case) -> Trial {
    let barred = shared.barred(&case);
    let (name, shared) = (case.id.clone(), Arc::clone(shared));
    let trial = Trial::test(name, move || run(&shared, &case));
    match barred {
        Some(why) => trial.with_kind(why).with_ignored_flag(true),
        None => trial,
    }
}

/// Runs one case, and says all that is wrong with it.
fn run(shared: &Shared, case: &Case) -> Result<(), Failed> {
    let parties: Parties<'_> = std::iter::once(shared.party(case)?).collect();
    let party = &parties.as_slice()[0];
    let deeds = Deeds::of(party, std::slice::from_ref(case)).unwrap_or_default();
    let refused = refusals(party, &deeds, &shared.terms()?);
    if let Some(refusal) = refused.first() {
        return Err(format!("refused: {}", refusal.why).into());
    }
    assert!(runnable(party, case), "what cannot run is ignored beforehand");
    let (redactor, _) = Redactor::new(party.credentials.iter().map(|(name, secret)| (name.as_str(), secret)));
    let teller = Teller { sources: &shared.loaded.sources, redactor: &redactor };
    let sender = Sender::new(&SendSettings::default()).map_err(|error| error.to_string())?;
    let state = Some(PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.proviso")));
    let plan = RunPlan {
        jobs: RunPlan::JOBS,
        retry: Retry::default(),
        max_time: None,
        max_requests: None,
        fail_fast: false,
        tell_all: false,
        state,
        wind_down: RunPlan::WIND_DOWN,
        baselines: None,
        known: Vec::new(),
        earlier: EarlierRuns::default(),
        opening: Opening::Canary,
        cleanup: Cleanup::Remove,
    };
    let mut results: Vec<CaseResult> = Vec::new();
    let mut sink = |event| {
        if let Event::CaseFinished(result) = event {
            results.push(*result);
        }
    };
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    let answers = Answers::Sent(&sender);
    let context = RunContext::new(&shared.loaded.contracts, answers, &plan, teller, Listener::Events(&mut sink));
    runtime.block_on(conduct(&context, &parties, std::slice::from_ref(case), std::future::pending()));
    drop(context);
    let trouble: Vec<String> = results.iter().filter(|result| result.verdict != Verdict::Conforms).map(told).collect();
    if trouble.is_empty() { Ok(()) } else { Err(trouble.concat().into()) }
}

/// A result in the lines of a failed test.
fn told(result: &CaseResult) -> String {
    let mut lines = format!("{} {}\n  promised: {}\n", result.verdict, result.id, result.promised);
    if let Some(reason) = &result.reason {
        lines += &format!("  {reason}\n");
    }
    for finding in &result.findings {
        let clause =
            finding.clause.as_ref().map(|clause| format!(" ({}: {})", clause.id, clause.says)).unwrap_or_default();
        lines += &format!("  {}: {}{clause}\n", finding.place, finding.message);
    }
    lines += &format!("  row: {}:{}:{}\n", result.location.file, result.location.line, result.location.column);
    for exchange in &result.exchanges {
        lines += &format!("  {}\n", exchange.curl);
    }
    lines
}
