//! One run that holds all seven verdicts and everything that a vendor may say to break a report.

mod pages;

pub(crate) use pages::{clause, pages};

use proviso::judge::check::FindingCode;
use proviso::judge::verdict::Verdict;
use proviso::run::event::{
    CaseResult, ClauseInfo, DifferenceInfo, DriftClass, DriftInfo, Event, ExchangeInfo, FindingInfo, Gate, KnownInfo,
    Location, Notice, Plan, Purpose, Summary,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// What a vendor may put into an answer to end a script, a CDATA section, a workflow command, a table or a terminal's peace.
pub(crate) const HOSTILE: &str = "]]></failure></script><script>alert('x')</script>\n::error::no%0A|a|b|\n##[group]x\n\u{1b}[2J\u{7}\u{0}\u{202e}gnp\u{feff}\u{ffff} @everyone <!--<script> ```\n🔥é́ not ok 1 --- \\`{{x}}`\r\n";

/// A plan of a run of the mock, without pages and cases.
pub(crate) fn plan() -> Plan {
    Plan {
        version: "0.1.0".into(),
        target: "mock".into(),
        started: "2026-11-20T10:00:00Z".into(),
        gate: Gate::default(),
        contracts: String::new(),
        shard: None,
        shuffle: None,
        cases: Vec::new(),
        pages: Vec::new(),
        vendors: Vec::new(),
    }
}

/// Every event of the run, in order.
pub(crate) fn events() -> Vec<Event> {
    let cases = cases();
    let plan = Plan { cases: cases.iter().map(|case| case.id.clone()).collect(), pages: pages(), ..plan() };
    let mut events = vec![
        Event::Started(plan),
        Event::Notice(Notice {
            kind: "dead-vendor".into(),
            vendor: Some("globex".into()),
            message: format!("does not answer: {HOSTILE}"),
        }),
    ];
    let mut counts = BTreeMap::new();
    for case in cases {
        *counts.entry(case.verdict).or_default() += 1;
        events.push(Event::CaseStarted { id: case.id.clone() });
        events.push(Event::CaseFinished(Box::new(case)));
    }
    let duration = Duration::from_millis(1234);
    events.push(Event::Finished(Summary {
        counts,
        known: 0,
        seen_before: 0,
        requests: 17,
        things: 3,
        exit_code: 1,
        duration,
    }));
    events
}

fn cases() -> Vec<CaseResult> {
    vec![
        CaseResult {
            drift: Some(drift()),
            ..case(
                "acme/links.delete/no_credentials",
                Verdict::Drifted,
                &[clause("401.missing", "No Authorization header")],
            )
        },
        CaseResult {
            exchanges: vec![
                exchange(Purpose::Arrange, 201, "{\"id\":\"link_test_1\"}"),
                exchange(Purpose::Case, 200, "{}"),
            ],
            ..case("acme/links.delete/live", Verdict::Conforms, &[clause("200.deleted", "deleted is true")])
        },
        CaseResult {
            chosen: Some("already_deleted".into()),
            alternatives: 2,
            notes: vec!["400 was chosen".into()],
            ..case("acme/links.delete/deleted", Verdict::Conforms, &[clause("400.deleted", "Already deleted")])
        },
        hostile(),
        still_there(),
        CaseResult {
            reason: Some(
                "$ACME_KEY is not a test key: it does not match ^test_; `--allow live-key=acme` permits it".into(),
            ),
            exchanges: Vec::new(),
            ..case("acme/links.delete/unknown/prefix", Verdict::Refused, &[])
        },
        CaseResult {
            reason: Some("the page does not say which operations".into()),
            exchanges: Vec::new(),
            ..case("acme/links.delete/pending", Verdict::Skipped, &[])
        },
        CaseResult {
            reason: Some("connection refused by 127.0.0.1:9, 5 tries".into()),
            exchanges: vec![ExchangeInfo {
                status: None,
                answer_headers: Vec::new(),
                answer: None,
                failure: Some("connection refused".into()),
                earlier_tries: 4,
                ..exchange(Purpose::Case, 0, "")
            }],
            ..case("acme/links.retrieve/live", Verdict::Environment, &[])
        },
        CaseResult {
            reason: Some(format!("its way failed: {HOSTILE}")),
            ..case("acme/links.retrieve/deleted", Verdict::Undetermined, &[])
        },
        CaseResult {
            reason: Some("GLOBEX_KEY is not set".into()),
            exchanges: Vec::new(),
            ..case("globex/pay_links.delete/live", Verdict::Skipped, &[])
        },
    ]
}

/// An answer that is documented, and not the accepted one.
fn drift() -> DriftInfo {
    let difference = |class, place: &str, message: &str| DifferenceInfo {
        class,
        place: place.into(),
        message: message.into(),
        clause: Some(clause("401.missing", "No Authorization header")),
    };
    DriftInfo {
        class: DriftClass::Breaking,
        differences: vec![
            difference(DriftClass::Breaking, "/code", "/code is \"b\", it was \"a\""),
            difference(DriftClass::Cosmetic, "/message", &format!("/message is worded otherwise: {HOSTILE}")),
        ],
        baseline: "snapshots/mock/acme/links.delete/no_credentials.snap".into(),
        pending: None,
        diff: "@@ -3,3 +3,3 @@\n {\n-  \"code\": \"a\",\n+  \"code\": \"b\",\n".into(),
    }
}

/// A case whose answer attacks whatever shows it.
fn hostile() -> CaseResult {
    let body = json!({ "message": HOSTILE, "code": "nope", "list": [1, 2, 3, 4, 5, 6, 7, 8, 9] });
    let expected = json!({ "message": "not found", "code": "not_found", "list": [1, 2, 3, 4, 5, 6, 7, 8, 10] });
    CaseResult {
        findings: vec![
            finding(FindingCode::Status, "status", "200 where 404 is documented", json!(404), json!(200)),
            FindingInfo {
                clause: Some(clause("404.unknown", "Does not exist")),
                ..finding(FindingCode::FieldValue, "/message", HOSTILE, json!("line 1\nline 2\n"), json!(HOSTILE))
            },
            finding(FindingCode::FieldSchema, "", "the whole differs", expected, body.clone()),
            FindingInfo {
                expected: Some(Value::Null),
                actual: None,
                ..finding(FindingCode::FieldMissing, "/data", "is missing", Value::Null, Value::Null)
            },
        ],
        exchanges: vec![exchange(Purpose::Case, 200, &body.to_string()), exchange(Purpose::Cleanup, 404, HOSTILE)],
        promised: format!("link: unknown: not_found (404) {HOSTILE}"),
        ..case("acme/links.delete/unknown/capitals", Verdict::Violates, &[clause("404.unknown", "Does not exist")])
    }
}

/// A refusal that deletes anyway.
fn still_there() -> CaseResult {
    CaseResult {
        findings: vec![finding(FindingCode::State, "state", "the link is gone", json!("live"), json!("deleted"))],
        exchanges: vec![exchange(Purpose::Case, 404, "{}"), exchange(Purpose::Read, 404, "{}")],
        ..case("acme/links.delete/unknown/other_prefix", Verdict::Violates, &[clause("404.unknown", "Does not exist")])
    }
}

/// A case with nothing remarkable about it.
pub(crate) fn case(id: &str, verdict: Verdict, cites: &[ClauseInfo]) -> CaseResult {
    let mut parts = id.split('/').map(str::to_owned);
    let mut part = || parts.next().unwrap_or_default();
    CaseResult {
        id: id.into(),
        vendor: part(),
        operation: part(),
        row: part(),
        verdict,
        reason: None,
        findings: Vec::new(),
        cites: cites.to_vec(),
        exercised: if verdict.is_tested() {
            cites.iter().map(|clause| clause.id.clone()).collect()
        } else {
            Vec::new()
        },
        unchecked: Vec::new(),
        witnessed: Vec::new(),
        page: Some("https://docs.acme.example/delete-link#top".into()),
        location: location(20, "live: { when: { link: live }, then: deleted }"),
        promised: "link: live: deleted (200)".into(),
        chosen: None,
        alternatives: 1,
        cause: None,
        script: None,
        exchanges: vec![exchange(Purpose::Case, 200, "{\"deleted\":true}")],
        notes: Vec::new(),
        baseline: None,
        drift: None,
        canonical: None,
        duration: Duration::from_millis(12),
    }
}

pub(crate) fn finding(code: FindingCode, place: &str, message: &str, expected: Value, actual: Value) -> FindingInfo {
    FindingInfo {
        code,
        message: message.into(),
        place: place.into(),
        clause: None,
        also: Vec::new(),
        location: location(12, "not_found: { status: 404, like: error }"),
        expected: Some(expected),
        actual: Some(actual),
        known: None,
        seen_before: None,
        inferred: None,
    }
}

/// The run in which a violation is known, beside one that was known for too long.
pub(crate) fn events_with_known() -> Vec<Event> {
    let known = |expires: &str, expired, line| KnownInfo {
        case: "acme/links.delete/unknown/other_prefix".into(),
        target: None,
        finding: FindingCode::State,
        place: None,
        reason: format!("the vendor will not mend it {HOSTILE}"),
        owner: "payments".into(),
        expires: expires.into(),
        issue: Some("https://tracker.example/4711".into()),
        expired,
        location: Location { file: "proviso.yaml".into(), line, column: 5, text: "- case: acme/...".into() },
    };
    let mut events = events();
    for event in &mut events {
        match event {
            Event::CaseFinished(case) if case.id.ends_with("/other_prefix") => {
                case.findings[0].known = Some(known("2027-01-31", false, 2));
            }
            Event::CaseFinished(case) if case.id.ends_with("/capitals") => {
                case.findings[0].known = Some(known("2026-01-31", true, 8));
            }
            Event::Finished(summary) => summary.known = 1,
            _ => {}
        }
    }
    events
}

fn location(line: usize, text: &str) -> Location {
    Location { file: "specs/acme/links.delete.yaml".into(), line, column: 3, text: text.into() }
}

pub(crate) fn exchange(purpose: Purpose, status: u16, answer: &str) -> ExchangeInfo {
    ExchangeInfo {
        purpose,
        step: "links.delete/live".into(),
        method: "DELETE".into(),
        url: "http://127.0.0.1:4010/links/link_test_1?a=1&b=%20".into(),
        headers: vec![("authorization".into(), "Basic $ACME_KEY".into())],
        body: Some("{\"a\":1}".into()),
        status: Some(status),
        answer_headers: vec![("content-type".into(), "application/json".into())],
        answer: Some(answer.into()),
        failure: None,
        earlier_tries: 0,
        incomplete: false,
        acted_before: false,
        drawn: BTreeMap::new(),
        curl: "curl -X DELETE -u \"$ACME_KEY:\" 'http://127.0.0.1:4010/links/link_test_1?a=1&b=%20' -d '{\"a\":1}'"
            .into(),
        started: "2026-11-20T10:00:00.5Z".into(),
        took: Duration::from_millis(7),
    }
}
