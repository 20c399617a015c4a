//! Outcomes of one row that do not differ, or of which one swallows another.

use super::algebra::implies;
use super::scope::Scope;
use crate::contract::{Branch, Operation, Row};
use crate::text::diagnostic::{Code, Diagnostic};

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    for page in &scope.pages {
        for row in page.operation.rows.values().filter(|row| row.then.len() > 1) {
            for (place, second) in row.then.iter().enumerate() {
                for first in row.then.iter().take(place) {
                    pair(scope, page.operation, row, (first, second), found);
                }
            }
        }
    }
}

fn pair(
    scope: &Scope<'_>,
    operation: &Operation,
    row: &Row,
    (first, second): (&Branch, &Branch),
    found: &mut Vec<Diagnostic>,
) {
    let (left, right) = (&operation[first.outcome], &operation[second.outcome]);
    let (at_left, at_right) = (scope.then(first), scope.then(second));
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
            .at(weak.at.clone().key(), "what it promises")
            .help(format!("promise more in `{}`, or take `{}` away", weak.name, strict.name))
    } else {
        return;
    };
    found.push(scope.taken(mistake, operation, &row.at));
}
