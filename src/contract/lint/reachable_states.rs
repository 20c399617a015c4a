//! States that nothing leads to.

use super::vendor_scope::{OperationScope, VendorScope};
use crate::contract::condition::{WRONG, right_state};
use crate::contract::{Operation, Row};
use crate::text::diagnostic::{Code, Diagnostic};
use std::collections::HashSet;

pub(super) fn reachable_states(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    if scope.vendor.partial {
        return;
    }
    let reached = ReachedStates::of(scope);
    for operation in &scope.operations {
        for row in operation.operation.rows.values().filter(|row| row.not_inducible.is_none()) {
            check_row(scope, operation, row, &reached, found);
        }
    }
}

/// Every state that rows lead to from nothing by any number of steps, or that an engineer supplies.
struct ReachedStates<'a> {
    states: HashSet<(&'a str, &'a str)>,
}

impl<'a> ReachedStates<'a> {
    fn of(scope: &VendorScope<'a>) -> Self {
        let mut reached = Self { states: HashSet::new() };
        for (name, resource) in &scope.vendor.file.resources {
            reached.states.extend(resource.fixtures.keys().map(|state| (name.as_str(), state.as_str())));
        }
        let mut pending: Vec<(&'a Operation, &'a Row)> = scope.rows().filter(|(_, row)| can_lead(row)).collect();
        loop {
            let before = pending.len();
            pending.retain(|(operation, row)| !reached.follow(scope, operation, row));
            if pending.len() == before {
                return reached;
            }
        }
    }

    /// Adds the states that a row leads to, if its request can be sent; whether it can.
    fn follow(&mut self, scope: &VendorScope<'_>, operation: &'a Operation, row: &'a Row) -> bool {
        let is_ready = operation.binds.iter().all(|resource| self.can_supply(scope, row, resource));
        if is_ready {
            let leads = row.then.iter().flat_map(|branch| &branch.leads);
            self.states.extend(leads.map(|(resource, state)| (resource.as_str(), state.as_str())));
        }
        is_ready
    }

    /// Whether a resource that a row's request names is there in a state that the row allows.
    fn can_supply(&self, scope: &VendorScope<'_>, row: &Row, resource: &str) -> bool {
        if row.when.0.contains_key(resource) {
            return row.when.names(resource).into_iter().any(|state| self.has(resource, state));
        }
        right_state(scope.vendor, resource).is_some_and(|state| self.has(resource, state))
    }

    /// Whether a resource is there in a state; an id that is wrong needs no resource.
    fn has(&self, resource: &str, state: &str) -> bool {
        WRONG.contains(&state) || self.states.contains(&(resource, state))
    }

    fn of_resource(&self, resource: &str) -> impl Iterator<Item = &'a str> {
        self.states.iter().filter(move |(known, _)| *known == resource).map(|(_, state)| *state)
    }
}

/// Whether a row can be tested and leads to a state.
fn can_lead(row: &Row) -> bool {
    row.not_inducible.is_none() && row.then.iter().any(|branch| !branch.leads.is_empty())
}

fn check_row(
    scope: &VendorScope<'_>,
    OperationScope { operation, space }: &OperationScope<'_>,
    row: &Row,
    reached: &ReachedStates<'_>,
    found: &mut Vec<Diagnostic>,
) {
    for (index, dimension) in space.dimensions.iter().enumerate() {
        let resource = &dimension.key;
        if !operation.binds.contains(resource) {
            continue;
        }
        if row.when.0.contains_key(resource) {
            for state in row.when.names(resource) {
                if !reached.has(resource, state) && !is_led_astray(scope, state) {
                    let mistake = unreachable_state(scope, row, resource, state, reached);
                    found.push(scope.with_taker(mistake, operation, &row.at));
                }
            }
        } else if index < space.region(row).named && !reached.can_supply(scope, row, resource) {
            let mistake = Diagnostic::error(
                Code::UnreachableState,
                format!("the row needs a `{resource}`, and nothing makes one"),
            )
            .at(row.at.key(), format!("no row leads to a `{resource}` from nothing"))
            .help(format!("add a support call that makes one: `leads: {{ {resource}: live }}`"));
            found.push(scope.with_taker(mistake, operation, &row.at));
        }
    }
}

/// Whether a row leads something unknown to a state: a mistake that is reported there.
fn is_led_astray(scope: &VendorScope<'_>, state: &str) -> bool {
    let mut leads = scope.rows().flat_map(|(_, row)| &row.then).flat_map(|branch| &branch.leads);
    leads.any(|(resource, led)| led == state && !scope.vendor.file.resources.contains_key(resource))
}

fn unreachable_state(
    scope: &VendorScope<'_>,
    row: &Row,
    resource: &str,
    state: &str,
    reached: &ReachedStates<'_>,
) -> Diagnostic {
    let mut leads = scope.rows().flat_map(|(_, row)| &row.then).flat_map(|branch| &branch.leads);
    let label = if leads.any(|(led, to)| led == resource && to == state) {
        "rows lead here only from what cannot be reached itself"
    } else {
        "no row leads here, and no fixture supplies it"
    };
    Diagnostic::error(Code::UnreachableState, format!("nothing leads to `{resource}: {state}`"))
        .at(scope.when_at(row, resource, state), label)
        .suggest(state, reached.of_resource(resource))
        .help("let a row lead there, supply one under `fixtures`, or say `not_inducible` with the reason")
}
