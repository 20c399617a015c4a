//! What is supplied for a vendor, in every form in which it can be wrong, and never shown.

use super::{KEY, assert_check, project, truthful};
use crate::servers::http::{Answer, Server};
use serde_json::json;

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
fn a_key_is_in_no_line_and_in_no_document() {
    let echo = Server::start(|request| {
        let sent = request.header("authorization").unwrap_or_default().to_owned();
        Answer::new(200, "text/html", format!("<p>{sent}</p>"))
    });
    let project = project(echo.origin());
    for format in ["text", "json"] {
        let told = project.run_with(&[("ACME_API_KEY", KEY)], &["doctor", "--format", format]);
        assert_eq!(told.code, 3, "{}\n{}", told.out, told.err);
        assert!(
            told.out.contains("is not acme: 200 text/html") && told.out.contains("$ACME_API_KEY</p>"),
            "{}",
            told.out
        );
        assert!(!told.out.contains(KEY) && !told.err.contains(KEY), "{}\n{}", told.out, told.err);
    }
    let typed = format!("{}/{KEY}", echo.origin());
    let told = project.run_with(&[("ACME_API_KEY", KEY)], &["doctor", "--target", &typed]);
    assert!(told.code == 3 && !told.out.contains(KEY) && !told.err.contains(KEY), "{}\n{}", told.out, told.err);
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
