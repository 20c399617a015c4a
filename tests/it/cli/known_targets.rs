//! Known violations by target, by issue, and where they were seen in passing.

use super::Project;
use super::gate::{CASE, departed};
use super::known::WrongVendors;

/// An entry of the departed vendor's violation, with further keys.
fn entry(more: &str) -> String {
    format!(
        "known:\n  - case: {CASE}\n    finding: field-value\n    reason: they will not mend it\n    owner: payments\n    \
         expires: 9999-12-31\n{more}"
    )
}

#[test]
fn an_entry_is_known_at_its_own_target_and_nothing_is_said_of_it_at_another() {
    let (project, vendor) = departed();
    let origin = vendor.target();
    let local = format!("targets:\n  local: {{ \"*\": \"{origin}/\" }}\n  other: {{ acme: \"{origin}\" }}\n");
    for (target, here, there) in [
        ("local", ["--target", "local"], ["--target", "other"]),
        (origin, ["--target", origin], ["--target", "mock"]),
        ("mock", ["--target", "mock"], ["--target", "local"]),
    ] {
        project.write("proviso.yaml", &(local.clone() + &entry(&format!("    target: {target}\n"))));
        let told = vendor.run_at(&project, &[&here[..], &["--deny", "stale"]].concat());
        let expected = if target == "mock" { 5 } else { 0 };
        assert_eq!(told.code, expected, "{target}: {told:?}");
        assert_eq!(told.out.contains("no longer seen"), target == "mock", "{target}: {told:?}");
        let told = vendor.run_at(&project, &[&there[..], &["--deny", "stale"]].concat());
        let expected = i32::from(there[1] != "mock");
        assert_eq!(told.code, expected, "{target} at {}: {told:?}", there[1]);
        assert!(!told.out.contains("known until") && !told.out.contains("no longer seen"), "{target}: {}", told.out);
    }
    project.write("proviso.yaml", &(local + &entry("    target: local\n")));
    let told = vendor.run_at(&project, &["--target", "other", "--report-json", "run.json"]);
    assert_eq!(told.code, 1, "the same address under another name is known by its own name alone: {told:?}");
    let judged = project.run(&["judge", "run.json"]);
    assert!(judged.code == 1 && !judged.out.contains("known until"), "{judged:?}");
    project.change("proviso.yaml", "target: local", "target: other");
    let judged = project.run(&["judge", "run.json"]);
    assert!(judged.code == 0 && judged.out.contains("1 violates (1 known)"), "{judged:?}");
}

#[test]
fn what_is_no_longer_seen_names_its_target() {
    let project = Project::acme();
    project.write("proviso.yaml", &entry("    target: mock\n    place: /deleted\n"));
    let told = project.run(&["run"]);
    let line = format!("the field-value of {CASE} at /deleted on mock is no longer seen");
    assert!(told.code == 0 && told.out.contains(&line), "{told:?}");
}

#[test]
fn one_departure_is_known_at_two_targets_by_two_entries() {
    let project = Project::acme();
    let two = entry("    target: mock\n") + &entry("    target: sandbox\n").replace("known:\n", "");
    project.write("proviso.yaml", &two);
    assert_eq!(project.run(&["lint", "-q"]).code, 0);
    project.write("proviso.yaml", &two.replace("sandbox", "mock"));
    let told = project.run(&["lint"]);
    assert!(told.code == 2 && told.out.contains("is known twice as `field-value`"), "{}", told.out);
}

