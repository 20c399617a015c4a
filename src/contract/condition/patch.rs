//! Merge patches on the documented request: which of those that an operation's rows name describes a request.

use super::{Choice, Dimension};
use crate::contract::Operation;
use crate::contract::same_value::same_value;
use crate::contract::template::{Names, NoNames, Template, refers};
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// A change of the documented request.
#[derive(Debug, Clone)]
pub struct Patch {
    /// The change as written, a JSON merge patch (RFC 7386) or a text.
    pub written: Value,
    /// The text of the change, by which it is shown.
    pub(super) text: String,
    /// The request that it results in.
    wanted: Wanted,
}

impl PartialEq for Patch {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

/// A part of a request that a patch describes.
#[derive(Debug, Clone)]
enum Wanted {
    /// Not there.
    Nothing,
    /// An object with these fields, and perhaps others.
    Fields(Vec<(String, Wanted)>),
    /// Exactly this value.
    Constant(Value),
    /// A text that refers to something.
    Text(Template),
}

impl Patch {
    pub(super) fn new(written: &Value) -> Self {
        Self { written: written.clone(), text: written.to_string(), wanted: Wanted::of(written) }
    }

    /// The named texts that it changes: a new text, or nothing where it takes one away.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&String, Option<&str>)> {
        self.written.as_object().into_iter().flatten().map(|(name, change)| (name, change.as_str()))
    }

    /// Whether it would change nothing about a value: what it sets is there, and what it takes away is not.
    pub(super) fn holds(&self, value: Option<&Value>, names: &dyn Names) -> bool {
        self.wanted.holds(value, names)
    }

    /// Whether it would change nothing about a text.
    pub(super) fn holds_text(&self, text: &str, names: &dyn Names) -> bool {
        self.wanted.holds_text(Some(text), names)
    }

    /// Whether it would change nothing about texts by name, which `get` finds.
    pub(super) fn holds_texts<'a>(&self, names: &dyn Names, get: impl Fn(&str) -> Option<&'a str>) -> bool {
        match &self.wanted {
            Wanted::Fields(fields) => fields.iter().all(|(name, wanted)| wanted.holds_text(get(name), names)),
            _ => false,
        }
    }
}

impl Wanted {
    fn of(written: &Value) -> Self {
        match written {
            Value::Null => Self::Nothing,
            Value::Object(changes) => {
                Self::Fields(changes.iter().map(|(name, change)| (name.clone(), Self::of(change))).collect())
            }
            Value::String(text) if refers(written) => Self::Text(Template::parse(text)),
            other => Self::Constant(other.clone()),
        }
    }

    /// The same with every text taken as it is written.
    fn literal(written: &Value) -> Self {
        match Self::of(written) {
            Self::Text(_) => Self::Constant(written.clone()),
            Self::Fields(_) => {
                let fields = written.as_object().into_iter().flatten();
                Self::Fields(fields.map(|(name, change)| (name.clone(), Self::literal(change))).collect())
            }
            wanted => wanted,
        }
    }

    /// How many of its texts refer to something.
    fn open_texts(&self) -> usize {
        match self {
            Self::Text(_) => 1,
            Self::Fields(fields) => fields.iter().map(|(_, wanted)| wanted.open_texts()).sum(),
            Self::Nothing | Self::Constant(_) => 0,
        }
    }

    fn holds(&self, value: Option<&Value>, names: &dyn Names) -> bool {
        match (self, value) {
            (Self::Nothing, value) => value.is_none(),
            (Self::Fields(fields), Some(Value::Object(map))) => {
                fields.iter().all(|(name, wanted)| wanted.holds(map.get(name), names))
            }
            (Self::Fields(fields), _) => {
                !fields.is_empty() && fields.iter().all(|(_, wanted)| matches!(wanted, Self::Nothing))
            }
            (Self::Constant(constant), Some(value)) => same_value(constant, value),
            (Self::Text(template), Some(Value::String(text))) => template.matches(text, names),
            (Self::Text(template), Some(value)) => {
                template.resolve(names).is_ok_and(|wanted| same_value(&wanted, value))
            }
            (Self::Constant(_) | Self::Text(_), None) => false,
        }
    }

    fn holds_text(&self, text: Option<&str>, names: &dyn Names) -> bool {
        match (self, text) {
            (Self::Nothing, text) => text.is_none(),
            (Self::Constant(Value::String(constant)), Some(text)) => constant == text,
            (Self::Text(template), Some(text)) => template.matches(text, names),
            _ => false,
        }
    }
}

/// The dimension of each of these keys under which the operation's rows name patches: each patch once, in order.
pub(super) fn dimensions(operation: &Operation, keys: &[&str], kind: &'static dyn super::Condition) -> Vec<Dimension> {
    let mut dimensions = Vec::new();
    for key in keys {
        let mut choices = vec![Choice::Named("as documented".to_owned())];
        for written in operation.rows.values().filter_map(|row| row.when.0.get(*key)) {
            if !choices.iter().any(|choice| choice.is_in(written)) {
                choices.push(Choice::Patched(Patch::new(written)));
            }
        }
        if choices.len() > 1 {
            dimensions.push(Dimension { key: (*key).to_owned(), kind, choices });
        }
    }
    dimensions
}

