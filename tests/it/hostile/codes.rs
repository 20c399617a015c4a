//! A vendor whose error codes stand in a list is held to them, whatever else is promised of that list.

use crate::runner::{Told, quick, run};
use crate::servers::http::{Answer, Received, Server};
use proviso::contract::case::Selection;
use proviso::contract::load;
use proviso::lab::agree::check;
use serde_json::{Value, json};
use std::fs;

const VENDOR: &str = "\
version: 1
vendor: acme
targets: { sandbox: { origin: \"https://acme.example\", mode: test } }
error_code: /errors/0/code
";

/// What the errors of the contract's one refusal promise beside the code.
const BESIDE: [&str; 4] = [
    "/errors/0/message: { type: string }",
    "/errors/0: { fields: { message: { type: string } } }",
    "errors: { type: array, items: { fields: { code: { type: string }, message: { type: string } } } }",
    "errors: { type: [array, \"null\"], maxItems: 3 }",
];

/// Runs the contract against a vendor whose refusals have this body.
fn told(beside: &str, body: &Value) -> Told {
    told_by(VENDOR, beside, body)
}

/// Runs the contract of a vendor whose file is this one.
fn told_by(vendor: &str, beside: &str, body: &Value) -> Told {
    let folder = tempfile::tempdir().unwrap();
    let operation = format!(
        "version: 1\noperation: parts.list\npage: {{ id: parts, url: \"https://acme.example/parts\", read: \"2026-11-20\" }}\n\
         request: GET /parts\nquery: {{ limit: \"9\" }}\n\
         clauses: {{ 200.status: \"Parts are listed\", errors.bad_limit: \"The code of a wrong limit\" }}\n\
         outcomes:\n  listed: {{ status: 200, body: any, cites: [200.status] }}\n\
         \x20 refused: {{ status: 400, fields: {{ {beside} }}, code: bad_limit, cites: [errors.bad_limit] }}\n\
         rows:\n  all: {{ when: {{}}, then: listed }}\n\
         \x20 none: {{ when: {{ query: {{ limit: \"0\" }} }}, then: refused }}\n"
    );
    fs::create_dir(folder.path().join("acme")).unwrap();
    fs::write(folder.path().join("acme/vendor.yaml"), vendor).unwrap();
    fs::write(folder.path().join("acme/parts.list.yaml"), operation).unwrap();
    let loaded = load(&[folder.path().to_owned()]);
    let mistakes: Vec<_> = loaded.mistakes.iter().cloned().chain(check(&loaded)).collect();
    assert!(mistakes.is_empty(), "{beside}: {mistakes:?}");
    let body = body.to_string();
    let server = Server::start(move |request: &Received| match request.query_value("limit") {
        Some("0") => Answer::new(400, "application/json", body.clone()),
        _ => Answer::new(200, "application/json", "{}"),
    });
    run(&loaded, server.origin(), &[], &Selection::default(), &quick())
}

/// The findings of the refusal, by code and place.
fn found(told: &Told) -> Vec<String> {
    let refusal = told.results.iter().find(|result| result.id == "acme/parts.list/none").unwrap();
    refusal.findings.iter().map(|finding| format!("{} {}", finding.code.as_str(), finding.place)).collect()
}

#[test]
fn a_wrong_code_in_a_list_violates_whatever_else_is_promised_of_the_list() {
    for beside in BESIDE {
        let right = json!({ "errors": [{ "code": "bad_limit", "message": "m" }] });
        let told_right = told(beside, &right);
        assert_eq!(told_right.trouble(), "", "{beside}");
        let wrong = json!({ "errors": [{ "code": "bad_title", "message": "m" }] });
        assert_eq!(found(&told(beside, &wrong)), ["error-code /errors/0/code"], "{beside}");
        let second =
            json!({ "errors": [{ "code": "bad_title", "message": "m" }, { "code": "bad_limit", "message": "m" }] });
        assert_eq!(found(&told(beside, &second)), ["error-code /errors/0/code"], "{beside}");
        assert!(!found(&told(beside, &json!({ "errors": null }))).is_empty(), "{beside}");
    }
}

#[test]
fn a_right_code_in_a_list_excuses_nothing_else_that_is_promised_of_its_item() {
    for beside in &BESIDE[..3] {
        let bare = json!({ "errors": [{ "code": "bad_limit" }] });
        assert_eq!(found(&told(beside, &bare)), ["field-missing /errors/0/message"], "{beside}");
    }
}

#[test]
fn any_item_of_a_list_may_have_the_code_where_the_contract_says_any() {
    let vendor = VENDOR.replace("/errors/0/code", "/errors/*/code");
    for beside in ["/errors/*/message: { type: string }", "errors: { type: array, maxItems: 3 }"] {
        let told = |body: &Value| told_by(&vendor, beside, body);
        let extra = json!({ "code": "slow_down", "message": "m" });
        let right = json!({ "code": "bad_limit", "message": "m" });
        for errors in [json!([right]), json!([extra, right]), json!([right, extra]), json!([{}, extra, right])] {
            assert_eq!(told(&json!({ "errors": errors })).trouble(), "", "{beside}");
        }
        assert_eq!(found(&told(&json!({ "errors": [extra] }))), ["error-code /errors/*/code"], "{beside}");
        assert_eq!(found(&told(&json!({ "errors": [{}] }))), ["error-code /errors/*/code"], "{beside}");
        assert!(!found(&told(&json!({ "errors": [] }))).is_empty(), "{beside}");
        assert_eq!(found(&told(&json!({}))), ["field-missing /errors"], "{beside}");
    }
    let split = json!({ "errors": [{ "code": "bad_limit" }, { "message": "m" }] });
    assert!(!found(&told_by(&vendor, "/errors/*/message: { type: string }", &split)).is_empty(), "of one item");
}
