//! Clauses that no answer can break, and reads that are said to show an effect and do not.

use super::vendor_scope::VendorScope;
use crate::contract::stake::About;
use crate::contract::{ClauseId, Operation, Row};
use crate::text::diagnostic::{Code, Diagnostic};
use std::collections::BTreeSet;

pub(super) fn vacuous_clauses(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    if !scope.vendor.partial {
        scope.vendor.documented().for_each(|operation| warn_of_vacuous(scope, operation, found));
    }
}

pub(super) fn shown_effects(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for (operation, row) in scope.rows() {
        check_seen_by(scope, operation, row, found);
    }
}

/// A warning for every clause that is cited and that nothing breaks.
fn warn_of_vacuous(scope: &VendorScope<'_>, operation: &Operation, found: &mut Vec<Diagnostic>) {
    let stakes = scope.vendor.stakes(operation.id);
    let mut seen = BTreeSet::new();
    for stake in stakes.all().iter().filter(|stake| stake.breach.is_none()) {
        let (Some(clause), true) = (operation.clauses.get(&stake.clause), stakes.is_vacuous(&stake.clause)) else {
            continue;
        };
        if !seen.insert(&stake.clause) {
            continue;
        }
        let row = &operation[stake.row];
        let mistake = Diagnostic::warning(Code::VacuousClause, format!("no answer can break `{}`", stake.clause))
            .at(clause.at.key(), format!("about {}, and every answer is as good as another", stake.about))
            .at(row.at.key(), "the row in which it would have to show")
            .help(cure(&stake.about, row.may, operation));
        found.push(scope.with_taker(mistake, operation, &clause.at));
    }
}

/// The words for what to write.
fn cure(about: &About, may: bool, operation: &Operation) -> String {
    let resource = operation.binds.last().map_or("resource", String::as_str);
    match about {
        _ if may => "the page says only *may*: say that the clause is `untestable`, with this reason".to_owned(),
        About::Effect => format!(
            "add an operation that reads the {resource}, with a row for each of its states, or say why it is `untestable`"
        ),
        About::Status | About::Cause | About::Request | About::Code => {
            "promise a status, or a field that other answers do not have, or say why it is `untestable`".to_owned()
        }
        About::Header(_) | About::Field(_) | About::Body => {
            "say of which type or value it is, or say why it is `untestable`".to_owned()
        }
    }
}

fn check_seen_by(scope: &VendorScope<'_>, operation: &Operation, row: &Row, found: &mut Vec<Diagnostic>) {
    for (clause, read) in &row.seen_by {
        let at = row.at.child("seen_by").child(clause);
        let is_effect = ClauseId::parse(clause).is_some_and(ClauseId::is_effect);
        let mistake = if !row.cites.contains(clause) || !is_effect {
            Diagnostic::error(Code::IdleSeenBy, format!("`{clause}` is not an effect that this row cites"))
                .at(at.key(), "a clause of the section `effects`, which the row cites too")
                .suggest(clause, row.cites.iter().map(String::as_str).filter(|id| id.starts_with("effects.")))
        } else if !shows(scope, row, read) {
            let reads = scope.vendor.operations.iter().filter(|other| other.reads() && shows(scope, row, &other.name));
            Diagnostic::error(Code::IdleSeenBy, format!("`{read}` does not show what this row leads to"))
                .at(&at, "expected an operation that reads it, with a row for each of its states")
                .suggest(read, reads.map(|other| other.name.as_str()))
        } else {
            continue;
        };
        found.push(scope.with_taker(mistake, operation, &row.at));
    }
}

/// Whether an operation has a row for the state that a row leads to, and another one for another state.
fn shows(scope: &VendorScope<'_>, row: &Row, read: &str) -> bool {
    let leads = row.then.iter().flat_map(|branch| &branch.leads);
    let mut reads = leads.flat_map(|(resource, state)| scope.vendor.reads(resource, state));
    reads.any(|known| scope.vendor[known.row.operation].name == read && !known.others.is_empty())
}
