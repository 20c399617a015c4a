//! The credentials that the mock accepts, and the accounts that they belong to.

use super::{MockError, MockSettings};
use crate::contract::Vendor;
use crate::contract::condition::{OURS, carriers};
use crate::contract::language::{Credential, Ids};
use crate::contract::template::{Names, NoNames, Template, draw_by, plain};
use regex::Regex;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// The credentials that one vendor accepts.
pub(super) struct AcceptedCredentials {
    /// The name and the value of each credential, in the order of the contract.
    values: Vec<(String, String)>,
    /// The account of the engineer's own credentials.
    ours: MockAccount,
    others: Vec<MockAccount>,
}

/// An account that may ask.
#[derive(Debug)]
pub(super) struct MockAccount {
    /// The credential that makes it another one than ours, or the word for ours.
    pub(super) name: Arc<str>,
    /// True for an account whose key is one for real money.
    pub(super) live: bool,
}

impl AcceptedCredentials {
    /// Takes the values of the settings for each variable, and makes up the rest; the value that is made up for a variable is the
    /// same for all that name it.
    pub(super) fn new<'c>(
        vendor: &'c Vendor,
        settings: &MockSettings,
        made: &mut HashMap<&'c str, String>,
        dice: &mut fastrand::Rng,
    ) -> Result<Self, MockError> {
        let mut values = Vec::new();
        for (name, credential) in &vendor.file.credentials {
            let Credential { env, mock, .. } = credential;
            let value = match made.entry(env) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(settings.draw_value(env, mock, dice)?),
            };
            values.push((name.clone(), value.clone()));
        }
        refuse_shared_keys(vendor, &values)?;
        let others = vendor.file.credentials.iter().filter_map(|(name, credential)| {
            let replaced = credential.replaces.as_deref()?;
            Some(MockAccount::new(vendor, name, Some(replaced), &values))
        });
        Ok(Self { others: others.collect(), ours: MockAccount::new(vendor, OURS, None, &values), values })
    }

    /// The value of a credential.
    pub(super) fn value_of(&self, name: &str) -> Option<&str> {
        value_under(&self.values, name)
    }

    /// The values of the credentials, in the order of the contract.
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(_, value)| value.as_str())
    }

    /// The engineer's own account.
    pub(super) fn ours(&self) -> &MockAccount {
        &self.ours
    }

    /// The account of a name; a request of no account is one of ours.
    pub(super) fn account(&self, name: &str) -> &MockAccount {
        self.others.iter().find(|account| *account.name == *name).unwrap_or(&self.ours)
    }
}

impl Names for AcceptedCredentials {
    fn value(&self, name: &str) -> Option<Value> {
        self.value_of(name).map(Value::from)
    }
}

impl MockAccount {
    /// An account; it is live where any of the credentials by which it asks is known not to be a test value.
    fn new(vendor: &Vendor, name: &str, replaced: Option<&str>, values: &[(String, String)]) -> Self {
        let carriers = carriers(&vendor.file.auth);
        let templates: Vec<Template> = carriers.iter().map(|carrier| Template::parse(&carrier.text)).collect();
        let mut asked_by = templates.iter().flat_map(Template::names);
        let live = asked_by.any(|asked| {
            let credential = if Some(asked) == replaced { name } else { asked };
            is_live(vendor, credential, values)
        });
        Self { name: name.into(), live }
    }

    /// The form of the ids that this account gets.
    pub(super) fn id_form<'a>(&self, ids: &'a Ids) -> &'a str {
        ids.other_mode.as_ref().filter(|_| self.live).unwrap_or(&ids.new)
    }
}

fn value_under<'a>(values: &'a [(String, String)], name: &str) -> Option<&'a str> {
    values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Returns true for a credential whose value is known not to be a test value.
fn is_live(vendor: &Vendor, name: &str, values: &[(String, String)]) -> bool {
    let test = vendor.file.credentials.get(name).and_then(|credential| Regex::new(credential.test.as_ref()?).ok());
    test.zip(value_under(values, name)).is_some_and(|(test, value)| !test.is_match(value))
}

/// Two accounts with one key would be one account.
fn refuse_shared_keys(vendor: &Vendor, values: &[(String, String)]) -> Result<(), MockError> {
    let credentials = || vendor.file.credentials.values().zip(values);
    for (credential, (_, value)) in credentials() {
        let same = |(_, (name, other)): &(&Credential, &(String, String))| {
            credential.replaces.as_ref() == Some(name) && value == other
        };
        if let Some((other, _)) = credentials().find(same) {
            return Err(MockError::SameKey { variable: credential.env.clone(), other: other.env.clone() });
        }
    }
    Ok(())
}

/// A text made from a template in which everything is drawn.
pub(super) fn draw_text(template: &str, dice: &mut fastrand::Rng) -> Option<String> {
    let template = Template::parse(template);
    if let Some(text) = template.bind(&NoNames).literal() {
        return Some(text.to_owned());
    }
    template.resolve(&Draws(RefCell::new(dice))).ok().map(|value| plain(&value))
}

struct Draws<'a>(RefCell<&'a mut fastrand::Rng>);

impl Names for Draws<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        draw_by(&mut self.0.borrow_mut(), name)
    }
}
