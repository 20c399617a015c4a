//! Walks: random documented sequences at the embedded mock, at truthful servers, and at servers that lose track.

mod clean;
mod faults;
mod order;
mod typed;

use crate::runner::quick;
use proviso::contract::{Loaded, Vendor};
use proviso::http::send::{Sender, Settings as SendSettings};
use proviso::judge::verdict::Verdict;
use proviso::lab::walk::{WalkResult, WalkSettings, walk};
use proviso::run::{Answers, Destination, Listener, Opening, Parties, Party, RunContext, RunPlan, Teller};
use proviso::text::secret::Redactor;
use std::collections::HashMap;
use std::time::Duration;

/// Walks the vendors of these names; all where none is named.
fn walk_to(
    loaded: &Loaded,
    vendors: &[&str],
    to: impl Fn(&Vendor) -> Destination,
    variables: &[(String, String)],
    sender: &Sender,
    settings: &WalkSettings,
) -> Vec<WalkResult> {
    let variables: HashMap<String, String> = variables.iter().cloned().collect();
    let contracts = loaded.contracts.vendors.iter();
    let named = contracts.filter(|vendor| vendors.is_empty() || vendors.contains(&vendor.name.as_str()));
    let parties: Parties<'_> = named.map(|vendor| Party::new(vendor, to(vendor), &variables, None)).collect();
    let variable = |party: &Party<'_>, name: &str| party.vendor.file.credentials[name].env.clone();
    let secrets = parties.iter().flat_map(|party| party.credentials.iter().map(move |(name, it)| (party, name, it)));
    let secrets = secrets.filter(|(party, name, _)| party.vendor.file.credentials[*name].is_secret());
    let redactor = Redactor::default();
    for (party, name, secret) in secrets {
        redactor.add(&variable(party, name), secret).unwrap();
    }
    let teller = Teller { sources: &loaded.sources, redactor: &redactor };
    let mut sink = |_| {};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let plan = RunPlan { opening: Opening::Nothing, ..quick() };
    let answers = Answers::Sent(sender);
    let run = RunContext::new(&loaded.contracts, answers, &plan, teller, Listener::Events(&mut sink));
    runtime.block_on(walk(&run, &parties, settings, std::future::pending()))
}

/// Walks at an origin, over sockets.
fn walk_at(
    loaded: &Loaded,
    vendors: &[&str],
    origin: &str,
    variables: &[(&str, String)],
    settings: &WalkSettings,
) -> Vec<WalkResult> {
    let sender = Sender::new(&SendSettings { timeout: Duration::from_secs(20), ..SendSettings::default() }).unwrap();
    let to = |vendor: &Vendor| Destination::url(vendor, "test", origin).unwrap();
    let variables: Vec<_> = variables.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    walk_to(loaded, vendors, to, &variables, &sender, settings)
}

/// What is wrong with walks, in lines that a person can read.
fn trouble(walked: &[WalkResult]) -> String {
    let line = |walked: &WalkResult| {
        let findings: Vec<String> = walked
            .failure
            .iter()
            .flat_map(|it| &it.findings)
            .map(|it| format!("{}: {}", it.place, it.message))
            .collect();
        let unpromised: Vec<String> = walked
            .unpromised
            .iter()
            .map(|it| format!("{}: {:?}", it.step, it.findings.iter().map(|it| &it.message).collect::<Vec<_>>()))
            .collect();
        let script = walked.failure.as_ref().map(|it| it.script.as_str()).unwrap_or_default();
        let WalkResult { vendor, verdict, reason, .. } = walked;
        format!("{vendor} {verdict} {reason:?} {findings:?} {unpromised:?}\n{script}\n")
    };
    walked.iter().filter(|walked| walked.verdict != Verdict::Conforms).map(line).collect()
}

/// What a walk could have met and did not.
fn missed(walked: &[WalkResult]) -> Vec<String> {
    let of = |walked: &WalkResult| {
        let transitions = walked.transitions.iter().filter(|it| it.met == 0 && it.never.is_none());
        let transitions = transitions.map(|it| format!("{} {:?} -> {}", it.resource, it.from, it.to));
        let pairs = walked.pairs.iter().filter(|it| it.met == 0 && it.never.is_none());
        let pairs = pairs.map(|it| format!("{} of {}", it.operation, it.state));
        transitions.chain(pairs).collect::<Vec<_>>()
    };
    walked.iter().flat_map(of).collect()
}
