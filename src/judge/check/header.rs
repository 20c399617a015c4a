//! Do the promised headers stand in the answer, and is the media type the promised one?

use super::{Answer, Expected, Finding, FindingCode};
use crate::contract::language::CodePlace;
use crate::contract::template::{plain, resolve_value};
use crate::contract::{Outcome, Promise};
use serde_json::{Value, json};

pub(super) fn check(expected: &Expected<'_>, answer: &Answer<'_>) -> Vec<Finding> {
    // An error's code has a check of its own.
    let code = match &expected.outcome.code {
        Some(CodePlace::Header(header)) if super::code::is_due(expected, answer) => Some(header),
        _ => None,
    };
    let named = expected.outcome.headers.iter();
    let named = named.filter(|(name, _)| code.is_none_or(|code| !code.eq_ignore_ascii_case(name)));
    let promised = named.filter_map(|(name, promise)| header(expected, answer, name, promise));
    promised.chain(media(expected, answer)).collect()
}

fn header(expected: &Expected<'_>, answer: &Answer<'_>, name: &str, promise: &Value) -> Option<Finding> {
    let found = |message: String| {
        let at = expected.outcome.at.child("headers").child(name);
        Finding::new(FindingCode::Header, expected.outcome, format!("header {name}"), message).at(at)
    };
    let promise = resolve_value(promise, expected.names).unwrap_or_else(|_| promise.clone());
    let Some(value) = answer.response.headers.get(name) else {
        return Some(found(format!("the header {name} is missing")).values(promise, None));
    };
    let conforms = match &promise {
        Value::Object(_) => {
            super::compiled::validator(&promise).is_ok_and(|validator| validator.is_valid(&json!(value)))
        }
        constant => plain(constant) == value,
    };
    let message = || format!("the header {name} is `{value}`, promised is {promise}");
    (!conforms).then(|| found(message()).values(promise.clone(), json!(value)))
}

fn media(expected: &Expected<'_>, answer: &Answer<'_>) -> Option<Finding> {
    let promised = promised_media(expected.outcome)?;
    let given = answer.response.headers.get("content-type");
    let essence = given.map(|given| given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let conforms = essence.as_deref().is_some_and(|given| {
        given == promised.to_ascii_lowercase() || expected.outcome.media.is_none() && given.ends_with("+json")
    });
    if conforms {
        return None;
    }
    let message = match given {
        Some(given) => format!("the media type is `{given}`, promised is {promised}"),
        None => format!("the answer has no media type, promised is {promised}"),
    };
    let finding = Finding::new(FindingCode::MediaType, expected.outcome, "header content-type", message);
    Some(finding.values(json!(promised), given.map(|given| json!(given))))
}

/// The media type that an outcome promises: a JSON body implies one, unless the outcome names another one.
pub(super) fn promised_media(outcome: &Outcome) -> Option<&str> {
    let implied = matches!(outcome.body, Promise::Json(_)).then_some("application/json");
    outcome.media.as_deref().or(implied)
}
