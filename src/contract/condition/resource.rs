//! The condition on a resource that the request names: the state it is in, or what is wrong with its id.

use super::{Choice, Condition, Dimension, Draft, IdSource, Recogniser, Sight, Standing};
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
/// Those of [`WRONG`] that an id shows by itself: no id that was made for us is so.
pub const ILL_FORMED: [&str; 3] = ["missing", "malformed", "other_mode"];
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
        let samples: Vec<Option<String>> = match choice.word() {
            "malformed" => resource.id.malformed.keys().cloned().map(Some).collect(),
            "unknown" => return [None].into_iter().chain(resource.id.unknown.keys().cloned().map(Some)).collect(),
            "foreign" => vendor.other_accounts().map(|name| Some(name.to_owned())).collect(),
            _ => Vec::new(),
        };
        // One way needs no name, but of malformed ids, each of which has one.
        if samples.len() > 1 || choice.word() == "malformed" { samples } else { vec![None] }
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
        let source = match choice.word() {
            "missing" => IdSource::Made(String::new()),
            "malformed" => {
                let Some(text) = sample.and_then(|sample| resource.id.malformed.get(sample)) else { return };
                IdSource::Made(text.clone())
            }
            "other_mode" => match (&resource.id.other_mode_env, &resource.id.other_mode) {
                (Some(variable), _) => IdSource::Supplied(variable.clone()),
                (None, Some(text)) => IdSource::Made(text.clone()),
                (None, None) => return,
            },
            "unknown" => {
                let named = sample.and_then(|sample| resource.id.unknown.get(sample));
                IdSource::Made(named.unwrap_or(&resource.id.new).clone())
            }
            "foreign" => {
                let Some(name) = sample.or_else(|| vendor.other_accounts().next()) else { return };
                IdSource::Foreign(name.to_owned())
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
        let recogniser = ResourceRecogniser {
            name: dimension.key.clone(),
            parent: resource.parent.clone(),
            forms: Forms::of(&resource.id),
            choices: dimension.choices.clone(),
        };
        Box::new(move |sight| recogniser.choice(sight))
    }
}

/// A resource whose states and ids are known, so that an id in a request can be told at once.
struct ResourceRecogniser {
    name: String,
    parent: Option<String>,
    forms: Forms,
    choices: Vec<Choice>,
}

impl ResourceRecogniser {
    /// The choice that describes the id in a request: what is wrong with it, else the state of what it names.
    fn choice(&self, sight: &Sight<'_>) -> Option<usize> {
        let id = sight.id(&self.name)?;
        if id.is_empty() {
            return self.wrong("missing");
        }
        let Some(known) = sight.world.standing(&self.name, id) else {
            return self.wrong(self.forms.fault(id, sight.live));
        };
        // Of an operation without auth anybody asks, in any mode.
        let asker = sight.account.filter(|account| !account.is_empty());
        if asker.is_some() && known.live != sight.live {
            self.wrong("other_mode")
        } else if asker.is_some_and(|asker| asker != known.account) {
            self.wrong("foreign")
        } else if self.parent.as_ref().is_some_and(|parent| is_elsewhere(&known, sight.id(parent))) {
            self.wrong("misplaced")
        } else {
            self.position(known.state)
        }
    }

    fn position(&self, word: &str) -> Option<usize> {
        self.choices.iter().position(|choice| choice.word() == word)
    }

    /// The choice of what is wrong with an id; what no row can be about is unknown.
    fn wrong(&self, word: &str) -> Option<usize> {
        self.position(word).or_else(|| self.position("unknown"))
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
        if self.malformed.iter().any(|form| form.matches(id, &NoNames))
            || self.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(id))
        {
            return "malformed";
        }
        let Some(other_mode) = &self.other_mode else { return "unknown" };
        let (ours, others) = if live { (other_mode, &self.new) } else { (&self.new, other_mode) };
        if others.matches(id, &NoNames) && !ours.matches(id, &NoNames) { "other_mode" } else { "unknown" }
    }
}

/// Everything that a resource can be, the right state first.
fn choices(vendor: &Vendor, resource: &str) -> Vec<Choice> {
    let known = vendor.states.get(resource).into_iter().flat_map(|known| &known.named);
    let mut states: IndexSet<&str> = known.map(String::as_str).collect();
    let Some(declared) = vendor.file.resources.get(resource) else {
        return states.into_iter().map(Choice::named).collect();
    };
    states.extend(declared.fixtures.keys().map(String::as_str));
    states.extend(WRONG.iter().filter(|wrong| impossible(vendor, resource, wrong).is_none()));
    states.into_iter().map(Choice::named).collect()
}

/// Why a resource's id cannot be wrong in this way; `None` where it can.
pub fn impossible(vendor: &Vendor, resource: &str, wrong: &str) -> Option<&'static str> {
    let declared = vendor.file.resources.get(resource)?;
    match wrong {
        "malformed" if declared.id.malformed.is_empty() => Some("its ids have no `malformed` samples"),
        "other_mode" if declared.id.other_mode.is_none() => Some("its ids have no `other_mode`"),
        "foreign" if vendor.other_accounts().next().is_none() => {
            Some("no credential `replaces` another, so there is no second account")
        }
        "misplaced" if declared.parent.is_none() => Some("it lives `in` no other resource"),
        _ => None,
    }
}

/// The state that a create leads to: the right one where a row names none.
pub fn right_state<'a>(vendor: &'a Vendor, resource: &str) -> Option<&'a str> {
    vendor.states.get(resource)?.right.as_deref()
}
