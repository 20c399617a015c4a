//! Error codes that no body can have, because of what else is promised of it.

use super::algebra;
use super::scope::Scope;
use crate::contract::Promise;
use crate::contract::language::CodePlace;
use crate::contract::template::refers;
use crate::text::diagnostic::{Code, Diagnostic};

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    let Some(CodePlace::Body(pointer)) = &scope.vendor.file.error_code else { return };
    // What is told of the rest already would be told of the code again.
    if found.iter().any(|mistake| mistake.code == Code::Contradiction) {
        return;
    }
    for operation in scope.pages.iter().map(|page| page.operation) {
        for outcome in operation.outcomes.values() {
            let at = outcome.at.child("code");
            let Promise::Json(shape) = &outcome.body else { continue };
            let known = scope.written(&at).is_some_and(|code| !refers(code));
            if !known || !algebra::set(&shape.schema).is_some_and(|set| algebra::is_empty(&set)) {
                continue;
            }
            let mistake = Diagnostic::error(Code::Contradiction, "no body can have this code")
                .at(at, format!("what else is promised of `{pointer}`, or around it, excludes it"))
                .help("promise the code alone, or something that it satisfies");
            found.push(scope.taken(mistake, operation, &outcome.at));
        }
    }
}
