//! What stands in files and what does not: pending ones, none in a pipeline, no secrets, and nothing that insta would not write.

use crate::servers::http::Answer;
use crate::servers::world::World;
use crate::snapshot::{Rig, unchanged};
use proviso::run::event::Baseline;
use proviso::run::snapshot::{BaselineChoice, Baselines, Update};
use std::fs;

#[test]
fn a_run_writes_pending_files_alone_and_takes_those_away_that_nobody_needs() {
    let rig = Rig::of("mytpe/");
    rig.run(World::default(), unchanged);
    assert_eq!(rig.files(".snap").len(), 0);
    let written = rig.files(".snap.new");
    assert_eq!(written.len(), 12);
    rig.accept();
    let accepted: Vec<_> = rig.files(".snap").iter().map(|path| fs::read(path).unwrap()).collect();
    let worded = |_: &_, answer: Answer| answer.with_header("Content-Type", "application/json; charset=utf-8");
    let told = rig.run(World::default(), worded);
    assert!(told.results.iter().all(|result| result.baseline == Some(Baseline::Drifted)));
    assert_eq!(rig.files(".snap.new"), written);
    let now: Vec<_> = rig.files(".snap").iter().map(|path| fs::read(path).unwrap()).collect();
    assert_eq!(now, accepted, "a run never writes a baseline");
    rig.run(World::default(), unchanged);
    assert_eq!(rig.files(".snap.new").len(), 0, "what is as it was accepted waits no more");
}

#[test]
fn nothing_is_written_where_nothing_shall_be() {
    let rig = Rig::of("mytpe/");
    let told = rig.run_with(World::default(), Baselines { update: Update::No, ..rig.baselines() }, unchanged);
    assert!(told.results.iter().all(|result| result.baseline == Some(Baseline::New)));
    let told = rig.run_with(World::default(), Baselines { choice: BaselineChoice::None, ..rig.baselines() }, unchanged);
    assert!(told.results.iter().all(|result| result.baseline.is_none() && result.canonical.is_some()));
    assert_eq!(rig.files("").len(), 0);
}

#[test]
fn no_secret_and_nothing_of_the_machine_is_in_a_file() {
    let rig = Rig::new();
    let world = World::default();
    let environment = world.environment();
    // A vendor that shows whatever it was sent, in a text and in a field.
    rig.run(world, |request, mut answer| {
        if let Some(mut body) = answer.json().filter(serde_json::Value::is_object) {
            body["echo"] = serde_json::json!(request.headers);
            body["origin"] = serde_json::json!(request.origin);
            answer.body = body.to_string().into_bytes();
        }
        answer
    });
    rig.accept();
    let files = rig.files(".snap");
    assert!(files.len() > 40);
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        for (name, value) in environment.iter().filter(|(name, _)| !name.contains("LINK")) {
            assert!(!text.contains(value.as_str()), "{name} in {}:\n{text}", path.display());
        }
        for machine in [rig.folder.to_str().unwrap(), env!("CARGO_MANIFEST_DIR"), "127.0.0.1"] {
            assert!(!text.contains(machine), "{machine} in {}:\n{text}", path.display());
        }
    }
}

#[test]
fn insta_reads_every_file_and_would_write_the_same_bytes() {
    let rig = Rig::new();
    rig.run(World::default(), unchanged);
    rig.accept();
    let committed = walkdir::WalkDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    let committed = committed.into_iter().map(|entry| entry.unwrap().into_path()).filter(|path| path.is_file());
    let files: Vec<_> = rig.files(".snap").into_iter().chain(committed).collect();
    assert!(files.len() > 100);
    let copy = rig.folder.join("copy.snap");
    for path in files {
        let theirs = insta::Snapshot::from_file(&path).unwrap();
        theirs.save(&copy).unwrap();
        assert_eq!(fs::read_to_string(&copy).unwrap(), fs::read_to_string(&path).unwrap(), "{}", path.display());
    }
}
