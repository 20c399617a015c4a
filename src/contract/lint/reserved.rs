//! What the language understands and nothing runs yet.

use super::scope::Scope;
use crate::contract::language::Auth;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use serde_json::Value;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    let file = &scope.vendor.file;
    for (name, resource) in &file.resources {
        if resource.settles.is_some() {
            found.push(not_yet_run("settles", scope.at("resources").child(name).child("settles").key()));
        }
    }
    auth(&file.auth, &scope.at("auth"), found);
    for (name, refusal) in &file.refused {
        for (sample, sent) in &refusal.0 {
            let at = scope.at("refused").child(name);
            auth(sent, &sample.as_ref().map_or_else(|| at.clone(), |sample| at.child(sample)), found);
        }
    }
    for page in &scope.pages {
        if let Some(own) = &page.operation.auth {
            auth(own, &page.operation.at.child("auth"), found);
        }
    }
    for (written, at) in scope.holders() {
        for (name, row) in written.get("rows").and_then(Value::as_object).into_iter().flatten() {
            let at = at.child("rows").child(name);
            rows(row, &at, found);
        }
    }
}

fn auth(auth: &Auth, at: &Place, found: &mut Vec<Diagnostic>) {
    if auth.hmac.is_some() {
        found.push(not_yet_run("hmac", at.child("hmac").key()));
    }
}

fn rows(row: &Value, at: &Place, found: &mut Vec<Diagnostic>) {
    for word in ["repeats", "events"] {
        if row.get(word).is_some() {
            found.push(not_yet_run(word, at.child(word).key()));
        }
    }
    for word in ["owner", "expires"] {
        if row.get("because").is_some_and(|because| because.get(word).is_some()) {
            found.push(not_yet_run(word, at.child("because").child(word).key()));
        }
    }
}

/// The notice that a word is reserved.
pub(super) fn not_yet_run(word: &str, at: Place) -> Diagnostic {
    Diagnostic::warning(Code::NotYetRun, format!("`{word}` is understood, not yet run"))
        .at(at, "changes nothing so far")
}
