//! A resource of the mock: its state, its owner, and the values that answers have to show again.

use super::accepted_credentials::MockAccount;
use serde_json::Value;
use std::sync::Arc;

/// One resource.
#[derive(Debug, Clone)]
pub(super) struct Entity {
    /// The state it is in.
    pub(super) state: Arc<str>,
    /// The account that it belongs to.
    pub(super) account: Arc<str>,
    /// True for one of the live mode.
    pub(super) live: bool,
    /// The id of the parent inside which it lives.
    pub(super) parent: Option<String>,
    /// The body of the request that made it, with the changes of later ones.
    pub(super) sent: Value,
    /// The values that rows keep of answers, by name.
    pub(super) captures: Vec<(String, Value)>,
    /// Values that were made for answers about it, by JSON Pointer: they stay as they were.
    pub(super) shown: Vec<(Arc<str>, Value)>,
    /// Its keys in the index of handed-out URLs.
    pub(super) urls: Vec<Arc<str>>,
    /// True for one that was there from the start, and that no answer has shown yet.
    pub(super) bare: bool,
    /// Its weight when it was last weighed.
    weight: usize,
}

impl Entity {
    /// A resource of which no more is known than its state, its account and the request that made it.
    pub(super) fn new(state: impl Into<Arc<str>>, account: &MockAccount, parent: Option<String>, sent: Value) -> Self {
        Self {
            state: state.into(),
            account: Arc::clone(&account.name),
            live: account.live,
            parent,
            sent,
            captures: Vec::new(),
            shown: Vec::new(),
            urls: Vec::new(),
            bare: false,
            weight: 0,
        }
    }

    /// A resource that is there from the start.
    pub(super) fn supplied(state: &str, account: &MockAccount, parent: Option<String>) -> Self {
        Self { bare: true, ..Self::new(state, account, parent, Value::Null) }
    }

    /// The value that was kept of an answer under a name.
    pub(super) fn captured(&self, name: &str) -> Option<&Value> {
        self.captures.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Keeps a value of an answer under a name.
    pub(super) fn capture(&mut self, name: String, value: Value) {
        match self.captures.iter_mut().find(|(known, _)| *known == name) {
            Some((_, there)) => *there = value,
            None => self.captures.push((name, value)),
        }
    }

    /// Keeps a value that was made for a place of an answer.
    pub(super) fn show(&mut self, pointer: Arc<str>, value: Value) {
        match self.shown.iter_mut().find(|(known, _)| *known == pointer) {
            Some((_, there)) => *there = value,
            None => self.shown.push((pointer, value)),
        }
    }

    /// Lays what a later request sent over what is there.
    pub(super) fn change(&mut self, sent: &Value) {
        let Value::Object(changes) = sent else { return };
        match &mut self.sent {
            Value::Object(there) => there.extend(changes.clone()),
            there => there.clone_from(sent),
        }
    }

    /// Weighs it again, and returns its weight before and now.
    pub(super) fn reweigh(&mut self) -> (usize, usize) {
        let captured: usize = self.captures.iter().map(|(name, value)| 48 + name.len() + weight_of(value)).sum();
        let shown: usize = self.shown.iter().map(|(pointer, value)| 48 + pointer.len() + weight_of(value)).sum();
        let before = std::mem::replace(&mut self.weight, 512 + weight_of(&self.sent) + captured + shown);
        (before, self.weight)
    }

    /// Its weight when it was last weighed.
    pub(super) fn weight(&self) -> usize {
        self.weight
    }
}

/// The bytes that a value takes, roughly.
fn weight_of(value: &Value) -> usize {
    32 + match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight_of).sum(),
        Value::Object(map) => map.iter().map(|(name, value)| 64 + name.len() + weight_of(value)).sum(),
        _ => 0,
    }
}
