//! The parts of a request that a page requires: each of the documented request, and left out by some row.

use super::vendor_scope::VendorScope;
use crate::contract::case::arrangements;
use crate::contract::condition::{Draft, IdSource, carriers};
use crate::contract::language::RequiredPart;
use crate::contract::{Body, Operation};
use crate::text::diagnostic::{Code, Diagnostic};

pub(super) fn required_parts(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for operation in scope.vendor.documented() {
        let documented = Draft::documented(scope.vendor, operation);
        for (id, clause) in &operation.clauses {
            let Some(part) = &clause.value.required else { continue };
            let at = clause.at.child("required");
            if !has_part(operation, &documented, part) {
                let mistake = Diagnostic::error(Code::UnknownPart, format!("the request of `{id}` has no such part"));
                found.push(mistake.at(at, "not in the documented request").help(FORMS));
            } else if !is_left_out(scope, operation, part) {
                let message = format!("no row leaves out what `{id}` requires");
                found.push(Diagnostic::error(Code::RequiredPart, message).at(at, "always sent").help(
                    "add a row without it: `headers`, `query` or `json` with `null` for it, `missing` for an id, or refused `credentials` that lack it",
                ));
            }
        }
    }
}

const FORMS: &str = "a field of the body is a JSON Pointer (`/amount`), another part is `{ header: NAME }`, `{ query: NAME }` or `{ path: NAME }`";

/// Returns true if some case sends the request without a part.
fn is_left_out(scope: &VendorScope<'_>, operation: &Operation, part: &RequiredPart) -> bool {
    let mut drafts = operation.rows.values().flat_map(|row| arrangements(scope.vendor, operation, row));
    drafts.any(|arranged| !has_part(operation, &arranged.draft, part))
}

fn has_part(operation: &Operation, draft: &Draft, part: &RequiredPart) -> bool {
    match part {
        RequiredPart::Header { header } => {
            let mut carried = carriers(&draft.auth).into_iter().filter(|carrier| carrier.header);
            carried.any(|carrier| carrier.name.eq_ignore_ascii_case(header))
                || draft.headers.keys().any(|name| name.eq_ignore_ascii_case(header))
        }
        RequiredPart::Query { query } => {
            let mut carried = carriers(&draft.auth).into_iter().filter(|carrier| !carrier.header);
            carried.any(|carrier| carrier.name == *query) || draft.query.contains_key(query)
        }
        RequiredPart::Path { path } => operation
            .path
            .get(path)
            .is_some_and(|resource| draft.ids.get(resource) != Some(&IdSource::Made(String::new()))),
        RequiredPart::Field(pointer) => match &*draft.body {
            Body::Json(value) => value.pointer(pointer).is_some(),
            Body::Form(fields) => pointer.strip_prefix('/').is_some_and(|name| fields.contains_key(name)),
            Body::None | Body::Raw { .. } => false,
        },
    }
}
