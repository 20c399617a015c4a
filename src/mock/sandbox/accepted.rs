//! The credentials that the mock accepts, and the accounts that they stand for.

use super::{MockError, Settings};
use crate::contract::Vendor;
use crate::contract::condition::{OURS, carriers};
use crate::contract::template::{Names, NoNames, Template, draw_by, plain};
use regex::Regex;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// What one vendor accepts.
#[derive(Clone)]
pub(super) struct Accepted {
    /// Credential to value.
    values: Vec<(String, String)>,
    /// The accounts, ours first.
    accounts: Vec<Account>,
}

/// Somebody who may ask.
#[derive(Debug, Clone)]
pub(super) struct Account {
    /// The credential that makes it another one than ours, or the word for ours.
    pub(super) name: Arc<str>,
    /// Whether its key is one for real money.
    pub(super) live: bool,
}

impl Accepted {
    /// Takes what the settings give for each variable, and makes up the rest; what is made up for a variable is the same for
    /// all who name it.
    pub(super) fn of(
        vendor: &Vendor,
        settings: &Settings,
        made: &mut HashMap<String, String>,
        dice: &mut fastrand::Rng,
    ) -> Result<Self, MockError> {
        let mut values = Vec::new();
        for (name, credential) in &vendor.file.credentials {
            let given = settings.values.get(&credential.env).filter(|value| !value.is_empty());
            let value = match given.or_else(|| made.get(&credential.env)) {
                Some(value) => value.clone(),
                None => draw_text(&credential.mock, dice).ok_or_else(|| MockError::Unmakeable {
                    variable: credential.env.clone(),
                    template: credential.mock.clone(),
                })?,
            };
            made.insert(credential.env.clone(), value.clone());
            values.push((name.clone(), value));
        }
        let mut accepted = Self { values, accounts: Vec::new() };
        accepted.tell_apart(vendor)?;
        let others = vendor.file.credentials.iter().filter(|(_, credential)| credential.replaces.is_some());
        let names = std::iter::once(OURS).chain(others.map(|(name, _)| name.as_str()));
        accepted.accounts =
            names.map(|name| Account { name: name.into(), live: accepted.is_live(vendor, name) }).collect();
        Ok(accepted)
    }

    /// Two accounts with one key would be one account.
    fn tell_apart(&self, vendor: &Vendor) -> Result<(), MockError> {
        for (name, credential) in &vendor.file.credentials {
            let Some(replaced) = &credential.replaces else { continue };
            if self.get(name).is_some() && self.get(name) == self.get(replaced) {
                let other = vendor.file.credentials.get(replaced).map(|other| other.env.clone());
                return Err(MockError::SameKey { variable: credential.env.clone(), other: other.unwrap_or_default() });
            }
        }
        Ok(())
    }

    /// Whether any of the credentials by which an account asks is not a test value, where a test value is told.
    fn is_live(&self, vendor: &Vendor, account: &str) -> bool {
        let replaced = vendor.file.credentials.get(account).and_then(|credential| credential.replaces.as_deref());
        let carriers = carriers(&vendor.file.auth);
        let templates: Vec<Template> = carriers.iter().map(|carrier| Template::parse(&carrier.text)).collect();
        let names = templates.iter().flat_map(Template::names);
        names.map(|name| if Some(name) == replaced { account } else { name }).any(|name| {
            let pattern = vendor.file.credentials.get(name).and_then(|credential| credential.test.as_deref());
            let regex = pattern.and_then(|pattern| Regex::new(pattern).ok());
            regex.zip(self.get(name)).is_some_and(|(regex, value)| !regex.is_match(value))
        })
    }

    /// The value of a credential.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The account of a name; nobody's is ours.
    pub(super) fn account(&self, name: &str) -> Account {
        let ours = || Account { name: OURS.into(), live: false };
        self.accounts
            .iter()
            .find(|account| *account.name == *name)
            .or_else(|| self.accounts.first())
            .cloned()
            .unwrap_or_else(ours)
    }
}

impl Names for Accepted {
    fn value(&self, name: &str) -> Option<Value> {
        self.get(name).map(Value::from)
    }
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
