//! Contracts and their own mock agree: what lint calls clean is answered by the row that is meant, and what is not is a mistake.

use crate::servers::http::{Answer, Server};
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

/// A run of a fixture of which a text of one file is replaced, in a folder of its own: its exit code and what it reports.
fn run_in(folder: &Path, typed: &[&str]) -> (Option<i32>, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_proviso"));
    command.current_dir(folder).env_clear().env("DEMO_KEY", "sk_test_0123456789abcdef").args(typed);
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[test]
fn a_run_proves_the_cases_that_it_selects_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|_| Answer::new(404, "application/json", "{}"));
    let specs = fixture("put");
    let specs = specs.to_str().unwrap();
    let target = ["--target", server.origin(), "--specs", specs];
    let (code, told) = run_in(folder.path(), &[&["run"][..], &target].concat());
    assert!(code == Some(2) && told.matches("error[mock-mismatch]").count() == 2, "{told}");
    assert!(server.received().is_empty(), "nothing was sent");
    let (code, told) = run_in(folder.path(), &[&["run", "links.get/gone"][..], &target].concat());
    assert!(code != Some(2) && !server.received().is_empty(), "{told}");
}

#[test]
fn what_a_run_has_proved_is_remembered_until_the_contract_changes() {
    let folder = tempfile::tempdir().unwrap();
    let vendor = folder.path().join("specs/demo");
    fs::create_dir_all(&vendor).unwrap();
    for entry in fs::read_dir(fixture("put").join("demo")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), vendor.join(entry.file_name())).unwrap();
    }
    let proved = folder.path().join(".proviso/proved.json");
    let read = || serde_json::from_slice::<serde_json::Value>(&fs::read(&proved).unwrap()).unwrap();
    let (code, told) = run_in(folder.path(), &["run", "links.get/gone"]);
    assert_eq!(code, Some(0), "{told}");
    let first = read();
    assert_eq!(first["vendors"]["demo"]["cases"], serde_json::json!(["demo/links.get/gone"]));
    // Remembered as proved, a case is not proved again: a forged memory shows that it is read.
    let forged =
        first.to_string().replace(r#"["demo/links.get/gone"]"#, r#"["demo/links.get/gone","demo/links.get/live"]"#);
    fs::write(&proved, &forged).unwrap();
    let (code, told) = run_in(folder.path(), &["run", "links.get/live"]);
    assert!(code == Some(4) && !told.contains("mock-mismatch"), "{told}");
    let file = vendor.join("links.get.yaml");
    fs::write(&file, fs::read_to_string(&file).unwrap() + "# changed\n").unwrap();
    let (code, told) = run_in(folder.path(), &["run", "links.get/live"]);
    assert!(code == Some(2) && told.contains("mock-mismatch"), "{told}");
    fs::write(&proved, "{").unwrap();
    assert_eq!(run_in(folder.path(), &["run", "links.get/gone"]).0, Some(0), "a memory that cannot be read is none");
    assert_ne!(read()["vendors"]["demo"]["contracts"], first["vendors"]["demo"]["contracts"]);
}

#[test]
fn a_condition_that_the_documented_request_fulfils_too_is_a_mistake_of_the_contract() {
    // The mock's secrets are never drawn from this form, but the right one would be taken for a wrong one that has it.
    assert_eq!(edited("captured", "links.pay.yaml", "wrong_$alnum8", "$link.secret"), [Code::IdlePatch]);
    assert_eq!(edited("captured", "links.update.yaml", "x-$link.etag", "$link.secret"), []);
}

#[test]
fn a_resource_of_which_there_is_only_one_can_be_made_for_every_case() {
    let folder = tempfile::tempdir().unwrap();
    let vendor = folder.path().join("demo");
    fs::create_dir(&vendor).unwrap();
    fs::write(vendor.join("vendor.yaml"), SINGLE).unwrap();
    fs::write(vendor.join("wallet.read.yaml"), SINGLE_READ).unwrap();
    assert_eq!(codes(&load(&[folder.path().to_owned()])), []);
}

const SINGLE: &str = r#"
version: 1
vendor: demo
targets: { sandbox: { origin: "https://api.demo.example", mode: test } }
credentials: {}
auth: none
resources:
  wallet: { id: { pattern: "^default$", new: default } }
operations:
  wallet.open:
    request: POST /wallets
    outcomes: { opened: { status: 201, fields: { id: default } } }
    rows: { new: { then: opened, leads: { wallet: open }, capture: { id: /id }, inferred: "seen" } }
  wallet.close:
    request: POST /wallets/{id}/close
    path: { id: wallet }
    outcomes: { closed: { status: 200, body: any } }
    rows: { open: { when: { wallet: open }, then: closed, leads: { wallet: closed }, inferred: "seen" } }
"#;

const SINGLE_READ: &str = r#"
version: 1
operation: wallet.read
page: { id: read, url: "https://docs.demo.example/read", read: "2026-11-01" }
request: GET /wallets/{id}
path: { id: wallet }
clauses: { 200.status: "found", 410.status: "closed" }
outcomes:
  found: { status: 200, fields: { id: $wallet.id }, cites: [200.status] }
  closed: { status: 410, body: any, cites: [410.status] }
rows:
  open: { when: { wallet: open }, then: found }
  closed: { when: { wallet: closed }, then: closed }
"#;

#[test]
fn the_right_state_of_a_parent_is_known_wherever_in_the_file_it_is_written() {
    let shop = "  shop:\n    id: { pattern: \"^shop_[0-9a-z]{16}$\", new: shop_$alnum16 }\n    fixtures: { open: DEMO_SHOP }\n";
    let folder = tempfile::tempdir().unwrap();
    let vendor = folder.path().join("demo");
    fs::create_dir(&vendor).unwrap();
    for entry in fs::read_dir(fixture("fixture").join("demo")).unwrap() {
        let entry = entry.unwrap();
        let mut text = fs::read_to_string(entry.path()).unwrap();
        if entry.file_name() == "vendor.yaml" {
            assert!(text.contains(shop));
            text = text.replace(shop, "") + shop;
        }
        // The first of the states in which a child is made is not the one that the fixture has.
        let made = "new: { then: created, leads: { link: live }";
        text = text.replace(made, "new: { when: { shop: [shut, open] }, then: created, leads: { link: live }");
        fs::write(vendor.join(entry.file_name()), text).unwrap();
    }
    let loaded = load(&[folder.path().to_owned()]);
    let states = &loaded.contracts.vendor("demo").unwrap().states;
    assert_eq!((states["shop"].right.as_deref(), states["link"].made_in.as_deref()), (Some("open"), None));
}
