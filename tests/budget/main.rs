//! What a case costs, in counts that are the same on every machine, held against a committed budget.
//!
//! Time depends on the machine; allocations, requests and connections do not. `cargo test --test budget` compares, and
//! `cargo test --test budget -- --renew` writes down what is. One process, one thread: nobody else's allocations are counted.
#![expect(
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that is wrong about its own data has nothing better to do than to stop"
)]

#[path = "../../benches/ratio/case.rs"]
mod case;
#[path = "../../benches/ratio/formats.rs"]
#[expect(dead_code, reason = "the formats of other tools are for the benchmark")]
mod formats;
#[path = "../servers/http.rs"]
#[expect(dead_code, reason = "what is counted needs little of it")]
mod http;

use proviso::contract::case::{Case, compile};
use proviso::contract::{Loaded, load};
use proviso::http::exchange::{Headers, Request, Response};
use proviso::http::retry::Retry;
use proviso::http::send::{Sender, Settings as SendSettings};
use proviso::judge::verdict::Verdict;
use proviso::mock::{Answerer, InProcess, Reply};
use proviso::run::event::Event;
use proviso::run::{
    Answers, Cleanup, Destination, EarlierRuns, Listener, Opening, Parties, Party, RunContext, RunPlan, Teller,
    conduct, pages,
};
use proviso::text::secret::Redactor;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, Stats, StatsAlloc};
use std::alloc::System;
use std::collections::{BTreeMap, HashMap};
use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Anything that keeps the cases from being written.
pub(crate) type Failure = Box<dyn std::error::Error>;

/// What is counted, by its name.
type Counts = BTreeMap<String, f64>;

/// What may change without anybody's doing: a standard library that grows its collections otherwise.
const LEEWAY: f64 = 1.03;
const BUDGET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/budget/budget.json");
const RENEW: &str = "cargo test --test budget -- --renew";

