//! Values under names of secrets: hidden in every output and every snapshot, judged all the same, and shown where a contract says so.

use super::needles::text_of;
use crate::servers::http::{Answer, Server};
use serde_json::json;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

/// What the vendor answers in secret places; each is found in no output.
const SECRETS: [&str; 9] = [
    "v-access-7Kq2",
    "v-refresh-8Lr3",
    "v-password-9Ms4",
    "v-cookie-1Nt5",
    "v-signature-2Ou6",
    "v-echo-3Pv7",
    "v-query-4Qw8",
    "v-nested-5Rx9",
    "v-hidden-list-6Sy1",
];

const VENDOR: &str = "version: 1\nvendor: login\ntargets: { sandbox: { origin: \"https://login.example\", mode: test } }\n\
    credentials: { key: { env: LOGIN_KEY, test: \"^lk_test_\", mock: lk_test_$alnum20 } }\nauth: { bearer: $key }\n\
    resources: { session: { id: { pattern: \"^s[0-9]+$\", new: s$digits4 } } }\n\
    shapes:\n  session: { id: $session.id, access_token: { type: string, pattern: \"^v-\" } SHAPE }\n\
    operations:\n  sessions.create:\n    request: POST /sessions\n    json: { user: somebody, password: r-password-1 }\n\
    \x20   outcomes: { made: { status: 201, like: session } }\n\
    \x20   rows: { new: { when: {}, then: made, leads: { session: live }, capture: { id: /id, ticket: /access_token }, inferred: a test } }\n";

const PAGE: &str = "version: 1\noperation: sessions.get\npage: { id: get, url: \"https://login.example/g\", read: \"2026-11-20\" }\n\
    request: GET /sessions/{id}\npath: { id: session }\nheaders: { X-Ticket: $session.ticket }\n\
    clauses: { 200.access_token: \"There is a token\" }\n\
    outcomes:\n  got: { status: 200, like: session, fields: { refresh_token: PROMISED }, headers: { Set-Cookie: { type: string, pattern: COOKIE HEADER } } SHOWN, cites: [200.access_token] }\n\
    rows: { live: { when: { session: live }, then: got } }\n";

/// What a contract says, and what it is held against.
struct Said<'a> {
    refresh: &'a str,
    cookie: &'a str,
    shape: &'a str,
    shown: &'a str,
    header: &'a str,
}

const HIDDEN: Said<'_> = Said { refresh: "v-refresh-8Lr3", cookie: "^sid=", shape: "", shown: "", header: "" };

fn contracts(said: &Said<'_>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let specs = folder.path().join("specs/login");
    std::fs::create_dir_all(&specs).unwrap();
    std::fs::write(specs.join("vendor.yaml"), VENDOR.replace("SHAPE", said.shape)).unwrap();
    let page = PAGE.replace("PROMISED", said.refresh).replace("COOKIE", &format!("\"{}\"", said.cookie));
    let page = page.replace("SHOWN", said.shown).replace("HEADER", said.header);
    std::fs::write(specs.join("sessions.get.yaml"), page).unwrap();
    folder
}

fn vendor() -> Server {
    let made = AtomicUsize::new(0);
    Server::start(move |request| {
        let id = match request.path.rsplit('/').next() {
            Some(id) if request.method == "GET" => id.to_owned(),
            _ => format!("s{}", made.fetch_add(1, Ordering::SeqCst)),
        };
        let [access, refresh, password, cookie, signature, echo, query, nested, list] = SECRETS;
        let body = json!({
            "id": id, "access_token": access, "refresh_token": refresh, "user": { "Pass-Word": password, "name": "n" },
            "next": format!("{}/more?page=2&api_key={query}&x=1", request.origin),
            "headers": { "Authorization": format!("Bearer {echo}") },
            "text": json!({ "clientSecret": nested }).to_string(), "signature": { "parts": [list, 1_234_567] },
            "authorization": { "id": "shown-as-it-is" }, "password": null, "secret": true,
        });
        let status = if request.method == "POST" { 201 } else { 200 };
        let answer = Answer::new(status, "application/json", body.to_string());
        answer.with_header("Set-Cookie", &format!("sid={cookie}; Path=/")).with_header("X-Signature", signature)
    })
}

/// A run with every report; all that it told and wrote, by place.
fn told(folder: &Path, typed: &[&str], code: i32) -> Vec<(String, String)> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    command.current_dir(folder).env_clear().env("LOGIN_KEY", "lk_test_0123456789abcdefghij").args(typed);
    let output = command.output().unwrap();
    let mut all = vec![("stdout".to_owned(), text_of(&output.stdout)), ("stderr".to_owned(), text_of(&output.stderr))];
    assert_eq!(output.status.code(), Some(code), "{typed:?}: {}\n{}", all[0].1, all[1].1);
    for entry in walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap) {
        if entry.file_type().is_file() && !entry.path().starts_with(folder.join("specs")) {
            let name = entry.path().strip_prefix(folder).unwrap().display().to_string();
            all.push((name, text_of(&std::fs::read(entry.path()).unwrap())));
        }
    }
    all
}

fn run(folder: &Path, origin: &str, code: i32) -> Vec<(String, String)> {
    let formats = proviso::report::FORMATS.iter().map(|format| format.name);
    let reports: Vec<String> =
        formats.flat_map(|name| [format!("--report-{name}"), format!("out/report.{name}")]).collect();
    let mut typed = vec!["run", "-vv", "--target", origin, "--baseline", "accepted/"];
    typed.extend(reports.iter().map(String::as_str));
    told(folder, &typed, code)
}

