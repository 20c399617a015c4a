//! Outcomes of one row that do not differ, or of which one swallows another.

use super::value_set::ValueSet;
use super::vendor_scope::VendorScope;
use crate::contract::language::Status;
use crate::contract::{Branch, Operation, Outcome, Promise, Row};
use crate::text::diagnostic::{Code, Diagnostic};

pub(super) fn alternatives(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for (operation, row) in scope.rows() {
        for (place, second) in row.then.iter().enumerate() {
            for first in row.then.iter().take(place) {
                compare_branches(scope, operation, row, (first, second), found);
            }
        }
    }
}

fn compare_branches(
    scope: &VendorScope<'_>,
    operation: &Operation,
    row: &Row,
    (first, second): (&Branch, &Branch),
    found: &mut Vec<Diagnostic>,
) {
    let (left, right) = (&operation[first.outcome], &operation[second.outcome]);
    let (at_left, at_right) = (scope.then_at(first), scope.then_at(second));
    let (narrows, widens) = (implies(right, left), implies(left, right));
    let mistake = if narrows && widens {
        Diagnostic::error(Code::SameAlternatives, format!("`{}` and `{}` promise the same", left.name, right.name))
            .at(at_right, "no answer could tell it from the other one")
            .at(at_left, "the other one")
            .help("keep one of them, or promise what tells them apart")
    } else if narrows || widens {
        let (strict, weak) = if narrows { (right, left) } else { (left, right) };
        let (at_strict, at_weak) = if narrows { (at_right, at_left) } else { (at_left, at_right) };
        Diagnostic::error(Code::SwallowedAlternative, format!("`{}` swallows `{}`", weak.name, strict.name))
            .at(at_strict, "every answer that satisfies this one ...")
            .at(at_weak, "... satisfies this one too")
            .at(weak.at.key(), "what it promises")
            .help(format!("promise more in `{}`, or take `{}` away", weak.name, strict.name))
    } else {
        return;
    };
    found.push(scope.with_taker(mistake, operation, &row.at));
}

/// Whether every answer that satisfies one outcome certainly satisfies another.
fn implies(strict: &Outcome, weak: &Outcome) -> bool {
    weak.headers.iter().all(|(name, promise)| strict.headers.get(name) == Some(promise))
        && (weak.media.is_none() || weak.media == strict.media)
        && (100..600).all(|status| {
            !Status::is_admitted(strict.status.as_ref(), status) || Status::is_admitted(weak.status.as_ref(), status)
        })
        && body_implies(&strict.body, &weak.body)
}

fn body_implies(strict: &Promise, weak: &Promise) -> bool {
    match (strict, weak) {
        (_, Promise::Nothing) | (Promise::Empty, Promise::Empty) | (Promise::Text, Promise::Text) => true,
        (Promise::Json(strict), Promise::Json(weak)) => {
            strict.schema == weak.schema
                || ValueSet::of(&weak.schema)
                    .zip(ValueSet::of(&strict.schema))
                    .is_some_and(|(weak, strict)| weak.includes(&strict))
        }
        _ => false,
    }
}
