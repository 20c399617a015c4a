//! The conditions of rows in words, and the states that follow from them.

use crate::contract::Branch;
use crate::contract::language::When;
use crate::contract::template::plain;
use serde_json::Value;

/// A row's condition: `link is deleted`, `the credentials are missing and the header Content-Type is left out`.
pub(super) fn condition_words(when: &When) -> String {
    let words: Vec<String> = when.0.iter().flat_map(|(key, value)| dimension_words(key, value)).collect();
    if words.is_empty() { "everything is right".to_owned() } else { words.join(" and ") }
}

/// The states of resources after a branch, if it leads to any.
pub(super) fn leads_words(branch: &Branch) -> Option<String> {
    let words = branch.leads.iter().map(|(resource, state)| format!("the {resource} is {state}"));
    let words: Vec<String> = words.collect();
    if words.is_empty() { None } else { Some(format!("and from then on {}", words.join(" and "))) }
}

fn dimension_words(key: &str, value: &Value) -> Vec<String> {
    match key {
        "credentials" => vec![format!("the credentials are {}", choice_words(value))],
        "headers" => patch_words("the header ", "", value),
        "query" => patch_words("the query parameter ", "", value),
        "json" | "form" => patch_words("the body's ", "", value),
        "raw" => vec![format!("the body is {value}")],
        resource => vec![format!("the {resource} is {}", choice_words(value))],
    }
}

/// One choice, or several of which any will do.
pub(super) fn choice_words(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" or "),
        single => plain(single),
    }
}

/// The changes of a merge patch, each in words.
fn patch_words(what: &str, at: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => {
            let dot = if at.is_empty() { "" } else { "." };
            map.iter().flat_map(|(key, value)| patch_words(what, &format!("{at}{dot}{key}"), value)).collect()
        }
        Value::Null => vec![format!("{what}{at} is left out")],
        other => vec![format!("{what}{at} is {other}")],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn words(when: Value) -> String {
        condition_words(&serde_json::from_value(when).unwrap())
    }

    #[test]
    fn a_condition_is_told_by_what_is_wrong_in_it() {
        assert_eq!(words(json!({})), "everything is right");
        assert_eq!(words(json!({ "link": ["live", "used"] })), "the link is live or used");
        assert_eq!(
            words(json!({ "credentials": "missing", "headers": { "Content-Type": null } })),
            "the credentials are missing and the header Content-Type is left out"
        );
        assert_eq!(words(json!({ "json": { "a": { "b": -1 } } })), "the body's a.b is -1");
    }
}
