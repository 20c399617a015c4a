//! Variables that are no secrets, and parts of requests that a page calls required.

use crate::servers::http::{Answer, Server};
use proviso::contract::load;
use proviso::lab::agree;
use proviso::text::diagnostic::Code;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const VENDOR: &str = r#"
version: 1
vendor: shop
targets: { sandbox: { origin: https://shop.example, mode: test } }
credentials: { key: { env: SHOP_KEY, mock: key_$alnum12 } }
variables:
  currency: { env: SHOP_CURRENCY, mock: eur, default: eur }
  branch: { env: SHOP_BRANCH, mock: "7", default: "" }
auth: { headers: { X-Key: $key } }
refused: { missing: {} }
headers: { X-Branch: $branch }
resources: { sale: { id: { pattern: "^[0-9]+$", new: $digits9 } } }
"#;

const SALES: &str = r#"
version: 1
operation: sales.quote
page: { id: quote, url: "https://shop.example/docs/quote", read: "2026-12-01" }
request: POST /quotes
query: { branch: $branch, lang: en }
json: { currency: $currency, branch: $branch, note: "of $branch", lines: [{ amount: 1, branch: $branch }] }
clauses:
  200.currency: "currency is the one that was asked for"
  401.status: "A call without a key is answered with 401"
  request.key: { says: "X-Key is required", required: { header: X-Key } }
outcomes:
  quoted: { status: 200, fields: { currency: $currency }, cites: [200.*] }
  refused: { status: 401, body: any, cites: [401.*] }
rows:
  right: { when: {}, then: quoted }
  keyless: { when: { credentials: missing }, then: refused, cites: [request.key] }
"#;

/// The contracts, with a text of the page replaced.
fn contracts(old: &str, new: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let vendor = folder.path().join("specs/shop");
    fs::create_dir_all(&vendor).unwrap();
    fs::write(vendor.join("vendor.yaml"), VENDOR).unwrap();
    assert_eq!(SALES.matches(old).count(), 1, "{old:?} is in the page once");
    fs::write(vendor.join("sales.quote.yaml"), SALES.replacen(old, new, 1)).unwrap();
    folder
}

fn whole() -> TempDir {
    contracts("request: POST /quotes", "request: POST /quotes")
}

/// The query, the body and the header of a request.
type Sent = (String, Value, Option<String>);

/// A run against a server that answers in a currency, and the requests that had the key.
fn run(folder: &Path, answered: &'static str, supplied: &[&str]) -> (Option<i32>, Vec<Sent>, Value) {
    let server = Server::start(move |request| match request.header("x-key") {
        Some(_) => Answer::new(200, "application/json", json!({ "currency": answered }).to_string()),
        None => Answer::new(401, "application/json", "{}"),
    });
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    command.current_dir(folder).env_clear().env("SHOP_KEY", "key_0123456789ab");
    command.args(["run", "--target", server.origin(), "--report-json", "run.json"]).args(supplied);
    let output = command.output().unwrap();
    let sent = server.received().into_iter().filter(|request| request.header("x-key").is_some());
    let sent = sent.map(|request| {
        let branch = request.header("x-branch").map(str::to_owned);
        (request.query.clone(), request.json().unwrap(), branch)
    });
    let report = serde_json::from_slice(&fs::read(folder.join("run.json")).unwrap()).unwrap();
    (output.status.code(), sent.collect(), report)
}

#[test]
fn an_empty_default_leaves_out_what_is_nothing_but_the_reference() {
    let folder = whole();
    let (code, sent, _) = run(folder.path(), "eur", &[]);
    assert_eq!(code, Some(0), "{sent:?}");
    let body = json!({ "currency": "eur", "note": "of ", "lines": [{ "amount": 1 }] });
    assert!(!sent.is_empty());
    for request in sent {
        assert_eq!(request, ("lang=en".to_owned(), body.clone(), None));
    }
}

#[test]
fn a_supplied_variable_is_sent_shown_and_compared() {
    let folder = whole();
    let supplied = ["--variable", "SHOP_CURRENCY=jpy", "--variable", "SHOP_BRANCH=12"];
    let (code, sent, report) = run(folder.path(), "jpy", &supplied);
    assert_eq!(code, Some(0), "{sent:?}");
    let body =
        json!({ "currency": "jpy", "branch": "12", "note": "of 12", "lines": [{ "amount": 1, "branch": "12" }] });
    for request in sent {
        assert_eq!(request, ("branch=12&lang=en".to_owned(), body.clone(), Some("12".to_owned())));
    }
    assert_eq!(report["vendors"][0]["variables"], json!({ "SHOP_CURRENCY": "jpy", "SHOP_BRANCH": "12" }));
    let (code, ..) = run(folder.path(), "eur", &supplied);
    assert_eq!(code, Some(1), "a vendor that answers in another currency violates");
}

#[test]
fn a_saved_run_is_judged_again_with_the_variables_that_it_had() {
    let folder = whole();
    let (code, ..) = run(folder.path(), "jpy", &["--variable", "SHOP_CURRENCY=jpy"]);
    assert_eq!(code, Some(0));
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    let output = command.current_dir(folder.path()).env_clear().args(["judge", "run.json"]).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.code() == Some(0) && told.contains("2 conform"), "{told}");
}

fn codes(old: &str, new: &str) -> Vec<Code> {
    let loaded = load(&[contracts(old, new).path().join("specs")]);
    assert!(loaded.mistakes.is_empty(), "{:?}", loaded.mistakes);
    agree::prove(&loaded).iter().map(|mistake| mistake.code).collect()
}

#[test]
fn what_a_page_calls_required_is_part_of_the_request_and_left_out_by_some_row() {
    assert_eq!(codes("{ header: X-Key }", "{ header: x-key }"), []);
    for part in ["/lines", "{ header: X-Branch }", "{ query: lang }"] {
        assert_eq!(codes("{ header: X-Key }", part), [Code::RequiredPart], "{part}");
    }
    for part in ["/nothing", "{ header: X-None }", "{ query: none }", "{ path: id }"] {
        assert_eq!(codes("{ header: X-Key }", part), [Code::UnknownPart], "{part}");
    }
}
