//! The page: that it holds the run, holds it safely, and is the same for the browser that looks at it later.

use super::canned::{case, clause, events, events_with_known, exchange, finding, pages, plan};
use super::files::report_of;
use base64::Engine;
use proviso::judge::check::FindingCode;
use proviso::judge::verdict::Verdict;
use proviso::report::SavedRun;
use proviso::run::event::{CaseResult, Event, Page, Plan, Purpose, RowInfo, Summary};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Leaves a page where the tests in a browser (`tests/browser`) find it.
pub(super) fn keep(name: &str, page: &str) {
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), page).unwrap();
}

/// The JSON of every script element that holds data, by its id.
pub(super) fn data(page: &str) -> BTreeMap<String, Value> {
    let parts = page.split("<script type=\"application/json\" id=\"").skip(1);
    let data = parts.map(|part| {
        let (id, rest) = part.split_once("\">").unwrap();
        let (json, _) = rest.split_once("</script>").unwrap();
        (id.to_owned(), serde_json::from_str(json).unwrap())
    });
    data.collect()
}

#[test]
fn the_page_holds_the_same_counts_and_every_detail() {
    let page = report_of("html", &events());
    keep("report-six.html", &page);
    let data = data(&page);
    let saved = SavedRun::of(&events());
    assert_eq!(data["index"]["summary"], serde_json::to_value(&saved.summary).unwrap());
    let cases = data["index"]["cases"].as_array().unwrap();
    let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
    for case in cases {
        *counts.entry(serde_json::from_value(case["verdict"].clone()).unwrap()).or_default() += 1;
    }
    assert_eq!(counts, saved.summary.counts);
    let details = data["cases-0"].as_array().unwrap();
    assert_eq!(details.len(), saved.cases.len());
    for (details, case) in details.iter().zip(&saved.cases) {
        assert_eq!(details["exchanges"], serde_json::to_value(&case.exchanges).unwrap(), "{}", case.id);
        assert_eq!(details["findings"].as_array().unwrap().len(), case.findings.len(), "{}", case.id);
    }
    insta::assert_json_snapshot!(data);
}

#[test]
fn what_is_known_is_marked_in_the_index_and_told_with_the_case() {
    let page = report_of("html", &events_with_known());
    keep("report-known.html", &page);
    let data = data(&page);
    let marked = data["index"]["cases"].as_array().unwrap().iter().filter(|case| case["known"] == true);
    assert_eq!(marked.map(|case| &case["id"]).collect::<Vec<_>>(), ["acme/links.delete/unknown/other_prefix"]);
    assert_eq!(data["index"]["summary"]["known"], 1);
    let told = data["cases-0"].as_array().unwrap().iter().flat_map(|case| case["findings"].as_array().unwrap());
    assert_eq!(told.filter(|finding| finding["known"].is_string()).count(), 2);
}

#[test]
fn nothing_that_a_vendor_says_ends_a_script_or_becomes_markup() {
    let page = report_of("html", &events());
    let (frame, _) = page.split_once("<script type=\"application/json\"").unwrap();
    assert!(!frame.contains("alert("), "{frame}");
    assert_eq!(page.matches("</script>").count(), 3, "the index, one portion of cases, and the page's own");
    for part in page.split("<script type=\"application/json\"").skip(1) {
        let (json, _) = part.split_once("</script>").unwrap();
        assert_eq!(json.matches('<').count(), 0, "{json}");
    }
}

#[test]
fn the_states_of_each_resource_are_drawn_once_with_every_row_marked() {
    let page = report_of("html", &events());
    let pictures = page.split("<template class=\"picture\" ").skip(1);
    let pictures: Vec<&str> = pictures.map(|part| part.split_once("</template>").unwrap().0).collect();
    assert_eq!(pictures.len(), 2);
    assert!(pictures[0].starts_with("data-vendor=\"acme\" data-resource=\"link\"><svg "), "{}", pictures[0]);
    for row in ["links.delete/live", "links.retrieve/deleted", "links.delete/unknown", "links.delete/other_mode"] {
        assert_eq!(pictures[0].matches(&format!("data-row=\"{row}\"")).count(), 1, "{row}");
    }
}

