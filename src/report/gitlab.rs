//! GitLab's code quality report: every departure beside the line of the contract that promises otherwise.

use super::headline::{excuse_words, headline};
use super::sarif::fingerprint;
use super::{Rendered, SavedRun};
use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, Location};
use crate::text::visible::{self, line};
use serde_json::{Value, json};

/// The run as a list of issues.
pub(super) fn gitlab(saved: &SavedRun) -> Rendered {
    let mut issues: Vec<Value> = saved.cases.iter().flat_map(case_issues).collect();
    issues.extend(saved.cases.iter().flat_map(unchecked_issues));
    Ok(visible::json(&serde_json::to_string_pretty(&issues)?).into_owned() + "\n")
}

/// The checks of a case that were due and could not be made.
fn unchecked_issues(case: &CaseResult) -> Vec<Value> {
    let issue = |words: String| {
        json!({
            "description": line(&format!("{}: unchecked: {words}", case.id)),
            "check_name": "unchecked",
            "fingerprint": fingerprint(&[&case.id, "unchecked", &words]),
            "severity": "info",
            "location": { "path": line(&case.location.file), "lines": { "begin": case.location.line.max(1) } },
        })
    };
    case.unchecked.iter().map(|unchecked| issue(unchecked.words())).collect()
}

/// The issues of a case: one for every finding, or one for a case that is not well without findings.
fn case_issues(case: &CaseResult) -> Vec<Value> {
    let severity = match case.verdict {
        Verdict::Conforms | Verdict::Skipped => return Vec::new(),
        Verdict::Violates if case.is_excused() => "info",
        Verdict::Violates => "critical",
        Verdict::Drifted => "minor",
        Verdict::Environment | Verdict::Undetermined | Verdict::Refused | Verdict::NotRun => "major",
    };
    let excuse = excuse_words(case);
    let excuse = if excuse.is_empty() { excuse } else { format!("; {excuse}") };
    let issue = |name: &str, place: &str, message: &str, location: &Location| {
        json!({
            "description": line(&format!("{}: {message}{excuse}", case.id)),
            "check_name": name,
            "fingerprint": fingerprint(&[&case.id, name, place]),
            "severity": severity,
            "location": { "path": line(&location.file), "lines": { "begin": location.line.max(1) } },
        })
    };
    if case.findings.is_empty() {
        return vec![issue(case.verdict.as_str(), "", &headline(case), &case.location)];
    }
    let findings = case.findings.iter();
    findings.map(|it| issue(it.code.as_str(), &it.place, &it.message, &it.location)).collect()
}
