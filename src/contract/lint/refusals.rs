//! Refused credentials that one request carries alike, so that nobody could say which of them it shows.

use super::scope::Scope;
use crate::contract::condition::carriers;
use crate::contract::language::Auth;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    let mut before: Vec<(&str, &Auth, Place)> = Vec::new();
    for (name, refusal) in &scope.vendor.file.refused {
        let entry = scope.at("refused").child(name);
        let mut own = Vec::new();
        for (sample, auth) in &refusal.0 {
            let at = sample.as_ref().map_or_else(|| entry.clone(), |sample| entry.child(sample)).key();
            if let Some((first, _, place)) = before.iter().find(|(_, other, _)| is_alike(auth, other)) {
                found.push(
                    Diagnostic::error(Code::SameRefusals, format!("`{name}` and `{first}` send the same credentials"))
                        .at(at.clone(), "no request could tell it from the other one")
                        .at(place.clone(), "the other one")
                        .help("keep one of them, or send what tells them apart"),
                );
            }
            own.push((name.as_str(), auth, at));
        }
        before.append(&mut own);
    }
}

/// Whether two ways of showing who sends a request put the same into it, in whatever order they are written.
fn is_alike(left: &Auth, right: &Auth) -> bool {
    let (ours, theirs) = (carriers(left), carriers(right));
    left.hmac == right.hmac && ours.len() == theirs.len() && ours.iter().all(|carrier| theirs.contains(carrier))
}
