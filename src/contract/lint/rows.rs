//! What is wrong with a row by itself or beside its neighbours: overlaps, reasons, states that it does not name, and outcomes
//! that no row reaches.

use super::scope::{MOST_ROWS, Page, Scope};
use crate::contract::condition::{Region, WORDS};
use crate::contract::{Operation, OutcomeId, Row};
use crate::text::diagnostic::{Code, Diagnostic, suggest};
use crate::text::source::Place;
use std::collections::BTreeSet;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    for page in &scope.pages {
        let operation = page.operation;
        if operation.rows.len() > MOST_ROWS {
            found.push(too_many(operation));
        } else {
            overlaps(scope, page, found);
        }
        for row in operation.rows.values() {
            reasons(row, found);
            leads(scope, operation, row, found);
            if operation.page.is_some() && is_unfounded(operation, row) {
                let mistake =
                    Diagnostic::error(Code::UnfoundedRow, format!("the row `{}` stands on nothing", row.name))
                        .at(
                            row.at.clone().key(),
                            "it cites no clause, is not `inferred`, and no outcome of it cites one",
                        )
                        .help("say which clause names this cause by `cites`, or why it is expected by `inferred`");
                found.push(scope.taken(mistake, operation, &row.at));
            }
        }
        for outcome in operation.outcomes.values() {
            if outcome.inferred.as_ref().is_some_and(|why| why.trim().is_empty()) {
                found.push(empty("inferred", outcome.at.child("inferred")));
            }
        }
        unreached(scope, operation, found);
    }
}

fn too_many(operation: &Operation) -> Diagnostic {
    let count = operation.rows.len();
    Diagnostic::error(
        Code::TooManyRows,
        format!("the operation has {count} rows, more than the {MOST_ROWS} that are read"),
    )
    .at(operation.at.child("rows").key(), "too many rows")
    .help("join rows that differ in a state alone: `when: { link: [deleted, unknown] }`")
}

/// Pairs of rows that one request meets.
fn overlaps(scope: &Scope<'_>, page: &Page<'_>, found: &mut Vec<Diagnostic>) {
    let binds = &page.operation.binds;
    let is_known = |key: &String| WORDS.contains(&key.as_str()) || binds.contains(key);
    // A row with an unknown condition is told already, and would seem to speak of the request where everything is right.
    let rows = page.operation.rows.values().filter(|row| row.when.0.keys().all(is_known));
    let regions: Vec<(&Row, &Region)> = rows.map(|row| (row, page.space.region(row))).collect();
    for (index, (row, region)) in regions.iter().enumerate() {
        for (first, other) in regions.iter().take(index) {
            let Some(point) = region.meets(other) else { continue };
            let request = page.space.describe(&point);
            let mistake = Diagnostic::error(Code::OverlappingRows, format!("two rows answer one request: {request}"))
                .at(row.at.clone().key(), format!("`{}` answers it", row.name))
                .at(first.at.clone().key(), format!("`{}` answers it too", first.name))
                .help("name under `when` what makes it another request, or join the rows");
            found.push(scope.taken(mistake, page.operation, &row.at));
        }
    }
}

fn reasons(row: &Row, found: &mut Vec<Diagnostic>) {
    let because = row.at.child("because");
    match (&row.because, row.then.len() + row.slips.len()) {
        (None, 2..) => found.push(
            Diagnostic::error(Code::MissingBecause, "several outcomes need a reason")
                .at(row.at.child("then"), "why are these all documented?")
                .help("say what the page contradicts itself in: `because: \"...\"`"),
        ),
        (Some(_), ..2) => found.push(
            Diagnostic::error(Code::IdleBecause, "`because` explains a choice of outcomes, and there is one")
                .at(because.clone().key(), "nothing to explain")
                .at(row.at.child("then"), "the one outcome")
                .help("take it away, or write `inferred` if it is why the row is expected"),
        ),
        _ => {}
    }
    let given = [("because", &row.because), ("inferred", &row.inferred), ("not_inducible", &row.not_inducible)];
    for (key, text) in given {
        if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
            found.push(empty(key, row.at.child(key)));
        }
    }
}

fn empty(key: &str, at: Place) -> Diagnostic {
    Diagnostic::error(Code::EmptyReason, format!("`{key}` gives no reason")).at(at, "a sentence is due")
}

fn leads(scope: &Scope<'_>, operation: &Operation, row: &Row, found: &mut Vec<Diagnostic>) {
    for branch in &row.then {
        for resource in branch.leads.keys() {
            let at = scope.leads(row, branch, resource);
            if operation.binds.contains(resource) && !row.when.0.contains_key(resource) {
                let mistake =
                    Diagnostic::error(Code::UnnamedState, format!("the row leads `{resource}` on from no state"))
                        .at(at.clone().key(), "from which state?")
                        .at(row.at.child("when"), format!("`{resource}` is not named"))
                        .help(format!("name the state: `when: {{ {resource}: STATE }}`"));
                found.push(scope.taken(mistake, operation, &row.at));
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
    let cited = operation.outcomes_of(row).any(|outcome| !outcome.cites.is_empty());
    row.cites.is_empty() && row.inferred.is_none() && row.slips.is_empty() && !cited
}

/// Outcomes that no row has; of a section, those that a page takes without using them.
fn unreached(scope: &Scope<'_>, operation: &Operation, found: &mut Vec<Diagnostic>) {
    let named: BTreeSet<OutcomeId> =
        operation.rows.values().flat_map(|row| &row.then).map(|branch| branch.outcome).collect();
    let slips: Vec<&String> = operation.rows.values().flat_map(|row| &row.slips).collect();
    for outcome in operation.outcomes.values() {
        let own = scope.section(operation, &outcome.at).is_none();
        let due = own || operation.page.is_some();
        // A slip in the row is told there.
        let meant = || slips.iter().any(|slip| suggest(slip, [outcome.name.as_str()]).is_some());
        if due && !named.contains(&outcome.id) && !meant() {
            let mistake = Diagnostic::error(Code::UnreachedOutcome, format!("no row leads to `{}`", outcome.name))
                .at(outcome.at.clone().key(), "named under no `then`");
            found.push(scope.taken(mistake, operation, &outcome.at));
        }
    }
}
