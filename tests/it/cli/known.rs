//! `proviso known`: the violations of a saved run become entries that are known, each as narrow as what was found.

use super::{Project, Told};
use crate::servers::http::{Server, locked};
use crate::servers::world::World;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

const SPECS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/specs");

/// The vendors of this repository at one address, where every error has another code, and a deletion may say that it is none.
pub(super) struct WrongVendors {
    server: Server,
    environment: Vec<(&'static str, String)>,
    /// How wrong they are: 0 is the truth.
    wrong: Arc<AtomicUsize>,
}

impl WrongVendors {
    pub(super) fn start(wrong: usize) -> Self {
        let world = World::default();
        let environment = world.environment().to_vec();
        let world = Arc::new(Mutex::new(world));
        let wrong = Arc::new(AtomicUsize::new(wrong));
        let asked = Arc::clone(&wrong);
        let server = Server::start(move |request| {
            let mut answer = locked(&world).answer(request);
            if let Some(mut body) = answer.json() {
                spoil(&mut body, asked.load(Ordering::SeqCst));
                answer.body = body.to_string().into_bytes();
            }
            answer
        });
        Self { server, environment, wrong }
    }

    pub(super) fn set(&self, wrong: usize) {
        self.wrong.store(wrong, Ordering::SeqCst);
    }

    /// The number of requests that were sent to them.
    pub(super) fn requests(&self) -> usize {
        self.server.requests()
    }

    pub(super) fn origin(&self) -> &str {
        self.server.origin()
    }

    /// A command in a project, with the keys of the vendors and the contracts of this repository.
    pub(super) fn run(&self, project: &Project, typed: &[&str]) -> Told {
        let variables: Vec<(&str, &str)> =
            self.environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        project.run_with(&variables, &[typed, &["--specs", SPECS]].concat())
    }

    /// A run against them, whose report is read back.
    pub(super) fn judged(&self, project: &Project, typed: &[&str]) -> (Told, Value) {
        let all = [&["run", "--target", self.origin(), "--report-json", "run.json"], typed].concat();
        let told = self.run(project, &all);
        (told, serde_json::from_str(&project.read("run.json")).unwrap())
    }
}

/// Wrong by 1: every error code is another one. By 2: a deletion says besides that nothing was deleted.
fn spoil(body: &mut Value, wrong: usize) {
    if wrong > 0 && body.get("code").is_some_and(Value::is_string) {
        body["code"] = json!("something_else");
    }
    if wrong > 1 && body.get("deleted") == Some(&json!(true)) {
        body["deleted"] = json!(false);
    }
}

/// The command, with an owner and a day that is never over.
fn known<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["known", "--owner", "payments", "--expires", "9999-12-31"], more].concat()
}

/// The entries of `proviso.yaml`.
fn entries(project: &Project) -> Vec<Value> {
    let settings: Value = serde_yaml::from_str(&project.read("proviso.yaml")).unwrap();
    settings["known"].as_array().unwrap().clone()
}

/// Case, kind and place of every finding of a report's violations.
fn departures(report: &Value) -> BTreeSet<[String; 3]> {
    let violating = report["cases"].as_array().unwrap().iter().filter(|case| case["verdict"] == "violates");
    let all = violating.flat_map(|case| {
        let findings = case["findings"].as_array().unwrap().iter();
        findings.map(|finding| {
            [&case["id"], &finding["code"], &finding["place"]].map(|part| part.as_str().unwrap().to_owned())
        })
    });
    all.collect()
}

