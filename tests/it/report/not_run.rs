//! Cases of which nothing was sent when the run was cut short: a state of their own in every report, and only where there are some.

use super::canned::{case, plan};
use super::files::report_of;
use super::tell;
use proviso::judge::verdict::Verdict;
use proviso::report::{Level, Reports, SavedRun, Terminal, TerminalLook, exit_code};
use proviso::run::event::{CaseResult, Event, Gate, Plan, Summary};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// A run that was cut short after its first cases; the last three of these were not run.
fn cut(unsent: usize) -> Vec<Event> {
    let id = |row: &str| format!("acme/links.delete/{row}");
    let reason = |why: &str| Some(why.to_owned());
    let mut cases = vec![case(&id("live"), Verdict::Conforms, &[])];
    let skipped = case(&id("used"), Verdict::Skipped, &[]);
    cases.push(CaseResult { reason: reason("set $ACME_USED"), exchanges: Vec::new(), ..skipped });
    for row in ["one", "two", "three"].iter().take(unsent) {
        let unsent = case(&id(row), Verdict::NotRun, &[]);
        cases.push(CaseResult {
            reason: reason("interrupted"),
            cause: reason("interrupted"),
            exchanges: Vec::new(),
            ..unsent
        });
    }
    let mut counts = BTreeMap::new();
    let ids = cases.iter().map(|case| case.id.clone()).collect();
    let mut events = vec![Event::Started(Plan { cases: ids, pages: super::canned::pages(), ..plan() })];
    for case in cases {
        *counts.entry(case.verdict).or_default() += 1;
        events.push(Event::CaseFinished(Box::new(case)));
    }
    events.push(Event::Finished(Summary {
        counts,
        requests: 4,
        exit_code: if unsent > 0 { 130 } else { 0 },
        ..Summary::default()
    }));
    events
}

/// What a terminal shows is kept here.
#[derive(Clone, Default)]
struct Screen(Arc<Mutex<Vec<u8>>>);

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn shown(level: Level, events: &[Event]) -> String {
    let screen = Screen::default();
    let look = TerminalLook { level, colour: false, live: false, width: || None, now: std::time::Instant::now };
    let mut reports = Reports::default();
    reports.add(Terminal::new(Box::new(screen.clone()), look));
    tell(&mut reports, events);
    assert!(reports.close().is_empty());
    String::from_utf8(screen.0.lock().unwrap().clone()).unwrap()
}

#[test]
fn the_terminal_counts_them_last_and_names_them_in_one_line() {
    for level in [Level::Quiet, Level::Normal, Level::Verbose] {
        let text = shown(level, &cut(3));
        assert!(text.contains("1 conforms, 1 skipped, 3 not run; 4 requests in 0 ms"), "{text}");
        assert!(text.contains("not run   acme/links.delete/one and 2 more: interrupted"), "{text}");
        let text = shown(level, &cut(0));
        assert!(text.contains("1 conforms, 1 skipped; 4 requests in 0 ms") && !text.contains("not run"), "{text}");
    }
    let text = shown(Level::Normal, &cut(3));
    assert!(text.contains("next      proviso --failed, which runs what was not run as well"), "{text}");
}

#[test]
fn every_report_has_them_as_a_state_of_their_own() {
    let report = |name: &str| report_of(name, &cut(3));
    let json: Value = serde_json::from_str(&report("json")).unwrap();
    assert_eq!(json["summary"]["counts"]["not_run"], 3);
    assert_eq!(json["cases"][1]["verdict"], "not_run");
    let junit = report("junit");
    assert!(junit.contains("tests=\"5\" skipped=\"1\" failures=\"0\" errors=\"3\""), "{junit}");
    assert_eq!(junit.matches("<error message=\"interrupted\" type=\"not run\">").count(), 3, "{junit}");
    assert_eq!(junit.matches("<property name=\"verdict\" value=\"not run\"/>").count(), 3, "{junit}");
    let tap = report("tap");
    assert!(tap.contains("not ok 2 - acme/links.delete/one\n") && tap.contains("  verdict: \"not run\"\n"), "{tap}");
    assert_eq!(tap.matches("# SKIP").count(), 1, "{tap}");
    let markdown = report("markdown");
    assert!(markdown.contains("| skipped | not run |") && markdown.contains("| 1 | 3 |\n"), "{markdown}");
    assert!(markdown.contains("| not run | `acme/links.delete/one` and 2 further cases | `interrupted`"), "{markdown}");
    let sarif: Value = serde_json::from_str(&report("sarif")).unwrap();
    let rules = sarif["runs"][0]["results"].as_array().unwrap().iter().map(|result| &result["ruleId"]);
    assert_eq!(rules.filter(|rule| **rule == "not-run").count(), 3, "{sarif:#}");
    let html = report("html");
    assert!(html.contains("1 skipped, 3 not run") && html.contains("\"verdict\":\"not_run\""));
}

#[test]
fn a_run_that_came_to_every_case_speaks_of_none() {
    for name in ["json", "junit", "tap", "markdown", "html"] {
        let text = report_of(name, &cut(0));
        let text = if name == "html" { text.split("<script>").next().unwrap() } else { &text };
        for words in ["\"not_run\":", "| not run", "0 not run", "type=\"not run\"", "verdict: \"not run\""] {
            assert!(!text.contains(words), "{name} has {words}");
        }
    }
}

#[test]
fn they_count_for_nothing_and_a_run_with_them_is_never_green() {
    let saved = SavedRun::of(&cut(3));
    let all = Gate { require_all: true, ..Gate::default() };
    for gate in [Gate::default(), all] {
        assert_eq!(exit_code(&saved.cases, &[], &gate, false), 3);
    }
    let alone: Vec<CaseResult> = saved.cases.into_iter().filter(|case| case.verdict == Verdict::NotRun).collect();
    assert_eq!(exit_code(&alone, &[], &Gate::default(), false), 3);
    let coverage = proviso::report::coverage::Coverage::of(&[(&SavedRun::of(&cut(3))).into()]);
    assert_eq!(coverage.shares().causes.exercised, 1, "{:?}", coverage.shares());
}
