//! What references stand for while a case runs: credentials, what is drawn anew, and the resources at hand.

use crate::contract::Vendor;
use crate::contract::language::Auth;
use crate::contract::template::{Names, Template, draw, plain};
use crate::run::mark::Mark;
use crate::run::party::Party;
use crate::text::secret::Secret;
use indexmap::IndexMap;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::time::SystemTime;

/// The credentials of a vendor in this run, by their names in its file.
pub type Credentials = HashMap<String, Secret>;

/// A resource at hand.
#[derive(Clone, Default, PartialEq)]
pub struct Held {
    /// Its id.
    pub id: String,
    /// The values that were captured when it was made.
    pub captured: HashMap<String, Value>,
    /// The body that was sent to make it.
    pub sent: Value,
    /// The state that it is in, as far as documented rows tell; empty where no request has made it.
    pub state: String,
    /// The credential that it was made with, where that is another account's.
    pub account: Option<String>,
}

/// A captured value may be a token, so only the id and the state are shown.
impl fmt::Debug for Held {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.id, self.state)
    }
}

/// The modes of credentials, live or not: each is looked at once.
#[derive(Default)]
pub(super) struct Modes(RefCell<HashMap<String, bool>>);

impl Modes {
    /// Returns whether a credential is a live one, given what test values look like.
    fn is_live(&self, name: &str, test: &str, value: &str) -> bool {
        let look = || !regex::Regex::new(test).is_ok_and(|pattern| pattern.is_match(value));
        *self.0.borrow_mut().entry(name.to_owned()).or_insert_with(look)
    }
}

/// The values of references.
pub(crate) struct Scope<'a> {
    vendor: &'a Vendor,
    origin: &'a str,
    credentials: &'a Credentials,
    modes: &'a Modes,
    /// The credential that stands in the place of the one it replaces.
    pub acting: Option<String>,
    /// The resources at hand.
    pub held: IndexMap<String, Held>,
    /// The mark of what is made next.
    pub mark: Option<Mark>,
    /// The mark in the saved run, where one is judged again.
    pub mark_then: Option<String>,
    /// True if the key of the saved run was a live one, where one is judged again.
    pub live_then: Option<bool>,
    drawn: RefCell<HashMap<String, Value>>,
    /// The values that were drawn for the next request when it was sent before.
    recalled: BTreeMap<String, Value>,
}

impl<'a> Scope<'a> {
    /// A scope with nothing at hand.
    pub(super) fn new(party: &'a Party<'_>) -> Self {
        let Party { vendor, destination, credentials, modes, .. } = party;
        let (origin, held, drawn) = (destination.origin.as_str(), IndexMap::new(), RefCell::default());
        let (acting, live_then, recalled) = (None, None, BTreeMap::new());
        let (mark, mark_then) = (None, None);
        Self { vendor, origin, credentials, modes, acting, held, mark, mark_then, live_then, drawn, recalled }
    }

    /// Forgets what was drawn, since every request draws anew.
    pub(crate) fn renew(&self) {
        *self.drawn.borrow_mut() = self.recalled.clone().into_iter().collect();
    }

    /// Has the next request draw what it drew when it was sent before.
    pub(super) fn recall(&mut self, drawn: &BTreeMap<String, Value>) {
        self.recalled.clone_from(drawn);
        if let Some(mark) = drawn.get("mark").and_then(Value::as_str) {
            self.mark_then = Some(mark.to_owned());
        }
    }

    /// The value of `$mark`.
    pub(super) fn mark_text(&self) -> Option<String> {
        self.mark_then.clone().or_else(|| self.mark.map(|mark| mark.to_string()))
    }

    /// The place where requests go.
    pub(super) fn origin(&self) -> &str {
        self.origin
    }

