//! Merge patches on the documented request: which of those that an operation's rows name holds for a request.

use crate::contract::Operation;
use serde_json::{Map, Value};

/// The patches that an operation's rows name under a key, each once, in order.
pub(super) fn named_in(operation: &Operation, key: &str) -> Vec<Value> {
    let mut patches: Vec<Value> = Vec::new();
    for patch in operation.rows.values().filter_map(|row| row.when.0.get(key)) {
        if !patches.contains(patch) {
            patches.push(patch.clone());
        }
    }
    patches
}

/// A JSON merge patch (RFC 7386) laid over a value.
pub(super) fn merge(value: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *value = patch.clone();
        return;
    };
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    let Value::Object(map) = value else { return };
    for (key, change) in changes {
        if change.is_null() {
            map.remove(key);
        } else {
            merge(map.entry(key.clone()).or_insert(Value::Null), change);
        }
    }
}

/// Which of several patches describes a request: the one that holds and says most. Nought is none of them; `None` where two
/// hold and neither says what both do, since no row speaks of such a request.
pub(super) fn recognise(patches: &[Value], holds: impl Fn(&Value) -> bool) -> Option<usize> {
    let holding: Vec<usize> = (0..patches.len()).filter(|index| patches.get(*index).is_some_and(&holds)).collect();
    if holding.is_empty() {
        return Some(0);
    }
    let covers = |most: &usize, less: &usize| match (patches.get(*most), patches.get(*less)) {
        (Some(most), Some(less)) => says_all_of(most, less),
        _ => false,
    };
    holding.iter().find(|most| holding.iter().all(|less| covers(most, less))).map(|index| index + 1)
}

/// Whether a patch says everything that another one says.
fn says_all_of(most: &Value, less: &Value) -> bool {
    let mut both = less.clone();
    merge_changes(&mut both, most);
    both == *most
}

/// Whether two patches hold for one request and neither of them says more: one sets what is no object where the other one takes
/// fields of an object away.
pub fn is_order_between(left: &Value, right: &Value) -> bool {
    let meet = |patch: &Value, other: &Value| {
        let mut request = Value::Null;
        merge(&mut request, other);
        holds(patch, Some(&request))
    };
    left != right && says_all_of(left, right) && says_all_of(right, left) && (meet(left, right) || meet(right, left))
}

/// One patch laid over another, where null is a change like any other, and what is not there lacks every field.
fn merge_changes(patch: &mut Value, over: &Value) {
    match (patch, over) {
        (Value::Null, Value::Object(new)) if !new.is_empty() && new.values().all(Value::is_null) => {}
        (Value::Object(old), Value::Object(new)) => {
            for (key, change) in new {
                merge_changes(old.entry(key.clone()).or_insert(Value::Null), change);
            }
        }
        (patch, over) => *patch = over.clone(),
    }
}

/// Whether a patch would change nothing about a value: what it sets stands there, and what it takes away does not.
pub(super) fn holds(patch: &Value, value: Option<&Value>) -> bool {
    match (patch, value) {
        (Value::Null, value) => value.is_none(),
        (Value::Object(changes), Some(Value::Object(map))) => {
            changes.iter().all(|(key, change)| holds(change, map.get(key)))
        }
        (Value::Object(changes), _) => !changes.is_empty() && changes.values().all(Value::is_null),
        (patch, Some(value)) => patch == value,
        (_, None) => false,
    }
}

/// Whether a patch on texts by name holds: `get` finds a name's text.
pub(super) fn holds_texts<'a>(patch: &Value, get: impl Fn(&str) -> Option<&'a str>) -> bool {
    let same = |(name, change): (&String, &Value)| match change {
        Value::Null => get(name).is_none(),
        change => change.as_str().is_some_and(|text| get(name) == Some(text)),
    };
    patch.as_object().is_some_and(|changes| changes.iter().all(same))
}

/// The names of a patch as a choice: its own text, since that is what makes it this one.
pub(super) fn label(patch: &Value) -> String {
    patch.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn null_takes_away_and_objects_merge() {
        let mut value = json!({ "a": 1, "b": { "c": 2, "d": 3 } });
        merge(&mut value, &json!({ "a": null, "b": { "c": 9 } }));
        assert_eq!(value, json!({ "b": { "c": 9, "d": 3 } }));
    }

    #[test]
    fn what_is_taken_away_whole_says_more_than_a_field_taken_out_of_it_whatever_their_order() {
        let (whole, field) = (json!({ "a": null }), json!({ "a": { "b": null } }));
        assert!(!is_order_between(&whole, &field));
        assert!(is_order_between(&json!({ "a": 5 }), &field));
        assert!(!is_order_between(&json!([]), &json!({ "a": 1 })));
        for patches in [[whole.clone(), field.clone()], [field, whole.clone()]] {
            let found = recognise(&patches, |patch| holds(patch, Some(&json!({ "c": 1 }))));
            assert_eq!(found.and_then(|index| patches.get(index - 1)), Some(&whole));
        }
    }

    #[test]
    fn the_patch_that_says_most_describes_a_request() {
        let patches = [json!({ "a": -1 }), json!({ "a": -1, "b": null }), json!({ "c": null })];
        let of = |value: Value| recognise(&patches, |patch| holds(patch, Some(&value)));
        assert_eq!(of(json!({ "a": 1, "b": 1, "c": 1 })), Some(0));
        assert_eq!(of(json!({ "a": -1, "b": 1, "c": 1 })), Some(1));
        assert_eq!(of(json!({ "a": -1, "c": 1 })), Some(2));
        assert_eq!(of(json!({ "a": 1, "b": 1 })), Some(3));
        assert_eq!(of(json!({ "a": -1, "b": 1 })), None, "two hold, and no row speaks of both");
    }
}
