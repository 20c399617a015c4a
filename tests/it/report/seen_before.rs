//! A violation that an earlier run saw, in every format: a violation as before, marked, and failing nothing.

use super::canned::{HOSTILE, events, events_with_known};
use super::files::{junit_cases, junit_has, junit_property, report_of};
use super::tell;
use super::terminal::{Screen, look, shown};
use proviso::report::{FORMATS, Github, Level, Reports, SavedRun, exit_code};
use proviso::run::event::{Event, Gate};
use serde_json::Value;

const BEFORE: &str = "acme/links.delete/unknown/other_prefix";
const PARTLY: &str = "acme/links.delete/unknown/capitals";
const MOMENT: &str = "2026-11-01T10:00:00Z";

/// The run in which a violation was seen before, beside one of which the first finding was.
fn events_with_seen() -> Vec<Event> {
    let mut events = events();
    for event in &mut events {
        match event {
            Event::CaseFinished(case) if [BEFORE, PARTLY].contains(&case.id.as_str()) => {
                case.findings[0].seen_before = Some(MOMENT.into());
            }
            Event::Finished(summary) => summary.seen_before = 1,
            _ => {}
        }
    }
    events
}

#[test]
fn every_format_says_that_it_was_seen_before() {
    for format in FORMATS {
        let text = report_of(format.name, &events_with_seen());
        let words = match format.name {
            // HAR holds what was exchanged, and marks the case alone.
            "har" => "violates (seen before)",
            "sarif" => "\"baselineState\": \"unchanged\"",
            _ => MOMENT,
        };
        assert!(text.contains(words), "{}: {text}", format.name);
        assert!(!report_of(format.name, &events()).contains(words), "{}", format.name);
    }
}

#[test]
fn it_is_a_violation_in_the_counts_and_fails_nothing_while_a_new_one_does() {
    let saved = SavedRun::of(&events_with_seen());
    let find = |id: &str| saved.cases.iter().find(|case| case.id == id).unwrap();
    assert!(find(BEFORE).is_seen_before() && find(BEFORE).is_excused() && !find(BEFORE).is_known());
    assert!(!find(PARTLY).is_seen_before() && !find(PARTLY).is_excused());
    let of = |id: &str| exit_code(std::slice::from_ref(find(id)), &[], &Gate::default(), false);
    assert_eq!((of(BEFORE), of(PARTLY)), (0, 1));
    // Of a case that is known, it says nothing that it was seen before too.
    let mut known = SavedRun::of(&events_with_known()).cases;
    let case = known.iter_mut().find(|case| case.id == BEFORE).unwrap();
    case.findings[0].seen_before = Some(MOMENT.into());
    assert!(case.is_known() && !case.is_seen_before());
}

#[test]
fn junit_and_tap_do_not_fail_for_it() {
    let text = report_of("junit", &events_with_seen());
    let document = roxmltree::Document::parse(&text).unwrap();
    let cases = junit_cases(&document);
    let case = |id: &str| *cases.iter().find(|case| case.attribute("name").unwrap().ends_with(id)).unwrap();
    assert!(junit_has(&case(BEFORE), "skipped") && junit_property(&case(BEFORE), "verdict") == "violates");
    assert_eq!(junit_property(&case(BEFORE), "seen-before"), format!("seen before, in the run of {MOMENT}"));
    assert!(junit_has(&case(PARTLY), "failure"));
    assert_eq!(
        junit_property(&case(PARTLY), "seen-before"),
        format!("1 of 4 findings seen before, in the run of {MOMENT}")
    );
    let text = report_of("tap", &events_with_seen());
    let line = |id: &str| text.lines().find(|line| line.starts_with("not ok") && line.contains(id)).unwrap();
    assert!(line(BEFORE).contains(concat!(" # TO", "DO seen before, in the run of")), "{}", line(BEFORE));
    assert!(!line(PARTLY).contains(" # "), "{}", line(PARTLY));
}

