//! What a word on the command line means: a case, a row, a clause or an operation.

use super::clause::{self, Named};
use super::{Explanation, case, code, operation};
use crate::contract::case::Case;
use crate::contract::{Contracts, Loaded, Operation, Vendor};
use crate::text::diagnostic::suggest;

/// A word that means nothing, or too much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lost {
    /// Nothing has this name; perhaps another one was meant.
    Unknown(Option<String>),
    /// Several have it.
    Ambiguous(Vec<String>),
}

/// Explains what a word means in these contracts; a name may leave its beginning out where the rest is enough.
pub fn explain(loaded: &Loaded, cases: &[Case], word: &str) -> Result<Explanation, Lost> {
    let word = word.trim_matches('/');
    let meant: Vec<&Case> = cases.iter().filter(|case| means(&case.id, word)).collect();
    match meant.as_slice() {
        [] => {}
        [one] => return Ok(case::explain(loaded, one, &siblings(cases, one))),
        several => return Err(ambiguous(several.iter().map(|case| case.id.clone()))),
    }
    if let Some(explained) = row(loaded, cases, word) {
        return explained;
    }
    let clauses: Vec<Named<'_>> = clause::all(&loaded.contracts)
        .filter(|named| means(&named.name(), word) || means(&named.page_name(), word))
        .collect();
    match clauses.as_slice() {
        [] => {}
        [one] => return Ok(clause::explain(loaded, cases, *one)),
        several => return Err(ambiguous(several.iter().map(Named::name))),
    }
    let operations: Vec<_> = operations(&loaded.contracts).filter(|(name, ..)| means(name, word)).collect();
    match operations.as_slice() {
        [] => Err(Lost::Unknown(nearest(&loaded.contracts, cases, word))),
        [(_, vendor, found)] => Ok(operation::explain(loaded, vendor, found)),
        several => Err(ambiguous(several.iter().map(|(name, ..)| name.clone()))),
    }
}

/// Whether a word is a name, or its end from a slash on.
fn means(name: &str, word: &str) -> bool {
    name.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with('/')) && !word.is_empty()
}

/// A row by its name, where it has several cases: the first of them stands for all.
fn row(loaded: &Loaded, cases: &[Case], word: &str) -> Option<Result<Explanation, Lost>> {
    let row_of = |case: &Case| {
        let vendor = &loaded.contracts[case.row.vendor()];
        format!("{}/{}/{}", vendor.name, vendor[case.row.operation].name, vendor[case.row].name)
    };
    let mut rows: Vec<(String, &Case)> = cases.iter().map(|case| (row_of(case), case)).collect();
    rows.retain(|(name, _)| means(name, word));
    rows.dedup_by(|(right, _), (left, _)| right == left);
    match rows.as_slice() {
        [] => None,
        [(_, first)] => Some(Ok(case::explain(loaded, first, &siblings(cases, first)))),
        several => Some(Err(ambiguous(several.iter().map(|(name, _)| name.clone())))),
    }
}

fn siblings<'a>(cases: &'a [Case], case: &Case) -> Vec<&'a str> {
    cases.iter().filter(|other| other.row == case.row && other.id != case.id).map(|case| case.id.as_str()).collect()
}

fn operations(contracts: &Contracts) -> impl Iterator<Item = (String, &Vendor, &Operation)> {
    contracts.vendors.iter().flat_map(|vendor| {
        let named = |operation: &'_ Operation| format!("{}/{}", vendor.name, operation.name);
        vendor.operations.iter().map(move |operation| (named(operation), vendor, operation))
    })
}

fn ambiguous(names: impl Iterator<Item = String>) -> Lost {
    Lost::Ambiguous(names.collect())
}

/// The name that is nearest to a word, whatever it is a name of.
fn nearest(contracts: &Contracts, cases: &[Case], word: &str) -> Option<String> {
    let mut names: Vec<String> = cases.iter().map(|case| case.id.clone()).collect();
    for named in clause::all(contracts) {
        names.extend([named.name(), named.page_name(), named.id.to_owned()]);
    }
    names.extend(operations(contracts).map(|(name, ..)| name));
    names.extend(code::names().map(str::to_owned));
    let tails: Vec<String> = names.iter().flat_map(|name| tails(name)).map(str::to_owned).collect();
    suggest(word, names.iter().chain(&tails).map(String::as_str)).map(str::to_owned)
}

fn tails(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('/').filter_map(|(at, _)| name.get(at + 1..))
}
