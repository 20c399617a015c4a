//! Report files, each with the same counts as the JSON report.
//!
//! `.ci/lint/reports.py` and `tests/browser/formats.mjs` read the same files with the readers of `PyPI` and npm.

use super::canned::events;
use super::tell;
use proviso::judge::verdict::Verdict;
use proviso::report::{FORMATS, Format, Reports, SavedRun, format};
use proviso::run::event::Event;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

type Counts = BTreeMap<Verdict, usize>;

/// The text of a report of the canned run.
fn report(name: &str) -> String {
    report_of(name, &events())
}

pub(super) fn report_of(name: &str, events: &[Event]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report");
    let mut reports = Reports::open(&[(format(name).unwrap(), path.clone())]).unwrap();
    tell(&mut reports, events);
    let errors = reports.close();
    assert!(errors.is_empty(), "{errors:?}");
    fs::read_to_string(path).unwrap()
}

fn counts() -> Counts {
    SavedRun::of(&events()).summary.counts
}

fn verdict(word: &str) -> Verdict {
    serde_json::from_value(word.into()).unwrap()
}

fn tally(words: impl IntoIterator<Item = String>) -> Counts {
    let mut counts = Counts::new();
    for word in words {
        *counts.entry(verdict(&word)).or_default() += 1;
    }
    counts
}

#[test]
fn every_format_has_a_name_of_its_own_and_says_what_it_is_for() {
    let mut names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), FORMATS.len());
    assert!(FORMATS.iter().all(|format| !format.about.is_empty() && format.about.lines().count() == 1));
}

#[test]
fn every_format_can_tell_a_run_of_nothing() {
    for format in FORMATS {
        let text = report_of(format.name, &[Event::Finished(proviso::run::event::Summary::default())]);
        assert!(text.ends_with('\n'), "{}: {text:?}", format.name);
    }
}

#[test]
fn all_formats_of_one_run_are_written_at_once() {
    // Kept for readers that only a pipeline has.
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = |format: &Format| folder.join(format!("report.{}", format.name));
    let wanted: Vec<_> = FORMATS.iter().map(|format| (format, path(format))).collect();
    let mut reports = Reports::open(&wanted).unwrap();
    tell(&mut reports, &events());
    assert!(reports.close().is_empty());
    for format in FORMATS {
        assert_eq!(fs::read_to_string(path(format)).unwrap(), report(format.name), "{}", format.name);
    }
}

#[test]
fn junit_is_read_by_another_reader() {
    let text = report("junit");
    insta::assert_snapshot!(text);
    let document = roxmltree::Document::parse(&text).unwrap();
    let cases = junit_cases(&document);
    let read = tally(cases.iter().map(|case| junit_property(case, "verdict").to_owned()));
    assert_eq!(read, counts());
    for case in &cases {
        let verdict = verdict(junit_property(case, "verdict"));
        let name = case.attribute("name").unwrap();
        assert_eq!(junit_has(case, "failure"), verdict == Verdict::Violates, "{name}");
        let error = matches!(verdict, Verdict::Environment | Verdict::Undetermined | Verdict::Refused);
        assert_eq!(junit_has(case, "error"), error, "{name}");
        assert_eq!(junit_has(case, "skipped"), verdict == Verdict::Skipped, "{name}");
    }
    let violating = cases.iter().find(|case| junit_has(case, "failure")).unwrap();
    assert_eq!(junit_property(violating, "clause"), "404.unknown Does not exist");
    assert!(junit_property(violating, "page").starts_with("https://"));
    let root = document.root_element();
    let counted = ["tests", "failures", "errors", "skipped"].map(|name| root.attribute(name).unwrap());
    assert_eq!(counted, ["10", "2", "3", "2"]);
}

/// The test cases in a `JUnit` document.
pub(super) fn junit_cases<'a>(document: &'a roxmltree::Document<'_>) -> Vec<roxmltree::Node<'a, 'a>> {
    document.descendants().filter(|node| node.has_tag_name("testcase")).collect()
}

