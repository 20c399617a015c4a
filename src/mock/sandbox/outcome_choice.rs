//! A choice among the documented alternatives of a row: `OPERATION/ROW=OUTCOME`.

use crate::contract::{Branch, Contracts, Operation, Row, Vendor};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// One choice, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OutcomeChoice {
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
pub enum OutcomeChoiceError {
    /// It is not of the form.
    #[error("`{0}` is not a choice: write `OPERATION/ROW=OUTCOME`, as in `links.delete/deleted=not_found`")]
    Form(String),
    /// Nothing has that name.
    #[error("`{choice}`: there is no {kind} `{name}`{}", list_known(known))]
    Unknown {
        /// The choice.
        choice: String,
        /// The kind of what is not there: a vendor, an operation, a row or an outcome.
        kind: &'static str,
        /// Its name.
        name: String,
        /// The names that are there instead.
        known: Vec<String>,
    },
}

fn list_known(known: &[String]) -> String {
    match known {
        [] => String::new(),
        known => format!("; there is {}", known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    }
}

impl FromStr for OutcomeChoice {
    type Err = OutcomeChoiceError;

    fn from_str(text: &str) -> Result<Self, OutcomeChoiceError> {
        split_choice(text).ok_or_else(|| OutcomeChoiceError::Form(text.chars().take(120).collect()))
    }
}

fn split_choice(text: &str) -> Option<OutcomeChoice> {
    let (place, outcome) = text.split_once('=')?;
    let (operation, row) = place.trim().rsplit_once('/')?;
    let (vendor, operation) = match operation.split_once('/') {
        Some((vendor, operation)) => (Some(vendor), operation),
        None => (None, operation),
    };
    let outcome = outcome.trim();
    let whole = [operation, row, outcome].iter().all(|name| !name.is_empty() && !name.contains(['/', '=']));
    (whole && vendor != Some("")).then(|| OutcomeChoice {
        vendor: vendor.map(str::to_owned),
        operation: operation.to_owned(),
        row: row.to_owned(),
        outcome: outcome.to_owned(),
    })
}

impl fmt::Display for OutcomeChoice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(vendor) = &self.vendor {
            write!(formatter, "{vendor}/")?;
        }
        write!(formatter, "{}/{}={}", self.operation, self.row, self.outcome)
    }
}

impl OutcomeChoice {
    fn concerns(&self, vendor: &Vendor) -> bool {
        self.vendor.as_ref().is_none_or(|name| *name == vendor.name)
    }

    /// Checks that a choice names something that there is.
    pub(super) fn validate(&self, contracts: &Contracts) -> Result<(), OutcomeChoiceError> {
        let vendors: Vec<&Vendor> = contracts.vendors.iter().filter(|vendor| self.concerns(vendor)).collect();
        if let (Some(name), []) = (&self.vendor, vendors.as_slice()) {
            return Err(self.unknown("vendor", name, contracts.vendors.iter().map(|vendor| &vendor.name)));
        }
        let operations: Vec<&Operation> = vendors.iter().flat_map(|vendor| &vendor.operations).collect();
        let named = || operations.iter().filter(|known| known.name == self.operation);
        if named().next().is_none() {
            return Err(self.unknown("operation", &self.operation, operations.iter().map(|known| &known.name)));
        }
        let rows: Vec<(&Operation, &Row)> =
            named().filter_map(|operation| Some((*operation, operation.rows.get(&self.row)?))).collect();
        if rows.is_empty() {
            return Err(self.unknown("row", &self.row, named().flat_map(|operation| operation.rows.keys())));
        }
        let outcomes: Vec<&String> =
            rows.iter().flat_map(|(operation, row)| operation.outcomes_of(row)).map(|known| &known.name).collect();
        if outcomes.contains(&&self.outcome) {
            return Ok(());
        }
        Err(self.unknown("outcome", &self.outcome, outcomes.into_iter()))
    }

    fn unknown<'a>(
        &self,
        kind: &'static str,
        name: &str,
        known: impl Iterator<Item = &'a String>,
    ) -> OutcomeChoiceError {
        let known = nearest_names(name, known.map(String::as_str).collect());
        OutcomeChoiceError::Unknown { choice: self.to_string(), kind, name: name.to_owned(), known }
    }
}

/// The branch that a row is to give: by the last choice that names it, else the first.
pub(super) fn chosen_branch<'a>(
    choices: &[OutcomeChoice],
    vendor: &Vendor,
    operation: &Operation,
    row: &'a Row,
) -> Option<&'a Branch> {
    choices
        .iter()
        .rev()
        .filter(|choice| choice.concerns(vendor) && choice.operation == operation.name && choice.row == row.name)
        .find_map(|choice| row.then.iter().find(|branch| operation[branch.outcome].name == choice.outcome))
        .or_else(|| row.then.first())
}

/// The names that a mistyped one may have meant, or all where none is near.
fn nearest_names(name: &str, mut known: Vec<&str>) -> Vec<String> {
    known.dedup();
    let is_near = |other: &str| strsim::damerau_levenshtein(name, other) <= 3;
    if known.iter().any(|other| is_near(other)) {
        known.retain(|other| is_near(other));
    }
    known.into_iter().map(str::to_owned).collect()
}
