//! What the language understands and nothing runs yet.

use super::vendor_scope::VendorScope;
use crate::contract::language::Auth;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use serde_json::{Map, Value};

pub(super) fn reserved_words(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for (name, resource) in &scope.vendor.file.resources {
        if resource.settles.is_some() {
            let at = scope.vendor_at("resources").child(name).child("settles");
            found.push(not_yet_run("settles", at.key()));
        }
    }
    for (auth, at) in scope.vendor_auths() {
        check_auth(auth, &at, found);
    }
    for operation in &scope.vendor.operations {
        if let Some(own) = &operation.auth {
            check_auth(own, &operation.at.child("auth"), found);
        }
    }
    for passage in scope.passages() {
        for (at, row) in passage.rows() {
            check_words(&["repeats", "events"], row, &at, found);
            if let Some(Value::Object(because)) = row.get("because") {
                check_words(&["owner", "expires"], because, &at.child("because"), found);
            }
        }
    }
}

fn check_auth(auth: &Auth, at: &Place, found: &mut Vec<Diagnostic>) {
    if auth.hmac.is_some() {
        found.push(not_yet_run("hmac", at.child("hmac").key()));
    }
}

fn check_words(words: &[&str], written: &Map<String, Value>, at: &Place, found: &mut Vec<Diagnostic>) {
    for word in words.iter().filter(|word| written.contains_key(**word)) {
        found.push(not_yet_run(word, at.child(word).key()));
    }
}

/// The notice that a word is reserved.
pub(super) fn not_yet_run(word: &str, at: Place) -> Diagnostic {
    Diagnostic::warning(Code::NotYetRun, format!("`{word}` is understood, not yet run"))
        .at(at, "changes nothing so far")
}
