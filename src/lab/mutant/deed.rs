//! Mutants of the world behind a row's answers: what is confirmed is not done, what is refused is done, or for somebody else.

use super::change::Change;
use super::kind::Kind;
use super::sown::{Heard, Mutant, Row};
use super::stage::Fault;
use crate::contract::condition::WRONG;
use crate::contract::template::plain;
use crate::contract::{self, RowId};
use std::sync::Arc;

impl Row<'_> {
    pub(super) fn of_state(&self, heard: &Heard) -> Vec<Mutant> {
        let mut mutants = Vec::new();
        let named = |key: &str| self.written.when.0.get(key).map(plain).unwrap_or_default();
        let who = if self.written.when.0.contains_key("credentials") {
            Some((Kind::CredentialsUnchecked, "answered and done as if the credentials were good"))
        } else if self.operation.binds.iter().any(|resource| named(resource) == "foreign") {
            Some((Kind::ForeignVisible, "another account's is served as one's own"))
        } else {
            None
        };
        if let Some((kind, words)) = who {
            mutants.push(self.mutant(kind, words.to_owned(), self.cause(), Change::AsMaker));
        }
        if self.operation.reads() {
            return mutants;
        }
        for (resource, to) in self.leads.iter().filter(|(resource, _)| self.operation.binds.contains(resource)) {
            let undone = format!("confirmed, but the {resource} is not {to}");
            let change = Change::WithoutEffect(resource.clone());
            mutants.push(self.mutant(Kind::WithoutEffect, undone, self.effect(), change));
            let change = Change::Done { resource: resource.clone(), to: to.clone(), all: true };
            let all = self.mutant(Kind::DoneToAll, format!("every {resource} is {to}"), self.effect(), change);
            mutants.push(Mutant { together: true, ..all });
            mutants.extend(self.unseen(resource, to, heard));
        }
        for resource in &self.operation.binds {
            let led =
                self.operation.rows.values().flat_map(|row| &row.then).find_map(|branch| branch.leads.get(resource));
            let state = named(resource);
            let nothing_there = WRONG.contains(&state.as_str()) && state != "foreign";
            if let Some(to) =
                led.filter(|to| self.leads.is_empty() && state != **to && !nothing_there && !state.starts_with('['))
            {
                let change = Change::Done { resource: resource.clone(), to: to.clone(), all: false };
                let what = format!("refused, but the {resource} is {to}");
                mutants.push(self.mutant(Kind::DoneAnyway, what, self.cause(), change));
            }
        }
        mutants
    }

    /// What is done shows everywhere but in one support call.
    fn unseen(&self, resource: &str, to: &str, heard: &Heard) -> Vec<Mutant> {
        let mut mutants = Vec::new();
        for read in self.vendor.reads(resource, to) {
            let operation = &self.vendor[read.row.operation];
            if operation.page.is_some() {
                continue;
            }
            let name = |row: RowId| format!("{}/{}/{}", self.vendor.name, operation.name, operation[row].name);
            for (other, sample) in read.others.iter().filter_map(|other| Some((*other, heard.get(&name(*other))?))) {
                let what = format!("confirmed, but {} answers as `{}`", operation.name, operation[other].name);
                let change = Change::Instead(Arc::new(sample.clone()));
                let alternative = alternative(&operation[read.row], &operation[other]);
                let mutant = self.mutant(Kind::WithoutEffect, what, self.effect(), change.clone());
                let fault = Fault { operation: operation.id, row: name(read.row), grafts: Arc::default(), change };
                mutants.push(Mutant { fault: Arc::new(fault), alternative, ..mutant });
            }
        }
        mutants
    }

    /// Ids that are reused by the calls which make what this row is about.
    pub(super) fn of_ids(&self, heard: &Heard) -> Vec<Mutant> {
        let mut mutants = Vec::new();
        for maker in &self.vendor.operations {
            for row in maker.rows.values() {
                let name = format!("{}/{}/{}", self.vendor.name, maker.name, row.name);
                let makes = row.then.iter().flat_map(|branch| branch.leads.keys());
                let makes =
                    makes.into_iter().any(|made| self.operation.binds.contains(made) && !maker.binds.contains(made));
                let Some(pointer) = row.capture.get("id").filter(|_| makes && heard.contains_key(&name)) else {
                    continue;
                };
                let what = format!("{} gives what it makes the id of what it made before", maker.name);
                let mutant = self.mutant(Kind::IdReused, what, self.effect(), Change::Nothing);
                let change = Change::Reuse(pointer.clone());
                let fault = Fault { operation: maker.id, row: name, grafts: Arc::default(), change };
                mutants.push(Mutant { fault: Arc::new(fault), together: true, ..mutant });
            }
        }
        mutants
    }
}

/// Whether a row documents the outcome, too, that another one gives.
pub(super) fn alternative(row: &contract::Row, other: &contract::Row) -> bool {
    other.then.first().is_some_and(|given| row.then.iter().any(|branch| branch.outcome == given.outcome))
}
