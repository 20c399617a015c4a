//! Which of the documented alternatives the mock gives: `OPERATION/ROW=OUTCOME`.

use crate::contract::{Contracts, Operation, Row, Vendor};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// One choice, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Choice {
    /// The vendor, where it is named; else every vendor that has such a row.
    pub vendor: Option<String>,
    /// The operation.
    pub operation: String,
    /// The row.
    pub row: String,
    /// The outcome that it is to give.
    pub outcome: String,
}

/// A choice that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ChoiceError {
    /// It is not of the form.
    #[error("`{0}` is not a choice: write `OPERATION/ROW=OUTCOME`, as in `links.delete/deleted=not_found`")]
    Form(String),
    /// Nothing has that name.
    #[error("`{choice}`: there is no {kind} `{name}`{}", hint(known))]
    Unknown {
        /// The choice.
        choice: String,
        /// What is not there: a vendor, an operation, a row or an outcome.
        kind: &'static str,
        /// Its name.
        name: String,
        /// What is there instead.
        known: Vec<String>,
    },
}

fn hint(known: &[String]) -> String {
    match known {
        [] => String::new(),
        known => format!("; there is {}", known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    }
}

impl FromStr for Choice {
    type Err = ChoiceError;

    fn from_str(text: &str) -> Result<Self, ChoiceError> {
        let read = || {
            let (place, outcome) = text.split_once('=')?;
            let (operation, row) = place.trim().rsplit_once('/')?;
            let (vendor, operation) =
                operation.split_once('/').map_or((None, operation), |(vendor, rest)| (Some(vendor.to_owned()), rest));
            let choice = Self {
                vendor,
                operation: operation.to_owned(),
                row: row.to_owned(),
                outcome: outcome.trim().to_owned(),
            };
            let names = [&choice.operation, &choice.row, &choice.outcome];
            let whole = names.iter().all(|name| !name.is_empty() && !name.contains(['/', '=']));
            (whole && choice.vendor.as_deref() != Some("")).then_some(choice)
        };
        read().ok_or_else(|| ChoiceError::Form(text.chars().take(120).collect()))
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(vendor) = &self.vendor {
            write!(formatter, "{vendor}/")?;
        }
        write!(formatter, "{}/{}={}", self.operation, self.row, self.outcome)
    }
}

impl Choice {
    /// Whether it is about this row.
    fn names(&self, vendor: &Vendor, operation: &Operation, row: &Row) -> bool {
        self.vendor.as_ref().is_none_or(|name| *name == vendor.name)
            && self.operation == operation.name
            && self.row == row.name
    }
}

/// The position in `then` that a row is to give: by the last choice that names it, else the first.
pub(super) fn chosen(choices: &[Choice], vendor: &Vendor, operation: &Operation, row: &Row) -> usize {
    let position = |choice: &Choice| operation.outcomes_of(row).position(|outcome| outcome.name == choice.outcome);
    choices.iter().rev().filter(|choice| choice.names(vendor, operation, row)).find_map(position).unwrap_or(0)
}

/// Finds out whether a choice names something that there is.
pub(super) fn validate(choice: &Choice, contracts: &Contracts) -> Result<(), ChoiceError> {
    let unknown = |kind, name: &String, known: Vec<String>| ChoiceError::Unknown {
        choice: choice.to_string(),
        kind,
        name: name.clone(),
        known: nearest(name, known),
    };
    let vendors: Vec<&Vendor> = contracts
        .vendors
        .iter()
        .filter(|vendor| choice.vendor.as_ref().is_none_or(|name| *name == vendor.name))
        .collect();
    if let (Some(name), []) = (&choice.vendor, vendors.as_slice()) {
        return Err(unknown("vendor", name, contracts.vendors.iter().map(|vendor| vendor.name.clone()).collect()));
    }
    let all = || vendors.iter().flat_map(|vendor| &vendor.operations);
    let operations: Vec<&Operation> = all().filter(|operation| operation.name == choice.operation).collect();
    if operations.is_empty() {
        return Err(unknown("operation", &choice.operation, all().map(|operation| operation.name.clone()).collect()));
    }
    let rows: Vec<(&Operation, &Row)> =
        operations.iter().filter_map(|operation| Some((*operation, operation.rows.get(&choice.row)?))).collect();
    if rows.is_empty() {
        let known = operations.iter().flat_map(|operation| operation.rows.keys().cloned()).collect();
        return Err(unknown("row", &choice.row, known));
    }
    let outcomes = || rows.iter().flat_map(|(operation, row)| operation.outcomes_of(row)).map(|outcome| &outcome.name);
    if !outcomes().any(|outcome| *outcome == choice.outcome) {
        return Err(unknown("outcome", &choice.outcome, outcomes().cloned().collect()));
    }
    Ok(())
}

/// The names that a mistyped one may have meant, or all where none is near.
fn nearest(name: &str, mut known: Vec<String>) -> Vec<String> {
    known.dedup();
    let near: Vec<String> =
        known.iter().filter(|other| strsim::damerau_levenshtein(name, other) <= 3).cloned().collect();
    if near.is_empty() { known } else { near }
}
