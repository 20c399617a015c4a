//! What is wrong before a first run: each thing that is checked, right and wrong, by the real binary at real sockets.

use super::{Project, Told};
use crate::hostile::secure::{certificate, expired, listen, write_pem};
use crate::servers::http::{Answer, Received, Server};
use rcgen::{CertificateParams, CertifiedKey, DnType, KeyPair};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, SystemTime};

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
    assert!(told.out.ends_with("0 warnings, 0 wrong, 0 not checked; run `proviso --target sandbox`\n"), "{}", told.out);
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
fn a_variable_is_described_without_its_value() {
    let values = [
        (None, "warn", 3, &["is not set: 5 cases are skipped", "acme/links.delete/", "--secrets-file"][..]),
        (Some(""), "warn", 3, &["is empty, which counts as not set: 5 cases are skipped"]),
        (Some("live_value-nobody-sees-0"), "wrong", 6, &["is not a test key", "^test_", "--allow live-key=acme"]),
        (Some(" test_value-nobody-sees-0"), "wrong", 3, &["white space around its value"]),
        (Some("test_value-nobody-sees-0\n"), "wrong", 3, &["white space around its value"]),
        (Some("\"test_value-nobody-sees-0\""), "wrong", 3, &["quotes around its value"]),
        (Some("   "), "wrong", 3, &["nothing but white space"]),
    ];
    for (value, state, code, texts) in values {
        let server = truthful();
        let project = project(server.origin());
        let variables: Vec<(&str, &str)> = value.map(|value| ("ACME_API_KEY", value)).into_iter().collect();
        let told = project.run_with(&variables, &["doctor", "--target", "sandbox"]);
        assert_check(&told, "$ACME_API_KEY", state, texts);
        let is_hidden = !told.out.contains("nobody-sees") && !told.err.contains("nobody-sees");
        assert!(is_hidden, "{value:?}: {}\n{}", told.out, told.err);
        if code == 6 {
            assert_eq!((told.code, server.requests()), (6, 0), "{}", told.out);
            assert_check(&told, "guard", "wrong", &["$ACME_API_KEY is not a test key", "--allow live-key=acme"]);
            assert_check(&told, "vendor", "not checked", &["the guard refuses it"]);
        }
        assert_eq!(told.code, code, "{value:?}: {}", told.out);
    }
}

#[test]
fn a_live_key_that_is_permitted_is_a_warning() {
    let server = Server::start(|request| {
        let is_known = request.header("authorization") == Some("Bearer live_0123456789");
        let (status, code) = if is_known { (404, "not_found") } else { (401, "unauthorized") };
        Answer::new(status, "application/json", json!({ "code": code, "message": "no" }).to_string())
    });
    let typed = ["doctor", "--allow", "live-key=acme"];
    let told = project(server.origin()).run_with(&[("ACME_API_KEY", "live_0123456789")], &typed);
    assert_eq!(told.code, 0, "{}", told.out);
    assert_check(&told, "$ACME_API_KEY", "warn", &["is not a test key"]);
}

#[test]
fn ready_ids_are_counted_and_each_has_the_form_of_an_id() {
    let lists = [
        ("link_a1, link_b2,link_c3,", "ok", 0, "has 3 ids"),
        ("link_a1, LINK-B2", "wrong", 3, "number 2 of its ids, which is not shown, does not match ^link_"),
        (" , ,", "wrong", 3, "white space"),
        (",,", "wrong", 3, "has commas and no id"),
    ];
    for (list, state, code, text) in lists {
        let server = truthful();
        let project = project(server.origin());
        project.change("specs/acme/vendor.yaml", "  link:\n    id:\n", "  link:\n    ready: ACME_LINKS\n    id:\n");
        let told = project.run_with(&[("ACME_API_KEY", KEY), ("ACME_LINKS", list)], &["doctor"]);
        assert_check(&told, "$ACME_LINKS", state, &[text]);
        assert_eq!(told.code, code, "{list}: {}", told.out);
        assert!(!told.out.contains("LINK-B2"), "{}", told.out);
    }
}

#[test]
fn a_fixture_that_is_not_an_id_is_refused_without_its_value() {
    let values = [
        (None, "warn", 0, "is not set: 1 case is skipped"),
        (Some("link_a1"), "ok", 0, "has the form of the id of a link"),
        (Some("LINK-B2"), "wrong", 6, "is not the id of a link: its value, which is not shown, does not match ^link_"),
    ];
    for (value, state, code, text) in values {
        let server = truthful();
        let project = project(server.origin());
        let fixtures = "  link:\n    fixtures: { paid: ACME_PAID_LINK }\n    id:\n";
        project.change("specs/acme/vendor.yaml", "  link:\n    id:\n", fixtures);
        let rows = "  paid: { when: { link: paid }, then: not_found, inferred: a test }\n  live: ";
        project.change("specs/acme/links.delete.yaml", "  live: ", rows);
        let mut variables = vec![("ACME_API_KEY", KEY)];
        variables.extend(value.map(|value| ("ACME_PAID_LINK", value)));
        let told = project.run_with(&variables, &["doctor"]);
        assert_check(&told, "$ACME_PAID_LINK", state, &[text]);
        assert_eq!(told.code, code, "{value:?}: {}\n{}", told.out, told.err);
        assert!(!told.out.contains("LINK-B2") && !told.err.contains("LINK-B2"), "{}\n{}", told.out, told.err);
    }
}

