//! SARIF 2.1.0, for code scanning: every finding as a result at its line of the contract.

use super::headline::{headline, notice_words};
use super::{Exit, Rendered, SavedRun};
use crate::judge::check::FindingCode;
use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, FindingInfo, Location, Notice};
use crate::text::source::{sha256_of_parts, to_hexadecimal};
use crate::text::visible::{self, line, text as clean};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

/// Rules beside the kinds of finding, with what they mean.
const RULES: [(Verdict, &str); 6] = [
    (Verdict::Violates, "The answer departs from every documented outcome."),
    (Verdict::Drifted, "The answer is within the documents, but not what the baseline says."),
    (Verdict::Environment, "The network or an overloaded vendor is to blame, so that nothing was learnt."),
    (Verdict::Undetermined, "The case's arrangement failed, so that nothing was learnt."),
    (Verdict::Refused, "The safety guard did not let the case be sent."),
    (Verdict::NotRun, "The run was cut short before anything of the case was sent."),
];

/// The run as a log of results.
pub(super) fn sarif(saved: &SavedRun) -> Rendered {
    let counts = saved.summary.counts.iter().map(|(verdict, number)| (verdict.to_string(), (*number).into()));
    let exit = Exit::from_code(saved.summary.exit_code);
    let mut log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver_json(&saved.proviso) },
            "columnKind": "unicodeCodePoints",
            "automationDetails": { "id": format!("proviso/{}/", line(&saved.target)) },
            "invocations": [{
                "executionSuccessful": matches!(exit, Some(Exit::Fine | Exit::Violated | Exit::Drifted)),
                "exitCode": saved.summary.exit_code,
                "toolExecutionNotifications": saved.notices.iter().map(notification_json).collect::<Vec<_>>(),
            }],
            "results": saved.cases.iter().flat_map(case_results).collect::<Vec<_>>(),
            "properties": { "target": saved.target, "started": saved.started, "counts": counts.collect::<Map<_, _>>() },
        }],
    });
    if let (Some(seed), Some(Value::Object(properties))) = (saved.shuffle, log.pointer_mut("/runs/0/properties")) {
        properties.insert("shuffle".to_owned(), seed.into());
    }
    Ok(visible::json(&serde_json::to_string_pretty(&log)?).into_owned() + "\n")
}

/// Something that concerns more than one case, such as a check that could not be made.
fn notification_json(notice: &Notice) -> Value {
    json!({ "level": "warning", "message": { "text": line(&notice_words(notice)) }, "descriptor": { "id": line(&notice.kind) } })
}

fn driver_json(version: &str) -> Value {
    let verdicts = RULES.iter().map(|(verdict, means)| rule_json(&rule_id(*verdict), means));
    let findings = FindingCode::ALL.iter().map(|(code, means)| rule_json(code.as_str(), means));
    json!({ "name": "proviso", "semanticVersion": version, "rules": findings.chain(verdicts).collect::<Vec<_>>() })
}

/// The id of the rule for cases of a verdict: its words, joined.
fn rule_id(verdict: Verdict) -> String {
    verdict.as_str().replace(' ', "-")
}

fn rule_json(id: &str, means: &str) -> Value {
    json!({ "id": id, "shortDescription": { "text": means }, "fullDescription": { "text": means } })
}

/// The results of a case: one for every finding, or one for a case that is not well without findings.
fn case_results(case: &CaseResult) -> Vec<Value> {
    let level = match case.verdict {
        Verdict::Conforms | Verdict::Skipped => return Vec::new(),
        Verdict::Violates => "error",
        Verdict::Drifted | Verdict::Environment | Verdict::Undetermined | Verdict::Refused | Verdict::NotRun => {
            "warning"
        }
    };
    if case.findings.is_empty() || level == "warning" {
        let message = format!("{}: {}", line(&case.id), headline(case));
        let (rule, place) = (rule_id(case.verdict), "");
        return vec![SarifResult { case, rule: &rule, place, level, location: &case.location }.json(&message)];
    }
    case.findings.iter().map(|finding| finding_result(case, finding, level)).collect()
}

fn finding_result(case: &CaseResult, finding: &FindingInfo, level: &str) -> Value {
    let FindingInfo { code, place, location, .. } = finding;
    let mut message = format!("{}: {place}: {}", case.id, finding.message.trim_end());
    if let Some(clause) = &finding.clause {
        message += &format!("\nThe page says: {} \"{}\"", clause.id, clause.says);
    }
    message += &format!("\nPromised: {}", case.promised.trim_end());
    let mut result = SarifResult { case, rule: code.as_str(), place, level, location }.json(&clean(&message));
    if let (Some(since), Some(result)) = (&finding.seen_before, result.as_object_mut()) {
        result.insert("baselineState".to_owned(), json!("unchanged"));
        result.insert("provenance".to_owned(), json!({ "firstDetectionTimeUtc": since }));
    }
    let known = finding.known.as_ref().filter(|known| !known.expired);
    if let (Some(known), Some(result)) = (known, result.as_object_mut()) {
        let suppression = json!({
            "kind": "external",
            "status": "accepted",
            "justification": line(&known.words()),
            "location": { "physicalLocation": physical_location(&known.location) },
        });
        result.insert("suppressions".to_owned(), json!([suppression]));
    }
    result
}

/// One result of a case, without its message.
struct SarifResult<'a> {
    case: &'a CaseResult,
    rule: &'a str,
    place: &'a str,
    level: &'a str,
    location: &'a Location,
}

impl SarifResult<'_> {
    fn json(&self, message: &str) -> Value {
        let Self { case, rule, place, level, location } = self;
        let mut result = json!({
            "ruleId": rule,
            "level": level,
            "message": { "text": message },
            "locations": [{
                "physicalLocation": physical_location(location),
                "logicalLocations": [{ "fullyQualifiedName": case.id }],
            }],
            "partialFingerprints": { "provisoFinding/v1": fingerprint(&[&case.id, rule, place]) },
            "properties": { "case": case.id, "verdict": case.verdict.as_str(), "place": place, "page": case.page, "cause": case.cause },
        });
        if let Some(result) = result.as_object_mut().filter(|_| case.location != **location) {
            let row =
                json!({ "physicalLocation": physical_location(&case.location), "message": { "text": "the row" } });
            result.insert("relatedLocations".to_owned(), json!([row]));
        }
        result
    }
}

/// A place in a file; a file of the repository is named from its root, which the reader of the log knows.
fn physical_location(location: &Location) -> Value {
    let outside = location.file.starts_with('/') || location.file.starts_with("..") || location.file.contains(':');
    let uri = file_uri(&location.file);
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

/// The characters that are in a path as they are.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

/// A path as a reference: a relative one stays so, and an absolute one gets a scheme.
fn file_uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let encoded = utf8_percent_encode(path.strip_prefix("./").unwrap_or(&path), PATH).to_string();
    match path.split_once(':') {
        Some((drive, rest)) if drive.len() == 1 => format!("file:///{drive}:{}", utf8_percent_encode(rest, PATH)),
        _ if path.starts_with('/') => format!("file://{encoded}"),
        _ => encoded,
    }
}

/// The fingerprint that a result has in every run: neither its line nor what came is part of it, which may change by nature.
pub(super) fn fingerprint(parts: &[&str]) -> String {
    let hash = sha256_of_parts(parts.iter().flat_map(|part| [part.as_bytes(), &[0]]));
    to_hexadecimal(&hash).chars().take(32).collect()
}
