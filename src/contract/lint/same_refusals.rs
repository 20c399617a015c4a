//! Refused credentials that one request carries alike, so that nothing could show which of them it carries.

use super::vendor_scope::VendorScope;
use crate::contract::condition::carriers;
use crate::contract::language::Auth;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;

pub(super) fn same_refusals(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    let mut earlier: Vec<(&str, &Auth, Place)> = Vec::new();
    for (name, auth, at) in scope.refused_samples() {
        let alike = earlier.iter().find(|(other, sent, _)| *other != name && is_alike(auth, sent));
        if let Some((first, _, place)) = alike {
            found.push(
                Diagnostic::error(Code::SameRefusals, format!("`{name}` and `{first}` send the same credentials"))
                    .at(at.key(), "no request could tell it from the other one")
                    .at(place.key(), "the other one")
                    .help("keep one of them, or send what tells them apart"),
            );
        }
        earlier.push((name, auth, at));
    }
}

/// Whether two ways of showing who sends a request put the same into it, in whatever order they are written.
fn is_alike(left: &Auth, right: &Auth) -> bool {
    let (ours, theirs) = (carriers(left), carriers(right));
    left.hmac == right.hmac && ours.len() == theirs.len() && ours.iter().all(|carrier| theirs.contains(carrier))
}
