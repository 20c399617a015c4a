//! What is wrong before a first run: each thing that is checked, right and wrong, by the real binary at real sockets.

mod values;
mod way;

use super::{Project, Told};
use crate::servers::http::{Answer, Received, Server};
use serde_json::{Value, json};
use std::time::SystemTime;

const ORIGIN: &str = "https://sandbox.acme.example";
const KEY: &str = "test_0123456789abcdefghijklmn";

/// What the small vendor answers to a read of a link that nobody has, an hour or so apart from us.
fn acme(request: &Received, date: SystemTime) -> Answer {
    let is_known = request.header("authorization") == Some(&format!("Bearer {KEY}"));
    let (status, code) = if is_known { (404, "not_found") } else { (401, "unauthorized") };
    let body = json!({ "code": code, "message": "no" }).to_string();
    Answer::new(status, "application/json", body).with_header("Date", &httpdate::fmt_http_date(date))
}

fn truthful() -> Server {
    Server::start(|request| acme(request, SystemTime::now()))
}

/// The small vendor's contract, with its sandbox at this origin.
fn project(origin: &str) -> Project {
    let project = Project::acme();
    project.change("specs/acme/vendor.yaml", ORIGIN, origin);
    project
}

/// The line of a check with what is below it.
fn block(told: &Told, check: &str) -> String {
    let named = |line: &str| line.get(15..).is_some_and(|rest| rest.split(' ').next() == Some(check));
    let mut lines = told.out.lines().skip_while(|line| !named(line));
    let first = lines.next().unwrap_or_else(|| panic!("no check {check}:\n{}\n{}", told.out, told.err));
    let below = lines.take_while(|line| line.starts_with(&" ".repeat(14)));
    std::iter::once(first).chain(below).map(str::trim).collect::<Vec<_>>().join("\n")
}

/// Asserts that a check has a state, and that it and what is below it have these texts.
fn assert_check(told: &Told, check: &str, state: &str, texts: &[&str]) {
    let block = block(told, check);
    assert!(block.starts_with(state), "{check} is not {state}:\n{}", told.out);
    for text in texts {
        assert!(block.contains(text), "{check} without `{text}`:\n{block}");
    }
}

