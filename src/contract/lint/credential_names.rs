//! The names of credentials and refusals: those that mean something else, or nothing, in `replaces`.

use super::reference_names::is_built_in;
use super::vendor_scope::VendorScope;
use crate::contract::language::Credential;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;

pub(super) fn credential_names(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for (name, credential) in &scope.vendor.file.credentials {
        let at = scope.credential_at(name);
        if is_built_in(name) {
            found.push(
                Diagnostic::error(Code::NameTaken, format!("`${name}` has a meaning of its own"))
                    .at(at.key(), "a credential of that name could not be referred to")
                    .help("give the credential another name"),
            );
        }
        if let Some(replaced) = &credential.replaces {
            found.extend(replacement_mistake(scope, name, replaced, at.child("replaces")));
        }
    }
    for name in scope.vendor.file.variables.keys() {
        if scope.vendor.file.credentials.get(name).is_some_and(Credential::is_secret) {
            found.push(
                Diagnostic::error(Code::NameTaken, format!("`{name}` is a credential and a variable"))
                    .at(scope.vendor_at("variables").child(name).key(), "`$` and this name mean the credential")
                    .help("give the variable another name"),
            );
        }
    }
    if scope.vendor.file.refused.contains_key("right") {
        found.push(
            Diagnostic::error(Code::NameTaken, "`right` means the credentials that are accepted").at(
                scope.vendor_at("refused").child("right").key(),
                "a refusal of that name could not be told from them",
            ),
        );
    }
}

fn replacement_mistake(scope: &VendorScope<'_>, name: &str, replaced: &str, at: Place) -> Option<Diagnostic> {
    let credentials = &scope.vendor.file.credentials;
    match credentials.get(replaced) {
        None => Some(
            Diagnostic::error(Code::UnknownCredential, format!("no credential is named `{replaced}`"))
                .at(at, "not under `credentials`")
                .suggest(replaced, credentials.keys().map(String::as_str)),
        ),
        Some(other) if replaced == name || other.replaces.is_some() => Some(
            Diagnostic::error(Code::ReplacedCredential, format!("`{replaced}` is itself another account's"))
                .at(at, "the credential of our own account is due")
                .help("`replaces` names the credential in whose place this one stands for another account"),
        ),
        Some(_) => None,
    }
}
