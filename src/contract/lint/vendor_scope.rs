//! A vendor as the checks look at it: its operations with the spaces of their conditions, and where each thing is written.

use crate::contract::condition::Space;
use crate::contract::language::{Auth, Credential};
use crate::contract::section::SectionTaker;
use crate::contract::{Branch, Operation, Outcome, Row, Vendor};
use crate::text::diagnostic::Diagnostic;
use crate::text::source::{Place, Sources};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// The most rows of an operation that are compared with each other; no page has a table that long.
pub(super) const MOST_ROWS: usize = 500;

/// A vendor, and what several checks ask of it.
pub(super) struct VendorScope<'a> {
    /// The files, for the places of things that the contract does not keep.
    pub(super) sources: &'a Sources,
    /// The vendor.
    pub(super) vendor: &'a Vendor,
    /// Its operations, in their order.
    pub(super) operations: Vec<OperationScope<'a>>,
}

/// An operation with the space of its conditions.
pub(super) struct OperationScope<'a> {
    /// The operation.
    pub(super) operation: &'a Operation,
    /// The space; without dimensions where there are too many rows.
    pub(super) space: Cow<'a, Space>,
}

/// Something that has outcomes and rows, as written: a shared section, a support call or the file of an operation.
pub(super) struct Passage<'a> {
    written: &'a Value,
    at: Place,
}

impl<'a> Passage<'a> {
    /// The outcomes in it, by name.
    pub(super) fn outcomes(&self) -> impl Iterator<Item = (Place, &'a Map<String, Value>)> {
        self.entries("outcomes")
    }

    /// The rows in it, by name.
    pub(super) fn rows(&self) -> impl Iterator<Item = (Place, &'a Map<String, Value>)> {
        self.entries("rows")
    }

    /// The entries under a key; null takes away what is written elsewhere.
    fn entries(&self, key: &str) -> impl Iterator<Item = (Place, &'a Map<String, Value>)> {
        let at = self.at.child(key);
        members(self.written, key).filter_map(move |(name, entry)| Some((at.child(name), entry.as_object()?)))
    }
}

/// The members of a mapping under a key of another one.
pub(super) fn members<'a>(written: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    written.get(key).and_then(Value::as_object).into_iter().flatten()
}

impl<'a> VendorScope<'a> {
    pub(super) fn new(sources: &'a Sources, vendor: &'a Vendor) -> Self {
        let operations = vendor.operations.iter().map(|operation| {
            let few = operation.rows.len() <= MOST_ROWS;
            let space = if few { Cow::Borrowed(vendor.space(operation)) } else { Cow::Owned(Space::default()) };
            OperationScope { operation, space }
        });
        Self { sources, vendor, operations: operations.collect() }
    }

    /// Every outcome of every operation.
    pub(super) fn outcomes(&self) -> impl Iterator<Item = (&'a Operation, &'a Outcome)> {
        let operations = self.vendor.operations.iter();
        operations.flat_map(|operation| operation.outcomes.values().map(move |outcome| (operation, outcome)))
    }

    /// Every row of every operation.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&'a Operation, &'a Row)> {
        let operations = self.vendor.operations.iter();
        operations.flat_map(|operation| operation.rows.values().map(move |row| (operation, row)))
    }

    /// Every sample of refused credentials, with the name of its refusal.
    pub(super) fn refused_samples(&self) -> impl Iterator<Item = (&'a str, &'a Auth, Place)> {
        let refused = self.vendor_at("refused");
        self.vendor.file.refused.iter().flat_map(move |(name, refusal)| {
            let at = refused.child(name);
            let samples = refusal.0.iter();
            samples.map(move |(sample, auth)| {
                let at = sample.as_ref().map_or_else(|| at.clone(), |sample| at.child(sample));
                (name.as_str(), auth, at)
            })
        })
    }

    /// The vendor's own auth and its refused ones.
    pub(super) fn vendor_auths(&self) -> impl Iterator<Item = (&'a Auth, Place)> {
        let own = std::iter::once((&self.vendor.file.auth, self.vendor_at("auth")));
        own.chain(self.refused_samples().map(|(_, auth, at)| (auth, at)))
    }

    /// The value that is written at a place.
    pub(super) fn written(&self, at: &Place) -> Option<&'a Value> {
        self.sources[at.file].tree()?.value.pointer(&at.pointer)
    }

    /// Shared sections, support calls and the files of operations.
    pub(super) fn passages(&self) -> Vec<Passage<'a>> {
        let mut passages = Vec::new();
        for key in ["sections", "operations"] {
            let named = self.written(&self.vendor.at).into_iter().flat_map(|file| members(file, key));
            passages.extend(named.map(|(name, written)| Passage { written, at: self.vendor_at(key).child(name) }));
        }
        for operation in self.vendor.operations.iter().filter(|operation| operation.at.file != self.vendor.at.file) {
            let at = &operation.at;
            passages.extend(self.written(at).map(|written| Passage { written, at: at.clone() }));
        }
        passages
    }

    /// A key of the vendor's file.
    pub(super) fn vendor_at(&self, key: &str) -> Place {
        self.vendor.at.child(key)
    }

    /// The place of a credential, or of a variable.
    pub(super) fn credential_at(&self, name: &str) -> Place {
        let is_secret = self.vendor.file.credentials.get(name).is_none_or(Credential::is_secret);
        self.vendor_at(if is_secret { "credentials" } else { "variables" }).child(name)
    }

    /// The name of a row's outcome.
    pub(super) fn then_at(&self, branch: &Branch) -> Place {
        match self.written(&branch.at) {
            Some(Value::Object(_)) => branch.at.child("outcome"),
            _ => branch.at.clone(),
        }
    }

    /// The state to which a row's outcome leads a resource: of the outcome's own, else of the row.
    pub(super) fn leads_at(&self, row: &Row, branch: &Branch, resource: &str) -> Place {
        let own = branch.at.child("leads");
        let leads = if self.written(&own).is_some() { own } else { row.at.child("leads") };
        leads.child(resource)
    }

    /// A word of a row's condition.
    pub(super) fn when_at(&self, row: &Row, key: &str, word: &str) -> Place {
        let at = row.at.child("when").child(key);
        let list = self.written(&at).and_then(Value::as_array);
        match list.and_then(|list| list.iter().position(|item| item == word)) {
            Some(index) => at.index(index),
            None => at,
        }
    }

    /// A mistake at a place, with the operation that takes the section if the place is in one.
    pub(super) fn with_taker(&self, mistake: Diagnostic, operation: &Operation, at: &Place) -> Diagnostic {
        self.taker_of(operation).add_to(mistake, at)
    }

    /// Whether a place is in a section that an operation takes.
    pub(super) fn is_in_section(&self, operation: &Operation, at: &Place) -> bool {
        self.taker_of(operation).section(at).is_some()
    }

    fn taker_of<'t>(&'t self, operation: &'t Operation) -> SectionTaker<'t> {
        SectionTaker { vendor: &self.vendor.at, operation: &operation.name, at: &operation.at, with: &operation.with }
    }
}
