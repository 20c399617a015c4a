//! The things that a word on the command line can mean: a case, a row, a clause, an operation or a vendor.

use super::Explanation;
use super::explain_case::{CaseContext, explain_case};
use super::explain_clause::{NamedClause, all_clauses, explain_clause};
use super::explain_code::code_names;
use super::explain_operation::explain_operation;
use super::explain_vendor::explain_vendor;
use crate::contract::case::Case;
use crate::contract::{Contracts, Loaded, Operation, Vendor};
use crate::text::diagnostic::suggest;
use std::borrow::Cow;

/// A word that means nothing, or too much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TopicError {
    /// Nothing has this name; perhaps another one was meant.
    Unknown(Option<String>),
    /// Several have it.
    Ambiguous(Vec<String>),
}

/// A thing that can be explained.
#[derive(Clone, Copy)]
enum Topic<'a> {
    /// A case; for a row with several, the first of them.
    Case(&'a Case),
    Clause(NamedClause<'a>),
    Operation(&'a Vendor, &'a Operation),
    Vendor(&'a Vendor),
}

/// Explains the thing that a word means in these contracts; a name may leave its beginning out where the rest is enough.
pub fn explain(loaded: &Loaded, cases: &[Case], word: &str) -> Result<Explanation, TopicError> {
    Ok(match find_topic(loaded, cases, word.trim_matches('/'))? {
        Topic::Case(case) => explain_case(loaded, case, &siblings(cases, case)),
        Topic::Clause(clause) => explain_clause(loaded, cases, clause),
        Topic::Operation(vendor, operation) => explain_operation(loaded, vendor, operation),
        Topic::Vendor(vendor) => explain_vendor(loaded, vendor),
    })
}

/// The one thing of the first kind of which a word names any.
fn find_topic<'a>(loaded: &'a Loaded, cases: &'a [Case], word: &str) -> Result<Topic<'a>, TopicError> {
    let mut found = named_cases(cases, word);
    if found.is_empty() {
        found = named_rows(loaded, cases, word);
    }
    if found.is_empty() {
        found = named_clauses(&loaded.contracts, word);
    }
    if found.is_empty() {
        found = named_operations(&loaded.contracts, word);
    }
    if found.is_empty() {
        let vendor = loaded.contracts.vendor(word);
        found.extend(vendor.map(|vendor| (Cow::from(&vendor.name), Topic::Vendor(vendor))));
    }
    match found.as_slice() {
        [] => Err(TopicError::Unknown(nearest_name(&loaded.contracts, cases, word))),
        [(_, topic)] => Ok(*topic),
        _ => Err(TopicError::Ambiguous(found.into_iter().map(|(name, _)| name.into_owned()).collect())),
    }
}

/// Things of one kind, each with its name.
type Named<'a> = Vec<(Cow<'a, str>, Topic<'a>)>;

fn named_cases<'a>(cases: &'a [Case], word: &str) -> Named<'a> {
    let cases = cases.iter().filter(|case| is_name(&case.id, word));
    cases.map(|case| (Cow::from(&case.id), Topic::Case(case))).collect()
}

fn named_rows<'a>(loaded: &'a Loaded, cases: &'a [Case], word: &str) -> Named<'a> {
    let mut rows: Named<'a> = Vec::new();
    for context in cases.iter().map(|case| CaseContext::new(loaded, case)) {
        let name = context.row_name();
        if is_name(&name, word) && rows.last().is_none_or(|(last, _)| *last != name) {
            rows.push((Cow::from(name), Topic::Case(context.case)));
        }
    }
    rows
}

fn named_clauses<'a>(contracts: &'a Contracts, word: &str) -> Named<'a> {
    let clauses = all_clauses(contracts);
    let clauses = clauses.filter(|clause| is_name(&clause.name(), word) || is_name(&clause.page_name(), word));
    clauses.map(|clause| (Cow::from(clause.name()), Topic::Clause(clause))).collect()
}

fn named_operations<'a>(contracts: &'a Contracts, word: &str) -> Named<'a> {
    operations(contracts).filter(|(name, _)| is_name(name, word)).collect()
}

fn operations(contracts: &Contracts) -> impl Iterator<Item = (Cow<'_, str>, Topic<'_>)> {
    contracts.vendors.iter().flat_map(|vendor| {
        let operations = vendor.operations.iter();
        operations.map(move |operation| {
            (Cow::from(format!("{}/{}", vendor.name, operation.name)), Topic::Operation(vendor, operation))
        })
    })
}

/// Returns true if a word is a name, or its end from a slash on.
pub fn is_name(name: &str, word: &str) -> bool {
    name.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with('/')) && !word.is_empty()
}

/// The other cases of a case's row.
fn siblings<'a>(cases: &'a [Case], case: &Case) -> Vec<&'a str> {
    let others = cases.iter().filter(|other| other.row == case.row && other.id != case.id);
    others.map(|other| other.id.as_str()).collect()
}

/// The name that is nearest to a word, of any kind.
fn nearest_name(contracts: &Contracts, cases: &[Case], word: &str) -> Option<String> {
    let mut names: Vec<Cow<'_, str>> = cases.iter().map(|case| Cow::from(&case.id)).collect();
    for clause in all_clauses(contracts) {
        names.extend([Cow::from(clause.name()), Cow::from(clause.page_name()), Cow::from(clause.id)]);
    }
    names.extend(operations(contracts).map(|(name, _)| name));
    names.extend(contracts.vendors.iter().map(|vendor| Cow::from(&vendor.name)));
    for code in code_names() {
        names.push(Cow::from(code));
    }
    let tails = names.iter().flat_map(|name| name_tails(name));
    suggest(word, names.iter().map(|name| &**name).chain(tails)).map(str::to_owned)
}

/// The ends of a name behind each of its slashes.
fn name_tails(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('/').filter_map(|(at, slash)| name.get(at + slash.len()..))
}
