//! A vendor of another shape than those of this repository: whose breach it is, and what is none.

mod blame;
mod inferred;
mod luck;
mod server;
mod values;

use crate::runner::{Told, quick, run};
use proviso::contract::case::Selection;
use proviso::contract::{Loaded, load};
use proviso::judge::verdict::Verdict;
use proviso::lab::agree::check;
use proviso::run::RunPlan;
use proviso::run::event::CaseResult;
use server::{Depot, Lie, variables};
use std::fs;
use std::path::{Path, PathBuf};

/// The vendor's contract, with parts of its files replaced by others.
fn contract(edits: &[(&str, &str, &str)]) -> Loaded {
    let folder = tempfile::tempdir().unwrap();
    let vendor = folder.path().join("depot");
    fs::create_dir(&vendor).unwrap();
    let source = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/depot/contract"));
    for file in fs::read_dir(source).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let mut text = fs::read_to_string(&path).unwrap();
        for (_, old, new) in edits.iter().filter(|(file, ..)| *file == name) {
            assert!(text.contains(old), "{name} has no {old}");
            text = text.replace(old, new);
        }
        fs::write(vendor.join(name), text).unwrap();
    }
    sound(folder.path())
}

fn sound(folder: &Path) -> Loaded {
    let loaded = load(&[folder.to_owned()]);
    let mistakes: Vec<_> = loaded.mistakes.iter().cloned().chain(check(&loaded)).collect();
    assert!(mistakes.is_empty(), "{mistakes:?}");
    loaded
}

/// Runs every case of a contract against a depot, so many at once.
fn told_of(loaded: &Loaded, lie: Lie, jobs: usize) -> Told {
    let (server, depot) = Depot::new(lie).serve();
    let told = run(loaded, server.origin(), &variables(), &Selection::default(), &RunPlan { jobs, ..quick() });
    server.quiet();
    if lie == Lie::Nothing {
        assert_eq!(depot.lock().unwrap().left(), Vec::<u64>::new(), "nothing is left behind");
    }
    told
}

/// Runs every case against a depot that tells one lie.
fn told(lie: Lie) -> Told {
    told_of(&contract(&[]), lie, RunPlan::JOBS)
}

/// The result of a case, named without the vendor.
fn result<'t>(told: &'t Told, case: &str) -> &'t CaseResult {
    let id = format!("depot/{case}");
    let found = told.results.iter().find(|result| result.id == id);
    found.unwrap_or_else(|| panic!("{id} was not reported:\n{}", told.trouble()))
}

/// The findings of a case, by code and place.
fn findings(result: &CaseResult) -> Vec<String> {
    result.findings.iter().map(|finding| format!("{} {}", finding.code.as_str(), finding.place)).collect()
}

/// The cases that violate, without the vendor's name, in order.
fn violating(told: &Told) -> Vec<String> {
    let mut ids: Vec<String> = told.of(Verdict::Violates).iter().map(|id| id.replace("depot/", "")).collect();
    ids.sort();
    ids
}

#[test]
fn a_truthful_depot_is_never_accused() {
    for jobs in [1, 4, 32] {
        let told = told_of(&contract(&[]), Lie::Nothing, jobs);
        assert_eq!(told.trouble(), "", "{jobs} at once");
    }
}
