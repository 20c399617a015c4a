//! Error codes that no body can have, because of what else is promised of it.

use super::value_set::ValueSet;
use super::vendor_scope::VendorScope;
use crate::contract::Promise;
use crate::contract::language::CodePlace;
use crate::contract::template::refers;
use crate::text::diagnostic::{Code, Diagnostic};

pub(super) fn impossible_codes(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    let Some(CodePlace::Body(pointer)) = &scope.vendor.file.error_code else { return };
    // What is reported of the rest already would be reported of the code again.
    if found.iter().any(|mistake| mistake.code == Code::Contradiction) {
        return;
    }
    for (operation, outcome) in scope.outcomes() {
        let at = outcome.at.child("code");
        let Promise::Json(shape) = &outcome.body else { continue };
        let is_known = scope.written(&at).is_some_and(|code| !refers(code));
        if is_known && ValueSet::of(&shape.schema).is_some_and(|set| set.is_empty()) {
            let mistake = Diagnostic::error(Code::Contradiction, "no body can have this code")
                .at(at, format!("what else is promised of `{pointer}`, or around it, excludes it"))
                .help("promise the code alone, or something that it satisfies");
            found.push(scope.with_taker(mistake, operation, &outcome.at));
        }
    }
}