#[test]
fn every_violation_of_a_saved_run_becomes_known_and_a_further_one_still_fails() {
    let (project, vendors) = (Project::empty(), WrongVendors::start(1));
    let (told, report) = vendors.judged(&project, &["omise/links."]);
    assert_eq!(told.code, 1, "{told:?}");
    let found = departures(&report);
    assert!(found.len() > 14, "{found:?}");
    let told = vendors.run(&project, &known(&["--from", "run.json"]));
    let number = found.len();
    let line = format!("{number} new entries in proviso.yaml: write a reason in place of each {REASON}\n");
    assert_eq!((told.code, told.out), (0, line), "{}", told.err);
    let entries = entries(&project);
    let written: BTreeSet<[String; 3]> = entries
        .iter()
        .map(|entry| ["case", "finding", "place"].map(|key| entry[key].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!((written, entries.len()), (found, number));
    assert!(entries.iter().all(|entry| entry["target"] == vendors.origin() && entry["reason"] == REASON));

    let (told, report) = vendors.judged(&project, &["omise/links."]);
    assert_eq!(told.code, 0, "{told:?}");
    assert_eq!(report["summary"]["known"], report["summary"]["counts"]["violates"]);
    assert!(told.out.contains("-v names all") && told.out.lines().count() < 40, "{}", told.out);
    vendors.set(2);
    let (told, report) = vendors.judged(&project, &["omise/links."]);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(told.out.contains("* /deleted is false, promised is true [field-value]"), "{}", told.out);
    assert!(
        !told.out.contains("\nviolates omise/links.delete/unknown"),
        "the known ones are a line each: {}",
        told.out
    );
    let new = departures(&report).len() - number;
    let told = vendors.run(&project, &known(&["--from", "run.json"]));
    let line = format!("{new} new entr{}, {number} violations known already in", if new == 1 { "y" } else { "ies" });
    assert!(told.out.starts_with(&line), "{line}: {told:?}");
    assert_eq!(vendors.judged(&project, &["omise/links."]).0.code, 0);
}

#[test]
fn a_second_time_adds_nothing_and_a_dry_run_writes_nothing() {
    let (project, vendors) = (Project::empty(), WrongVendors::start(1));
    vendors.judged(&project, &["links.retrieve"]);
    let told = vendors.run(&project, &known(&["--from", "run.json", "--dry-run"]));
    assert_eq!((told.code, project.path().join("proviso.yaml").exists()), (0, false), "{told:?}");
    assert!(told.err.contains("nothing was written"), "{}", told.err);
    let shown = told.out;
    assert_eq!(vendors.run(&project, &known(&["--from", "run.json", "--from", "run.json"])).code, 0);
    let once = project.read("proviso.yaml");
    assert_eq!(once, shown);
    let told = vendors.run(&project, &known(&["--from", "run.json"]));
    let line = format!(
        "no new entry, {} known already\n",
        match entries(&project).len() {
            1 => "1 violation".to_owned(),
            number => format!("{number} violations"),
        }
    );
    assert_eq!((told.code, told.out.as_str(), project.read("proviso.yaml")), (0, line.as_str(), once), "{}", told.err);
    // What is known of every place in the answer, or of every target, is known already too.
    for wider in ["    place: /code\n", "    target: \"http"] {
        let text: String = shown.split_inclusive('\n').filter(|line| !line.starts_with(wider)).collect();
        project.write("proviso.yaml", &text);
        let told = vendors.run(&project, &known(&["--from", "run.json"]));
        assert!(told.out.starts_with("no new entry"), "{wider}: {told:?}");
    }
}

#[test]
fn a_run_without_violations_adds_nothing() {
    let (project, vendors) = (Project::empty(), WrongVendors::start(0));
    vendors.judged(&project, &["gafapay/"]);
    let told = vendors.run(&project, &known(&["--from", "run.json"]));
    assert_eq!((told.code, told.out.as_str()), (0, "no violation\n"), "{told:?}");
    assert!(!project.path().join("proviso.yaml").exists());
}

/// What is written where a person has still to give a reason.
const REASON: &str = concat!("TO", "DO");

#[test]
fn lint_counts_the_entries_without_a_reason_in_one_warning() {
    let project = Project::acme();
    let entry = |place: &str, reason: &str| {
        format!(
            "  - {{ case: acme/links.delete/live, finding: status, place: {place}, reason: {reason}, owner: x, expires: 9999-12-31 }}\n"
        )
    };
    let lines = [
        entry("a", "they said so"),
        entry("b", REASON),
        entry("c", &format!("\"{REASON}: ask\"")),
        entry("d", &format!("{REASON}S are none")),
    ];
    project.write("proviso.yaml", &format!("known:\n{}", lines.concat()));
    let told = project.run(&["lint"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert_eq!(told.out.matches("warning[").count(), 1, "{}", told.out);
    assert!(told.out.contains("warning[empty-reason]: 2 known entries still have no reason"), "{}", told.out);
    assert!(told.out.contains("proviso.yaml:3:"), "the first: {}", told.out);
    assert_eq!(project.run(&["lint", "--deny", "warnings"]).code, 2);
    assert_eq!(project.run(&["run", "-q"]).code, 0, "a run goes on without");
}

/// A project whose contract was changed after its vendor, with a report in which two cases of two vendors violate.
fn reported() -> Project {
    let project = Project::acme();
    project.change("specs/acme/links.delete.yaml", "deleted: true }", "deleted: false }");
    // The embedded mock answers by its own contract, so that the report is made to say what a vendor would have answered.
    let told = project.run(&["run", "--report-json", "run.json"]);
    assert_eq!(told.code, 0, "{told:?}");
    let mut report: Value = serde_json::from_str(&project.read("run.json")).unwrap();
    let live =
        report["cases"].as_array_mut().unwrap().iter_mut().find(|case| case["id"] == "acme/links.delete/live").unwrap();
    live["verdict"] = json!("violates");
    let finding = |code: &str, place: &str| {
        json!({ "code": code, "message": "x", "place": place, "clause": null,
            "location": { "file": "f", "line": 1, "column": 1, "text": "" } })
    };
    live["findings"] =
        json!([finding("field-value", "/deleted"), finding("duplicate-key", ""), finding("header", "header X: \"y\"")]);
    project.write("run.json", &report.to_string());
    project
}

/// The entries that the report gives, at an indentation.
fn listed(indent: &str) -> String {
    let keys = |finding: &str, place: &str| {
        format!(
            "{indent}- case: acme/links.delete/live\n{indent}  target: mock\n{indent}  finding: {finding}\n{indent}  place: {place}\n\
             {indent}  reason: {REASON}\n{indent}  owner: payments\n{indent}  expires: 9999-12-31\n"
        )
    };
    keys("field-value", "/deleted") + &keys("duplicate-key", "\"\"") + &keys("header", "\"header X: \\\"y\\\"\"")
}

const OTHER: &str = "case: acme/links.delete/live, finding: status, reason: x, owner: y, expires: 9999-12-31";

#[test]
fn entries_are_put_into_the_file_and_all_else_in_it_stays_as_it_is() {
    let project = reported();
    let new = listed("  ");
    for (before, after) in [
        (String::new(), None),
        ("# ours\njobs: 2   # two\n".to_owned(), Some(format!("# ours\njobs: 2   # two\nknown:\n{new}"))),
        ("\u{feff}jobs: 2\n".to_owned(), Some(format!("\u{feff}jobs: 2\nknown:\n{new}"))),
        ("jobs: 2".to_owned(), Some(format!("jobs: 2\nknown:\n{new}"))),
        (
            "known: []   # none yet\n\n# speed\njobs: 2\n".to_owned(),
            Some(format!("known:   # none yet\n{new}\n# speed\njobs: 2\n")),
        ),
        (
            format!("known:\n  # the first\n  - {{ {OTHER} }} # why\n\n# speed\njobs: 2\n"),
            Some(format!("known:\n  # the first\n  - {{ {OTHER} }} # why\n{new}\n# speed\njobs: 2\n")),
        ),
        (
            format!("jobs: 2\nknown:\n-   {}", OTHER.replace(", ", "\n    ")),
            Some(format!("jobs: 2\nknown:\n-   {}\n{}", OTHER.replace(", ", "\n    "), listed(""))),
        ),
        (
            format!(
                "known:\n    - {}\njobs: 2\n",
                OTHER
                    .replace("reason: x", "reason: |\n        x - y\n        z\n")
                    .replace(", ", "\n      ")
                    .replace("\n\n", "\n")
            ),
            None,
        ),
        ("# a\r\njobs: 2\r\n".to_owned(), Some(format!("# a\r\njobs: 2\r\nknown:\r\n{}", new.replace('\n', "\r\n")))),
    ] {
        if before.is_empty() {
            drop(std::fs::remove_file(project.path().join("proviso.yaml")));
        } else {
            project.write("proviso.yaml", &before);
        }
        let told = project.run(&known(&["--from", "run.json"]));
        assert_eq!(told.code, 0, "{before}\n{told:?}");
        let text = project.read("proviso.yaml");
        if let Some(after) = after {
            assert_eq!(text, after);
        }
        let plain = |text: &str| text.trim_start_matches('\u{feff}').to_owned();
        let old: Option<Value> = serde_yaml::from_str(&plain(&before)).unwrap();
        let mut now: Value = serde_yaml::from_str(&plain(&text)).unwrap();
        let entries = now["known"].as_array_mut().unwrap();
        assert_eq!(entries.drain(entries.len() - 3..).count(), 3);
        let mut old = old.unwrap_or_else(|| json!({}));
        old.as_object_mut().unwrap().entry("known").or_insert(json!([]));
        assert_eq!(now, old, "{text}");
        assert_eq!(project.run(&["lint", "-q"]).code, 0, "{text}");
        assert!(project.run(&known(&["--from", "run.json"])).out.starts_with("no new entry"), "{text}");
    }
}

#[test]
fn a_file_of_which_something_would_be_lost_is_not_written() {
    let project = reported();
    for (text, why) in [
        (format!("known: [{{ {OTHER} }}]\n"), "`known` in it is a list between brackets"),
        ("{ jobs: 2 }\n".to_owned(), "it could not be read any more"),
        ("jobs: 2\n...\n".to_owned(), "cannot be put into proviso.yaml"),
    ] {
        project.write("proviso.yaml", &text);
        let told = project.run(&known(&["--from", "run.json"]));
        assert_eq!((told.code, project.read("proviso.yaml")), (2, text.clone()), "{told:?}");
        assert!(told.err.contains(why) && told.err.contains("`--dry-run` prints them"), "{}", told.err);
    }
}

#[test]
fn what_cannot_become_known_is_refused_and_nothing_is_written() {
    let project = reported();
    project.write("torn.json", &project.read("run.json")[..300]);
    project.write("gone.json", &project.read("run.json").replace("links.delete/live\"", "links.delete/lvie\""));
    let mut older: Value = serde_json::from_str(&project.read("run.json")).unwrap();
    older.as_object_mut().unwrap().remove("vendors");
    project.write("older.json", &older.to_string());
    for (from, why) in [
        ("none.json", "cannot read the report none.json"),
        ("torn.json", "torn.json is no report of proviso"),
        ("gone.json", "no case is named `acme/links.delete/lvie`"),
        ("gone.json", "did you mean `acme/links.delete/live`?"),
        ("older.json", "older.json was written by an older proviso"),
    ] {
        let told = project.run(&known(&["--from", from]));
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{told:?}");
        assert!(told.err.contains(why), "{why}: {}", told.err);
    }
    for (day, why) in [
        ("2020-01-31", "that day is over: today is 2"),
        ("2027-02-30", "write year, month and day, as 2027-01-31"),
        ("soon", "write year, month and day, as 2027-01-31"),
    ] {
        let told = project.run(&["known", "--from", "run.json", "--owner", "x", "--expires", day]);
        assert!(told.code == 2 && told.err.contains(why), "{day}: {told:?}");
    }
    let told = project.run(&["known", "--from", "run.json", "--owner", " ", "--expires", "9999-12-31"]);
    assert!(told.code == 2 && told.err.contains("name who answers for them"), "{told:?}");
    project.change("specs/acme/links.delete.yaml", "The method is DELETE", "The method is always DELETE");
    let told = project.run(&known(&["--from", "run.json"]));
    assert!(
        told.code == 2 && told.err.contains("run.json was made with other contracts than there are now"),
        "{told:?}"
    );
    assert!(told.err.contains("`proviso judge run.json --report-json FILE`"), "{}", told.err);
    assert!(!project.path().join("proviso.yaml").exists());
}

#[test]
fn an_entry_whose_day_is_over_is_named_and_not_repeated() {
    let project = reported();
    project.write(
        "proviso.yaml",
        "known:\n  - { case: acme/links.delete/live, target: mock, finding: field-value, place: /deleted, reason: x, owner: y, expires: 2020-01-31 }\n",
    );
    let told = project.run(&known(&["--from", "run.json"]));
    assert!(told.out.starts_with("2 new entries, 1 violation known already"), "{told:?}");
    let line = "notice: proviso.yaml:2:5: acme/links.delete/live was known until 2020-01-31; write another day there";
    assert!(told.err.contains(line), "{}", told.err);
}
