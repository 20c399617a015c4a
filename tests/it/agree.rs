//! Contracts and their own mock agree: what lint calls clean is answered by the row that is meant, and what is not is a mistake.

use proviso::contract::{Loaded, load};
use proviso::lab::agree;
use proviso::text::diagnostic::Code;
use std::fs;
use std::path::{Path, PathBuf};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/agree").join(name)
}

fn codes(loaded: &Loaded) -> Vec<Code> {
    assert!(loaded.mistakes.is_empty(), "{:?}", loaded.mistakes);
    agree::prove(loaded).iter().map(|mistake| mistake.code).collect()
}

/// A copy of a fixture in which a text of one file is replaced.
fn edited(name: &str, file: &str, old: &str, new: &str) -> Vec<Code> {
    let folder = tempfile::tempdir().unwrap();
    let vendor = folder.path().join("demo");
    fs::create_dir(&vendor).unwrap();
    for entry in fs::read_dir(fixture(name).join("demo")).unwrap() {
        let entry = entry.unwrap();
        let mut text = fs::read_to_string(entry.path()).unwrap();
        if entry.file_name() == file {
            assert_eq!(text.matches(old).count(), 1, "{old:?} is in {file} once");
            text = text.replace(old, new);
        }
        fs::write(vendor.join(entry.file_name()), text).unwrap();
    }
    codes(&load(&[folder.path().to_owned()]))
}

#[test]
fn a_captured_value_may_stand_in_the_path_the_headers_and_the_body_and_in_a_condition() {
    assert_eq!(codes(&load(&[fixture("captured")])), []);
}

#[test]
fn a_row_need_not_name_the_state_of_a_parent_that_a_fixture_supplies() {
    assert_eq!(codes(&load(&[fixture("fixture")])), []);
}

#[test]
fn a_row_need_not_name_the_state_of_a_parent_in_which_alone_its_child_is_made() {
    assert_eq!(codes(&load(&[fixture("opened")])), []);
}

#[test]
fn the_five_pages_and_their_mock_agree() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    assert_eq!(codes(&load(&[specs])), []);
}

#[test]
fn a_state_that_no_case_can_set_up_is_a_mistake_of_the_contract_and_not_a_skipped_case() {
    assert_eq!(codes(&load(&[fixture("put")])), [Code::MockMismatch, Code::MockMismatch]);
}

#[test]
fn a_condition_that_the_documented_request_fulfils_too_is_a_mistake_of_the_contract() {
    // The mock's secrets are never drawn from this form, but the right one would be taken for a wrong one that has it.
    assert_eq!(edited("captured", "links.pay.yaml", "wrong_$alnum8", "$link.secret"), [Code::IdlePatch]);
    assert_eq!(edited("captured", "links.update.yaml", "x-$link.etag", "$link.secret"), []);
}