#[test]
fn sarif_calls_it_unchanged_and_keeps_its_level() {
    let log: Value = serde_json::from_str(&report_of("sarif", &events_with_seen())).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let of = |id: &str| results.iter().filter(|result| result["properties"]["case"] == id).collect::<Vec<_>>();
    assert_eq!((&of(BEFORE)[0]["level"], &of(BEFORE)[0]["baselineState"]), (&"error".into(), &"unchanged".into()));
    assert_eq!(of(BEFORE)[0]["provenance"]["firstDetectionTimeUtc"], MOMENT);
    assert!(of(BEFORE)[0].get("suppressions").is_none());
    assert_eq!(of(PARTLY).iter().filter(|result| result.get("baselineState").is_some()).count(), 1);
}

#[test]
fn github_and_markdown_show_it_behind_what_is_new() {
    let screen = Screen::default();
    let mut reports = Reports::default();
    reports.add(Github::new(Box::new(screen.clone()), None));
    tell(&mut reports, &events_with_seen());
    let text = screen.text();
    let line = |id: &str| text.lines().find(|line| line.contains(&format!("title={id}"))).unwrap();
    assert!(
        line(BEFORE).starts_with("::notice file=") && line(BEFORE).contains("violates (seen before)"),
        "{}",
        line(BEFORE)
    );
    assert!(line(PARTLY).starts_with("::error file="), "{}", line(PARTLY));
    let text = report_of("markdown", &events_with_seen());
    assert!(text.contains("1 of those that violate were seen before."), "{text}");
    let at = |id: &str| text.find(&format!("`{id}`")).unwrap();
    assert!(at(PARTLY) < at("acme/links.retrieve/live") && at("acme/links.retrieve/live") < at(BEFORE), "{text}");
    let mut fine = events_with_seen();
    fine.retain(|event| !matches!(event, Event::CaseFinished(case) if case.id != BEFORE));
    if let Some(Event::Finished(summary)) = fine.last_mut() {
        summary.exit_code = 0;
    }
    assert!(report_of("markdown", &fine).starts_with("## Proviso: no new violation\n"));
}

#[test]
fn the_terminal_has_a_line_for_it_and_counts_it() {
    let text = shown(look(Level::Normal), &events_with_seen());
    let line = format!("\nbefore    {BEFORE}: state: the link is gone; seen before, in the run");
    assert!(text.contains(&line), "{text}");
    assert!(text.contains("2 violate (1 seen before)"), "{text}");
    assert!(!text.contains(&format!("violates (seen before) {BEFORE}")), "{text}");
    assert!(text.contains("* status: 200 where 404 is documented [status], seen before\n"), "{text}");
    assert!(text.contains(&format!("  before    1 of 4 findings seen before, in the run of {MOMENT}\n")), "{text}");
    assert!(text.contains(&format!("next      proviso explain {PARTLY}")), "{text}");
    let text = shown(look(Level::Verbose), &events_with_seen());
    assert!(text.contains(&format!("violates (seen before) {BEFORE}")), "{text}");
    assert!(shown(look(Level::Quiet), &events_with_seen()).contains("2 violate (1 seen before)"));
}

#[test]
fn the_page_marks_it_and_hides_nothing_of_it() {
    let page = report_of("html", &events_with_seen());
    super::html::keep("report-before.html", &page);
    assert!(page.contains("1 of those that violate were seen before."));
    let data = super::html::data(&page);
    let marked = data["index"]["cases"].as_array().unwrap().iter().filter(|case| case["before"] == true);
    assert_eq!(marked.map(|case| &case["id"]).collect::<Vec<_>>(), [BEFORE]);
    let told = data["cases-0"].as_array().unwrap().iter().flat_map(|case| case["findings"].as_array().unwrap());
    assert_eq!(told.filter(|finding| finding["before"] == MOMENT).count(), 2);
}

#[test]
fn a_forged_moment_stays_text() {
    let mut events = events_with_seen();
    for event in &mut events {
        if let Event::CaseFinished(case) = event {
            for finding in case.findings.iter_mut().filter(|finding| finding.seen_before.is_some()) {
                finding.seen_before = Some(HOSTILE.into());
            }
        }
    }
    let text = shown(look(Level::Normal), &events);
    assert!(!text.contains('\u{1b}') && !text.contains("\n::error"), "{text}");
    let junit = report_of("junit", &events);
    assert!(roxmltree::Document::parse(&junit).is_ok(), "{junit}");
    let tap = report_of("tap", &events);
    assert_eq!(tap.lines().filter(|line| line.starts_with("not ok") || line.starts_with("ok ")).count(), 10, "{tap}");
}
