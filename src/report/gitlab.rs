//! GitLab's code quality report: every departure beside the line of the contract that promises otherwise.

use super::headline::{headline, with_excuse};
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

/// One issue of a case.
struct QualityIssue<'a> {
    case: &'a CaseResult,
    name: &'a str,
    /// The text that tells it from others of the same name.
    apart: &'a str,
    severity: &'static str,
    location: &'a Location,
}

impl QualityIssue<'_> {
    fn json(&self, message: &str) -> Value {
        let Self { case, name, apart, severity, location } = self;
        json!({
            "description": line(&format!("{}: {message}", case.id)),
            "check_name": name,
            "fingerprint": fingerprint(&[&case.id, name, apart]),
            "severity": severity,
            "location": { "path": line(&location.file), "lines": { "begin": location.line.max(1) } },
        })
    }
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
    if case.findings.is_empty() {
        let (name, location) = (case.verdict.as_str(), &case.location);
        let issue = QualityIssue { case, name, apart: "", severity, location };
        return vec![issue.json(&with_excuse(case, &headline(case)))];
    }
    let mut issues = Vec::new();
    for finding in &case.findings {
        let (name, apart) = (finding.code.as_str(), finding.place.as_str());
        let issue = QualityIssue { case, name, apart, severity, location: &finding.location };
        issues.push(issue.json(&with_excuse(case, &finding.message)));
    }
    issues
}

/// The checks of a case that were due and could not be made.
fn unchecked_issues(case: &CaseResult) -> Vec<Value> {
    let mut issues = Vec::new();
    for unchecked in &case.unchecked {
        let words = unchecked.words();
        let issue = QualityIssue { case, name: "unchecked", apart: &words, severity: "info", location: &case.location };
        issues.push(issue.json(&format!("unchecked: {words}")));
    }
    issues
}