#[test]
fn the_policy_names_the_script_and_the_style_and_nothing_to_fetch() {
    let page = report_of("html", &events());
    let (_, policy) = page.split_once("Content-Security-Policy\" content=\"").unwrap();
    let (policy, _) = policy.split_once('"').unwrap();
    let hash = |open: &str, close: &str| {
        let (_, text) = page.rsplit_once(open).unwrap();
        let (text, _) = text.split_once(close).unwrap();
        base64::engine::general_purpose::STANDARD.encode(ring::digest::digest(&ring::digest::SHA256, text.as_bytes()))
    };
    assert!(policy.contains(&format!("script-src 'sha256-{}'", hash("<script>", "</script>"))), "{policy}");
    assert!(policy.contains(&format!("style-src 'sha256-{}'", hash("<style>", "</style>"))), "{policy}");
    assert!(policy.starts_with("default-src 'none';") && !policy.contains("http"), "{policy}");
}

#[test]
fn a_target_with_markup_in_its_name_stays_text() {
    let mut events = events();
    if let Some(Event::Started(plan)) = events.first_mut() {
        plan.target = "http://h/\"><script>alert(1)</script>{{data}}".into();
    }
    let page = report_of("html", &events);
    assert!(
        page.contains("<title>Proviso on http://h/&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{data}}</title>")
    );
    assert_eq!(page.matches("id=\"index\"").count(), 1);
}

/// Ten thousand cases of five hundred operations of four vendors, a tenth of which fail.
#[test]
fn ten_thousand_cases_make_one_page() {
    let pages: Vec<Page> = (0..500).map(large_page).collect();
    let cases: Vec<CaseResult> =
        pages.iter().flat_map(|page| page.rows.iter().map(|row| large_case(page, row))).collect();
    assert_eq!(cases.len(), 10_000);
    let mut counts = BTreeMap::new();
    let plan = Plan { target: "sandbox".into(), pages, ..plan() };
    let mut events = vec![Event::Started(plan)];
    for case in cases {
        *counts.entry(case.verdict).or_default() += 1;
        events.push(Event::CaseFinished(Box::new(case)));
    }
    events.push(Event::Finished(Summary {
        counts,
        known: 0,
        seen_before: 0,
        requests: 31_234,
        things: 0,
        exit_code: 1,
        duration: Duration::from_secs(431),
    }));
    let page = report_of("html", &events);
    keep("report-many.html", &page);
    assert_eq!(data(&page).len(), 201);
}

fn large_page(number: usize) -> Page {
    let vendor = ["acme", "globex", "initech", "umbrella"][number % 4];
    let operation = format!("things{number}.delete");
    let rows = (0..20).map(|row| RowInfo {
        row: format!("cause{row}"),
        when: format!("thing{number}: state{}", row % 5),
        states: BTreeMap::from([(format!("thing{number}"), vec![format!("state{}", row % 5)])]),
        leads: (row % 3 == 0)
            .then(|| (format!("thing{number}"), format!("state{}", (row + row / 6) % 5)))
            .into_iter()
            .collect(),
        then: vec!["deleted".into()],
        cites: vec!["200.deleted".into()],
        cases: vec![format!("{vendor}/{operation}/cause{row}")].into(),
        ..RowInfo::default()
    });
    Page {
        vendor: vendor.into(),
        request: format!("DELETE /things{number}/{{id}}"),
        url: format!("https://docs.example/things{number}"),
        clauses: vec![clause("200.deleted", "deleted is true")],
        rows: rows.collect(),
        operation,
        resources: vec![format!("thing{number}")],
        ..pages().remove(0)
    }
}

fn large_case(page: &Page, row: &RowInfo) -> CaseResult {
    let number = row.row.len() + page.operation.len() * 7 + row.cases[0].bytes().map(usize::from).sum::<usize>();
    let verdict = match number % 40 {
        0..3 => Verdict::Violates,
        3 => Verdict::Drifted,
        4 => Verdict::Environment,
        5 => Verdict::Undetermined,
        6..9 => Verdict::Skipped,
        _ => Verdict::Conforms,
    };
    let broken = finding(
        FindingCode::FieldValue,
        "/deleted",
        "another value",
        json!({ "deleted": true }),
        json!({ "deleted": false }),
    );
    let answer =
        json!({ "object": "thing", "id": "thing_test_5xyz", "deleted": true, "list": (0..20).collect::<Vec<_>>() })
            .to_string();
    CaseResult {
        findings: if verdict == Verdict::Violates { vec![broken] } else { Vec::new() },
        reason: matches!(verdict, Verdict::Skipped | Verdict::Environment | Verdict::Undetermined)
            .then(|| "for a reason".into()),
        exchanges: [Purpose::Arrange, Purpose::Case, Purpose::Read]
            .map(|purpose| exchange(purpose, 200, &answer))
            .to_vec(),
        ..case(&row.cases[0], verdict, &[clause("200.deleted", "deleted is true")])
    }
}
