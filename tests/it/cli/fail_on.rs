//! `--fail-on new`: only what is neither known nor in a given saved run fails.

use super::known::WrongVendors;
use super::{Project, Told};
use serde_json::Value;

/// Vendors that were wrong already when a run was saved as `first.json`.
fn started() -> (Project, WrongVendors) {
    let (project, vendors) = (Project::empty(), WrongVendors::start(1));
    let (told, _) = vendors.judged(&project, &["omise/links."]);
    assert_eq!(told.code, 1, "{told:?}");
    std::fs::rename(project.path().join("run.json"), project.path().join("first.json")).unwrap();
    (project, vendors)
}

/// A run that fails on what is new since the first one.
fn since_first(project: &Project, vendors: &WrongVendors, more: &[&str]) -> (Told, Value) {
    vendors.judged(project, &[&["omise/links.", "--fail-on", "new", "--since", "first.json"], more].concat())
}

/// The cases of a report that violate: all of them, and those of which all findings were seen before.
fn violating(report: &Value) -> (usize, usize) {
    let cases = report["cases"].as_array().unwrap().iter().filter(|case| case["verdict"] == "violates");
    let is_old = |case: &&Value| case["findings"].as_array().unwrap().iter().all(|it| it["seen_before"].is_string());
    let cases: Vec<&Value> = cases.collect();
    (cases.len(), cases.iter().filter(|case| is_old(case)).count())
}

#[test]
fn what_a_saved_run_has_is_marked_and_fails_nothing_and_what_is_new_fails() {
    let (project, vendors) = started();
    let first: Value = serde_json::from_str(&project.read("first.json")).unwrap();
    let (told, report) = since_first(&project, &vendors, &[]);
    assert_eq!(told.code, 0, "{told:?}");
    let (all, old) = violating(&report);
    assert_eq!((all, all > 14), (old, true));
    assert_eq!(
        (&report["summary"]["counts"]["violates"], &report["summary"]["seen_before"]),
        (&all.into(), &all.into())
    );
    assert_eq!(report["summary"]["exit_code"], 0);
    let moment = first["started"].as_str().unwrap();
    assert!(told.out.contains(&format!("{all} violate ({all} seen before)")), "{}", told.out);
    assert!(told.out.contains(&format!("seen before, in the run of {moment}\n")), "{}", told.out);
    assert!(!told.out.contains("\nviolates ") && told.out.contains("-v names all"), "{}", told.out);
    assert_eq!(vendors.run(&project, &["run", "--failed"]).code, 4, "what was seen before did not fail");

    vendors.set(2);
    let (told, report) = since_first(&project, &vendors, &[]);
    assert_eq!(told.code, 1, "{told:?}");
    let (all, old) = violating(&report);
    assert!(all > old && told.out.contains(&format!("{all} violate ({old} seen before)")), "{}", told.out);
    assert!(told.out.contains("violates omise/links.delete/live\n"), "{}", told.out);
    // The next run is compared with this one: all of it was seen, some of it in the first run already.
    std::fs::rename(project.path().join("run.json"), project.path().join("second.json")).unwrap();
    let typed = ["omise/links.", "--fail-on", "new", "--since", "second.json", "--fail-fast", "-j1"];
    let (told, report) = vendors.judged(&project, &typed);
    assert_eq!((told.code, violating(&report)), (0, (all, all)), "{told:?}");
    assert!(told.out.contains(&format!("in the run of {moment}")), "the first run that saw it: {}", told.out);
}

#[test]
fn known_ones_and_those_that_were_seen_before_are_counted_apart() {
    let (project, vendors) = started();
    let typed = ["known", "--from", "first.json", "--owner", "x", "--expires", "9999-12-31"];
    assert_eq!(vendors.run(&project, &typed).code, 0);
    let (told, report) = since_first(&project, &vendors, &[]);
    let (all, _) = violating(&report);
    assert!(told.code == 0 && told.out.contains(&format!("{all} violate ({all} known)")), "{told:?}");
    let text = project.read("proviso.yaml");
    let (known, rest) = text.split_at(text.match_indices("  - case:").nth(3).unwrap().0);
    assert!(!rest.is_empty());
    project.write("proviso.yaml", known);
    let (told, report) = since_first(&project, &vendors, &[]);
    assert!(
        told.code == 0 && told.out.contains(&format!("{all} violate (3 known, {} seen before)", all - 3)),
        "{told:?}"
    );
    assert_eq!((&report["summary"]["known"], &report["summary"]["seen_before"]), (&3.into(), &(all - 3).into()));
    // A day that is over makes nothing new, and fails as soon as no saved run has it.
    project.write("proviso.yaml", &known.replace("9999-12-31", "2020-01-31"));
    let (told, _) = since_first(&project, &vendors, &[]);
    assert!(told.code == 0 && told.out.contains(&format!("{all} violate ({all} seen before)")), "{told:?}");
    assert!(told.out.contains("was known until 2020-01-31"), "{}", told.out);
    assert_eq!(vendors.judged(&project, &["omise/links."]).0.code, 1);
}