/// Where any of these is; but for the promise itself, which is the contract's.
fn places(all: &[(String, String)], values: &[&str]) -> Vec<String> {
    let holds = |text: &str| values.iter().find(|value| text.contains(**value)).copied();
    all.iter().filter_map(|(place, text)| Some(format!("{} in {place}", holds(text)?))).collect()
}

fn file<'a>(all: &'a [(String, String)], name: &str) -> &'a str {
    &all.iter().find(|(place, _)| place.contains(name)).unwrap().1
}

#[test]
fn what_has_the_name_of_a_secret_comes_into_no_output_and_no_snapshot() {
    let server = vendor();
    let folder = contracts(&HIDDEN);
    let all = run(folder.path(), server.origin(), 0);
    assert_eq!(places(&all, &SECRETS), [""; 0]);
    assert_eq!(places(&all, &["r-password-1"]), [""; 0], "what we send under such a name is hidden too");
    let pending = file(&all, "live.snap.new");
    assert!(pending.contains("\"access_token\": \"[secret]\"") && pending.contains("[secret number]"), "{pending}");
    assert!(pending.contains("Set-Cookie: [secret]") || pending.contains("set-cookie: [secret]"), "{pending}");
    for shown in ["\"name\": \"n\"", "shown-as-it-is", "\"secret\": true", "page=2&api_key=$API_KEY&x=1"] {
        assert!(pending.contains(shown), "{shown}: {pending}");
    }
    let har = file(&all, "report.har");
    assert!(har.contains("$ACCESS_TOKEN") && har.contains("$SET_COOKIE") && har.contains("Bearer $LOGIN_KEY"), "{har}");
    let again = told(folder.path(), &["accept", "--baseline", "accepted/"], 0);
    assert_eq!(places(&again, &SECRETS), [""; 0]);
    // The same answer conforms to what was accepted, and a saved run is judged again.
    let all = run(folder.path(), server.origin(), 0);
    assert!(!all[0].1.contains("drifted"), "{}", all[0].1);
    let walked = told(folder.path(), &["walk", "--target", server.origin(), "--lull", "0s", "--steps", "10"], 0);
    assert_eq!(places(&walked, &SECRETS), [""; 0]);
    let diffed = told(folder.path(), &["diff", "out/report.json", server.origin()], 0);
    assert_eq!(places(&diffed, &SECRETS), [""; 0]);
}

#[test]
fn what_is_hidden_is_judged_all_the_same() {
    let server = vendor();
    let wrong = Said { refresh: "another", cookie: "^other=", ..HIDDEN };
    let folder = contracts(&wrong);
    let all = run(folder.path(), server.origin(), 1);
    assert_eq!(places(&all, &SECRETS), [""; 0]);
    let out = &all[0].1;
    for message in [
        "the value of /refresh_token is hidden, and it is not what is promised",
        "the value of header Set-Cookie is hidden, and it is not what is promised",
    ] {
        assert!(out.contains(message), "{out}");
    }
    let judged = told(folder.path(), &["judge", "out/report.json"], 3);
    assert!(file(&judged, "stdout").contains("which was not saved"), "{}", file(&judged, "stdout"));
    assert_eq!(places(&judged, &SECRETS), [""; 0]);
}

#[test]
fn a_contract_says_what_is_shown() {
    let server = vendor();
    let said = Said {
        shape: ", shown: [/access_token]",
        shown: ", shown: [/refresh_token]",
        header: ", shown: true",
        ..HIDDEN
    };
    let folder = contracts(&said);
    let all = run(folder.path(), server.origin(), 0);
    let [access, refresh, password, cookie, rest @ ..] = SECRETS;
    assert_eq!(places(&all, &[password]), [""; 0]);
    assert_eq!(places(&all, &rest), [""; 0]);
    let pending = file(&all, "live.snap.new");
    for shown in [access, refresh, cookie] {
        assert!(file(&all, "report.json").contains(shown) && all[0].1.contains(shown), "{shown}: {}", all[0].1);
    }
    assert!(pending.contains("[session.ticket]") && pending.contains(refresh) && pending.contains(cookie), "{pending}");
}

#[test]
fn of_a_saved_run_what_is_promised_of_hidden_values_alone_is_lost() {
    let server = vendor();
    let folder = contracts(&Said { refresh: "{ type: string, minLength: 3 }", ..HIDDEN });
    run(folder.path(), server.origin(), 0);
    let judged = told(folder.path(), &["judge", "out/report.json"], 3);
    // The pattern of a token that was not saved cannot be held against it; what can be judged is.
    assert!(file(&judged, "stdout").contains("which was not saved"), "{}", file(&judged, "stdout"));
    let specs = folder.path().join("specs/login/vendor.yaml");
    let text = std::fs::read_to_string(&specs).unwrap();
    std::fs::write(&specs, text.replace(", pattern: \"^v-\"", "")).unwrap();
    let page = folder.path().join("specs/login/sessions.get.yaml");
    let text = std::fs::read_to_string(&page).unwrap();
    std::fs::write(&page, text.replace("pattern: \"^sid=\"", "minLength: 2")).unwrap();
    told(folder.path(), &["judge", "out/report.json"], 0);
}
