//! States that nothing leads to, and reads whose outcomes do not tell two states apart.

use super::algebra::meet;
use super::scope::{MOST_ROWS, Page, Scope};
use crate::contract::condition::WRONG;
use crate::contract::{Operation, Outcome, Row};
use crate::text::diagnostic::{Code, Diagnostic};
use std::collections::HashSet;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    if !scope.vendor.partial {
        let reached = reached(scope);
        for page in &scope.pages {
            for row in page.operation.rows.values().filter(|row| row.not_inducible.is_none()) {
                unreachable(scope, page, row, &reached, found);
            }
        }
    }
    for page in scope.pages.iter().filter(|page| page.operation.reads() && page.operation.rows.len() <= MOST_ROWS) {
        reads(scope, page, found);
    }
}

/// Resources and their states.
type States<'a> = HashSet<(&'a str, &'a str)>;

/// Every state that rows lead to from nothing by any number of steps, or that an engineer supplies.
fn reached<'a>(scope: &Scope<'a>) -> States<'a> {
    let mut reached: States<'a> = HashSet::new();
    for (name, resource) in &scope.vendor.file.resources {
        reached.extend(resource.fixtures.keys().map(|state| (name.as_str(), state.as_str())));
    }
    let mut waiting: Vec<(&'a Operation, &'a Row)> = Vec::new();
    for page in &scope.pages {
        let leading =
            |row: &&Row| row.not_inducible.is_none() && row.then.iter().any(|branch| !branch.leads.is_empty());
        waiting.extend(page.operation.rows.values().filter(leading).map(|row| (page.operation, row)));
    }
    loop {
        let before = waiting.len();
        waiting.retain(|(operation, row)| {
            let ready = operation.binds.iter().all(|resource| can_be_had(scope, row, resource, &reached));
            if ready {
                let leads = row.then.iter().flat_map(|branch| &branch.leads);
                reached.extend(leads.map(|(resource, state)| (resource.as_str(), state.as_str())));
            }
            !ready
        });
        if waiting.len() == before {
            return reached;
        }
    }
}

/// Whether a resource that a row's request names can be had in a state that the row allows.
fn can_be_had(scope: &Scope<'_>, row: &Row, resource: &str, reached: &States<'_>) -> bool {
    let had = |state: &str| WRONG.contains(&state) || reached.contains(&(resource, state));
    if row.when.0.contains_key(resource) {
        return row.when.names(resource).into_iter().any(had);
    }
    crate::contract::condition::right_state(scope.vendor, resource).is_some_and(had)
}

fn unreachable(scope: &Scope<'_>, page: &Page<'_>, row: &Row, reached: &States<'_>, found: &mut Vec<Diagnostic>) {
    for (index, dimension) in page.space.dimensions.iter().enumerate() {
        let resource = dimension.key.as_str();
        if !page.operation.binds.iter().any(|bound| bound == resource) {
            continue;
        }
        if row.when.0.contains_key(resource) {
            for state in row.when.names(resource) {
                if !WRONG.contains(&state) && !reached.contains(&(resource, state)) && !astray(scope, state) {
                    let mistake = nothing_leads(scope, row, resource, state, reached);
                    found.push(scope.taken(mistake, page.operation, &row.at));
                }
            }
        } else if index < page.space.region(row).named && !can_be_had(scope, row, resource, reached) {
            let mistake = Diagnostic::error(
                Code::UnreachableState,
                format!("the row needs a `{resource}`, and nothing makes one"),
            )
            .at(row.at.clone().key(), format!("no row leads to a `{resource}` from nothing"))
            .help(format!("add a support call that makes one: `leads: {{ {resource}: live }}`"));
            found.push(scope.taken(mistake, page.operation, &row.at));
        }
    }
}

/// Whether a row leads something unknown to a state: a slip that is told there.
fn astray(scope: &Scope<'_>, state: &str) -> bool {
    let rows = scope.vendor.operations.iter().flat_map(|operation| operation.rows.values());
    let mut leads = rows.flat_map(|row| &row.then).flat_map(|branch| &branch.leads);
    leads.any(|(resource, led)| led == state && !scope.vendor.file.resources.contains_key(resource))
}

fn nothing_leads(scope: &Scope<'_>, row: &Row, resource: &str, state: &str, reached: &States<'_>) -> Diagnostic {
    let rows = scope.vendor.operations.iter().flat_map(|operation| operation.rows.values());
    let mut leading = rows.flat_map(|row| &row.then).filter_map(|branch| branch.leads.get(resource));
    let label = if leading.any(|led| led == state) {
        "rows lead here only from what cannot be reached itself"
    } else {
        "no row leads here, and no fixture supplies it"
    };
    let known = reached.iter().filter(|(known, _)| *known == resource).map(|(_, state)| *state);
    Diagnostic::error(Code::UnreachableState, format!("nothing leads to `{resource}: {state}`"))
        .at(scope.when(row, resource, state), label)
        .suggest(state, known)
        .help("let a row lead there, supply one under `fixtures`, or say `not_inducible` with the reason")
}

/// Rows of a read for different states of one resource, with outcomes that one answer satisfies.
fn reads(scope: &Scope<'_>, page: &Page<'_>, found: &mut Vec<Diagnostic>) {
    let operation = page.operation;
    let is_plain =
        |row: &&Row| row.not_inducible.is_none() && row.when.0.keys().all(|key| operation.binds.contains(key));
    let rows: Vec<&Row> = operation.rows.values().filter(is_plain).collect();
    for (index, row) in rows.iter().enumerate() {
        for first in rows.iter().take(index) {
            if let Some((resource, states)) = differing(page, first, row) {
                confusable(scope, operation, (first, row), (resource, states), found);
            }
        }
    }
}

/// A resource of which two rows speak in different states that can be made, and the two states.
fn differing<'a>(page: &'a Page<'_>, left: &Row, right: &Row) -> Option<(&'a str, (&'a str, &'a str))> {
    let (left, right) = (page.space.region(left), page.space.region(right));
    page.space.dimensions.iter().enumerate().find_map(|(index, dimension)| {
        let made = |choice: usize| Some(page.space.choice(index, choice)).filter(|state| !WRONG.contains(state));
        let one = left.choices(index).find_map(made)?;
        let other = right.choices(index).filter_map(made).find(|state| *state != one)?;
        Some((dimension.key.as_str(), (one, other)))
    })
}

fn confusable(
    scope: &Scope<'_>,
    operation: &Operation,
    (first, second): (&Row, &Row),
    (resource, (one, other)): (&str, (&str, &str)),
    found: &mut Vec<Diagnostic>,
) {
    for left_branch in &first.then {
        for right_branch in &second.then {
            let (left, right) = (&operation[left_branch.outcome], &operation[right_branch.outcome]);
            if !confuses(left, right) {
                continue;
            }
            let fits = if left.name == right.name {
                format!("`{}` is the answer to both", left.name)
            } else {
                format!("one answer satisfies `{}` and `{}`", left.name, right.name)
            };
            let mistake = Diagnostic::error(
                Code::ConfusableReads,
                format!("this read cannot tell a `{resource}` that is `{other}` from one that is `{one}`: {fits}"),
            )
            .at(scope.then(right_branch), format!("where it is `{other}`"))
            .at(scope.then(left_branch), format!("where it is `{one}`"))
            .help("promise what only one of the states has, or join the rows");
            found.push(scope.taken(mistake, operation, &second.at));
        }
    }
}

fn confuses(left: &Outcome, right: &Outcome) -> bool {
    left.name == right.name || meet(left, right)
}
