//! The condition on a resource that the request names: the state it is in, or what is wrong with its id.

use super::{Condition, Dimension, Draft, IdSource, Sight};
use crate::contract::template::{Names, Template};
use crate::contract::{Operation, Vendor};
use indexmap::IndexSet;
use regex::Regex;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashMap;

/// `when: { link: deleted }`, `{ link: [live, used] }`, `{ link: unknown }`.
pub(super) struct Resource;

/// What can be wrong with an id, whatever states a vendor names.
pub const WRONG: [&str; 6] = ["missing", "malformed", "other_mode", "unknown", "foreign", "misplaced"];

impl Condition for Resource {
    fn dimensions(&self, vendor: &Vendor, operation: &Operation) -> Vec<Dimension> {
        let of = |name: &String| Dimension { key: name.clone(), kind: &Resource, choices: choices(vendor, name) };
        operation.binds.iter().map(of).collect()
    }

    fn named(&self, value: &Value) -> Vec<String> {
        super::credentials::names(value)
    }

    fn samples(&self, vendor: &Vendor, dimension: &Dimension, choice: &str) -> Vec<Option<String>> {
        let Some(resource) = vendor.file.resources.get(&dimension.key) else { return vec![None] };
        let others = || vendor.file.credentials.iter().filter(|(_, credential)| credential.replaces.is_some());
        match choice {
            "malformed" => resource.id.malformed.keys().cloned().map(Some).collect(),
            "foreign" if others().count() > 1 => others().map(|(name, _)| Some(name.clone())).collect(),
            _ => vec![None],
        }
    }

    fn arrange(&self, vendor: &Vendor, dimension: &Dimension, choice: &str, sample: Option<&str>, draft: &mut Draft) {
        let Some(resource) = vendor.file.resources.get(&dimension.key) else { return };
        let other = || vendor.file.credentials.iter().find(|(_, credential)| credential.replaces.is_some());
        let source = match choice {
            "missing" => IdSource::Made(String::new()),
            "malformed" => {
                let text = sample.and_then(|sample| resource.id.malformed.get(sample)).cloned();
                IdSource::Made(text.unwrap_or_default())
            }
            "other_mode" => IdSource::Made(resource.id.other_mode.clone().unwrap_or_default()),
            "unknown" => IdSource::Made(resource.id.new.clone()),
            "foreign" => {
                let name = sample.map(str::to_owned).or_else(|| other().map(|(name, _)| name.clone()));
                IdSource::Foreign(name.unwrap_or_default())
            }
            "misplaced" => IdSource::Misplaced,
            state => IdSource::State(state.to_owned()),
        };
        draft.ids.insert(dimension.key.clone(), source);
    }

    fn recognise(&self, dimension: &Dimension, sight: &Sight<'_>) -> Option<usize> {
        let choice = standing(&dimension.key, sight)?;
        dimension.choices.iter().position(|known| *known == choice)
    }
}

/// First whether the id is well formed, then of this mode, known, of this account, in its place, and in which state.
fn standing(name: &str, sight: &Sight<'_>) -> Option<String> {
    let ids = &sight.vendor.file.resources.get(name)?.id;
    let id = sight.ids.get(name)?;
    if id.is_empty() {
        return Some("missing".to_owned());
    }
    let nothing = NoNames;
    let is = |text: &String| Template::parse(text).matches(id, &nothing);
    if let Some(known) = sight.world.standing(name, id) {
        let parent = sight.vendor.file.resources.get(name).and_then(|resource| resource.parent.as_ref());
        let misplaced =
            parent.and_then(|parent| sight.ids.get(parent)).is_some_and(|asked| known.parent != Some(asked));
        return Some(match known {
            known if known.account != sight.account && !sight.account.is_empty() => "foreign".to_owned(),
            _ if misplaced => "misplaced".to_owned(),
            known => known.state.to_owned(),
        });
    }
    if ids.malformed.values().any(is) || !well_formed(&ids.pattern, id) {
        return Some("malformed".to_owned());
    }
    let other_mode = ids.other_mode.as_ref().is_some_and(is) && !is(&ids.new);
    Some(if other_mode { "other_mode" } else { "unknown" }.to_owned())
}

/// Whether an id matches a resource's pattern; patterns are compiled once a thread.
fn well_formed(pattern: &str, id: &str) -> bool {
    thread_local! {
        static COMPILED: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
    }
    COMPILED.with_borrow_mut(|compiled| {
        if !compiled.contains_key(pattern) {
            compiled.insert(pattern.to_owned(), Regex::new(pattern).ok());
        }
        compiled.get(pattern).and_then(Option::as_ref).is_none_or(|regex| regex.is_match(id))
    })
}

struct NoNames;

impl Names for NoNames {
    fn value(&self, _: &str) -> Option<Value> {
        None
    }
}

/// Everything that a resource can be, the right state first.
fn choices(vendor: &Vendor, resource: &str) -> Vec<String> {
    let mut states: IndexSet<String> = vendor.states.get(resource).map(|known| known.named.clone()).unwrap_or_default();
    let Some(declared) = vendor.file.resources.get(resource) else { return states.into_iter().collect() };
    states.extend(declared.fixtures.keys().cloned());
    let possible = WRONG.iter().filter(|wrong| impossible(vendor, resource, wrong).is_none());
    states.extend(possible.map(|wrong| (*wrong).to_owned()));
    states.into_iter().collect()
}

/// Why a resource's id cannot be wrong in this way; `None` where it can.
pub fn impossible(vendor: &Vendor, resource: &str, wrong: &str) -> Option<&'static str> {
    let declared = vendor.file.resources.get(resource)?;
    let replaced = vendor.file.credentials.values().any(|credential| credential.replaces.is_some());
    match wrong {
        "malformed" if declared.id.malformed.is_empty() => Some("its ids have no `malformed` samples"),
        "other_mode" if declared.id.other_mode.is_none() => Some("its ids have no `other_mode`"),
        "foreign" if !replaced => Some("no credential `replaces` another, so there is no second account"),
        "misplaced" if declared.parent.is_none() => Some("it lives `in` no other resource"),
        _ => None,
    }
}

/// The state that a create leads to: the right one where a row names none.
pub fn right_state<'a>(vendor: &'a Vendor, resource: &str) -> Option<&'a str> {
    vendor.states.get(resource)?.right.as_deref()
}
