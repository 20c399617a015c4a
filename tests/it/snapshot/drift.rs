//! Each class of drift, made at a server, and every field of every answer changed in turn.

use crate::servers::http::{Answer, Received};
use crate::servers::world::World;
use crate::snapshot::{Rig, unchanged};
use proviso::judge::verdict::Verdict;
use proviso::run::event::{Baseline, CaseResult, DriftClass};
use serde_json::{Value, json};

/// A world that takes a form of the truth.
fn world(variation: &str) -> World {
    World::variations().into_iter().find(|(name, _)| name == variation).unwrap().1
}

/// What a case comes to when a world has become another one, or its answers others, since they were accepted.
fn drifted(case: &str, before: World, after: World, change: fn(&mut Answer)) -> CaseResult {
    let rig = Rig::of(case);
    let accepted = rig.run(before, unchanged);
    assert_eq!(accepted.results[0].baseline, Some(Baseline::New));
    assert_eq!(accepted.of(Verdict::Conforms), [case], "a case without a baseline is told, and no drift");
    rig.accept();
    let told = rig.run(after, move |_, mut answer| {
        change(&mut answer);
        answer
    });
    assert_eq!(told.results.len(), 1, "{}", told.trouble());
    told.results.into_iter().next().unwrap()
}

/// The one difference of a case that has drifted: its class and its place.
fn one(case: &str, before: World, after: World, change: fn(&mut Answer)) -> (DriftClass, String) {
    let result = drifted(case, before, after, change);
    assert_eq!(result.verdict, Verdict::Drifted, "{result:?}");
    assert_eq!(result.baseline, Some(Baseline::Drifted));
    let drift = result.drift.unwrap();
    assert_eq!(drift.differences.len(), 1, "{drift:?}");
    assert_eq!(drift.differences[0].class, drift.class);
    (drift.class, drift.differences[0].place.clone())
}

/// A change of every JSON body that has a place.
fn at(answer: &mut Answer, pointer: &str, value: Option<Value>) {
    let Some(mut body) = answer.json() else { return };
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let Some(parent) = body.pointer_mut(parent).and_then(Value::as_object_mut) else { return };
    match value {
        Some(value) => drop(parent.insert(name.to_owned(), value)),
        None => drop(parent.remove(name)),
    }
    answer.body = body.to_string().into_bytes();
}

const LIVE: &str = "omise/links.retrieve/live";

fn changed(case: &str, change: fn(&mut Answer)) -> (DriftClass, String) {
    one(case, World::default(), World::default(), change)
}

#[test]
fn what_a_reader_must_break_on_is_breaking() {
    let gone = changed(LIVE, |answer| at(answer, "/used_at", None));
    assert_eq!(gone, (DriftClass::Breaking, "/used_at".to_owned()));
    let retyped = changed(LIVE, |answer| at(answer, "/charges/total", Some(json!("0"))));
    assert_eq!(retyped, (DriftClass::Breaking, "/charges/total".to_owned()));
    let status = changed("gafapay/payment_links.delete/live", |answer| {
        if answer.json().is_some_and(|body| body.to_string().contains("LINK_DELETED")) {
            answer.status = 202;
        }
    });
    assert_eq!(status, (DriftClass::Breaking, "status".to_owned()));
    let (before, after) = (world("omise second-delete-404-with-its-code"), world("omise second-delete-400"));
    let same_outcome = one("omise/links.delete/deleted", before, after, |_| {});
    assert_eq!(same_outcome, (DriftClass::Breaking, "status".to_owned()));
}

#[test]
fn what_a_reader_may_stumble_over_is_risky() {
    let value = changed(LIVE, |answer| at(answer, "/currency", Some(json!("THB"))));
    assert_eq!(value, (DriftClass::Risky, "/currency".to_owned()));
    let nullable = changed(LIVE, |answer| at(answer, "/charges/from", Some(Value::Null)));
    assert_eq!(nullable, (DriftClass::Risky, "/charges/from".to_owned()));
    let alternative = one("omise/links.delete/deleted", World::default(), world("omise second-delete-400"), |_| {});
    assert_eq!(alternative, (DriftClass::Risky, "outcome".to_owned()));
}

#[test]
fn a_new_field_is_additive() {
    let more = changed("mytpe/pay_links.delete/live", |answer| at(answer, "/more", Some(json!({ "a": 1 }))));
    assert_eq!(more, (DriftClass::Additive, "/more".to_owned()));
    let added = one("mytpe/pay_links.delete/live", World::default(), world("mytpe undocumented-field"), |_| {});
    assert_eq!(added, (DriftClass::Additive, "/x_undocumented".to_owned()));
}

