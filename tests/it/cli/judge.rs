//! `proviso judge`: a saved run after a contract was edited.

use super::Project;
use serde_json::Value;

const FILE: &str = "specs/acme/links.delete.yaml";

/// A project whose run on the mock was saved.
fn saved() -> Project {
    let project = Project::acme();
    let told = project.run(&["run", "--report-json", "saved.json"]);
    assert_eq!(told.code, 0, "{told:?}");
    project
}

#[test]
fn an_unchanged_contract_judges_as_the_run_did_and_sends_nothing() {
    let project = saved();
    let told = project.run(&["judge", "saved.json"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.out.contains("5 conform; 0 requests in "), "{}", told.out);
    assert!(told.out.ends_with("changed   nothing: every verdict is as it was\n"), "{}", told.out);
}

#[test]
fn a_promise_that_was_edited_is_held_against_the_saved_answers() {
    let project = saved();
    project.change(FILE, "deleted: true }", "deleted: false }");
    let told = project.run(&["judge", "saved.json", "--report-json", "now.json"]);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(told.out.contains("* /deleted is true, promised is false"), "{}", told.out);
    assert!(told.out.ends_with("changed   acme/links.delete/live: conforms then, violates now\n"), "{}", told.out);
    let mut now: Value = serde_json::from_str(&project.read("now.json")).unwrap();
    let mut then: Value = serde_json::from_str(&project.read("saved.json")).unwrap();
    assert_eq!(now["summary"]["exit_code"], 1);
    assert_eq!(now["started"], then["started"]);
    assert_ne!(now["vendors"][0]["contracts"].take(), then["vendors"][0]["contracts"].take());
    assert_eq!(now["vendors"], then["vendors"]);
    let again = project.run(&["judge", "now.json"]);
    assert_eq!((again.code, again.out.contains("every verdict is as it was")), (1, true), "{again:?}");
    project.change(FILE, "deleted: false }", "deleted: true }");
    let mended = project.run(&["judge", "now.json"]);
    assert_eq!(mended.code, 0, "{mended:?}");
    assert!(mended.out.ends_with("changed   acme/links.delete/live: violates then, conforms now\n"), "{}", mended.out);
}

#[test]
fn a_request_that_would_be_another_one_is_not_judged_and_says_what_is_other() {
    let edits = [
        ("request: DELETE /acme/links/{link_id}", "request: DELETE /acme/v2/links/{link_id}", "another URL now"),
        ("request: DELETE /acme/links/{link_id}", "request: POST /acme/links/{link_id}", "another method now"),
        ("with: [refused]", "with: [refused]\nheaders: { X-Version: \"2\" }", "another header X-Version now"),
        ("with: [refused]", "with: [refused]\njson: { why: old }", "another header Content-Type now"),
    ];
    for (from, to, why) in edits {
        let project = saved();
        project.change(FILE, from, to);
        let told = project.run(&["judge", "saved.json", "links.delete/live"]);
        assert_eq!(told.code, 3, "{told:?}");
        let reason = format!("cannot be judged again: links.delete/live would be sent with {why}");
        assert!(told.out.contains(&reason), "{}", told.out);
    }
}

#[test]
fn new_rows_are_told_and_so_are_rows_that_are_gone() {
    let project = saved();
    project.change(FILE, "  unknown: { when: { link: unknown }", "  nobodys: { when: { link: unknown }");
    let told = project.run(&["judge", "saved.json"]);
    assert_eq!(told.code, 3, "{told:?}");
    assert!(
        told.out.contains("cannot be judged again: it is new since the run\n    acme/links.delete/nobodys\n"),
        "{}",
        told.out
    );
    let gone = "gone      1 saved case that no contract has any more: acme/links.delete/unknown\n";
    assert_eq!(told.err, gone);
}

#[test]
fn a_run_of_some_cases_is_judged_in_those_alone() {
    let project = Project::acme();
    project.run(&["run", "delete/live", "--report-json", "saved.json"]);
    let told = project.run(&["judge", "saved.json"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.out.contains("1 conforms; 0 requests"), "{}", told.out);
    let none = project.run(&["judge", "saved.json", "delete/unknown"]);
    assert_eq!(none.code, 4, "{none:?}");
}

#[test]
fn a_file_that_is_no_report_or_says_too_little_is_refused() {
    let project = saved();
    let missing = project.run(&["judge", "none.json"]);
    assert_eq!(
        (missing.code, missing.err.starts_with("error: cannot read the report none.json")),
        (2, true),
        "{missing:?}"
    );
    project.write("torn.json", &project.read("saved.json")[..500]);
    let torn = project.run(&["judge", "torn.json"]);
    assert_eq!((torn.code, torn.err.contains("torn.json is no report of proviso")), (2, true), "{torn:?}");
    let mut older: Value = serde_json::from_str(&project.read("saved.json")).unwrap();
    older.as_object_mut().unwrap().remove("vendors");
    project.write("older.json", &older.to_string());
    let older = project.run(&["judge", "older.json"]);
    assert_eq!((older.code, older.err.contains("older.json was written by an older proviso")), (2, true), "{older:?}");
}

/// Judges a saved run, and says how judging ended and what it wrote.
fn judged(project: &Project, from: &str, to: &str) -> (i32, Value) {
    let told = project.run(&["judge", from, "--report-json", to]);
    (told.code, serde_json::from_str(&project.read(to)).unwrap())
}

/// `proviso.yaml` with a violation that is not there.
const STALE: &str =
    "known:\n  - { case: acme/links.delete/live, finding: field-value, reason: x, owner: y, expires: 9999-12-31 }\n";

/// Checks that a run with a gate ends with a code, and that judging it and merging what was judged end so too.
fn is_kept(project: &Project, gate: &[&str], code: i32) {
    let run = project.run(&[&["run", "--report-json", "saved.json"], gate].concat());
    assert_eq!(run.code, code, "{run:?}");
    let (ended, report) = judged(project, "saved.json", "judged.json");
    let saved: Value = serde_json::from_str(&project.read("saved.json")).unwrap();
    assert_eq!(ended, code, "{report:#}");
    assert_eq!((&report["gate"], &report["contracts"]), (&saved["gate"], &saved["contracts"]));
    assert_eq!(report["notices"], saved["notices"], "each is reported once");
    assert_eq!(project.run(&["merge", "saved.json"]).code, code);
    assert_eq!(project.run(&["merge", "judged.json"]).code, code);
}

#[test]
fn what_was_denied_in_the_run_fails_judging_and_its_merge() {
    let project = Project::acme();
    project.write("proviso.yaml", STALE);
    is_kept(&project, &["--deny", "stale"], 5);
}

#[test]
fn a_run_that_requires_all_is_judged_and_merged_as_one_that_does() {
    let project = Project::acme();
    project.change(FILE, "cites: [404.unknown] }", "cites: [404.unknown], not_inducible: no id is free }");
    is_kept(&project, &["--require-all"], 3);
}

#[test]
fn what_is_denied_in_judging_is_denied_in_its_merge_too() {
    let project = saved();
    let told = project.run(&["judge", "saved.json", "--deny", "new", "--report-json", "judged.json"]);
    assert_eq!(told.code, 5, "{told:?}");
    assert_eq!(project.run(&["merge", "judged.json"]).code, 5);
}

#[test]
fn a_known_violation_that_was_taken_away_since_is_not_stale_any_more() {
    let project = Project::acme();
    project.write("proviso.yaml", STALE);
    assert_eq!(project.run(&["run", "--deny", "stale", "--report-json", "saved.json"]).code, 5);
    project.write("proviso.yaml", "known: []\n");
    let (code, report) = judged(&project, "saved.json", "judged.json");
    assert_eq!((code, report["notices"].as_array().map(Vec::len)), (0, Some(0)), "{report:#}");
}

#[test]
fn judged_shards_are_shards_and_their_merge_is_the_whole_or_says_what_is_missing() {
    let project = Project::acme();
    let parts = ["1/7", "2/7", "3/7", "4/7", "5/7", "6/7", "7/7"];
    for part in parts {
        let file = format!("{}.json", &part[..1]);
        assert_eq!(project.run(&["run", "--shard", part, "--report-json", &file]).code, 0);
        let (code, report) = judged(&project, &file, &format!("judged-{file}"));
        assert_eq!((code, &report["shard"]["of"]), (0, &7.into()), "one of them has no case: {report:#}");
    }
    let files = parts.map(|part| format!("judged-{}.json", &part[..1]));
    let merge = |files: &[String], more: &[&str]| {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        project.run(&[&["merge"], files.as_slice(), more].concat())
    };
    let whole = merge(&files, &[]);
    assert_eq!((whole.code, whole.out.contains("5 conform")), (0, true), "{whole:?}");
    let torn = merge(&files[1..], &["--report-json", "torn.json"]);
    assert_eq!((torn.code, torn.out.contains("no report was given of shard 1/7")), (3, true), "{torn:?}");
    let (code, report) = judged(&project, "torn.json", "again.json");
    assert_eq!((code, &report["shard"]["parts"]), (3, &serde_json::json!([2, 3, 4, 5, 6, 7])), "{report:#}");
    let told = project.run(&["judge", "1.json", "--shard", "1/2"]);
    assert_eq!((told.code, told.err.contains("1.json is a shard already")), (2, true), "{told:?}");
}
