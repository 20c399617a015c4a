//! Who is taken for the vendor, and when a fault of the server is its answer: truthful and lying ones, and strangers.

use super::play::{Play, only};
use super::stage::{Rule, Stage, bytes};
use crate::runner::{Told, quick, run};
use crate::servers::http::{Answer, Received, Server};
use crate::servers::reply::Reply;
use crate::servers::world::World;
use proviso::contract::case::Selection;
use proviso::contract::{Loaded, load};
use proviso::judge::verdict::Verdict;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const HTML: &str = "text/html; charset=utf-8";

/// Those who answer in the vendor's place: a name, the answer, and what is said of it.
fn strangers() -> Vec<(&'static str, Answer, &'static str)> {
    let html = |status, text: &str| Answer::new(status, HTML, format!("<html><body>{text}</body></html>"));
    let json = |status, text: &str| Answer::new(status, "application/json", text);
    vec![
        ("a captive portal", html(200, "Sign in to the network"), "200 text/html `<html><body>Sign in to the network"),
        ("its redirect", html(302, "moved").with_header("Location", "http://portal.invalid/"), "302 text/html"),
        ("a proxy that wants a password", html(407, "Proxy Authentication Required"), "407 text/html"),
        ("a proxy without a way", html(404, "no such host"), "404 text/html"),
        ("a firewall", html(403, "Access denied"), "403 text/html `<html><body>Access denied"),
        ("a maintenance page", html(200, "Back at noon"), "Back at noon"),
        ("a maintenance page of a gateway", html(503, "Back at noon"), "answers 503"),
        (
            "a wrong path prefix",
            json(404, r#"{"message":"no Route matched"}"#),
            r#"404 application/json `{"message":"no Route"#,
        ),
        ("plain HTTP to an HTTPS port", html(400, "The plain HTTP request was sent to HTTPS port"), "400 text/html"),
    ]
}

#[test]
fn a_stranger_is_not_taken_for_the_vendor_and_is_told_by_what_it_answers() {
    for (name, answer, said) in strangers() {
        let stage = Stage::new(
            World::default(),
            vec![Rule::new(
                |_, _| true,
                move |wire| {
                    wire.write(bytes(&answer));
                },
            )],
        );
        let told = Play::on(&stage).run();
        for result in told.results.iter().filter(|result| !crate::runner::is_barred(result)) {
            assert_eq!(result.verdict, Verdict::Environment, "{name}: {}:\n{}", result.id, told.trouble());
        }
        assert_eq!(told.notices.len(), 3, "{name}: once a vendor\n{}", told.trouble());
        for notice in &told.notices {
            assert!(notice.kind == "dead-vendor" && notice.message.contains(said), "{name}: {}", notice.message);
        }
        assert!(stage.spoiled() < 60, "{name}: {} requests", stage.spoiled());
    }
}

/// A run in which a number of requests in a row is answered 503, from one of some number on.
fn blip(from: usize, length: usize, jobs: usize) -> (Told, Stage) {
    let count = AtomicUsize::new(0);
    let within = move |_: &Received, _: &Reply| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        (from..from + length).contains(&number)
    };
    let unavailable = Answer::new(503, "text/plain", "later").with_header("Connection", "close");
    let rule = Rule::new(within, move |wire| {
        wire.write(bytes(&unavailable));
    });
    let stage = Stage::new(World::default(), vec![rule]);
    let mut play = Play::on(&stage);
    play.settings.jobs = jobs;
    (play.run(), stage)
}

#[test]
fn a_blip_between_two_signs_of_life_costs_no_case() {
    // Three tries of a case's request fail, and two of the canary's: the case is sent once more.
    for from in [9, 30, 77] {
        let (told, stage) = blip(from, 5, 1);
        only(&told, &[]);
        assert_eq!(stage.spoiled(), 5);
        assert_eq!(stage.world().left(), Vec::<String>::new(), "{from}");
    }
}

