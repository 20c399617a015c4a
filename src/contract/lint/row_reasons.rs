//! The reasons of a row and of its outcomes: those that lack, that explain nothing, and states that it leads to without one.

use super::vendor_scope::VendorScope;
use crate::contract::{Operation, Row};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;

pub(super) fn row_reasons(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for (operation, row) in scope.rows() {
        check_because(row, found);
        for (key, text) in
            [("because", &row.because), ("inferred", &row.inferred), ("not_inducible", &row.not_inducible)]
        {
            check_reason(key, text.as_ref(), &row.at, found);
        }
        check_leads(scope, operation, row, found);
        if operation.page.is_some() && is_unfounded(operation, row) {
            let mistake = Diagnostic::error(Code::UnfoundedRow, format!("the row `{}` stands on nothing", row.name))
                .at(row.at.key(), "it cites no clause, is not `inferred`, and no outcome of it cites one")
                .help("say which clause names this cause by `cites`, or why it is expected by `inferred`");
            found.push(scope.with_taker(mistake, operation, &row.at));
        }
    }
    for (_, outcome) in scope.outcomes() {
        check_reason("inferred", outcome.inferred.as_ref(), &outcome.at, found);
    }
}

fn check_because(row: &Row, found: &mut Vec<Diagnostic>) {
    match (&row.because, row.then.len() + row.slips.len()) {
        (None, 2..) => found.push(
            Diagnostic::error(Code::MissingBecause, "several outcomes need a reason")
                .at(row.at.child("then"), "why are these all documented?")
                .help("say what the page contradicts itself in: `because: \"...\"`"),
        ),
        (Some(_), ..2) => found.push(
            Diagnostic::error(Code::IdleBecause, "`because` explains a choice of outcomes, and there is one")
                .at(row.at.child("because").key(), "nothing to explain")
                .at(row.at.child("then"), "the one outcome")
                .help("take it away, or write `inferred` if it is why the row is expected"),
        ),
        _ => {}
    }
}

fn check_reason(key: &str, text: Option<&String>, at: &Place, found: &mut Vec<Diagnostic>) {
    if text.is_some_and(|text| text.trim().is_empty()) {
        let mistake = Diagnostic::error(Code::EmptyReason, format!("`{key}` gives no reason"));
        found.push(mistake.at(at.child(key), "a sentence is due"));
    }
}

fn check_leads(scope: &VendorScope<'_>, operation: &Operation, row: &Row, found: &mut Vec<Diagnostic>) {
    for branch in &row.then {
        for resource in branch.leads.keys() {
            let at = scope.leads_at(row, branch, resource);
            if operation.binds.contains(resource) && !row.when.0.contains_key(resource) {
                let mistake =
                    Diagnostic::error(Code::UnnamedState, format!("the row leads `{resource}` on from no state"))
                        .at(at.key(), "from which state?")
                        .at(row.at.child("when"), format!("`{resource}` is not named"))
                        .help(format!("name the state: `when: {{ {resource}: STATE }}`"));
                found.push(scope.with_taker(mistake, operation, &row.at));
            }
            if row.may {
                found.push(
                    Diagnostic::error(Code::MayLead, "a row that only may come about leads to a state")
                        .at(at.key(), "the state would not be known")
                        .at(row.at.child("may").key(), "the answer may be another one")
                        .help("take one of the two away"),
                );
            }
        }
    }
}

fn is_unfounded(operation: &Operation, row: &Row) -> bool {
    let is_cited = operation.outcomes_of(row).any(|outcome| !outcome.cites.is_empty());
    row.cites.is_empty() && row.inferred.is_none() && row.slips.is_empty() && !is_cited
}
