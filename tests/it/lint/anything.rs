//! Any text in a contract's place, and real contracts spoilt: mistakes at places in the file, or a contract that works.

use super::copy::Copy;
use crate::edits::{edited, some};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use proviso::contract::case::compile;
use proviso::mock::{Mock, MockSettings};
use proviso::text::diagnostic::Severity;

const FOLDER: &str = "tests/fixtures/lint";

/// Puts bytes in the place of a file of a good vendor, and has everything done with it that can be.
fn survives(copy: &Copy, file: &str, bytes: &[u8]) -> Result<(), TestCaseError> {
    let good = copy.read(file);
    copy.write(file, bytes);
    let found = copy.lint();
    let told = found.text(copy.path());
    copy.write(file, good);
    prop_assert_eq!(told.is_empty(), found.mistakes.is_empty());
    for mistake in &found.mistakes {
        let span = mistake.span(&found.loaded.sources);
        let inside = span.is_none_or(|span| span.range.end <= found.loaded.sources[span.file].text().len());
        prop_assert!(inside, "{:?} is told of a place that is not there", mistake);
    }
    if found.mistakes.iter().all(|mistake| mistake.severity != Severity::Error) {
        let cases = compile(&found.loaded.contracts);
        prop_assert!(cases.len() < 10_000);
        // What cannot be made up is told; nothing else keeps a right contract from being a mock.
        drop(Mock::new(found.loaded.contracts, &MockSettings::default()));
    }
    Ok(())
}

#[test]
fn a_spoilt_contract_has_mistakes_in_it_or_works() {
    let copy = Copy::of(FOLDER);
    for file in ["demo/vendor.yaml", "demo/links.delete.yaml", "demo/links.retrieve.yaml"] {
        let good = vec![copy.read(file).into_bytes()];
        let outcome = TestRunner::new(some(60)).run(&edited(good, 4), |bytes| survives(&copy, file, &bytes));
        outcome.unwrap();
    }
}

#[test]
fn a_real_contract_under_another_name_and_spoilt_is_told_all_the_same() {
    let copy = Copy::of(FOLDER);
    let specs = walkdir::WalkDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/specs"));
    let files =
        specs.into_iter().map(Result::unwrap).filter(|entry| entry.path().extension().is_some_and(|end| end == "yaml"));
    let good = files.map(|entry| std::fs::read(entry.path()).unwrap()).collect();
    let outcome =
        TestRunner::new(some(40)).run(&edited(good, 3), |bytes| survives(&copy, "demo/links.delete.yaml", &bytes));
    outcome.unwrap();
}

#[test]
fn any_text_at_all_is_told() {
    let copy = Copy::of(FOLDER);
    let anything = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..600),
        "[ -~\n]{0,400}".prop_map(String::into_bytes),
        "([a-z]{1,8}: ?[\\[{\"'&*!|>#-]?[a-z$ ]{0,9}[\\]}\"']?\n( {2}){0,3}){0,20}".prop_map(String::into_bytes),
    ];
    let outcome = TestRunner::new(some(150)).run(&anything, |bytes| survives(&copy, "demo/links.delete.yaml", &bytes));
    outcome.unwrap();
}
