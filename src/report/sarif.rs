//! SARIF 2.1.0, for code scanning: every finding as a result at its line of the contract.

use super::text::{clean, headline, line};
use super::{Exit, Rendered, Saved};
use crate::judge::check::FindingCode;
use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, FindingInfo, Location};
use crate::text::source::{sha256_of_parts, to_hexadecimal};
use crate::text::visible;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::fmt::Write;

/// Rules beside the kinds of finding, with what they mean.
const RULES: [(Verdict, &str); 5] = [
    (Verdict::Violates, "The answer departs from every documented outcome."),
    (Verdict::Drifted, "The answer is within the documents, but not what the baseline says."),
    (Verdict::Environment, "The network or an overloaded vendor is to blame, so that nothing was learnt."),
    (Verdict::Undetermined, "The case's arrangement failed, so that nothing was learnt."),
    (Verdict::Refused, "The safety guard did not let the case be sent."),
];

pub(super) fn render(saved: &Saved) -> Rendered {
    let counts: serde_json::Map<String, Value> =
        saved.summary.counts.iter().map(|(verdict, number)| (verdict.to_string(), (*number).into())).collect();
    let exit = Exit::from_code(saved.summary.exit_code);
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver(&saved.proviso) },
            "columnKind": "unicodeCodePoints",
            "automationDetails": { "id": format!("proviso/{}/", line(&saved.target)) },
            "invocations": [{
                "executionSuccessful": matches!(exit, Some(Exit::Fine | Exit::Violated | Exit::Drifted)),
                "exitCode": saved.summary.exit_code,
            }],
            "results": saved.cases.iter().flat_map(results).collect::<Vec<_>>(),
            "properties": { "target": saved.target, "started": saved.started, "counts": counts },
        }],
    });
    Ok(visible::json(&serde_json::to_string_pretty(&log)?).into_owned() + "\n")
}

fn driver(version: &str) -> Value {
    let verdicts = RULES.iter().map(|(verdict, means)| rule(verdict.as_str(), means));
    let findings = FindingCode::ALL.iter().map(|(code, means)| rule(code.as_str(), means));
    json!({ "name": "proviso", "semanticVersion": version, "rules": findings.chain(verdicts).collect::<Vec<_>>() })
}

fn rule(id: &str, means: &str) -> Value {
    json!({ "id": id, "shortDescription": { "text": means }, "fullDescription": { "text": means } })
}

/// The results of a case: one for every finding, and one for a case that says without findings that all is not well.
fn results(case: &CaseResult) -> Vec<Value> {
    let level = match case.verdict {
        Verdict::Conforms | Verdict::Skipped => return Vec::new(),
        Verdict::Violates => "error",
        Verdict::Drifted | Verdict::Environment | Verdict::Undetermined | Verdict::Refused => "warning",
    };
    if case.findings.is_empty() || level == "warning" {
        let said = format!("{}: {}", line(&case.id), headline(case));
        return vec![result(case, (case.verdict.as_str(), ""), level, &said, &case.location)];
    }
    case.findings.iter().map(|finding| departure(case, finding, level)).collect()
}

fn departure(case: &CaseResult, finding: &FindingInfo, level: &str) -> Value {
    let mut said = format!("{}: {}: {}", case.id, finding.place, finding.message.trim_end());
    if let Some(clause) = &finding.clause {
        let _ = write!(said, "\nThe page says otherwise: {} \"{}\"", clause.id, clause.says);
    }
    let _ = write!(said, "\nPromised: {}", case.promised.trim_end());
    let mut result = result(case, (finding.code.as_str(), &finding.place), level, &clean(&said), &finding.location);
    let known = finding.known.as_ref().filter(|known| !known.expired);
    if let (Some(known), Some(result)) = (known, result.as_object_mut()) {
        let location = json!({ "physicalLocation": physical(&known.location) });
        let suppression = json!({
            "kind": "external",
            "status": "accepted",
            "justification": line(&known.words()),
            "location": location,
        });
        result.insert("suppressions".to_owned(), json!([suppression]));
    }
    result
}

fn result(case: &CaseResult, (rule, place): (&str, &str), level: &str, said: &str, location: &Location) -> Value {
    let mut result = json!({
        "ruleId": rule,
        "level": level,
        "message": { "text": said },
        "locations": [{
            "physicalLocation": physical(location),
            "logicalLocations": [{ "fullyQualifiedName": case.id }],
        }],
        "partialFingerprints": { "provisoFinding/v1": fingerprint(&[&case.id, rule, place]) },
        "properties": { "case": case.id, "verdict": case.verdict.as_str(), "place": place, "page": case.page },
    });
    if let Some(result) = result.as_object_mut().filter(|_| case.location != *location) {
        let row = json!({ "physicalLocation": physical(&case.location), "message": { "text": "the row" } });
        result.insert("relatedLocations".to_owned(), Value::Array(vec![row]));
    }
    result
}

/// A place in a file; a file of the repository is named from its root, which the reader of the log knows.
fn physical(location: &Location) -> Value {
    let outside = location.file.starts_with('/') || location.file.starts_with("..") || location.file.contains(':');
    let uri = uri(&location.file);
    let artifact = if outside { json!({ "uri": uri }) } else { json!({ "uri": uri, "uriBaseId": "%SRCROOT%" }) };
    json!({
        "artifactLocation": artifact,
        "region": {
            "startLine": location.line.max(1),
            "startColumn": location.column.max(1),
            "snippet": { "text": line(&location.text) },
        },
    })
}

/// What may stand in a path as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

/// A path as a reference: relative ones stay so, and of an absolute one the scheme is told.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let encoded = utf8_percent_encode(path.strip_prefix("./").unwrap_or(&path), PATH).to_string();
    match path.split_once(':') {
        Some((drive, rest)) if drive.len() == 1 => format!("file:///{drive}:{}", utf8_percent_encode(rest, PATH)),
        _ if path.starts_with('/') => format!("file://{encoded}"),
        _ => encoded,
    }
}

/// What makes a result the same from run to run: neither its line nor what came, which may change by nature.
fn fingerprint(parts: &[&str]) -> String {
    let hash = sha256_of_parts(parts.iter().flat_map(|part| [part.as_bytes(), &[0]]));
    to_hexadecimal(&hash).chars().take(32).collect()
}