#[test]
fn another_program_at_the_port_is_not_taken_for_a_vendor() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"220 mail.invalid ESMTP\r\n");
        }
    });
    let told = project(&origin).run_with(&[("ACME_API_KEY", KEY)], &["doctor"]);
    assert_eq!(told.code, 3, "{}", told.out);
    assert_check(&told, "connection", "ok", &[]);
    assert_check(&told, "answer", "wrong", &["not HTTP", "another program at this port"]);
    assert_check(&told, "vendor", "not checked", &["no answer came"]);
}

#[test]
fn the_screen_of_a_key_that_the_guard_refuses() {
    let told = Project::acme().run_with(&[("ACME_API_KEY", "live_0123456789abcdef")], &["doctor"]);
    assert_eq!((told.code, told.err.as_str()), (6, ""));
    insta::assert_snapshot!("doctor_refused", told.out);
}

#[test]
fn a_host_that_the_contract_does_not_declare_is_not_asked() {
    let typed = ["doctor", "--target", "acme=https://nothing.invalid"];
    let told = project(ORIGIN).run_with(&[("ACME_API_KEY", KEY)], &typed);
    assert_eq!(told.code, 6, "{}", told.out);
    assert_check(&told, "guard", "wrong", &["no host that acme's file declares", "type `--allow host=acme`"]);
    assert_check(&told, "name", "not checked", &["the guard refuses it"]);
    // A look changes nothing, so that it needs no permit for changes; the run does.
    let told = project(ORIGIN).run_with(&[("ACME_API_KEY", KEY)], &[&typed[..], &["--allow", "host=acme"]].concat());
    assert_eq!(told.code, 3, "{}", told.out);
    assert_check(&told, "guard", "wrong", &["`--allow changes=acme`"]);
    assert_check(&told, "name", "wrong", &["cannot resolve `nothing.invalid`", "correct the origin"]);
    assert_check(&told, "connection", "not checked", &[]);
}

/// A port of this machine at which nothing listens.
fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn a_closed_port_and_a_proxy_that_is_not_there_are_told_apart() {
    let port = closed_port();
    let origin = format!("http://127.0.0.1:{port}");
    let key = ("ACME_API_KEY", KEY);
    let told = project(&origin).run_with(&[key], &["doctor"]);
    assert_eq!(told.code, 3, "{}", told.out);
    assert_check(&told, "name", "ok", &[]);
    assert_check(&told, "connection", "wrong", &["refused", "correct the port"]);
    assert!(!told.out.contains("HTTPS_PROXY"));
    let told = project(&origin).run_with(&[key, ("HTTPS_PROXY", "http://127.0.0.1:9")], &["doctor"]);
    assert_check(&told, "connection", "wrong", &["$HTTPS_PROXY is set, and is not used: `--proxy URL`"]);
    let server = truthful();
    let told = project(server.origin()).run_with(&[key], &["doctor", "--proxy", &origin]);
    assert_eq!((told.code, server.requests()), (3, 0), "{}", told.out);
    assert_check(&told, "connection", "wrong", &["the proxy cannot be reached"]);
}