#[test]
fn without_a_saved_run_new_is_what_is_not_known() {
    let (project, vendors) = started();
    let (told, _) = vendors.judged(&project, &["omise/links.", "--fail-on", "new"]);
    assert_eq!(told.code, 1, "{told:?}");
    let typed = ["known", "--from", "run.json", "--owner", "x", "--expires", "9999-12-31"];
    assert_eq!(vendors.run(&project, &typed).code, 0);
    assert_eq!(vendors.judged(&project, &["omise/links.", "--fail-on", "new"]).0.code, 0);
}

#[test]
fn a_saved_run_that_is_none_or_of_another_target_ends_2_and_nothing_is_sent() {
    let (project, vendors) = started();
    project.write("torn.json", "{ \"version\": 1");
    let sent = vendors.requests();
    let target = vendors.origin();
    for (typed, why) in [
        (
            ["--target", target, "--fail-on", "new", "--since", "frist.json"].as_slice(),
            "cannot read the report frist.json",
        ),
        (&["--target", target, "--fail-on", "new", "--since", "torn.json"], "torn.json is no report of proviso"),
        (&["--target", target, "--since", "first.json"], "--fail-on <WHAT>"),
        (&["--target", target, "--fail-on", "old", "--since", "first.json"], "invalid value 'old'"),
        (
            &["--fail-on", "new", "--since", "first.json"],
            "first.json is of omise on a URL, and this run is of omise on mock",
        ),
    ] {
        let told = vendors.run(&project, &[&["run", "omise/links.", "--report-json", "no.json"], typed].concat());
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{typed:?} {told:?}");
        assert!(told.err.contains(why), "{why}: {}", told.err);
    }
    assert_eq!((vendors.requests(), project.path().join("no.json").exists()), (sent, false));
}

#[test]
fn judging_ends_as_the_run_did_and_may_be_compared_as_well() {
    let (project, vendors) = started();
    let judge = |typed: &[&str]| vendors.run(&project, &[&["judge"], typed].concat());
    assert_eq!(judge(&["first.json"]).code, 1);
    let told = judge(&["first.json", "--fail-on", "new", "--since", "first.json", "--report-json", "judged.json"]);
    assert!(told.code == 0 && told.out.contains("seen before)"), "{told:?}");
    let (_, report) = since_first(&project, &vendors, &[]);
    let again = judge(&["run.json", "--report-json", "again.json"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(violating(&serde_json::from_str(&project.read("again.json")).unwrap()), violating(&report));
    assert_eq!(judge(&["judged.json"]).code, 0);
    assert_eq!(judge(&["first.json", "--fail-on", "new", "--since", "frist.json"]).code, 2);
}

#[test]
fn shards_are_compared_each_and_their_merge_ends_as_they_did() {
    let (project, vendors) = started();
    for part in ["1/3", "2/3", "3/3"] {
        let (told, _) = since_first(&project, &vendors, &["--shard", part]);
        assert_eq!(told.code, 0, "{told:?}");
        std::fs::rename(project.path().join("run.json"), project.path().join(format!("{}.json", &part[..1]))).unwrap();
    }
    let told = project.run(&["merge", "1.json", "2.json", "3.json", "--report-json", "merged.json"]);
    assert_eq!(told.code, 0, "{told:?}");
    let merged: Value = serde_json::from_str(&project.read("merged.json")).unwrap();
    let (all, old) = violating(&merged);
    assert_eq!((all, &merged["summary"]["seen_before"]), (old, &all.into()));
    // The parts of the first run, merged or one by one, are a saved run as well.
    let typed = ["omise/links.", "--fail-on", "new", "--since", "1.json", "--since", "2.json"];
    assert_eq!(vendors.judged(&project, &typed).0.code, 1, "a part is missing");
    let (told, _) = vendors.judged(&project, &[&typed[..], &["--since", "3.json"]].concat());
    assert_eq!(told.code, 0, "{told:?}");
    assert_eq!(vendors.judged(&project, &["omise/links.", "--fail-on", "new", "--since", "merged.json"]).0.code, 0);
}

#[test]
fn a_finding_in_another_place_of_the_same_case_is_new() {
    let (project, vendors) = (Project::empty(), WrongVendors::start(1));
    let (told, _) = vendors.judged(&project, &["links.retrieve/unknown"]);
    assert_eq!(told.code, 1, "{told:?}");
    let report = project.read("run.json");
    project.write("first.json", &report.replace("\"place\": \"/code\"", "\"place\": \"/other\""));
    let typed = ["links.retrieve/unknown", "--fail-on", "new", "--since", "first.json"];
    assert_eq!(vendors.judged(&project, &typed).0.code, 1);
    project.write("first.json", &report.replace("\"code\": \"error-code\"", "\"code\": \"field-type\""));
    assert_eq!(vendors.judged(&project, &typed).0.code, 1);
    project.write("first.json", &report);
    assert_eq!(vendors.judged(&project, &typed).0.code, 0);
}