#[test]
fn the_embedded_mock_has_nothing_wrong() {
    let told = Project::acme().run(&["doctor", "-t", "mock"]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    assert_check(&told, "vendor", "ok", &["links.retrieve answers 404 as acme does"]);
    assert_check(&told, "credentials", "ok", &[]);
    assert!(told.out.contains(", 0 warnings, 0 wrong, ") && told.out.ends_with("run `proviso --target mock`\n"));
}

#[test]
fn a_vendor_that_is_as_a_run_needs_it_is_asked_by_a_read_alone() {
    let server = truthful();
    let project = project(server.origin());
    let told = project.run_with(&[("ACME_API_KEY", KEY)], &["doctor"]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    assert!(told.out.contains(&format!("acme at {} (sandbox)\n", server.origin())), "{}", told.out);
    for check in
        ["contracts", "proviso.yaml", "state", "cases", "guard", "name", "connection", "tls", "answer", "baselines"]
    {
        assert_check(&told, check, "ok", &[]);
    }
    assert_check(&told, "target", "ok", &["the sandbox, which every vendor declares"]);
    assert_check(&told, "$ACME_API_KEY", "ok", &["is set, and is a test key"]);
    assert_check(&told, "clock", "ok", &["within a minute"]);
    assert_check(&told, "credentials", "ok", &["they are accepted"]);
    assert!(
        told.out.ends_with(
            "0 warnings, 0 wrong, 0 not checked; run `proviso doctor --target sandbox`, which asks the vendors too\n"
        ),
        "{}",
        told.out
    );
    let methods: Vec<String> = server.received().into_iter().map(|request| request.method).collect();
    assert_eq!(methods, ["GET"]);
    let ledgers = std::fs::read_dir(project.path().join(".proviso/ledger")).unwrap();
    assert_eq!(ledgers.count(), 0, "no ledger is left behind");
}

#[test]
fn the_run_that_is_named_at_the_end_is_of_the_same_cases() {
    let server = truthful();
    let told = project(server.origin()).run_with(
        &[("ACME_API_KEY", KEY)],
        &["doctor", "links.delete", "live*", "--vendor", "acme", "--target", server.origin(), "-q"],
    );
    let end = format!("run `proviso links.delete 'live*' --vendor acme --target {}`\n", server.origin());
    assert!(told.code == 0 && told.out.ends_with(&end), "{}\n{}", told.out, told.err);
    assert_eq!(told.out.lines().count(), 1, "-q leaves out what is fine: {}", told.out);
}

#[test]
fn without_a_sandbox_of_every_vendor_the_mock_is_checked() {
    let project = Project::acme();
    project.add("globex");
    project.change("specs/globex/vendor.yaml", "  sandbox: ", "  staging: ");
    let told = project.run(&["doctor"]);
    assert_check(&told, "target", "ok", &["the mock, since not every vendor declares a sandbox"]);
    assert_eq!((told.code, told.out.matches("(mock)").count()), (0, 2), "{}", told.out);
}

#[test]
fn the_screen_of_a_key_that_the_guard_refuses() {
    let told = Project::acme().run_with(&[("ACME_API_KEY", "live_0123456789abcdef")], &["doctor"]);
    assert_eq!((told.code, told.err.as_str()), (6, ""));
    insta::assert_snapshot!("doctor_refused", told.out);
}

#[test]
fn what_is_wrong_on_this_machine_is_found_first() {
    let server = truthful();
    let project = project(server.origin());
    project.write("file", "");
    let told = project.run_with(&[("ACME_API_KEY", KEY)], &["doctor", "--state", "file"]);
    assert_check(&told, "state", "wrong", &["could not be written down", "--state DIR"]);
    assert_eq!(told.code, 3, "{}", told.out);
    let before = server.requests();
    for (file, text) in [("proviso.yaml", "jobs: none\n"), ("specs/acme/links.delete.yaml", "version: 1\n")] {
        project.write(file, text);
        let told = project.run_with(&[("ACME_API_KEY", KEY)], &["doctor"]);
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{}", told.err);
        assert!(told.err.contains(file), "{}", told.err);
    }
    assert_eq!(server.requests(), before, "nothing is sent by wrong contracts");
}

#[test]
fn accepted_answers_of_the_target_are_found() {
    let server = truthful();
    let project = project(server.origin());
    let told = project.run_with(&[("ACME_API_KEY", KEY)], &["doctor"]);
    assert_check(&told, "baselines", "ok", &["there are none yet"]);
    std::fs::create_dir_all(project.path().join("snapshots/sandbox/acme")).unwrap();
    let told = project.run_with(&[("ACME_API_KEY", KEY)], &["doctor"]);
    assert_check(&told, "baselines", "ok", &["snapshots/sandbox/acme has accepted answers"]);
}

#[test]
fn the_document_has_what_the_lines_have() {
    let port = way::closed_port();
    let project = project(&format!("http://127.0.0.1:{port}"));
    let told = project.run_with(&[("ACME_API_KEY", KEY)], &["doctor", "--format", "json"]);
    let document: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!((told.code, &document["version"], &document["exit"]), (3, &json!(1), &json!(3)));
    assert_eq!(document["counts"]["wrong"], json!(1), "{document:#}");
    let acme = &document["groups"][1];
    assert_eq!((&acme["vendor"], &acme["target"]), (&json!("acme"), &json!("sandbox")));
    let checks = acme["checks"].as_array().unwrap();
    let connection = checks.iter().find(|check| check["check"] == "connection").unwrap();
    assert_eq!(connection["state"], "wrong");
    let lines = project.run_with(&[("ACME_API_KEY", KEY)], &["doctor"]);
    for check in checks {
        assert!(lines.out.contains(check["says"].as_str().unwrap()), "{check}\n{}", lines.out);
    }
}

#[test]
fn a_filter_that_matches_nothing_ends_as_a_run_would() {
    let told = Project::acme().run(&["doctor", "links.delte"]);
    assert!(told.code == 4 && told.err.contains("no case is selected"), "{}", told.err);
}
