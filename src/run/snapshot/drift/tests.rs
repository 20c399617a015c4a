//! Each kind of difference, made alone.

use super::*;
use crate::contract::Contracts;
use crate::judge::check::Compiled;
use serde_json::json;
use std::sync::Arc;

fn contracts() -> Arc<Contracts> {
    let folder = tempfile::tempdir().unwrap();
    let vendor = folder.path().join("acme");
    std::fs::create_dir(&vendor).unwrap();
    std::fs::write(vendor.join("vendor.yaml"), include_str!("vendor.yaml")).unwrap();
    let loaded = crate::contract::load(&[folder.path().to_owned()]);
    assert!(loaded.mistakes.is_empty(), "{:?}", loaded.mistakes);
    loaded.contracts
}

fn snapshot(outcome: &str, status: u16, headers: &[(&str, &str)], body: Value) -> Snapshot {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let canonical = Canonical { request: "GET /x".to_owned(), status, headers, body: Content::Json(body) };
    Snapshot { canonical, outcome: Some(outcome.to_owned()) }
}

fn body() -> Value {
    json!({
        "id": "[box.id]", "state": "open", "code": "gone_away", "message": "It was taken away.", "size": 3, "note": null,
        "tags": ["a", "b"], "size_text": "3", "ready": true,
    })
}

fn answer(body: Value) -> Snapshot {
    snapshot("found", 200, &[("content-type", "application/json")], body)
}

fn drift(before: &Snapshot, after: &Snapshot) -> Drift {
    let contracts = contracts();
    let outcome = contracts.vendors[0].operations[0].outcomes.get("found").unwrap();
    assert!(Compiled::of(outcome).is_ok());
    let (alternatives, clauses) = (vec!["found", "hidden"], vec!["200.status", "200.size"]);
    compare(before, after, &PromisedAnswer { outcome: Some(outcome), alternatives, clauses }).unwrap()
}

/// The class of one change of the body, at one place.
fn changed(pointer: &str, value: Value) -> (DriftClass, String) {
    let mut after = body();
    match after.pointer_mut(pointer) {
        Some(place) => *place = value,
        None => drop(after.as_object_mut().unwrap().insert(pointer[1..].to_owned(), value)),
    }
    let drift = drift(&answer(body()), &answer(after));
    assert_eq!(drift.differences.len(), 1, "{drift:?}");
    (drift.class, drift.differences[0].place.clone())
}

#[test]
fn the_same_answer_does_not_drift() {
    assert_eq!(compare(&answer(body()), &answer(body()), &PromisedAnswer::default()), None);
}

#[test]
fn each_change_of_a_field_has_its_class() {
    use DriftClass::{Additive, Breaking, Cosmetic, Risky};
    let expected = [
        ("/id", json!("box_other"), Risky),
        ("/id", json!("[other.id]"), Risky),
        ("/state", json!("closed for good"), Risky),
        ("/code", json!("gone"), Breaking),
        ("/message", json!("It is no longer here."), Cosmetic),
        ("/message", json!("missing"), Risky),
        ("/message", Value::Null, Risky),
        ("/note", json!("new"), Risky),
        ("/size", json!(4), Risky),
        ("/size", json!(3.0), Cosmetic),
        ("/size", json!("3"), Breaking),
        ("/size", json!("[box.size number]"), Risky),
        ("/size_text", json!(3), Breaking),
        ("/ready", json!(false), Risky),
        ("/tags", json!(["b", "a"]), Cosmetic),
        ("/tags", json!({}), Breaking),
        ("/more", json!({ "x": 1 }), Additive),
    ];
    for (pointer, value, class) in expected {
        assert_eq!(changed(pointer, value.clone()), (class, pointer.to_owned()), "{pointer} {value}");
    }
    assert_eq!(changed("/tags", json!(["a", "b", "c"])), (Additive, "/tags/2".to_owned()));
    assert_eq!(changed("/tags", json!(["a"])), (Risky, "/tags/1".to_owned()));
    assert_eq!(changed("/tags/1", json!("c")), (Risky, "/tags/1".to_owned()));
}

