//! What rows keep of the resources that they make: too little, or what nothing could be kept for.

use super::scope::Scope;
use crate::contract::{Branch, Operation, Promise, Row};
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    for page in &scope.pages {
        for row in page.operation.rows.values() {
            captures(scope, page.operation, row, found);
        }
    }
}

fn captures(scope: &Scope<'_>, operation: &Operation, row: &Row, found: &mut Vec<Diagnostic>) {
    let leads = || row.then.iter().flat_map(|branch| branch.leads.keys());
    // What leads to an unknown resource is told by itself.
    if !leads().all(|resource| scope.vendor.file.resources.contains_key(resource)) {
        return;
    }
    let at = row.at.child("capture").key();
    let mistake = match leads().find(|resource| !operation.binds.contains(*resource)) {
        None if row.capture.is_empty() => return,
        None => Diagnostic::error(Code::IdleCapture, "the row makes nothing for which this could be kept")
            .at(at, "nothing is made")
            .help("say what the row makes: `leads: { RESOURCE: STATE }`"),
        Some(resource) if !row.capture.contains_key("id") => {
            let message = format!("the row makes a `{resource}` and does not keep its id");
            Diagnostic::error(Code::MissingCapture, message)
                .at(row.at.clone().key(), "no `capture` of `id`")
                .help("say where the id stands in the answer: `capture: { id: /id }`")
        }
        Some(_) => {
            let makes = |branch: &&Branch| branch.leads.keys().any(|resource| !operation.binds.contains(resource));
            let mut answers =
                row.then.iter().filter(makes).filter_map(|branch| operation.outcomes.get(&branch.outcome));
            let bare = answers.find(|outcome| matches!(outcome.body, Promise::Empty | Promise::Text));
            let Some(bare) = bare else { return };
            Diagnostic::error(Code::IdleCapture, "the answer is no JSON from which this could be taken")
                .at(at, "nothing to capture from")
                .at(bare.at.child("body"), "what is promised of the body")
        }
    };
    found.push(scope.taken(mistake, operation, &row.at));
}