fn main() -> ExitCode {
    let counts = counted();
    if std::env::args().any(|word| word == "--renew") {
        let text = serde_json::to_string_pretty(&counts).expect("numbers");
        std::fs::write(BUDGET, text + "\n").expect("the budget can be written");
        println!("written to {BUDGET}");
        return ExitCode::SUCCESS;
    }
    let text = std::fs::read_to_string(BUDGET).expect("a budget");
    let budget: Counts = serde_json::from_str(&text).expect("a budget of numbers");
    let mut over = 0;
    for (name, count) in &counts {
        let due = budget.get(name).copied();
        let word = match due {
            Some(due) if *count > due * LEEWAY => "OVER",
            Some(due) if *count * LEEWAY < due => "under: renew the budget, so that it stays so",
            Some(_) => "ok",
            None => "OVER: not in the budget",
        };
        over += usize::from(word.starts_with("OVER"));
        println!("{count:>10.1} of {:>10.1}  {name}: {word}", due.unwrap_or_default());
    }
    if over > 0 {
        println!("\n{over} over the budget. Is it worth what it brings? Then `{RENEW}`, and say in the commit why.");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Everything that is counted.
fn counted() -> Counts {
    // Once beforehand: what is made once a process is no case's.
    drop(stages(3));
    let mut counts = Counts::new();
    let (few, many) = (stages(100), stages(1100));
    for (name, count) in many {
        let first = few.get(&name).copied().unwrap_or_default();
        counts.insert(format!("{name} a further case"), (count - first) / 1000.0);
    }
    counts.extend(over_sockets(500));
    counts.extend(of_the_five_contracts());
    counts
}

/// Allocations of each stage, and the bytes that are kept of it.
fn stages(count: usize) -> Counts {
    let folder = tempfile::tempdir().expect("a folder");
    formats::proviso(&case::cases(count), folder.path()).expect("cases");
    let mut counts = Counts::new();
    let mut region = Region::new(ALLOCATOR);
    let mut note = |name: &str, keeps: bool| {
        let Stats { allocations, reallocations, bytes_allocated, bytes_deallocated, bytes_reallocated, .. } =
            region.change();
        counts.insert(format!("allocations of {name}"), (allocations + reallocations) as f64);
        if keeps {
            let kept = bytes_allocated as f64 - bytes_deallocated as f64;
            // In these statistics what is reallocated is a part of what is allocated or of what is deallocated.
            let _ = bytes_reallocated;
            counts.insert(format!("bytes kept of {name}"), kept);
        }
        region.reset();
    };
    let loaded = read(folder.path());
    note("reading", true);
    assert!(proviso::lab::agree::check(&loaded).is_empty(), "the cases are without mistakes");
    note("proving", false);
    let cases = compile(&loaded.contracts);
    note("compiling", true);
    let planned = pages(&loaded.contracts, &cases);
    note("planning", true);
    drop(black_box(planned));
    let sender = Sender::within(Arc::new(InProcess(Arc::new(Vendor))));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let plan = plan(0);
    note("nothing", false);
    run(&loaded, &cases, &sender, &plan, "http://127.0.0.1:1", &runtime);
    note("running", true);
    counts.remove("allocations of nothing");
    counts
}

fn read(folder: &Path) -> Loaded {
    let loaded = load(&[folder.to_owned()]);
    assert!(loaded.mistakes.is_empty(), "the cases are of the right shape");
    loaded
}

/// A run that remembers and compares nothing.
fn plan(further: u32) -> RunPlan {
    RunPlan {
        jobs: RunPlan::JOBS,
        retry: Retry { further, ..Retry::default() },
        max_time: None,
        max_requests: None,
        fail_fast: false,
        tell_all: false,
        state: None,
        wind_down: RunPlan::WIND_DOWN,
        baselines: None,
        known: Vec::new(),
        earlier: EarlierRuns::default(),
        opening: Opening::Canary,
        cleanup: Cleanup::Remove,
    }
}

/// Runs the cases and keeps nothing of them.
fn run(
    loaded: &Loaded,
    cases: &[Case],
    sender: &Sender,
    plan: &RunPlan,
    origin: &str,
    runtime: &tokio::runtime::Runtime,
) {
    let variables: HashMap<String, String> = HashMap::from([("BENCH00_KEY".to_owned(), formats::KEY.to_owned())]);
    let party = |vendor| {
        let destination = Destination::url(vendor, "url", origin).expect("an address");
        Party::new(vendor, destination, &variables, None)
    };
    let parties: Parties<'_> = loaded.contracts.vendors.iter().map(party).collect();
    let redactor = Redactor::default();
    let teller = Teller { sources: &loaded.sources, redactor: &redactor };
    let mut conforming = 0;
    let mut sink = |event| {
        if let Event::CaseFinished(result) = event {
            conforming += usize::from(result.verdict == Verdict::Conforms);
        }
    };
    let context = RunContext::new(&loaded.contracts, Answers::Sent(sender), plan, teller, Listener::Events(&mut sink));
    let summary = runtime.block_on(conduct(&context, &parties, cases, std::future::pending()));
    drop(context);
    assert_eq!(conforming, cases.len(), "every case conforms: {summary:?}");
}

/// Requests and connections of so many cases at a real server.
fn over_sockets(count: usize) -> Counts {
    let server = http::Server::start(|request| {
        let (status, body) = answer(&request.method, &request.path, request.header("authorization").is_some());
        http::Answer::new(status, "application/json", body)
    });
    let folder = tempfile::tempdir().expect("a folder");
    formats::proviso(&case::cases(count), folder.path()).expect("cases");
    let loaded = read(folder.path());
    let sender = Sender::new(&SendSettings::default()).expect("a sender");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    run(&loaded, &compile(&loaded.contracts), &sender, &plan(Retry::default().further), server.origin(), &runtime);
    Counts::from([
        (format!("requests of {count} cases"), server.requests() as f64),
        (format!("connections of {count} cases"), server.connections() as f64),
    ])
}

/// What a run of this repository's contracts costs vendors that answer as documented.
fn of_the_five_contracts() -> Counts {
    let loaded = load(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("specs")]);
    let cases = compile(&loaded.contracts);
    let cost = proviso::lab::rehearse(&loaded, &cases, &plan(Retry::default().further)).expect("the mock answers");
    Counts::from([
        ("requests of the five contracts".to_owned(), cost.requests as f64),
        ("things of the five contracts".to_owned(), cost.things as f64),
    ])
}

/// What the vendor of the cases answers.
fn answer(method: &str, path: &str, signed: bool) -> (u16, String) {
    assert_eq!(method, "DELETE");
    let id = path.rsplit('/').next().unwrap_or_default();
    let error = |status, code: &str| {
        (status, format!(r#"{{"object":"error","location":"https://bench.example","code":"{code}","message":"no"}}"#))
    };
    match (signed, id.contains("unknown")) {
        (false, _) => error(401, "authentication_failure"),
        (true, true) => error(404, "not_found"),
        (true, false) => (200, format!(r#"{{"object":"link","id":"{id}","livemode":false,"deleted":true}}"#)),
    }
}

/// The vendor of the cases, asked without a socket.
struct Vendor;

impl Answerer for Vendor {
    fn answer(&self, request: &Request) -> Reply {
        let signed = request.headers.get("authorization").is_some();
        let (status, body) = answer(&request.method, &request.url, signed);
        let headers = Headers(vec![("content-type".to_owned(), "application/json".to_owned())]);
        Reply { response: Response { status, headers, body: body.into() }, fault: None }
    }
}