/// The patches of a dimension, whose first choice is none.
pub(super) fn patches(dimension: &Dimension) -> Vec<Patch> {
    let patches = dimension.choices.iter().filter_map(|choice| match choice {
        Choice::Patched(patch) => Some(patch.clone()),
        Choice::Named(_) => None,
    });
    patches.collect()
}

/// Changes named texts as a patch says.
pub(super) fn change_texts(patch: &Patch, texts: &mut IndexMap<String, String>, same: impl Fn(&str, &str) -> bool) {
    for (name, text) in patch.texts() {
        texts.retain(|known, _| !same(known, name));
        if let Some(text) = text {
            texts.insert(name.clone(), text.to_owned());
        }
    }
}

/// Changes a value as a JSON merge patch says.
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

/// The choice that describes a request: of the patches that hold the one that says most, or the first choice where none holds.
/// `None` where two hold and neither says what both do, since no row speaks of such a request.
pub(super) fn recognise(patches: &[Patch], holds: impl Fn(&Patch) -> bool) -> Option<usize> {
    let holding: Vec<(usize, &Patch)> = patches.iter().enumerate().filter(|(_, patch)| holds(patch)).collect();
    if holding.is_empty() {
        return Some(0);
    }
    let most =
        holding.iter().filter(|(_, most)| holding.iter().all(|(_, less)| says_all_of(&most.written, &less.written)));
    // A constant says more than a text of its form.
    most.min_by_key(|(_, patch)| patch.wanted.open_texts()).map(|(index, _)| index + 1)
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
    let alike = left != right && says_all_of(left, right) && says_all_of(right, left);
    alike && (holds_where(left, right) || holds_where(right, left))
}

/// Whether a patch holds for the smallest request for which another one does.
fn holds_where(patch: &Value, other: &Value) -> bool {
    let mut request = Value::Null;
    merge(&mut request, other);
    Wanted::literal(patch).holds(Some(&request), &NoNames)
}

/// Adds one patch to another, where null is a change like any other, and what is not there lacks every field.
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
        for patches in [[&whole, &field], [&field, &whole]] {
            let patches = patches.map(Patch::new);
            let found = recognise(&patches, |patch| patch.holds(Some(&json!({ "c": 1 })), &NoNames));
            assert_eq!(found.and_then(|index| patches.get(index - 1)).map(|patch| &patch.written), Some(&whole));
        }
    }

    #[test]
    fn the_patch_that_says_most_describes_a_request() {
        let patches = [json!({ "a": -1 }), json!({ "a": -1, "b": null }), json!({ "c": null })];
        let patches = patches.map(|patch| Patch::new(&patch));
        let of = |value: Value| recognise(&patches, |patch| patch.holds(Some(&value), &NoNames));
        assert_eq!(of(json!({ "a": 1, "b": 1, "c": 1 })), Some(0));
        assert_eq!(of(json!({ "a": -1, "b": 1, "c": 1 })), Some(1));
        assert_eq!(of(json!({ "a": -1, "c": 1 })), Some(2));
        assert_eq!(of(json!({ "a": 1, "b": 1 })), Some(3));
        assert_eq!(of(json!({ "a": -1, "b": 1 })), None, "two hold, and no row speaks of both");
    }

    struct Captured;

    impl Names for Captured {
        fn value(&self, name: &str) -> Option<Value> {
            match name {
                "link.etag" => Some(json!("e1")),
                "link.version" => Some(json!(7)),
                _ => None,
            }
        }
    }

    #[test]
    fn a_reference_holds_for_what_it_stands_for_and_what_is_drawn_for_anything_of_its_form() {
        let holds = |patch: Value, value: Value| Patch::new(&patch).holds(Some(&value), &Captured);
        assert!(holds(json!({ "a": "x-$link.etag" }), json!({ "a": "x-e1" })));
        assert!(!holds(json!({ "a": "x-$link.etag" }), json!({ "a": "x-e2" })));
        assert!(holds(json!({ "a": "$link.version" }), json!({ "a": 7 })));
        assert!(!holds(json!({ "a": "$link.version" }), json!({ "a": 8 })));
        assert!(holds(json!({ "a": "w_$alnum4" }), json!({ "a": "w_ab12" })));
        assert!(!holds(json!({ "a": "w_$alnum4" }), json!({ "a": "w_ab1" })));
        assert!(!holds(json!({ "a": "w_$alnum4" }), json!({})));
    }

    #[test]
    fn a_constant_says_more_than_a_text_of_its_form_whatever_their_order() {
        let (form, constant) = (json!({ "a": "$digits4" }), json!({ "a": "0000" }));
        assert!(!is_order_between(&form, &constant));
        for patches in [[&form, &constant], [&constant, &form]] {
            let patches = patches.map(Patch::new);
            let of = |value: &Value| {
                let found = recognise(&patches, |patch| patch.holds(Some(value), &NoNames));
                found.and_then(|index| patches.get(index - 1)).map(|patch| patch.written.clone())
            };
            assert_eq!(of(&json!({ "a": "0000" })), Some(constant.clone()));
            assert_eq!(of(&json!({ "a": "1234" })), Some(form.clone()));
        }
    }
}
