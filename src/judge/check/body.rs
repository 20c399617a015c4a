//! Is there a body where one is promised, can it be read, and does every key stand in it once?

use super::{Answer, Expected, Finding, FindingCode, Parsed};
use crate::contract::Promise;

pub(super) fn check(expected: &Expected<'_>, answer: &Answer<'_>) -> Vec<Finding> {
    let body = &answer.response.body;
    let blank = || body.iter().all(u8::is_ascii_whitespace);
    let found = |code, message: String| vec![Finding::new(code, expected.outcome, "body", message)];
    match &expected.outcome.body {
        Promise::Empty if !body.is_empty() => {
            found(FindingCode::Body, format!("there is a body of {} bytes, promised is none", body.len()))
        }
        Promise::Text if blank() => found(FindingCode::Body, "the body is empty, promised is text".to_owned()),
        Promise::Text if std::str::from_utf8(body).is_err() => {
            found(FindingCode::Body, "the body is not text".to_owned())
        }
        Promise::Json(_) => match answer.parsed {
            Parsed::Value { doubled, .. } => doubled.iter().map(|pointer| double(expected, pointer)).collect(),
            Parsed::Unparseable(_) if blank() => {
                found(FindingCode::NotJson, "the body is empty, promised is JSON".to_owned())
            }
            Parsed::Unparseable(why) => found(FindingCode::NotJson, format!("the body is not JSON: {why}")),
            Parsed::TooMany => found(FindingCode::NotJson, "the body holds too many values to be read".to_owned()),
            Parsed::TooDeep => found(FindingCode::NotJson, "the body is nested too deep to be read".to_owned()),
        },
        Promise::Nothing | Promise::Empty | Promise::Text => Vec::new(),
    }
}

fn double(expected: &Expected<'_>, pointer: &str) -> Finding {
    Finding::new(FindingCode::DuplicateKey, expected.outcome, pointer, format!("the key at {pointer} stands twice"))
}
