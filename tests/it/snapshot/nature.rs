//! What varies by nature: runs that differ in nothing else are the same.

use crate::runner::{quick, run_at, specs};
use crate::servers::http::{Answer, Received};
use crate::servers::world::World;
use crate::snapshot::{Rig, unchanged};
use proviso::judge::verdict::Verdict;
use proviso::mock::{FaultPlan, Mock, MockSettings};
use proviso::run::event::Baseline;
use proviso::run::snapshot::Baselines;
use proviso::run::{Destination, RunPlan};
use regex::Regex;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

/// The answer some years later: every moment in it is another one.
fn later(_: &Received, mut answer: Answer) -> Answer {
    let moment = Regex::new(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ").unwrap();
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    answer.body = moment.replace_all(&text, "2031-05-06T07:08:09Z").into_owned().into_bytes();
    answer
}

#[test]
fn other_ids_ports_and_times_are_no_drift() {
    let forms = ["omise usual", "omise deleted-get-full", "omise delete-full", "omise all-other", "all other"];
    let worlds = || World::variations().into_iter().filter(|(name, _)| forms.contains(&name.as_str()));
    assert_eq!(worlds().count(), forms.len());
    for ((name, one), (_, other)) in worlds().zip(worlds()) {
        let rig = Rig::new();
        rig.run(one, unchanged);
        rig.accept();
        let told = rig.run(other, later);
        let unlike: Vec<_> = told
            .results
            .iter()
            .filter(|result| !matches!(result.baseline, Some(Baseline::Same)) && result.verdict != Verdict::Skipped)
            .map(|result| (&result.id, &result.drift))
            .collect();
        assert!(unlike.is_empty(), "{name}: {unlike:?}\n{}", told.trouble());
        assert!(rig.files(".snap.new").is_empty());
    }
}

#[test]
fn a_hundred_runs_of_the_mock_never_differ_from_the_committed_baselines() {
    let loaded = specs();
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    let baselines = Baselines { root, update: proviso::run::snapshot::Update::No, ..Baselines::default() };
    let settings = RunPlan { baselines: Some(baselines), ..quick() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let _inside = runtime.enter();
    for number in 0..100 {
        let mock = Arc::new(Mock::new(Arc::clone(&loaded.contracts), &MockSettings::default()).unwrap());
        let spawned = mock.spawn(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), FaultPlan::default()).unwrap();
        let variables: Vec<_> = mock.environment();
        let told = run_at(&loaded, |_| Destination::embedded(&spawned.origin), &variables, &settings);
        let unlike: Vec<_> = told
            .results
            .iter()
            .filter(|result| result.verdict != Verdict::Skipped && result.baseline != Some(Baseline::Same))
            .map(|result| (&result.id, result.verdict, result.baseline, &result.drift))
            .collect();
        assert!(unlike.is_empty(), "run {number}: {unlike:?}");
        assert!(told.of(Verdict::Conforms).len() > 40);
    }
}