#[test]
fn wording_and_writing_are_cosmetic() {
    let worded =
        changed("omise/links.delete/foreign", |answer| at(answer, "/message", Some(json!("We have no such link"))));
    assert_eq!(worded, (DriftClass::Cosmetic, "/message".to_owned()));
    let charset = one("mytpe/pay_links.delete/live", World::default(), world("mytpe media-type-with-charset"), |_| {});
    assert_eq!(charset, (DriftClass::Cosmetic, "header content-type".to_owned()));
}

#[test]
fn a_drift_says_where_its_files_are_and_shows_the_lines() {
    let drift = drifted(LIVE, World::default(), World::default(), |answer| at(answer, "/currency", Some(json!("THB"))))
        .drift
        .unwrap();
    assert!(drift.baseline.ends_with("/test/omise/links.retrieve/live.snap"), "{}", drift.baseline);
    assert_eq!(drift.pending, Some(format!("{}.new", drift.baseline)));
    assert!(drift.diff.contains("-   \"currency\": \"thb\",\n+   \"currency\": \"THB\",\n"), "{}", drift.diff);
    assert_eq!(drift.differences[0].clause.as_ref().unwrap().id, "200.currency");
}

/// The pointers of all scalars and empty containers in a body.
fn leaves(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            map.iter().for_each(|(key, value)| leaves(value, &format!("{pointer}/{key}"), found));
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(index, value)| leaves(value, &format!("{pointer}/{index}"), found));
        }
        _ => found.push(pointer.to_owned()),
    }
}

/// Another value, of the same type where the answer's own varies by nature: then only its type is promised.
fn another(value: &Value, placeholder: &Value) -> Value {
    match value {
        _ if placeholder == &json!("[time]") => Value::Null,
        Value::Null => json!("x"),
        Value::Bool(truth) => json!(!truth),
        Value::Number(number) => json!(number.as_i64().unwrap() + 1),
        Value::String(text) => json!(format!("{text}x")),
        Value::Array(_) => json!(["x"]),
        Value::Object(_) => json!({ "x": 1 }),
    }
}

/// The method, the status and the body in a canonical form; nothing where the body is no object.
fn parts(canonical: &str) -> Option<(String, u16, Value)> {
    let method = canonical.split(' ').next().unwrap().to_owned();
    let status = canonical.split("HTTP ").nth(1).unwrap()[..3].parse().unwrap();
    let body = serde_json::from_str(&canonical[canonical.find("\n{")?..]).unwrap();
    Some((method, status, body))
}

#[test]
fn no_field_of_any_answer_of_the_mock_changes_unseen() {
    let rig = Rig::new();
    let accepted = rig.run_mock(unchanged);
    rig.accept();
    let (mut drifts, mut violations) = (0, 0);
    for case in accepted.results.iter().filter(|result| result.verdict == Verdict::Conforms) {
        let canonical = case.canonical.clone().unwrap();
        let Some((method, status, body)) = parts(&canonical) else { continue };
        let mut pointers = Vec::new();
        leaves(&body, "", &mut pointers);
        // What a contract declares to vary is the one thing that may change unseen.
        pointers.retain(|pointer| body.pointer(pointer) != Some(&json!("[varies]")));
        let rig = rig.only(&case.id);
        for pointer in pointers {
            let (method, at, placeholder) =
                (method.clone(), pointer.clone(), body.pointer(&pointer).cloned().unwrap_or_default());
            let told = rig.run_mock(move |request: &Received, mut answer: Answer| {
                let own = request.method == method && answer.status == status;
                if let (true, Some(mut body)) = (own, answer.json())
                    && let Some(value) = body.pointer_mut(&at)
                {
                    *value = another(value, &placeholder);
                    answer.body = body.to_string().into_bytes();
                }
                answer
            });
            let result = told.results.iter().find(|result| result.id == case.id).unwrap();
            // Whether the page forbids it too or not: the form that is compared shows it.
            let now = result.canonical.as_ref().unwrap_or_else(|| panic!("{} {pointer}: {}", case.id, told.trouble()));
            assert_ne!(*now, canonical, "{} {pointer}", case.id);
            match result.verdict {
                Verdict::Drifted => drifts += 1,
                Verdict::Violates => violations += 1,
                Verdict::Skipped if told.trouble().contains("it may answer so") => {}
                verdict => panic!("{} {pointer}: {verdict}\n{}", case.id, told.trouble()),
            }
        }
    }
    assert!(drifts >= 50 && violations >= 50, "{drifts} drifts, {violations} violations");
}