#[test]
fn a_blip_of_any_length_is_no_breach() {
    for (from, length) in [(20, 12), (40, 40), (60, 120), (90, 400)] {
        let (told, _) = blip(from, length, 16);
        assert!(told.of(Verdict::Violates).is_empty(), "{length} from {from}:\n{}", told.trouble());
    }
}

/// A vendor of which every call has a page, and none is named as the canary.
const VENDOR: &str = "\
version: 1
vendor: acme
targets: { sandbox: { origin: \"https://acme.example\", mode: test } }
credentials: { key: { env: ACME_KEY, mock: $alnum20 } }
auth: { bearer: $key }
refused: { missing: {} }
error_code: /code
shapes:
  error: { message: { type: string, minLength: 1 } }
resources: { part: { id: { pattern: \"^p_[0-9]+$\", new: p_$digits12 } } }
";

fn page(operation: &str, rest: &str) -> String {
    format!(
        "version: 1\noperation: {operation}\npage: {{ id: {operation}, url: \"https://acme.example/{operation}\", read: \"2026-11-20\" }}\n{rest}"
    )
}

fn pages() -> Vec<(&'static str, String)> {
    let refused = "  refused: { status: 401, like: error, code: bad_key, cites: [401.status] }\n";
    let absent = "  absent: { status: 404, like: error, code: no_part, cites: [404.status] }\n";
    let clauses = "clauses: { 200.status: \"Done\", 401.status: \"Not let in\", 404.status: \"Not there\" }\n";
    let rows = "  stranger: { when: { credentials: missing }, then: refused }\n  unknown: { when: { part: unknown }, then: absent }\n";
    vec![
        (
            "parts.create",
            page(
                "parts.create",
                &format!(
                    "request: POST /parts\njson: {{ title: $mark }}\nclauses: {{ 201.status: \"Made\", 401.status: \"Not let in\" }}\n\
             outcomes:\n  made: {{ status: 201, fields: {{ id: {{ type: string }} }}, cites: [201.status] }}\n{refused}\
             rows:\n  stranger: {{ when: {{ credentials: missing }}, then: refused }}\n\
             \x20 new: {{ when: {{}}, then: made, leads: {{ part: live }}, capture: {{ id: /id }} }}\n"
                ),
            ),
        ),
        (
            "parts.retrieve",
            page(
                "parts.retrieve",
                &format!(
                    "request: GET /parts/{{id}}\npath: {{ id: part }}\n{clauses}\
             outcomes:\n  found: {{ status: 200, fields: {{ id: $part.id }}, cites: [200.status] }}\n{refused}{absent}\
             rows:\n{rows}\
             \x20 live: {{ when: {{ part: live }}, then: found }}\n  gone: {{ when: {{ part: gone }}, then: absent }}\n"
                ),
            ),
        ),
        (
            "parts.delete",
            page(
                "parts.delete",
                &format!(
                    "request: DELETE /parts/{{id}}\npath: {{ id: part }}\n{clauses}\
             outcomes:\n  done: {{ status: 200, fields: {{ deleted: true }}, cites: [200.status] }}\n{refused}{absent}\
             rows:\n{rows}\
             \x20 live: {{ when: {{ part: live }}, then: done, leads: {{ part: gone }} }}\n  gone: {{ when: {{ part: gone }}, then: absent }}\n"
                ),
            ),
        ),
    ]
}

/// A contract of these files of one vendor, without a mistake.
fn contract(vendor: &str, files: &[(&str, String)]) -> Loaded {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("acme")).unwrap();
    fs::write(folder.path().join("acme/vendor.yaml"), vendor).unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(format!("acme/{name}.yaml")), text).unwrap();
    }
    let loaded = load(&[folder.path().to_owned()]);
    let mistakes: Vec<_> = loaded.mistakes.iter().cloned().chain(proviso::contract::lint::check(&loaded)).collect();
    assert!(mistakes.is_empty(), "{mistakes:?}");
    loaded
}

const KEY: &str = "a-key-of-acme-0123456789";

/// The truth about parts.
#[derive(Default)]
struct Parts(HashMap<String, bool>);

impl Parts {
    fn answer(&mut self, request: &Received) -> (u16, Value) {
        let error = |status, code: &str| (status, json!({ "code": code, "message": "no" }));
        if request.header("authorization") != Some(&format!("Bearer {KEY}")) {
            return error(401, "bad_key");
        }
        let id = request.path.trim_start_matches("/parts").trim_start_matches('/').to_owned();
        match (request.method.as_str(), self.0.get(&id)) {
            ("POST", _) => {
                let id = format!("p_{}", self.0.len() + 1);
                self.0.insert(id.clone(), true);
                (201, json!({ "id": id }))
            }
            ("GET", Some(true)) => (200, json!({ "id": id })),
            ("DELETE", Some(true)) => {
                self.0.insert(id, false);
                (200, json!({ "deleted": true }))
            }
            _ => error(404, "no_part"),
        }
    }
}

/// A run against the truth about parts, but where a lie takes a request and what would be true.
fn parts(lie: impl Fn(&Received, u16) -> Option<(u16, Value)> + Send + Sync + 'static) -> Told {
    let truth = Mutex::new(Parts::default());
    let server = Server::start(move |request: &Received| {
        let (status, body) = truth.lock().unwrap().answer(request);
        let (status, body) = lie(request, status).unwrap_or((status, body));
        Answer::new(status, "application/json", body.to_string())
    });
    let variables = [("ACME_KEY", KEY.to_owned())];
    run(&contract(VENDOR, &pages()), server.origin(), &variables, &Selection::default(), &quick())
}

fn verdict(told: &Told, case: &str) -> Verdict {
    let id = format!("acme/{case}");
    told.results.iter().find(|result| result.id == id).unwrap_or_else(|| panic!("{id}:\n{}", told.trouble())).verdict
}

#[test]
fn a_vendor_of_which_every_call_has_a_page_conforms_without_a_canary() {
    let told = parts(|_, _| None);
    assert_eq!((told.trouble().as_str(), told.results.len()), ("", 10));
}

#[test]
fn a_create_with_a_page_that_answers_500_violates_at_its_row_and_the_others_are_judged() {
    let told = parts(|_, status| (status == 201).then(|| (500, json!({ "code": "oops", "message": "no" }))));
    assert_eq!(told.of(Verdict::Violates), ["acme/parts.create/new"], "{}", told.trouble());
    for case in ["parts.create/stranger", "parts.retrieve/unknown", "parts.delete/unknown"] {
        assert_eq!(verdict(&told, case), Verdict::Conforms, "{case}:\n{}", told.trouble());
    }
    assert_eq!(verdict(&told, "parts.retrieve/live"), Verdict::Environment, "it has nothing to read");
    assert!(told.notices.is_empty(), "{}", told.trouble());
}

#[test]
fn a_create_that_is_refused_does_not_condemn_the_vendor() {
    let told = parts(|_, status| (status == 201).then(|| (403, json!({ "code": "no_right", "message": "no" }))));
    assert_eq!(told.of(Verdict::Violates), ["acme/parts.create/new"], "{}", told.trouble());
    assert_eq!(verdict(&told, "parts.retrieve/unknown"), Verdict::Conforms, "{}", told.trouble());
    assert_eq!(verdict(&told, "parts.delete/live"), Verdict::Undetermined, "{}", told.trouble());
    assert!(told.notices.is_empty(), "{}", told.trouble());
}

#[test]
fn a_refusal_that_is_answered_500_violates_without_a_canary() {
    let told = parts(|request, status| (request.method == "GET" && status == 401).then(|| (500, json!({}))));
    assert_eq!(told.of(Verdict::Violates), ["acme/parts.retrieve/stranger"], "{}", told.trouble());
    assert!(told.of(Verdict::Environment).is_empty(), "{}", told.trouble());
}

#[test]
fn a_vendor_that_answers_500_to_everything_is_accused_of_nothing() {
    let told = parts(|_, _| Some((500, json!({}))));
    assert_eq!(told.of(Verdict::Environment).len(), 10, "{}", told.trouble());
}

#[test]
fn a_key_that_is_refused_everywhere_is_told_once() {
    let told = parts(|_, _| Some((401, json!({ "code": "bad_key", "message": "no" }))));
    assert!(told.of(Verdict::Violates).is_empty(), "{}", told.trouble());
    let [notice] = told.notices.as_slice() else { panic!("{}", told.trouble()) };
    assert!(notice.kind == "refused-credentials" && notice.message.contains("$ACME_KEY"), "{notice:?}");
}

/// A vendor that makes nothing and reads nothing: two calls, of which only refusals are documented.
fn refusing(calls: &[&str], answer: impl Fn(&Received) -> Answer + Send + Sync + 'static) -> Told {
    let vendor = "version: 1\nvendor: acme\ntargets: { sandbox: { origin: \"https://acme.example\", mode: test } }\nerror_code: /code\n";
    let file = |call: &&'static str| {
        let rest = format!(
            "request: POST /{call}\njson: {{ amount: 100 }}\nclauses: {{ 400.amount: \"A wrong amount is refused\", 400.none: \"No amount is refused\" }}\n\
             outcomes:\n  wrong: {{ status: 400, fields: {{ message: wrong amount }}, code: wrong_amount }}\n\
             \x20 none: {{ status: 400, fields: {{ message: no amount }}, code: no_amount }}\n\
             rows:\n  wrong: {{ when: {{ json: {{ amount: -1 }} }}, then: wrong, cites: [400.amount] }}\n\
             \x20 none: {{ when: {{ json: {{ amount: null }} }}, then: none, cites: [400.none] }}\n"
        );
        (*call, page(call, &rest))
    };
    let calls: Vec<&'static str> = calls.iter().map(|call| if *call == "pay" { "pay" } else { "refund" }).collect();
    let files: Vec<(&str, String)> = calls.iter().map(file).collect();
    let server = Server::start(answer);
    run(&contract(vendor, &files), server.origin(), &[], &Selection::default(), &quick())
}

fn refusal(request: &Received) -> Answer {
    let body = match request.json().and_then(|body| body.get("amount").cloned()) {
        Some(_) => json!({ "code": "wrong_amount", "message": "wrong amount" }),
        None => json!({ "code": "no_amount", "message": "no amount" }),
    };
    Answer::new(400, "application/json", body.to_string())
}

fn lacks_amount(request: &Received) -> bool {
    request.json().is_some_and(|body| body.get("amount").is_none())
}

#[test]
fn a_vendor_that_only_refuses_is_judged() {
    for calls in [&["pay"][..], &["pay", "refund"]] {
        let told = refusing(calls, refusal);
        assert_eq!((told.trouble().as_str(), told.results.len()), ("", 2 * calls.len()), "{calls:?}");
        let told = refusing(calls, |request| match request.path.as_str() {
            "/pay" if lacks_amount(request) => Answer::new(500, "application/json", "{}"),
            _ => refusal(request),
        });
        assert_eq!(told.of(Verdict::Violates), ["acme/pay/none"], "{calls:?}:\n{}", told.trouble());
        let told = refusing(calls, |_| Answer::new(400, "application/json", r#"{"error":"bad"}"#));
        assert_eq!(told.of(Verdict::Violates).len(), 2 * calls.len(), "wrong words are its own: {}", told.trouble());
        let told = refusing(calls, |_| Answer::new(400, HTML, "<html>Bad Request</html>"));
        assert_eq!(told.of(Verdict::Environment).len(), 2 * calls.len(), "{}", told.trouble());
        assert!(told.notices[0].message.contains("400 text/html `<html>Bad Request</html>`"), "{}", told.trouble());
    }
}