/// The value of a `JUnit` test case's property.
pub(super) fn junit_property<'a>(case: &roxmltree::Node<'a, 'a>, name: &str) -> &'a str {
    let named = |node: &roxmltree::Node| node.has_tag_name("property") && node.attribute("name") == Some(name);
    case.descendants().find(named).and_then(|property| property.attribute("value")).unwrap()
}

/// Whether a `JUnit` test case has a child of a name.
pub(super) fn junit_has(case: &roxmltree::Node, child: &str) -> bool {
    case.children().any(|node| node.has_tag_name(child))
}

#[test]
fn tap_is_well_formed() {
    let text = report("tap");
    insta::assert_snapshot!(text);
    let mut lines = text.lines();
    assert_eq!((lines.next(), lines.next()), (Some("TAP version 14"), Some("1..10")));
    let tests: Vec<&str> = text.lines().filter(|line| line.starts_with("ok ") || line.starts_with("not ok ")).collect();
    for (number, test) in tests.iter().enumerate() {
        assert!(test.trim_start_matches("not ").starts_with(&format!("ok {} - ", number + 1)), "{test}");
    }
    let failing = tests.iter().filter(|test| test.starts_with("not ok")).count();
    let skipped = tests.iter().filter(|test| test.contains(" # SKIP ")).count();
    let counts = counts();
    let fail = [Verdict::Violates, Verdict::Environment, Verdict::Undetermined, Verdict::Refused];
    assert_eq!(failing, fail.map(|verdict| counts[&verdict]).iter().sum::<usize>());
    assert_eq!((tests.len(), skipped), (10, counts[&Verdict::Skipped]));
    for block in text.split("  ---\n").skip(1) {
        let block = block.split("\n  ...\n").next().unwrap();
        let value: BTreeMap<String, String> = serde_yaml::from_str(block).unwrap();
        assert!(value["report"].starts_with(&value["verdict"]), "{value:?}");
    }
}

#[test]
fn sarif_has_every_finding_under_a_rule_of_its_own() {
    let text = report("sarif");
    insta::assert_snapshot!(text);
    let value: Value = serde_json::from_str(&text).unwrap();
    let run = &value["runs"][0];
    let rules: Vec<&Value> =
        run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| &rule["id"]).collect();
    assert!(run["results"].as_array().unwrap().iter().all(|result| rules.contains(&&result["ruleId"])));
    let results = value["runs"][0]["results"].as_array().unwrap();
    let cases: BTreeMap<&str, &str> = results
        .iter()
        .map(|result| (result["properties"]["case"].as_str().unwrap(), &result["properties"]))
        .map(|(case, properties)| (case, properties["verdict"].as_str().unwrap()))
        .collect();
    let mut expected = counts();
    expected.retain(|verdict, _| !matches!(verdict, Verdict::Conforms | Verdict::Skipped));
    assert_eq!(tally(cases.values().map(|word| (*word).to_owned())), expected);
    for result in results {
        assert_eq!(result["level"] == "error", result["properties"]["verdict"] == "violates", "{result}");
        assert!(result["locations"][0]["physicalLocation"]["region"]["startLine"].is_u64(), "{result}");
    }
}

#[test]
fn har_has_every_exchange_on_the_page_of_its_case() {
    let text = report("har");
    insta::assert_snapshot!(text);
    let value: Value = serde_json::from_str(&text).unwrap();
    let pages = value["log"]["pages"].as_array().unwrap();
    let ids: Vec<&Value> = pages.iter().map(|page| &page["id"]).collect();
    assert_eq!(tally(pages.iter().map(|page| page["comment"].as_str().unwrap().to_owned())), counts());
    let entries = value["log"]["entries"].as_array().unwrap();
    assert!(entries.iter().all(|entry| ids.contains(&&entry["pageref"])));
    let exchanges: usize = SavedRun::of(&events()).cases.iter().map(|case| case.exchanges.len()).sum();
    assert_eq!(entries.len(), exchanges);
    assert_eq!(value["log"]["version"], "1.2");
    assert_eq!(entries[0]["request"]["queryString"].as_array().unwrap().len(), 2);
}

