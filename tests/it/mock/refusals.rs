//! Who is let in, whose resources are seen, and what is told where no row answers.

use super::client::{Site, basic, contracts};
use proviso::mock::{Mock, MockSettings, ServedRequest};
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

fn made(site: &Site, key: &str) -> String {
    site.ask("POST /links", &[site.basic(key)], r#"{"amount":1}"#).json()["id"].as_str().unwrap().to_owned()
}

#[test]
fn each_way_of_being_refused_meets_its_own_row() {
    let site = Site::open();
    let secret = site.environment["OMISE_SECRET_KEY"].clone();
    let link = format!("GET /links/{}", made(&site, "OMISE_SECRET_KEY"));
    let field = |value: String| vec![("AUTHORIZATION", value)];
    for (headers, row) in [
        (vec![], "no_credentials"),
        (vec![site.basic("OMISE_PUBLIC_KEY")], "public_key"),
        (vec![basic("skey_test_0000000000000000000")], "unknown_key"),
        (vec![basic("skey_test_short")], "unknown_key"),
        (field(format!("Basic {secret}")), "bad_basic"),
        (field(format!("Bearer {secret}")), "bad_basic"),
        (field(format!("bearer {secret}")), "bad_basic"),
    ] {
        let refused = site.ask(&link, &headers, "");
        assert_eq!((refused.status, refused.row), (401, format!("omise/links.retrieve/{row}")), "{headers:?}");
    }
    let small = field(site.basic("OMISE_SECRET_KEY").1.replace("Basic", "basic"));
    assert_eq!(site.ask(&link, &small, "").status, 200, "a scheme's letter case says nothing");
}

#[test]
fn half_a_pair_of_keys_opens_nothing() {
    let site = Site::open();
    let (key, secret) = (site.environment["MYTPE_API_KEY"].clone(), site.environment["MYTPE_API_SECRET"].clone());
    let ask = |headers: &[(&str, String)]| site.ask("DELETE /api/v2/mytpe-pay/links/x", headers, "").row;
    let wrong = || "0".repeat(32);
    assert_eq!(ask(&[]), "mytpe/pay_links.delete/no_credentials");
    assert_eq!(ask(&[("X-API-KEY", key.clone())]), "mytpe/pay_links.delete/half_a_pair");
    assert_eq!(ask(&[("X-API-SECRET", secret.clone())]), "mytpe/pay_links.delete/half_a_pair");
    assert_eq!(ask(&[("X-API-KEY", wrong()), ("X-API-SECRET", secret.clone())]), "mytpe/pay_links.delete/unknown_pair");
    assert_eq!(ask(&[("X-API-KEY", key.clone()), ("X-API-SECRET", wrong())]), "mytpe/pay_links.delete/unknown_pair");
    assert_eq!(ask(&[("X-API-KEY", key), ("X-API-SECRET", secret)]), "mytpe/pay_links.delete/unknown");
}

#[test]
fn an_account_sees_only_its_own_resources() {
    let site = Site::open();
    let (ours, theirs) = (made(&site, "OMISE_SECRET_KEY"), made(&site, "OMISE_FOREIGN_SECRET_KEY"));
    for (key, own, other) in [("OMISE_SECRET_KEY", &ours, &theirs), ("OMISE_FOREIGN_SECRET_KEY", &theirs, &ours)] {
        let row = |id: &str| site.ask(&format!("GET /links/{id}"), &[site.basic(key)], "").row;
        assert_eq!(row(own), "omise/links.retrieve/live");
        assert_eq!(row(other), "omise/links.retrieve/foreign");
    }
    let refused = site.ask(&format!("DELETE /links/{theirs}"), &[site.basic("OMISE_SECRET_KEY")], "");
    assert_eq!((refused.status, refused.row.as_str()), (404, "omise/links.delete/foreign"));
}

#[test]
fn ids_are_looked_at_from_form_to_mode_to_knowledge() {
    let site = Site::open();
    let row = |id: &str| site.ask(&format!("DELETE /links/{id}"), &[site.basic("OMISE_SECRET_KEY")], "").row;
    for id in ["link_test_5XUY4W91XQZ7D1W9U0T", "card_test_5xuy4w91xqz7d1w9u0t", "link_test_", "%20", "a%2Fb"] {
        assert_eq!(row(id), "omise/links.delete/malformed", "{id}");
    }
    assert_eq!(row("link_5xuy4w91xqz7d1w9u0t"), "omise/links.delete/other_mode");
    assert_eq!(row("link_test_5xuy4w91xqz7d1w9u0t"), "omise/links.delete/unknown");
    assert_eq!(row("link_test_1"), "omise/links.delete/unknown");
}

#[test]
fn a_live_key_lives_in_a_world_of_its_own() {
    let live = HashMap::from([("OMISE_SECRET_KEY".to_owned(), "skey_abc".to_owned())]);
    let site = Site::with(&MockSettings { values: live, ..MockSettings::default() });
    let made = site.ask("POST /links", &[site.basic("OMISE_SECRET_KEY")], "{}").json();
    assert_eq!(made["livemode"], json!(true));
    let id = made["id"].as_str().unwrap();
    assert!(!id.contains("test"), "{id}");
    let row = |key: &str, id: &str| site.ask(&format!("GET /links/{id}"), &[site.basic(key)], "").row;
    assert_eq!(row("OMISE_SECRET_KEY", id), "omise/links.retrieve/live");
    assert_eq!(row("OMISE_FOREIGN_SECRET_KEY", id), "omise/links.retrieve/other_mode", "that key is a test key");
    assert_eq!(row("OMISE_SECRET_KEY", "link_test_5xuy4w91xqz7d1w9u0t"), "omise/links.retrieve/other_mode");
    assert_eq!(row("OMISE_SECRET_KEY", "link_5xuy4w91xqz7d1w9u0t"), "omise/links.retrieve/unknown");
}

#[test]
fn a_value_that_is_set_is_accepted_and_no_other_one() {
    let values =
        [("OMISE_SECRET_KEY", "skey_test_mine"), ("MYTPE_LINK_WITH_TRANSACTIONS", "my-link"), ("GAFAPAY_TOKEN", "")];
    let values: HashMap<String, String> =
        values.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let site = Site::with(&MockSettings { values, ..MockSettings::default() });
    assert_eq!(site.environment["OMISE_SECRET_KEY"], "skey_test_mine");
    assert_eq!(site.environment["MYTPE_LINK_WITH_TRANSACTIONS"], "my-link");
    assert_eq!(site.environment["GAFAPAY_TOKEN"].len(), 64, "an empty variable is none");
    assert_eq!(site.ask("POST /links", &[basic("skey_test_mine")], "{}").status, 200);
    assert_eq!(site.ask("POST /links", &[basic("skey_test_thine")], "{}").status, 401);
}

#[test]
fn every_variable_of_the_contracts_is_told_once() {
    let mock = Mock::new(contracts(), &MockSettings::default()).unwrap();
    let mut names: Vec<String> = mock.environment().into_iter().map(|(name, _)| name).collect();
    names.sort();
    let known = [
        "GAFAPAY_COMPANY_ID",
        "GAFAPAY_TOKEN",
        "MYTPE_API_KEY",
        "MYTPE_API_SECRET",
        "MYTPE_LINK_WITH_FAILED_TRANSACTION",
        "MYTPE_LINK_WITH_PENDING_TRANSACTION",
        "MYTPE_LINK_WITH_SUCCESSFUL_TRANSACTION",
        "MYTPE_LINK_WITH_TRANSACTIONS",
        "MYTPE_PAGE_ID",
        "OMISE_CURRENCY",
        "OMISE_FOREIGN_SECRET_KEY",
        "OMISE_LIVE_LINK",
        "OMISE_PUBLIC_KEY",
        "OMISE_SECRET_KEY",
    ];
    assert_eq!(names, known);
}

#[test]
fn a_choice_turns_a_contradiction_round() {
    let site = Site::choosing(&["links.delete/deleted=not_found", "omise/links.delete/malformed=invalid_link_id"]);
    let link = format!("DELETE /links/{}", made(&site, "OMISE_SECRET_KEY"));
    let ask = |request: &str| site.ask(request, &[site.basic("OMISE_SECRET_KEY")], "");
    ask(&link);
    let again = ask(&link);
    assert_eq!((again.status, &again.json()["code"]), (404, &json!("not_found")));
    let malformed = ask("DELETE /links/x");
    assert_eq!((malformed.status, &malformed.json()["code"]), (400, &json!("invalid_link_id")));
    assert_eq!(ask("GET /links/x").json()["code"], json!("not_found"), "the other operation was not spoken of");
}

#[test]
fn a_choice_that_names_nothing_is_told_with_what_there_is() {
    for (choice, told) in [
        ("links.delete/deleted", "write `OPERATION/ROW=OUTCOME`"),
        ("a/b/c/d=e", "write `OPERATION/ROW=OUTCOME`"),
        ("=", "write `OPERATION/ROW=OUTCOME`"),
        ("link.delete/deleted=not_found", "there is `links.delete`"),
        ("links.delete/delted=not_found", "there is `deleted`"),
        ("links.delete/deleted=deleted", "there is `already_deleted`, `not_found`"),
        ("omize/links.delete/deleted=not_found", "there is `omise`"),
    ] {
        let error = match choice.parse() {
            Err(error) => proviso::mock::sandbox::OutcomeChoiceError::to_string(&error),
            Ok(choice) => {
                let settings = MockSettings { choices: vec![choice], ..MockSettings::default() };
                Mock::new(contracts(), &settings).err().unwrap().to_string()
            }
        };
        assert!(error.contains(told) && error.contains(choice), "{error}");
    }
}

#[test]
fn two_accounts_with_one_key_are_told() {
    let values =
        ["OMISE_SECRET_KEY", "OMISE_FOREIGN_SECRET_KEY"].map(|name| (name.to_owned(), "skey_test_a".to_owned()));
    let settings = MockSettings { values: values.into(), ..MockSettings::default() };
    let error = Mock::new(contracts(), &settings).err().unwrap().to_string();
    assert!(error.contains("OMISE_FOREIGN_SECRET_KEY and OMISE_SECRET_KEY"), "{error}");
}

#[test]
fn what_no_row_is_about_is_told_with_the_rows_that_there_are() {
    let site = Site::open();
    let id = made(&site, "OMISE_FOREIGN_SECRET_KEY");
    let read = site.ask("GET /linked_accounts/x", &[site.basic("OMISE_SECRET_KEY")], "");
    assert_eq!((read.status, read.row.as_str()), (501, "none"), "{id}");
    let told = &read.json()["proviso"];
    assert_eq!(
        told["problem"],
        json!("omise/linked_accounts.retrieve has no row for a request with linked_account: malformed")
    );
    assert!(told["rows"].as_array().unwrap().contains(&json!({ "row": "live", "when": { "linked_account": "live" } })));
    let refused = site.ask("GET /gafapay/v3/user/payment_link/x", &[], "");
    assert_eq!((refused.status, refused.row.as_str()), (501, "none"));
    assert_eq!(
        refused.json()["proviso"]["problem"],
        json!("gafapay/payment_links.retrieve has no row for a request with credentials: other_company, link: unknown")
    );
}

#[test]
fn an_unknown_path_is_told_with_the_paths_that_there_are() {
    let site = Site::open();
    for request in ["GET /nowhere?key=s3cret", "PUT /links/x", "GET /", "HEAD /links/x", "GET /pay/nobody"] {
        let told = site.ask(request, &[], "");
        assert_eq!((told.status, told.row.as_str()), (501, "none"), "{request}");
        let listed = told.body.contains("DELETE /links/{link_id} (omise/links.delete)");
        assert!(listed != request.starts_with("HEAD"), "{}", told.body);
        assert!(!told.body.contains("s3cret"));
    }
}

#[test]
fn an_empty_id_meets_the_row_about_it_and_a_slash_at_the_end_is_passed_over_elsewhere() {
    let site = Site::open();
    let env = |name: &str| site.environment[name].clone();
    let headers = [
        ("authorization", format!("Token {}", env("GAFAPAY_TOKEN"))),
        ("companyid", env("GAFAPAY_COMPANY_ID")),
        ("content-type", "application/json".to_owned()),
    ];
    for url in ["/gafapay/v3/user/payment_link/", "/gafapay/v3/user/payment_link"] {
        let missing = site.ask(&format!("DELETE {url}"), &headers, "");
        assert_eq!(missing.row, "gafapay/payment_links.delete/missing");
        assert_eq!(missing.json(), json!({ "success": 0, "error": ["BAD_REQUEST"], "data": null }));
        assert_eq!(site.ask(&format!("POST {url}"), &headers, "{}").row, "gafapay/payment_links.create/new");
    }
}

#[test]
fn an_onlooker_is_told_of_every_request() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let notes = Arc::clone(&seen);
    let note = move |met: &ServedRequest<'_>| {
        let row = met.row.or(met.problem).unwrap_or_default();
        notes.lock().unwrap().push(format!("{} {} {} {row}", met.method, met.path, met.status));
    };
    let site = Site::start(Mock::new(contracts(), &MockSettings::default()).unwrap().with_onlooker(Box::new(note)));
    site.ask("GET /links/x?key=s3cret", &[], "");
    site.ask("GET /nowhere", &[], "");
    let expected = [
        "GET /links/x 401 omise/links.retrieve/no_credentials",
        "GET /nowhere 501 no contract has an operation GET /nowhere",
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[test]
fn a_fault_may_be_asked_for_by_one_request() {
    let site = Site::open();
    let broken = site.ask("GET /links/x", &[("x-proviso-fault", "503".to_owned())], "");
    assert_eq!((broken.status, broken.row.as_str()), (503, ""));
    assert_eq!(site.ask("GET /links/x", &[], "").status, 401);
}
