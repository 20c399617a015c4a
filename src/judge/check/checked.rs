//! Everything that is checked of an answer to an outcome: what was promised, what came, and if the promise is kept.

use super::{Answer, Expected, Finding};
use crate::contract::shape::{Shape, is_at_or_below};
use crate::contract::template::{plain, resolve_value};
use crate::contract::{Outcome, Promise};
use crate::text::source::pointer_segments;
use serde_json::{Value, json};

/// One promise of an outcome, beside what came.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The place in the answer: `status`, `body`, `header NAME`, or a JSON Pointer.
    pub place: String,
    /// The promise: a text in words, or a JSON Schema.
    pub promise: Value,
    /// The value that came, where the result alone does not say it.
    pub actual: Option<Value>,
    /// The result.
    pub result: CheckResult,
}

/// The result of a check.
#[derive(Debug, Clone, PartialEq)]
pub enum CheckResult {
    /// The answer is as promised there.
    Held,
    /// It departs from that.
    Failed(Vec<Finding>),
    /// There was nothing to check, for this reason.
    NotMade(String),
}

/// Every promise of an outcome with its result, in the order in which they are checked; the findings are those of the answer's check
/// against the same outcome, so that nothing is judged here.
pub fn checked(expected: &Expected<'_>, answer: &Answer<'_>, findings: &[Finding]) -> Vec<Checked> {
    let mut left = findings.to_vec();
    let mut all = vec![status_check(expected.outcome, answer)];
    all.extend(header_checks(expected, answer));
    all.extend(body_check(expected.outcome));
    if let Promise::Json(shape) = &expected.outcome.body {
        let mut pointers: Vec<&str> = shape.fields.iter().map(|field| field.pointer.as_str()).collect();
        pointers.sort_unstable();
        pointers.dedup();
        all.extend(pointers.into_iter().filter_map(|pointer| field_check(expected, answer, shape, pointer, findings)));
    }
    for check in &mut all {
        let own: Vec<Finding> = left.extract_if(.., |finding| is_same_place(&finding.place, &check.place)).collect();
        if !own.is_empty() {
            check.result = CheckResult::Failed(own);
        }
    }
    all.extend(left.into_iter().map(Checked::from));
    all
}

/// A departure at a place of which the outcome itself says nothing.
impl From<Finding> for Checked {
    fn from(finding: Finding) -> Self {
        let (promise, actual) = (finding.expected.clone().unwrap_or(Value::Null), finding.actual.clone());
        Self { place: finding.place.clone(), promise, actual, result: CheckResult::Failed(vec![finding]) }
    }
}

/// Returns whether two places are one; the case of header names means nothing.
fn is_same_place(one: &str, other: &str) -> bool {
    one == other || one.starts_with("header ") && one.eq_ignore_ascii_case(other)
}

fn held(place: impl Into<String>, promise: Value, actual: Option<Value>) -> Checked {
    Checked { place: place.into(), promise, actual, result: CheckResult::Held }
}

fn status_check(outcome: &Outcome, answer: &Answer<'_>) -> Checked {
    held("status", super::status::promised_words(outcome).into(), Some(json!(answer.response.status)))
}

fn header_checks(expected: &Expected<'_>, answer: &Answer<'_>) -> Vec<Checked> {
    let Expected { outcome, names, .. } = expected;
    let mut checks = Vec::new();
    for (name, promise) in &outcome.headers {
        let promise = match resolve_value(promise, *names) {
            Ok(schema @ Value::Object(_)) => schema,
            Ok(constant) => json!({ "const": plain(&constant) }),
            Err(_) => promise.clone(),
        };
        checks.push(held(format!("header {name}"), promise, header_value(answer, name)));
    }
    if let Some(media) = super::header::promised_media(outcome) {
        checks.push(held("header content-type", media.into(), header_value(answer, "content-type")));
    }
    checks
}

fn header_value(answer: &Answer<'_>, name: &str) -> Option<Value> {
    answer.response.headers.get(name).map(Value::from)
}

fn body_check(outcome: &Outcome) -> Option<Checked> {
    let promise = match &outcome.body {
        Promise::Nothing => return None,
        Promise::Empty => "no body",
        Promise::Text => "text",
        Promise::Json(_) => "JSON",
    };
    Some(held("body", promise.into(), None))
}

/// The check of a field, before it is known if there are findings at its place.
fn field_check(
    expected: &Expected<'_>,
    answer: &Answer<'_>,
    shape: &Shape,
    pointer: &str,
    findings: &[Finding],
) -> Option<Checked> {
    let (schema, _) = shape.schema_at(pointer).filter(|_| !pointer.is_empty())?;
    let promise = match schema.get("const") {
        Some(constant) => {
            json!({ "const": resolve_value(constant, expected.names).unwrap_or_else(|_| constant.clone()) })
        }
        None => schema.clone(),
    };
    let actual = answer.json().and_then(|body| body.pointer(pointer)).cloned();
    let check = held(pointer, promise, actual);
    if check.actual.is_some() {
        return Some(check);
    }
    let result = CheckResult::NotMade(absence(answer, shape, pointer, findings));
    Some(Checked { result, ..check })
}

/// The reason why there is nothing to check at a field, where its absence itself is no departure.
fn absence(answer: &Answer<'_>, shape: &Shape, pointer: &str, findings: &[Finding]) -> String {
    if answer.json().is_none() {
        return "the body is not JSON".to_owned();
    }
    let around = findings.iter().find(|finding| is_at_or_below(pointer, &finding.place) && !finding.place.is_empty());
    if let Some(around) = around {
        return format!("{} is not as promised", around.place);
    }
    if may_be_absent(shape, pointer) {
        return "it is not there, and may be absent".to_owned();
    }
    "what is around it has no such field".to_owned()
}

/// Returns whether a field, or anything around it, may be absent.
fn may_be_absent(shape: &Shape, pointer: &str) -> bool {
    let mut end = 0;
    for segment in pointer_segments(pointer) {
        end += 1 + crate::text::source::escape_segment(&segment).len();
        let outer = pointer.get(..end).and_then(|outer| shape.schema_at(outer));
        if outer.is_some_and(|(_, is_optional)| is_optional) {
            return true;
        }
    }
    false
}
