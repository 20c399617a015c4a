//! Is the body encoded as the answer says? What was, has been unfolded, and says it no more.

use super::{Answer, Expected, Finding, FindingCode};
use serde_json::json;

/// The encodings that are unfolded.
const KNOWN: [&str; 3] = ["gzip", "x-gzip", "deflate"];

pub(super) fn check(expected: &Expected<'_>, answer: &Answer<'_>) -> Vec<Finding> {
    let Some(encoding) = answer.response.headers.get("content-encoding") else { return Vec::new() };
    let name = encoding.trim().to_ascii_lowercase();
    let is_plain = || std::str::from_utf8(&answer.response.body).is_ok();
    let is_false = KNOWN.contains(&name.as_str()) || name != "identity" && is_plain();
    if answer.response.body.is_empty() || !is_false {
        return Vec::new();
    }
    let message = format!("the body is not encoded by {encoding}, as the answer says");
    let finding = Finding::new(FindingCode::Header, expected.outcome, "header content-encoding", message);
    vec![finding.values(None, json!(encoding))]
}
