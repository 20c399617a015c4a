//! Reads whose outcomes do not tell two states apart.

use super::value_set::ValueSet;
use super::vendor_scope::{MOST_ROWS, OperationScope, VendorScope};
use crate::contract::condition::{Region, Space, WRONG};
use crate::contract::language::Status;
use crate::contract::{Operation, Outcome, Promise, Row};
use crate::text::diagnostic::{Code, Diagnostic};

/// A resource of which two rows speak, each in a state of its own.
struct StateDifference<'a> {
    resource: &'a str,
    first: &'a str,
    second: &'a str,
}

pub(super) fn confusable_reads(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for OperationScope { operation, space } in &scope.operations {
        if !operation.reads() || operation.rows.len() > MOST_ROWS {
            continue;
        }
        let plain = operation.rows.values().filter(|row| is_plain(operation, row));
        let rows: Vec<(&Row, &Region)> = plain.map(|row| (row, space.region(row))).collect();
        for (index, (second, second_region)) in rows.iter().enumerate() {
            for (first, first_region) in rows.iter().take(index) {
                if let Some(difference) = difference_of(space, first_region, second_region) {
                    compare_outcomes(scope, operation, (first, second), &difference, found);
                }
            }
        }
    }
}

/// Whether a row speaks of states alone, and can be tested.
fn is_plain(operation: &Operation, row: &Row) -> bool {
    row.not_inducible.is_none() && row.when.0.keys().all(|key| operation.binds.contains(key))
}

/// A resource of which two rows speak in different states that can be made.
fn difference_of<'a>(space: &'a Space, left: &Region, right: &Region) -> Option<StateDifference<'a>> {
    space.dimensions.iter().enumerate().find_map(|(index, dimension)| {
        let first = makeable_states(space, left, index).next()?;
        let second = makeable_states(space, right, index).find(|state| *state != first)?;
        Some(StateDifference { resource: &dimension.key, first, second })
    })
}

/// The states that a region allows in a dimension, without those of ids that are wrong.
fn makeable_states<'a>(space: &'a Space, region: &Region, dimension: usize) -> impl Iterator<Item = &'a str> {
    let states = region.choices(dimension).map(move |choice| space.choice(dimension, choice));
    states.filter(|state| !WRONG.contains(state))
}

fn compare_outcomes(
    scope: &VendorScope<'_>,
    operation: &Operation,
    (first, second): (&Row, &Row),
    difference: &StateDifference<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let StateDifference { resource, first: one, second: other } = difference;
    for left_branch in &first.then {
        for right_branch in &second.then {
            let (left, right) = (&operation[left_branch.outcome], &operation[right_branch.outcome]);
            let fits = if left.name == right.name {
                format!("`{}` is the answer to both", left.name)
            } else if meet(left, right) {
                format!("one answer satisfies `{}` and `{}`", left.name, right.name)
            } else {
                continue;
            };
            let mistake = Diagnostic::error(
                Code::ConfusableReads,
                format!("this read cannot tell a `{resource}` that is `{other}` from one that is `{one}`: {fits}"),
            )
            .at(scope.then_at(right_branch), format!("where it is `{other}`"))
            .at(scope.then_at(left_branch), format!("where it is `{one}`"))
            .help("promise what only one of the states has, or join the rows");
            found.push(scope.with_taker(mistake, operation, &second.at));
        }
    }
}

/// Whether some answer certainly satisfies two outcomes.
fn meet(left: &Outcome, right: &Outcome) -> bool {
    (left.headers == right.headers || left.headers.is_empty() || right.headers.is_empty())
        && left.media == right.media
        && (100..600).any(|status| {
            Status::is_admitted(left.status.as_ref(), status) && Status::is_admitted(right.status.as_ref(), status)
        })
        && bodies_meet(&left.body, &right.body)
}

fn bodies_meet(left: &Promise, right: &Promise) -> bool {
    match (left, right) {
        (Promise::Json(left), Promise::Json(right)) => {
            ValueSet::of(&left.schema).zip(ValueSet::of(&right.schema)).is_some_and(|(left, right)| left.meets(&right))
        }
        (Promise::Nothing, Promise::Json(shape)) | (Promise::Json(shape), Promise::Nothing) => {
            ValueSet::of(&shape.schema).is_some_and(|set| set.has_value())
        }
        (Promise::Nothing, _)
        | (_, Promise::Nothing)
        | (Promise::Empty, Promise::Empty)
        | (Promise::Text, Promise::Text) => true,
        _ => false,
    }
}