#[test]
fn a_target_that_there_is_not_and_an_issue_that_is_no_address_are_mistakes() {
    let project = Project::acme();
    project.write("proviso.yaml", &entry("    target: sandbx\n    issue: ACME-4711\n"));
    let told = project.run(&["run"]);
    assert_eq!(told.code, 2, "{told:?}");
    for part in [
        "error[unknown-target]: no target of acme is named `sandbx`",
        "proviso.yaml:7:13",
        "did you mean `sandbox`?",
        "error[wrong-value]: `ACME-4711` is not the address of an issue",
        "proviso.yaml:8:12",
        "an `https://` or `http://` address is expected",
    ] {
        assert!(told.err.contains(part), "{part}: {}", told.err);
    }
    for right in ["mock", "sandbox", "http://127.0.0.1:1", "https://gate.example/acme"] {
        project.write(
            "proviso.yaml",
            &entry(&format!("    target: \"{right}\"\n    issue: http://tracker.example/4711\n")),
        );
        assert_eq!(project.run(&["lint", "-q"]).code, 0, "{right}");
    }
    assert_eq!(project.run(&["explain", "unknown-target"]).code, 0);
}

#[test]
fn the_issue_is_shown_with_what_is_known() {
    let (project, vendor) = departed();
    project.write("proviso.yaml", &entry("    issue: https://tracker.example/4711\n"));
    let (told, report) = vendor.run(&project, &["--report-junit", "junit.xml", "--report-html", "page.html"]);
    assert_eq!(told.code, 0, "{told:?}");
    let words = "known until 9999-12-31, payments: they will not mend it (https://tracker.example/4711)";
    assert!(told.out.contains(words), "{}", told.out);
    assert!(project.read("junit.xml").contains(words) && project.read("page.html").contains(words));
    let live = report["cases"].as_array().unwrap().iter().find(|case| case["id"] == CASE).unwrap();
    assert_eq!(live["findings"][0]["known"]["issue"], "https://tracker.example/4711");
}

#[test]
fn what_was_seen_in_passing_is_known_there_alone_until_it_is_seen_no_more() {
    let (project, vendor) = departed();
    let (told, _) = vendor.run(&project, &["/deleted"]);
    assert!(told.code == 1 && told.out.contains("violates acme/links.delete/live/seen"), "{told:?}");
    let told = project.run(&["known", "--from", "report.json", "--owner", "x", "--expires", "9999-12-31"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(project.read("proviso.yaml").contains("- case: acme/links.delete/live/seen\n"), "{told:?}");
    assert_eq!(vendor.run(&project, &["/deleted", "--deny", "stale"]).0.code, 0);
    let (told, _) = vendor.run(&project, &["/live"]);
    assert!(told.code == 1 && told.out.contains("1 violates;"), "the row's own case is another finding: {told:?}");
    let name = ["target: \"", vendor.target(), "\""].concat();
    project.change("proviso.yaml", &name, "target: mock");
    let told = project.run(&["run", "/deleted", "--deny", "stale"]);
    assert_eq!(told.code, 0, "the row's own case was not judged: {told:?}");
    let told = project.run(&["run", "/live", "--deny", "stale"]);
    assert!(told.code == 5 && told.out.contains("links.delete/live/seen at /deleted on mock is no longer"), "{told:?}");
}

#[test]
fn runs_of_two_targets_are_known_each_at_its_own() {
    let (project, vendors) = (Project::empty(), WrongVendors::start(1));
    project.write("proviso.yaml", &format!("targets:\n  local: {{ \"*\": \"{}\" }}\n", vendors.origin()));
    let run = |target: &str, file: &str| {
        vendors.run(&project, &["run", "links.retrieve/unknown/example", "--target", target, "--report-json", file])
    };
    assert_eq!((run("mock", "mock.json").code, run("local", "local.json").code), (0, 1));
    let typed = ["known", "--from", "mock.json", "--from", "local.json", "--owner", "x", "--expires", "9999-12-31"];
    let told = vendors.run(&project, &typed);
    assert!(told.code == 0 && told.out.starts_with("1 new entry"), "{told:?}");
    assert!(project.read("proviso.yaml").contains("    target: local\n"), "{}", project.read("proviso.yaml"));
    assert_eq!((run("mock", "mock.json").code, run("local", "local.json").code), (0, 0));
}
