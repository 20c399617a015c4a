//! The condition on a resource that the request names: the state it is in, or what is wrong with its id.

use super::{Choice, Condition, Dimension, Draft, IdSource, Recogniser, Standing};
use crate::contract::language::Ids;
use crate::contract::template::{Names, NoNames, Template};
use crate::contract::{Operation, Vendor};
use indexmap::IndexSet;
use regex::Regex;
use std::sync::LazyLock;

/// `when: { link: deleted }`, `{ link: [live, used] }`, `{ link: unknown }`.
#[derive(Debug)]
pub(super) struct Resource;

/// What can be wrong with an id, whatever states a vendor names.
pub const WRONG: [&str; 6] = ["missing", "malformed", "other_mode", "unknown", "foreign", "misplaced"];
/// Those of [`WRONG`] that no resource has.
pub(super) const ABSENT: [&str; 4] = ["missing", "malformed", "other_mode", "unknown"];
/// What each of [`WRONG`] means, in the same order.
pub const WRONG_MEANS: [&str; WRONG.len()] = [
    "Empty.",
    "Not of the documented form: each of the resource's `malformed` samples is a case.",
    "Well formed, and of live mode where test mode is due, as `other_mode` makes it.",
    "Well formed, and nobody has it.",
    "That of another account, which a credential with `replaces` makes it for.",
    "That of a resource inside another parent (`in`) than the request names.",
];

impl Condition for Resource {
    fn dimensions(&self, vendor: &Vendor, operation: &Operation) -> Vec<Dimension> {
        let of = |name: &String| Dimension { key: name.clone(), kind: &Resource, choices: choices(vendor, name) };
        operation.binds.iter().map(of).collect()
    }

    fn samples(&self, vendor: &Vendor, dimension: &Dimension, choice: &Choice) -> Vec<Option<String>> {
        let Some(resource) = vendor.file.resources.get(&dimension.key) else { return vec![None] };
        let others = || vendor.file.credentials.iter().filter(|(_, credential)| credential.replaces.is_some());
        match choice.word() {
            "malformed" => resource.id.malformed.keys().cloned().map(Some).collect(),
            "foreign" if others().count() > 1 => others().map(|(name, _)| Some(name.clone())).collect(),
            _ => vec![None],
        }
    }

    fn arrange(
        &self,
        vendor: &Vendor,
        dimension: &Dimension,
        choice: &Choice,
        sample: Option<&str>,
        draft: &mut Draft,
    ) {
        let Some(resource) = vendor.file.resources.get(&dimension.key) else { return };
        let other = || vendor.file.credentials.iter().find(|(_, credential)| credential.replaces.is_some());
        let source = match choice.word() {
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
        // There are many cases, and few have more than one id.
        draft.ids.reserve_exact(1);
        draft.ids.insert(dimension.key.clone(), source);
    }

    fn recogniser(&self, vendor: &Vendor, _: &Operation, dimension: &Dimension, _: &dyn Names) -> Recogniser {
        let Some(resource) = vendor.file.resources.get(&dimension.key) else { return Box::new(|_| None) };
        let name = dimension.key.clone();
        let parent = resource.parent.clone();
        let forms = Forms::of(&resource.id);
        let choices = dimension.choices.clone();
        let position = move |choice: &str| choices.iter().position(|known| known.word() == choice);
        let unknown = position("unknown");
        let wrong = WRONG.map(|word| (word, position(word).or(unknown)));
        let choice = move |word: &str| wrong.iter().find(|(known, _)| *known == word).and_then(|(_, choice)| *choice);
        Box::new(move |sight| {
            let id = sight.id(&name)?;
            if id.is_empty() {
                return choice("missing");
            }
            match sight.world.standing(&name, id) {
                None => choice(forms.fault(id, sight.live)),
                Some(known) if !sight.account.unwrap_or_default().is_empty() && known.live != sight.live => {
                    choice("other_mode")
                }
                Some(known) if sight.account.is_some_and(|account| !account.is_empty() && account != known.account) => {
                    choice("foreign")
                }
                Some(known) if parent.as_ref().is_some_and(|parent| is_elsewhere(&known, sight.id(parent))) => {
                    choice("misplaced")
                }
                Some(known) => position(known.state),
            }
        })
    }
}

/// Whether a resource is known to live inside another parent than the one asked for.
fn is_elsewhere(known: &Standing<'_>, asked: Option<&str>) -> bool {
    known.parent.zip(asked).is_some_and(|(parent, asked)| parent != asked)
}

/// The forms of a resource's ids, made ready to be looked at.
struct Forms {
    pattern: LazyLock<Option<Regex>, Box<dyn FnOnce() -> Option<Regex> + Send>>,
    new: Template,
    other_mode: Option<Template>,
    malformed: Vec<Template>,
}

impl Forms {
    fn of(ids: &Ids) -> Self {
        let pattern = ids.pattern.clone();
        Self {
            pattern: LazyLock::new(Box::new(move || Regex::new(&pattern).ok())),
            new: Template::parse(&ids.new),
            other_mode: ids.other_mode.as_deref().map(Template::parse),
            malformed: ids.malformed.values().map(|text| Template::parse(text)).collect(),
        }
    }

    /// What is wrong with an id that nothing has: first its form, then its mode; in the live mode the two forms change places.
    fn fault(&self, id: &str, live: bool) -> &'static str {
        let is = |template: &Template| template.matches(id, &NoNames);
        if self.malformed.iter().any(is) || self.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(id)) {
            return "malformed";
        }
        let Some(other_mode) = &self.other_mode else { return "unknown" };
        let (ours, others) = if live { (other_mode, &self.new) } else { (&self.new, other_mode) };
        if is(others) && !is(ours) { "other_mode" } else { "unknown" }
    }
}

/// Everything that a resource can be, the right state first.
fn choices(vendor: &Vendor, resource: &str) -> Vec<Choice> {
    let mut states: IndexSet<String> = vendor.states.get(resource).map(|known| known.named.clone()).unwrap_or_default();
    let Some(declared) = vendor.file.resources.get(resource) else {
        return states.into_iter().map(Choice::Named).collect();
    };
    states.extend(declared.fixtures.keys().cloned());
    let possible = WRONG.iter().filter(|wrong| impossible(vendor, resource, wrong).is_none());
    states.extend(possible.map(|wrong| (*wrong).to_owned()));
    states.into_iter().map(Choice::Named).collect()
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