#[test]
fn ndjson_holds_every_event_and_holds_it_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events");
    let mut reports = Reports::open(&[(format("ndjson").unwrap(), path.clone())]).unwrap();
    for (number, event) in events().iter().enumerate() {
        reports.tell(event);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), number + 1);
        assert_eq!(&serde_json::from_str::<Event>(text.lines().last().unwrap()).unwrap(), event);
    }
    insta::assert_snapshot!(fs::read_to_string(&path).unwrap());
}

#[test]
fn markdown_tells_the_counts_and_lets_nothing_out_of_its_code() {
    let text = report("markdown");
    insta::assert_snapshot!(text);
    let numbers = text.lines().skip_while(|line| !line.starts_with("|---:|")).nth(1).unwrap();
    let numbers: Vec<usize> = numbers.split('|').filter_map(|cell| cell.trim().parse().ok()).collect();
    let counts = counts();
    assert_eq!(
        numbers,
        Verdict::ALL.into_iter().filter_map(|verdict| counts.get(&verdict).copied()).collect::<Vec<_>>()
    );
    let mut options = pulldown_cmark::Options::empty();
    options.insert(pulldown_cmark::Options::ENABLE_TABLES);
    let mut in_code = 0;
    for event in pulldown_cmark::Parser::new_ext(&text, options) {
        use pulldown_cmark::{Event, Tag, TagEnd};
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code += 1,
            Event::End(TagEnd::CodeBlock) => in_code -= 1,
            Event::Text(text) if in_code == 0 => assert!(!text.contains("@everyone"), "{text}"),
            Event::Html(html) | Event::InlineHtml(html) => assert!(!html.contains("script"), "{html}"),
            _ => {}
        }
    }
}

#[test]
fn markdown_of_many_failures_fits_into_a_comment() {
    let mut events = events();
    let broken = events.iter().find_map(|event| match event {
        Event::CaseFinished(case) if case.verdict == Verdict::Violates => Some(case.clone()),
        _ => None,
    });
    for number in 0..10_000 {
        let mut case = broken.clone().unwrap();
        case.id = format!("acme/links.delete/row{number}");
        events.insert(2, Event::CaseFinished(case));
    }
    let text = report_of("markdown", &events);
    assert!(text.chars().count() < 65_536, "{}", text.chars().count());
    assert!(text.contains("further causes not listed") && text.contains("left out for want of room"), "{text}");
}

#[test]
fn ctrf_counts_every_case_once_and_fails_only_what_fails_the_run() {
    let report: Value = serde_json::from_str(&report("ctrf")).unwrap();
    let (summary, tests) = (&report["results"]["summary"], report["results"]["tests"].as_array().unwrap());
    let of = |status: &str| tests.iter().filter(|test| test["status"] == status).count() as u64;
    for status in ["passed", "failed", "skipped", "pending", "other"] {
        assert_eq!(summary[status], of(status), "{status}: {report:#}");
    }
    assert_eq!(summary["tests"].as_u64(), Some(tests.len() as u64));
    assert_eq!((of("failed"), report["reportFormat"].as_str()), (2, Some("CTRF")), "{report:#}");
    assert!(summary["stop"].as_u64() > summary["start"].as_u64(), "{summary}");
    assert!(tests.iter().filter(|test| test["status"] == "failed").all(|test| test["trace"].is_string()), "{report:#}");
}

#[test]
fn gitlab_is_told_of_every_finding_at_its_line_and_under_a_fingerprint_of_its_own() {
    let issues: Vec<Value> = serde_json::from_str(&report("gitlab")).unwrap();
    let saved = SavedRun::of(&events());
    let unwell = saved.cases.iter().filter(|case| !matches!(case.verdict, Verdict::Conforms | Verdict::Skipped));
    assert_eq!(issues.len(), unwell.map(|case| case.findings.len().max(1)).sum::<usize>());
    let mut fingerprints: Vec<&str> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), issues.len(), "{issues:#?}");
    for issue in &issues {
        assert!(issue["location"]["lines"]["begin"].as_u64() > Some(0) && issue["description"].is_string(), "{issue}");
        assert!(["info", "minor", "major", "critical"].contains(&issue["severity"].as_str().unwrap()), "{issue}");
    }
    assert!(issues.iter().any(|issue| issue["severity"] == "critical"));
}
