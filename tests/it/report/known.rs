//! A known violation in every format: told as before, marked, and failing nothing.

use super::canned::{events, events_with_known};
use super::files::{junit_cases, junit_has, junit_property, report_of};
use super::tell;
use super::terminal::{Screen, look, shown};
use proviso::report::{FORMATS, Github, Level, Reports, SavedRun};
use proviso::run::event::Event;
use serde_json::Value;

const KNOWN: &str = "acme/links.delete/unknown/other_prefix";
const EXPIRED: &str = "acme/links.delete/unknown/capitals";

#[test]
fn every_format_says_that_it_is_known_by_whom_and_until_when() {
    for format in FORMATS {
        let text = report_of(format.name, &events_with_known());
        // HAR holds what was exchanged, and marks the case alone.
        let words = if format.name == "har" { "violates (known)" } else { "2027-01-31" };
        assert!(text.contains(words), "{}: {text}", format.name);
        if format.name != "har" {
            assert!(text.contains("payments"), "{}", format.name);
        }
        assert!(!report_of(format.name, &events()).contains(words), "{}", format.name);
    }
}

#[test]
fn one_departure_that_is_not_known_keeps_the_case_from_being_known() {
    let saved = SavedRun::of(&events_with_known());
    let is_known = |id: &str| saved.cases.iter().find(|case| case.id == id).unwrap().is_known();
    assert!(is_known(KNOWN));
    assert!(!is_known(EXPIRED));
}

#[test]
fn junit_does_not_fail_for_it() {
    let text = report_of("junit", &events_with_known());
    let document = roxmltree::Document::parse(&text).unwrap();
    let cases = junit_cases(&document);
    let case = |id: &str| *cases.iter().find(|case| case.attribute("name").unwrap().ends_with(id)).unwrap();
    let known = case(KNOWN);
    assert!(junit_has(&known, "skipped") && junit_property(&known, "verdict") == "violates");
    assert!(junit_property(&known, "known").starts_with("known until 2027-01-31, payments: "));
    assert!(junit_has(&case(EXPIRED), "failure"));
    assert!(junit_property(&case(EXPIRED), "known").starts_with("was known until 2026-01-31"));
}

#[test]
fn tap_calls_it_a_test_that_is_expected_to_fail() {
    let text = report_of("tap", &events_with_known());
    let line = |id: &str| text.lines().find(|line| line.starts_with("not ok") && line.contains(id)).unwrap();
    let directive = concat!(" # TO", "DO known until 2027-01-31");
    assert!(line(KNOWN).contains(directive), "{}", line(KNOWN));
    assert!(!line(EXPIRED).contains(" # "), "{}", line(EXPIRED));
}

#[test]
fn sarif_suppresses_it() {
    let log: Value = serde_json::from_str(&report_of("sarif", &events_with_known())).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let of = |id: &str| results.iter().filter(|result| result["properties"]["case"] == id).collect::<Vec<_>>();
    let suppression = &of(KNOWN)[0]["suppressions"][0];
    assert_eq!((&suppression["kind"], &suppression["status"]), (&"external".into(), &"accepted".into()));
    assert_eq!(suppression["location"]["physicalLocation"]["artifactLocation"]["uri"], "proviso.yaml");
    assert_eq!(of(KNOWN)[0]["level"], "error");
    assert!(of(EXPIRED).iter().all(|result| result.get("suppressions").is_none()));
}

#[test]
fn github_is_told_in_passing() {
    let screen = Screen::default();
    let mut reports = Reports::default();
    reports.add(Github::new(Box::new(screen.clone()), None));
    tell(&mut reports, &events_with_known());
    let text = screen.text();
    let line = |id: &str| text.lines().find(|line| line.contains(&format!("title={id}"))).unwrap();
    assert!(line(KNOWN).starts_with("::notice file="), "{}", line(KNOWN));
    assert!(line(EXPIRED).starts_with("::error file="), "{}", line(EXPIRED));
}

#[test]
fn the_terminal_has_a_line_for_it_and_all_of_it_where_more_is_asked_for() {
    let text = shown(look(Level::Normal), &events_with_known());
    assert!(text.contains(&format!("\nknown     {KNOWN}: state: the link is gone; known until 2027-01-31")), "{text}");
    assert!(text.contains("2 violate (1 known)"), "{text}");
    assert!(!text.contains(&format!("violates (known) {KNOWN}")), "{text}");
    assert!(text.contains(&format!("next      proviso explain {EXPIRED}")), "{text}");
    let text = shown(look(Level::Verbose), &events_with_known());
    assert!(text.contains(&format!("violates (known) {KNOWN}")), "{text}");
    assert!(text.contains("(proviso.yaml:2:5)"), "{text}");
}

#[test]
fn a_run_of_known_violations_alone_gives_no_advice_on_them() {
    let mut events = events_with_known();
    events.retain(|event| !matches!(event, Event::CaseFinished(case) if case.id == EXPIRED));
    let text = shown(look(Level::Normal), &events);
    assert!(!text.contains("proviso explain"), "{text}");
}