    /// The values that were drawn for the last request, by name.
    pub(super) fn drawn(&self) -> BTreeMap<String, Value> {
        self.drawn.borrow().iter().map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    fn credential(&self, name: &str) -> Option<&Secret> {
        self.credentials.get(self.in_place(name))
    }

    /// The values of variables that are no secrets, by their names in the environment.
    pub(super) fn variables(&self, show: impl Fn(&str) -> String) -> BTreeMap<String, String> {
        let declared = self.vendor.file.credentials.iter().filter(|(_, credential)| !credential.is_secret());
        let values = declared.filter_map(|(name, credential)| Some((&credential.env, self.credentials.get(name)?)));
        values.map(|(variable, value)| (variable.clone(), show(value.expose()))).collect()
    }

    /// Returns whether some variable has no value, which leaves out what is nothing but a reference to it.
    pub(super) fn has_unset(&self) -> bool {
        let mut variables = self.vendor.file.variables.keys();
        variables.any(|name| self.credentials.get(name).is_some_and(|value| value.expose().is_empty()))
    }

    /// Returns whether a text is nothing but a reference to a variable without a value.
    pub(super) fn leaves_out(&self, text: &str) -> bool {
        let Some(name) = text.strip_prefix('$').filter(|name| self.vendor.file.variables.contains_key(*name)) else {
            return false;
        };
        self.credentials.get(name).is_some_and(|value| value.expose().is_empty())
    }

    /// The credential that stands in the place of a name.
    fn in_place<'n>(&'n self, name: &'n str) -> &'n str {
        let replaced = |acting: &String| self.vendor.file.credentials.get(acting)?.replaces.clone();
        match &self.acting {
            Some(acting) if replaced(acting).as_deref() == Some(name) => acting.as_str(),
            _ => name,
        }
    }

    /// Returns whether the key in use is a live one; a vendor without a test pattern tells no modes apart.
    pub(super) fn live(&self) -> bool {
        if let Some(live) = self.live_then {
            return live;
        }
        let names: Vec<String> = auth_names(&self.vendor.file.auth);
        let tested =
            names.iter().filter_map(|name| Some((name, self.vendor.file.credentials.get(name)?.test.as_ref()?)));
        let live = |(name, test): (&String, &String)| {
            let value = self.credential(name).map_or("", Secret::expose);
            self.modes.is_live(self.in_place(name), test, value)
        };
        tested.into_iter().any(live)
    }

    fn held_value(&self, name: &str) -> Option<Value> {
        let (resource, field) = name.split_once('.')?;
        let held = self.held.get(resource)?;
        match field.strip_prefix("sent.") {
            Some(path) => path.split('.').try_fold(&held.sent, |value, step| value.get(step)).cloned(),
            // A number stays one; a text is in the form in which it is sent.
            None if field == "id" => match held.captured.get(field) {
                Some(number @ Value::Number(_)) if plain(number) == held.id => Some(number.clone()),
                _ => Some(Value::String(held.id.clone())),
            },
            None => held.captured.get(field).cloned(),
        }
    }
}

/// The credentials that an auth refers to.
pub(crate) fn auth_names(auth: &Auth) -> Vec<String> {
    auth.texts()
        .iter()
        .flat_map(|(_, text)| Template::parse(text).names().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

impl Names for Scope<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        match name {
            "origin" => return Some(json!(self.origin)),
            "livemode" => return Some(json!(self.live())),
            "mark" => {
                // Drawn once for several requests, and told with those that carry it.
                let mark = json!(self.mark_text()?);
                self.drawn.borrow_mut().insert(name.to_owned(), mark.clone());
                return Some(mark);
            }
            _ => {}
        }
        if let Some(secret) = self.credential(name) {
            return Some(json!(secret.expose()));
        }
        if let Some(value) = self.held_value(name) {
            return Some(value);
        }
        if let Some(value) = self.drawn.borrow().get(name) {
            return Some(value.clone());
        }
        let value = if name == "time" {
            json!(humantime::format_rfc3339_seconds(SystemTime::now()).to_string())
        } else {
            draw(name)?
        };
        self.drawn.borrow_mut().insert(name.to_owned(), value.clone());
        Some(value)
    }
}