#[test]
fn a_field_that_is_gone_breaks() {
    let mut after = body();
    after.as_object_mut().unwrap().remove("note");
    let drift = drift(&answer(body()), &answer(after));
    assert_eq!((drift.class, drift.differences[0].place.as_str()), (DriftClass::Breaking, "/note"));
    assert_eq!(drift.differences[0].message, "/note is gone; it was null");
}

#[test]
fn status_and_headers_have_their_classes() {
    use DriftClass::{Additive, Breaking, Cosmetic, Risky};
    let json = ("content-type", "application/json");
    let of = |status, headers: &[(&str, &str)]| {
        let drift = drift(
            &snapshot("found", 200, &[json, ("allow", "GET")], body()),
            &snapshot("found", status, headers, body()),
        );
        (drift.class, drift.differences.len())
    };
    assert_eq!(of(201, &[json, ("allow", "GET")]), (Breaking, 1));
    assert_eq!(of(200, &[json]), (Breaking, 1));
    assert_eq!(of(200, &[json, ("Allow", "GET")]), (Cosmetic, 1));
    assert_eq!(of(200, &[json, ("allow", "GET"), ("sunset", "soon")]), (Additive, 1));
    assert_eq!(of(200, &[json, ("allow", "PUT")]), (Risky, 1));
    assert_eq!(of(200, &[("content-type", "Application/JSON; charset=utf-8"), ("allow", "GET")]), (Cosmetic, 1));
    assert_eq!(of(200, &[("content-type", "text/json"), ("allow", "GET")]), (Breaking, 1));
}

#[test]
fn another_documented_alternative_is_one_risky_difference() {
    let after = snapshot("hidden", 404, &[], json!({}));
    let drift_of = drift(&answer(body()), &after);
    assert_eq!((drift_of.class, drift_of.differences.len()), (DriftClass::Risky, 1));
    let mut renamed = answer(body());
    renamed.outcome = Some("seen".to_owned());
    assert_eq!(drift(&renamed, &after).class, DriftClass::Breaking, "an outcome that the row has no more is no choice");
}

#[test]
fn the_worst_class_wins_and_stands_first() {
    let mut after = body();
    after["message"] = json!("Worded anew.");
    after["size"] = json!("3");
    after["more"] = json!(1);
    let drift = drift(&answer(body()), &answer(after));
    let classes: Vec<_> = drift.differences.iter().map(|difference| difference.class).collect();
    assert_eq!(drift.class, DriftClass::Breaking);
    assert_eq!(classes, [DriftClass::Breaking, DriftClass::Additive, DriftClass::Cosmetic]);
}

#[test]
fn the_clause_that_speaks_of_a_field_is_named() {
    let mut after = body();
    after["size"] = json!("3");
    let drift = drift(&answer(body()), &answer(after));
    assert_eq!(drift.differences[0].clause.as_deref(), Some("200.size"));
}

#[test]
fn other_bodies_have_their_classes() {
    let with = |body: Content| {
        let mut snapshot = answer(json!({}));
        snapshot.canonical.body = body;
        snapshot
    };
    let class = |before: Content, after: Content| drift(&with(before), &with(after)).class;
    let text = |text: &str| Content::Text(text.to_owned());
    assert_eq!(class(text("a"), text("b")), DriftClass::Cosmetic);
    assert_eq!(class(text("a"), Content::None), DriftClass::Breaking);
    assert_eq!(class(Content::None, text("a")), DriftClass::Additive);
    assert_eq!(class(text("a"), Content::Json(json!({}))), DriftClass::Breaking);
    assert_eq!(class(Content::Binary(1, "a".to_owned()), Content::Binary(1, "b".to_owned())), DriftClass::Risky);
}
