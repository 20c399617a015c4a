//! The citations of a page: each of a clause of the page, by what really promises it, and of each clause exactly one.

use super::citations::{ClauseCitation, citations, clauses_of, placed_cites};
use super::clause_lack::{clause_lack, promises_code};
use super::vendor_scope::VendorScope;
use crate::contract::{ClauseId, Operation, Outcome, Row, Subject};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use std::collections::HashMap;

pub(super) fn cited_clauses(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for operation in &scope.vendor.operations {
        for outcome in operation.outcomes.values() {
            check_outcome(scope, operation, outcome, found);
        }
        for row in operation.rows.values() {
            check_row(scope, operation, row, found);
        }
        if operation.page.is_some() {
            count_citations(scope, operation, found);
        }
    }
}

/// The citations of an outcome: of what is no clause of the page, or of what the outcome does not promise.
fn check_outcome(scope: &VendorScope<'_>, operation: &Operation, outcome: &Outcome, found: &mut Vec<Diagnostic>) {
    for (at, cite) in placed_cites(&outcome.cites, &outcome.at) {
        let reason = match cite.strip_suffix(".*") {
            Some(section) => {
                let mut clauses = clauses_of(operation, section).peekable();
                if clauses.peek().is_none() {
                    found.push(scope.with_taker(unknown_clause(operation, cite, at), operation, &outcome.at));
                    continue;
                }
                let holds_none = clauses.all(|(id, _)| clause_lack(outcome, id).is_some());
                holds_none.then(|| format!("it holds nothing that a clause of `{section}` names"))
            }
            None if operation.clauses.contains_key(cite) => clause_lack(outcome, cite),
            None => {
                found.push(scope.with_taker(unknown_clause(operation, cite, at), operation, &outcome.at));
                continue;
            }
        };
        if let Some(reason) = reason {
            let message = format!("the outcome `{}` does not hold `{cite}`", outcome.name);
            found.push(
                Diagnostic::error(Code::NotConstrained, message)
                    .at(at, reason)
                    .help("promise it here, or cite the clause where it is promised; a cause is cited by its row"),
            );
        }
    }
}

/// The citations of a row: of what is no clause of the page, or of a cause that its outcomes do not have.
fn check_row(scope: &VendorScope<'_>, operation: &Operation, row: &Row, found: &mut Vec<Diagnostic>) {
    for (at, cite) in placed_cites(&row.cites, &row.at) {
        let mistake = if cite.ends_with(".*") {
            Diagnostic::error(Code::UnknownClause, "a row cites causes, one by one")
                .at(at, "only an outcome cites all fields of a section at once")
        } else if !operation.clauses.contains_key(cite) {
            unknown_clause(operation, cite, at)
        } else if let Some(reason) = unfitting(operation, row, cite) {
            let message = format!("the row `{}` does not hold `{cite}`", row.name);
            Diagnostic::error(Code::NotConstrained, message)
                .at(at, reason)
                .at(row.at.child("then"), "the outcomes of the row")
        } else {
            continue;
        };
        found.push(scope.with_taker(mistake, operation, &row.at));
    }
}

fn unknown_clause(operation: &Operation, cite: &str, at: Place) -> Diagnostic {
    Diagnostic::error(Code::UnknownClause, format!("no clause is named `{cite}`"))
        .at(at, "neither on this page nor in a section that it takes")
        .suggest(cite, operation.clauses.keys().map(String::as_str))
}

/// The reason why a row's outcomes cannot be those of the section of a cause.
fn unfitting(operation: &Operation, row: &Row, cite: &str) -> Option<String> {
    let id = ClauseId::parse(cite)?;
    if !row.slips.is_empty() {
        return None;
    }
    let mut outcomes = operation.outcomes_of(row);
    if let Subject::Code(code) = id.in_row() {
        let has_code = outcomes.any(|outcome| promises_code(outcome, code));
        return (!has_code).then(|| format!("none of its outcomes promises the code `{code}`"));
    }
    let status = id.status()?;
    let has_status = outcomes.any(|outcome| status.is_of(outcome));
    (!has_status).then(|| format!("none of its outcomes has the status {}", id.section))
}

/// Clauses cited never, twice, or although explained.
fn count_citations(scope: &VendorScope<'_>, operation: &Operation, found: &mut Vec<Diagnostic>) {
    let mut cited: HashMap<&str, Place> = HashMap::new();
    for ClauseCitation { id, clause, at, is_whole } in citations(operation) {
        let Some(clause) = clause else { continue };
        let untestable = clause.value.untestable.as_ref().map(|_| "untestable");
        if let Some(reason) = untestable.or(clause.value.mistaken.as_ref().map(|_| "mistaken")) {
            found.push(
                Diagnostic::error(Code::CitedAndExplained, format!("`{id}` is cited, and said to be {reason}"))
                    .at(at, "cited here")
                    .at(clause.at.child(reason).key(), "explained here")
                    .help("take one of the two away"),
            );
        } else if let Some(first) = cited.get(id) {
            let label = if is_whole { format!("this stands for `{id}` too") } else { "cited again here".to_owned() };
            let mistake = Diagnostic::error(Code::CitedTwice, format!("`{id}` is cited twice"))
                .at(&at, label)
                .at(first, "cited here already")
                .help("keep the citation where the clause is held");
            found.push(scope.with_taker(mistake, operation, &at));
        } else {
            cited.insert(id, at);
        }
    }
    for (id, clause) in &operation.clauses {
        if !clause.value.is_explained() && !cited.contains_key(id.as_str()) {
            let mistake = Diagnostic::error(Code::UncitedClause, format!("nothing cites `{id}`"))
                .at(clause.at.key(), "neither cited nor explained");
            let mistake = with_near_misses(operation, id, mistake)
                .help("cite it in the outcome or row that promises it, or say why it is `untestable` or `mistaken`");
            found.push(scope.with_taker(mistake, operation, &clause.at));
        }
    }
}

/// Shows the citations of a clause's whole section that do not cover the clause.
fn with_near_misses(operation: &Operation, id: &str, mut mistake: Diagnostic) -> Diagnostic {
    let Some((section, _)) = id.split_once('.') else { return mistake };
    for outcome in operation.outcomes.values() {
        for (at, _) in
            placed_cites(&outcome.cites, &outcome.at).filter(|(_, cite)| cite.strip_suffix(".*") == Some(section))
        {
            if let Some(reason) = clause_lack(outcome, id) {
                mistake = mistake.at(at, format!("does not stand for it: {reason}"));
            }
        }
    }
    mistake
}
