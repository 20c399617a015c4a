//! What the checks look at: a vendor, its operations with the spaces of their conditions, and where each thing is written.

use crate::contract::condition::Space;
use crate::contract::section::SectionTaker;
use crate::contract::{Branch, Operation, Row, Vendor};
use crate::text::diagnostic::Diagnostic;
use crate::text::source::{Place, Sources};
use serde_json::Value;
use std::borrow::Cow;

/// More rows than this are no page's table, and are told instead of compared.
pub(super) const MOST_ROWS: usize = 500;

/// A vendor, and what several checks ask of it.
pub(super) struct Scope<'a> {
    /// The files, for the places of things that the contract does not keep.
    pub(super) sources: &'a Sources,
    /// The vendor.
    pub(super) vendor: &'a Vendor,
    /// Its operations, in their order.
    pub(super) pages: Vec<Page<'a>>,
}

/// An operation with the space of its conditions.
pub(super) struct Page<'a> {
    /// The operation.
    pub(super) operation: &'a Operation,
    /// The space; without dimensions where there are too many rows.
    pub(super) space: Cow<'a, Space>,
}

impl<'a> Scope<'a> {
    pub(super) fn of(sources: &'a Sources, vendor: &'a Vendor) -> Self {
        let page = |operation: &'a Operation| {
            let few = operation.rows.len() <= MOST_ROWS;
            let space = if few { Cow::Borrowed(vendor.space(operation)) } else { Cow::Owned(Space::default()) };
            Page { operation, space }
        };
        Self { sources, vendor, pages: vendor.operations.iter().map(page).collect() }
    }

    /// What is written at a place.
    pub(super) fn written(&self, at: &Place) -> Option<&'a Value> {
        self.sources.get(at.file).tree()?.value.pointer(&at.pointer)
    }

    /// Everything that has outcomes and rows, as written: shared sections, support calls and the files of operations.
    pub(super) fn holders(&self) -> Vec<(&'a Value, Place)> {
        let mut holders = Vec::new();
        let file = self.written(&self.vendor.at);
        for key in ["sections", "operations"] {
            let named = file.and_then(|file| file.get(key)).and_then(Value::as_object);
            holders.extend(named.into_iter().flatten().map(|(name, written)| (written, self.at(key).child(name))));
        }
        for page in self.pages.iter().filter(|page| page.operation.at.file != self.vendor.at.file) {
            holders.extend(self.written(&page.operation.at).map(|written| (written, page.operation.at.clone())));
        }
        holders
    }

    /// A key of the vendor's file.
    pub(super) fn at(&self, key: &str) -> Place {
        self.vendor.at.child(key)
    }

    /// The name of a row's outcome.
    pub(super) fn then(&self, branch: &Branch) -> Place {
        match self.written(&branch.at) {
            Some(Value::Object(_)) => branch.at.child("outcome"),
            _ => branch.at.clone(),
        }
    }

    /// The state to which a row's outcome leads a resource: of the outcome's own, else of the row.
    pub(super) fn leads(&self, row: &Row, branch: &Branch, resource: &str) -> Place {
        let own = branch.at.child("leads");
        let leads = if self.written(&own).is_some() { own } else { row.at.child("leads") };
        leads.child(resource)
    }

    /// A word of a row's condition.
    pub(super) fn when(&self, row: &Row, key: &str, word: &str) -> Place {
        let at = row.at.child("when").child(key);
        let list = self.written(&at).and_then(Value::as_array);
        match list.and_then(|list| list.iter().position(|item| item == word)) {
            Some(index) => at.index(index),
            None => at,
        }
    }

    /// Says which page takes the section in which a place stands; nothing where it stands on the page itself.
    pub(super) fn taken(&self, mistake: Diagnostic, operation: &Operation, at: &Place) -> Diagnostic {
        self.taker(operation).add_to(mistake, at)
    }

    /// Which of an operation's sections holds a place.
    pub(super) fn section(&self, operation: &Operation, at: &Place) -> Option<usize> {
        self.taker(operation).section(at)
    }

    fn taker<'t>(&'t self, operation: &'t Operation) -> SectionTaker<'t> {
        SectionTaker { vendor: &self.vendor.at, operation: &operation.name, at: &operation.at, with: &operation.with }
    }
}
