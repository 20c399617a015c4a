//! Mutants of the world behind a row's answers: what is confirmed is not done, what is refused is done, or for another account.

use super::change::MutantChange;
use super::equivalence::ChangedValue;
use super::mutant_kind::MutantKind;
use super::row_sample::{Heard, Mutant, RowSample};
use super::stage::PlantedFault;
use crate::contract::Row;
use crate::contract::condition::WRONG;
use crate::contract::template::plain;
use std::sync::Arc;

/// The mutants of what a row does.
pub(super) fn state_mutants<'r>(row: &'r RowSample<'r>, heard: &Heard) -> Vec<Mutant<'r>> {
    let mut mutants: Vec<Mutant<'r>> = row.account_mutant().into_iter().collect();
    if row.operation.reads() {
        return mutants;
    }
    for (resource, to) in row.branch.leads.iter().filter(|(resource, _)| row.operation.binds.contains(resource)) {
        let undone = format!("confirmed, but the {resource} is not {to}");
        let change = MutantChange::WithoutEffect(resource.clone());
        mutants.push(row.mutant(MutantKind::WithoutEffect, undone, row.effect(), change));
        let change = MutantChange::done(resource, to, true);
        let all = row.mutant(MutantKind::DoneToAll, format!("every {resource} is {to}"), row.effect(), change);
        mutants.push(Mutant { is_shared: true, ..all });
        mutants.extend(row.unseen(resource, to, heard));
    }
    mutants.extend(row.operation.binds.iter().filter_map(|resource| row.done_anyway(resource)));
    mutants
}

/// Ids that are reused by the calls which make what this row is about.
pub(super) fn id_mutants<'r>(row: &'r RowSample<'r>, heard: &Heard) -> Vec<Mutant<'r>> {
    let mut mutants = Vec::new();
    for maker in &row.vendor.operations {
        for made_by in maker.rows.values() {
            let name = row.vendor.row_name(made_by.id);
            let mut makes = made_by.then.iter().flat_map(|branch| branch.leads.keys());
            let is_maker = makes.any(|made| row.operation.binds.contains(made) && !maker.binds.contains(made));
            let Some(pointer) = made_by.capture.get("id").filter(|_| is_maker && heard.contains_key(&name)) else {
                continue;
            };
            let what = format!("{} gives what it makes the id of what it made before", maker.name);
            let mutant = row.mutant(MutantKind::IdReused, what, row.effect(), MutantChange::Nothing);
            let change = MutantChange::Reuse(pointer.clone());
            let fault = PlantedFault { operation: maker.id, row: name, grafts: Arc::default(), change };
            mutants.push(Mutant { fault: Arc::new(fault), is_shared: true, ..mutant });
        }
    }
    mutants
}

impl<'r> RowSample<'r> {
    /// The answer to another account, where the row is about one.
    fn account_mutant(&'r self) -> Option<Mutant<'r>> {
        let (kind, words) = if self.row.when.0.contains_key("credentials") {
            (MutantKind::CredentialsUnchecked, "answered and done as if the credentials were good")
        } else if self.operation.binds.iter().any(|resource| self.state_named(resource).as_deref() == Some("foreign")) {
            (MutantKind::ForeignVisible, "another account's is served as one's own")
        } else {
            return None;
        };
        Some(self.mutant(kind, words.to_owned(), self.cause(), MutantChange::AsMaker))
    }

    /// The state of a resource that the row's condition names.
    fn state_named(&self, resource: &str) -> Option<String> {
        self.row.when.0.get(resource).map(plain)
    }

    /// What the row refuses is done all the same.
    fn done_anyway(&'r self, resource: &str) -> Option<Mutant<'r>> {
        let mut branches = self.operation.rows.values().flat_map(|row| &row.then);
        let to = branches.find_map(|branch| branch.leads.get(resource)).filter(|_| self.branch.leads.is_empty())?;
        if let Some(state) = self.state_named(resource) {
            let is_absent = WRONG.contains(&state.as_str()) && state != "foreign";
            if is_absent || state == *to || state.starts_with('[') {
                return None;
            }
        }
        let what = format!("refused, but the {resource} is {to}");
        Some(self.mutant(MutantKind::DoneAnyway, what, self.cause(), MutantChange::done(resource, to, false)))
    }

    /// What is done shows everywhere but in one support call.
    fn unseen(&'r self, resource: &str, to: &str, heard: &Heard) -> Vec<Mutant<'r>> {
        let mut mutants = Vec::new();
        for read in self.vendor.reads(resource, to) {
            let operation = &self.vendor[read.row.operation];
            if operation.page.is_some() {
                continue;
            }
            for other in &read.others {
                let Some(sample) = heard.get(&self.vendor.row_name(*other)) else { continue };
                let what = format!("confirmed, but {} answers as `{}`", operation.name, operation[*other].name);
                let change = MutantChange::Instead(Arc::clone(sample));
                let mutant = self.mutant(MutantKind::WithoutEffect, what, self.effect(), MutantChange::Nothing);
                let row = self.vendor.row_name(read.row);
                let fault = PlantedFault { operation: operation.id, row, grafts: Arc::default(), change };
                let is_alternative = gives_alternative(&operation[read.row], &operation[*other]);
                let about = ChangedValue { is_alternative, ..mutant.about };
                mutants.push(Mutant { fault: Arc::new(fault), about, ..mutant });
            }
        }
        mutants
    }
}

/// Whether a row documents the outcome, too, that another one gives.
pub(super) fn gives_alternative(row: &Row, other: &Row) -> bool {
    other.then.first().is_some_and(|given| row.then.iter().any(|branch| branch.outcome == given.outcome))
}
