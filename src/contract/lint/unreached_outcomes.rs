//! Outcomes that no row has; of a section, those that a page takes without using them.

use super::vendor_scope::VendorScope;
use crate::contract::{Operation, Outcome};
use crate::text::diagnostic::{Code, Diagnostic, suggest};

pub(super) fn unreached_outcomes(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for (operation, outcome) in scope.outcomes() {
        let is_expected = operation.page.is_some() || !scope.is_in_section(operation, &outcome.at);
        if is_expected && !is_reached(operation, outcome) {
            let mistake = Diagnostic::error(Code::UnreachedOutcome, format!("no row leads to `{}`", outcome.name))
                .at(outcome.at.key(), "named under no `then`");
            found.push(scope.with_taker(mistake, operation, &outcome.at));
        }
    }
}

/// Whether a row has an outcome, or has a slip that may have been meant for it: that is reported in the row.
fn is_reached(operation: &Operation, outcome: &Outcome) -> bool {
    operation.rows.values().any(|row| {
        row.then.iter().any(|branch| branch.outcome == outcome.id)
            || row.slips.iter().any(|slip| suggest(slip, [outcome.name.as_str()]).is_some())
    })
}
