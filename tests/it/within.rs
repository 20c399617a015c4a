//! A run that never leaves the process: the same requests, the same answers, the same verdicts as over a socket.

use crate::runner::{quick, specs};
use proviso::contract::Loaded;
use proviso::contract::case::compile;
use proviso::http::exchange::Request;
use proviso::http::send::{Sender, Settings as SendSettings};
use proviso::mock::{Answerer, FaultPlan, Faulty, InProcess, Mock, MockSettings, Reply, Server};
use proviso::run::event::Event;
use proviso::run::{Answers, Destination, Listener, Parties, Party, RunContext, RunPlan, Teller, conduct};
use proviso::text::secret::Redactor;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use tokio::runtime::{Builder, Runtime};

/// What a case came to: its id, its verdict, and the answer that it got in the form that no two runs share.
type Told = (String, String, Option<String>);

/// A mock that keeps what it was asked: method, the names of the header fields but those that a client adds, whether a body came.
struct Heard {
    mock: Arc<Mock>,
    requests: Mutex<Vec<(String, Vec<String>, bool)>>,
}

impl Answerer for Heard {
    fn answer(&self, request: &Request) -> Reply {
        let own = |name: &&str| !["user-agent", "accept"].contains(name);
        let names = request.headers.iter().map(|(name, _)| name).filter(own).map(str::to_owned);
        let mut names: Vec<String> = names.collect();
        names.sort();
        self.requests.lock().unwrap().push((request.method.clone(), names, request.body.is_some()));
        self.mock.answer(request)
    }
}

fn heard(loaded: &Loaded) -> Arc<Heard> {
    let settings = MockSettings { seed: Some(7), ..MockSettings::default() };
    let mock = Arc::new(Mock::new(Arc::clone(&loaded.contracts), &settings).unwrap());
    Arc::new(Heard { mock, requests: Mutex::default() })
}

fn run(loaded: &Loaded, heard: &Heard, sender: &Sender, origin: &str, runtime: &Runtime) -> Vec<Told> {
    let variables = heard.mock.environment().into_iter().collect();
    let vendors = loaded.contracts.vendors.iter();
    let parties: Parties<'_> =
        vendors.map(|vendor| Party::new(vendor, Destination::embedded(origin), &variables, None)).collect();
    let redactor = Redactor::default();
    let teller = Teller { sources: &loaded.sources, redactor: &redactor };
    let plan = RunPlan { jobs: 1, ..quick() };
    let mut told = Vec::new();
    let mut sink = |event| {
        if let Event::CaseFinished(result) = event {
            told.push((result.id, result.verdict.to_string(), result.canonical));
        }
    };
    let answers = Answers::Sent(sender);
    let run = RunContext::new(&loaded.contracts, answers, &plan, teller, Listener::Events(&mut sink));
    runtime.block_on(conduct(&run, &parties, &compile(&loaded.contracts), std::future::pending()));
    drop(run);
    told
}

#[test]
fn a_run_within_the_process_asks_and_is_told_what_a_run_over_a_socket_is() {
    let loaded = specs();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let over = heard(&loaded);
    let _inside = runtime.enter();
    let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let faulty = Faulty::new(Arc::clone(&over) as Arc<dyn Answerer>, FaultPlan::default());
    let running = Server::bind(free, Arc::new(faulty)).unwrap().start();
    let origin = format!("http://{}", running.addr());
    let sender = Sender::new(&SendSettings::default()).unwrap();
    let by_socket = run(&loaded, &over, &sender, &origin, &runtime);

    let inside = heard(&loaded);
    let sender = Sender::within(Arc::new(InProcess(Arc::clone(&inside) as Arc<dyn Answerer>)));
    // No socket and no timer: a runtime that has neither would panic where one is asked for.
    let bare = Builder::new_current_thread().build().unwrap();
    let within = run(&loaded, &inside, &sender, &origin, &bare);

    assert!(by_socket.len() > 50, "{}", by_socket.len());
    assert_eq!(within, by_socket);
    assert_eq!(*inside.requests.lock().unwrap(), *over.requests.lock().unwrap());
}
