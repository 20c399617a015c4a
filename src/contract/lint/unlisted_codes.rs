//! Error codes that a page with a list of codes does not list.

use super::citations::clauses_of;
use super::clause_lack::promised_codes;
use super::vendor_scope::VendorScope;
use crate::contract::language::CodePlace;
use crate::contract::template::plain;
use crate::contract::{ClauseId, Operation, Outcome, Promise};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;

pub(super) fn unlisted_codes(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for operation in scope.vendor.documented() {
        let listed = listed_codes(operation);
        if listed.is_empty() {
            continue;
        }
        for outcome in operation.outcomes.values() {
            let codes = promised_codes(outcome).into_iter().map(plain);
            for code in codes.filter(|code| !listed.contains(&code.as_str())) {
                let message = format!("the page lists its error codes, and `{code}` is none of them");
                found.push(
                    Diagnostic::error(Code::UnlistedCode, message)
                        .at(code_at(outcome), "not among the clauses `errors.*`")
                        .suggest(&code, listed.iter().copied())
                        .help(format!("the page lists {}", listed.join(", "))),
                );
            }
        }
    }
}

fn listed_codes(operation: &Operation) -> Vec<&str> {
    let clauses = clauses_of(operation, "errors").filter(|(_, clause)| clause.value.mistaken.is_none());
    clauses.filter_map(|(id, _)| ClauseId::parse(id)).map(|id| id.name).collect()
}

/// The place where an outcome promises its error code.
fn code_at(outcome: &Outcome) -> Place {
    if let (Promise::Json(shape), Some(CodePlace::Body(pointer))) = (&outcome.body, &outcome.code)
        && let Some(field) = shape.field(pointer)
    {
        return field.at.clone();
    }
    outcome.at.child("code")
}