#[test]
fn what_answers_is_told_apart_from_the_vendor_and_its_keys_from_good_ones() {
    let html = "<html><body>Sign in to the network</body></html>";
    let answers = [
        (
            Answer::new(200, "text/html", html),
            "vendor",
            "wrong",
            &["is not acme: 200 text/html", "Sign in", "portal"][..],
        ),
        (Answer::new(302, "text/html", "").with_header("Location", "/login"), "vendor", "wrong", &["is not acme: 302"]),
        (Answer::new(407, "text/html", html), "vendor", "wrong", &["is not acme: 407"]),
        (Answer::new(503, "application/json", "{}"), "vendor", "wrong", &["links.retrieve answers 503"]),
        (Answer::new(429, "application/json", "{}"), "vendor", "wrong", &["asked too often", "--rate-limit"]),
        (
            Answer::new(401, "application/json", r#"{"code":"unauthorized","message":"no"}"#),
            "credentials",
            "wrong",
            &["acme refuses the credentials (401 to links.retrieve); check $ACME_API_KEY", "another mode than sandbox"],
        ),
        (
            Answer::new(404, "application/json", r#"{"error":"no Route matched"}"#),
            "vendor",
            "warn",
            &["as acme or another would: 404 application/json"],
        ),
    ];
    for (answer, check, state, texts) in answers {
        let server = Server::start(move |_| answer.clone());
        let told = project(server.origin()).run_with(&[("ACME_API_KEY", KEY)], &["doctor"]);
        assert_check(&told, check, state, texts);
        assert_eq!(told.code, if state == "wrong" { 3 } else { 0 }, "{}", told.out);
        assert_check(&told, "clock", "not checked", &["has no date"]);
        assert!(server.requests() <= 4 && server.received().iter().all(|request| request.method == "GET"));
    }
}

#[test]
fn without_a_key_a_vendor_is_known_by_how_it_refuses() {
    let server = truthful();
    let told = project(server.origin()).run(&["doctor"]);
    assert_check(&told, "cases", "wrong", &["none of the 5 cases would be run"]);
    assert_check(&told, "vendor", "ok", &["links.retrieve answers 401 as acme does"]);
    assert_check(&told, "credentials", "not checked", &["$ACME_API_KEY not set"]);
    assert_eq!(told.code, 3, "{}", told.out);
}

#[test]
fn clocks_that_are_apart_are_a_warning() {
    let far = Duration::from_secs(3_605);
    let clocks = [(SystemTime::now() - far, "1h", "ahead of"), (SystemTime::now() + far, "1h", "behind")];
    for (date, apart, which) in clocks {
        let server = Server::start(move |request| acme(request, date));
        let told = project(server.origin()).run_with(&[("ACME_API_KEY", KEY)], &["doctor"]);
        assert_eq!(told.code, 0, "{}", told.out);
        assert_check(&told, "clock", "warn", &["this machine is", apart, which, "set the clock"]);
    }
}

/// A certificate of an issuer with another name than all others here.
fn unrelated() -> CertifiedKey<KeyPair> {
    let mut params = CertificateParams::new(["vendor.invalid".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, "another issuer");
    let signing_key = KeyPair::generate().unwrap();
    let cert = params.self_signed(&signing_key).unwrap();
    CertifiedKey { cert, signing_key }
}

#[test]
fn secure_connections_that_cannot_be_made_are_told_apart() {
    let certified = certificate("vendor.invalid");
    let plain = Server::start(|_| Answer::new(400, "text/html", "plain"));
    let plain_port = plain.origin().rsplit_once(':').unwrap().1.parse().unwrap();
    let (other, old) = (certificate("other.invalid"), expired("vendor.invalid"));
    let unrelated = unrelated();
    let ports = [
        (listen(&certified), &certified, "ok", &["trusted, and is for vendor.invalid"][..]),
        (listen(&other), &other, "wrong", &["the certificate is for another name than vendor.invalid"]),
        (listen(&old), &old, "wrong", &["its owner has to renew it", "this machine's clock is wrong"]),
        (listen(&certified), &other, "wrong", &["does not know who issued the certificate", "--cacert FILE"]),
        (listen(&certified), &unrelated, "wrong", &["does not know who issued the certificate", "--cacert FILE"]),
        (plain_port, &certified, "wrong", &["does not speak TLS"]),
    ];
    for (port, trusted, state, texts) in ports {
        let project = project("https://vendor.invalid");
        write_pem(trusted, &project.path().join("trusted.pem"));
        let rule = format!("vendor.invalid:443:127.0.0.1:{port}");
        let typed = ["doctor", "--target", "sandbox", "--cacert", "trusted.pem", "--connect-to", &rule];
        let told = project.run_with(&[("ACME_API_KEY", KEY)], &typed);
        assert_check(&told, "name", "not checked", &["`--connect-to` names"]);
        assert_check(&told, "connection", "ok", &["as `--connect-to` has it"]);
        assert_check(&told, "tls", state, texts);
        if state == "wrong" {
            assert_check(&told, "answer", "not checked", &[]);
            assert_eq!(told.code, 3, "{}", told.out);
        }
    }
}

#[test]
fn a_vendor_without_a_read_is_tried_by_its_origin_and_gets_no_key() {
    let server = Server::start(|_| Answer::new(404, "text/html", "nothing here"));
    let project = project(server.origin());
    let text = project.read("specs/acme/vendor.yaml");
    let without_read = &text[..text.find("\n  links.retrieve:").unwrap()];
    project.write("specs/acme/vendor.yaml", without_read);
    let told = project.run_with(&[("ACME_API_KEY", KEY)], &["doctor"]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    assert_check(&told, "answer", "ok", &[]);
    assert_check(&told, "vendor", "not checked", &["no read that needs nothing"]);
    let received = server.received();
    assert_eq!((received.len(), received[0].path.as_str()), (1, "/"));
    assert_eq!(received[0].header("authorization"), None);
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
    let port = closed_port();
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

#[test]
fn unless_a_target_is_typed_nothing_leaves_this_machine() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let rule = format!("vendor.invalid:443:127.0.0.1:{}", listener.local_addr().unwrap().port());
    let project = project("https://vendor.invalid");
    let told = project.run_with(&[("ACME_API_KEY", KEY)], &["doctor", "--connect-to", &rule]);
    for check in ["name", "connection", "tls", "answer", "vendor", "credentials"] {
        assert_check(&told, check, "not checked", &["no target was typed"]);
    }
    assert_check(&told, "$ACME_API_KEY", "ok", &[]);
    assert_eq!(told.code, 0, "{}", told.out);
    assert!(listener.accept().is_err(), "somebody was asked");
}
