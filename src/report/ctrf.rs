//! The Common Test Report Format, JSON that several pipelines and their dashboards read.

use super::headline::{headline, with_excuse};
use super::terminal::plain_block;
use super::{Rendered, SavedRun};
use crate::judge::verdict::Verdict;
use crate::run::event::CaseResult;
use crate::text::visible::{self, line};
use serde_json::{Map, Value, json};
use std::time::UNIX_EPOCH;

/// The run as a CTRF document.
pub(super) fn ctrf(saved: &SavedRun) -> Rendered {
    let began = humantime::parse_rfc3339(&saved.started).ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let start = began.unwrap_or_default().as_millis();
    let count = |status: &str| saved.cases.iter().filter(|case| status_of(case) == status).count();
    let report = json!({
        "reportFormat": "CTRF",
        "specVersion": "0.0.0",
        "results": {
            "tool": { "name": "proviso", "version": saved.proviso },
            "summary": {
                "tests": saved.cases.len(),
                "passed": count("passed"),
                "failed": count("failed"),
                "pending": count("pending"),
                "skipped": count("skipped"),
                "other": count("other"),
                "start": start,
                "stop": start + saved.summary.duration.as_millis(),
            },
            "tests": saved.cases.iter().map(test_json).collect::<Vec<_>>(),
            "environment": { "testEnvironment": saved.target },
        },
    });
    Ok(visible::json(&serde_json::to_string_pretty(&report)?).into_owned() + "\n")
}

/// A case by the words of the format: a violation that is known or was seen before fails nothing, so it is none of its failures.
fn status_of(case: &CaseResult) -> &'static str {
    match case.verdict {
        Verdict::Conforms => "passed",
        Verdict::Violates if case.is_excused() => "other",
        Verdict::Violates => "failed",
        Verdict::Skipped => "skipped",
        Verdict::NotRun => "pending",
        Verdict::Drifted | Verdict::Environment | Verdict::Undetermined | Verdict::Refused => "other",
    }
}

fn test_json(case: &CaseResult) -> Value {
    let mut test = Map::new();
    let mut add = |name: &str, value: Value| test.insert(name.to_owned(), value);
    add("name", line(&case.id).into());
    add("status", status_of(case).into());
    add("rawStatus", case.verdict.as_str().into());
    add("duration", json!(case.duration.as_millis()));
    add("suite", format!("{}/{}", case.vendor, case.operation).into());
    add("filePath", line(&case.location.file).into());
    add("line", case.location.line.into());
    if case.verdict != Verdict::Conforms {
        add("message", line(&with_excuse(case, &headline(case))).into());
    }
    if !matches!(case.verdict, Verdict::Conforms | Verdict::Skipped | Verdict::NotRun) {
        add("trace", plain_block(case).into());
    }
    if !case.unchecked.is_empty() {
        let words: Vec<String> = case.unchecked.iter().map(|unchecked| line(&unchecked.words())).collect();
        add("extra", json!({ "unchecked": words }));
    }
    Value::Object(test)
}
