//! Names that mean nothing, or two things: in `then`, `when`, `leads`, `in`, `replaces`, `canary` and `sweep`.

use super::scope::{Page, Scope};
use crate::contract::condition::{WORDS, WRONG, impossible};
use crate::contract::language::Auth;
use crate::contract::template;
use crate::contract::{Operation, Row};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;

/// Names that references have of themselves, beside those with a length in them.
pub const BUILT_IN: [&str; 7] = ["origin", "livemode", "mark", "uuid", "time", "body", "previous"];
/// What each of [`BUILT_IN`] stands for, in the same order.
pub const BUILT_IN_MEANS: [&str; BUILT_IN.len()] = [
    "Scheme, host and port of the target.",
    "Whether the key in use is a live one, by the `test` pattern of the credential.",
    "The mark of the run, by which what it left behind is found again.",
    "A fresh UUID.",
    "The time of the request, as RFC 3339 writes it.",
    "The body of the request.",
    "Reserved: the answer to the same request before.",
];

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    bad_name("a vendor", &scope.vendor.name, &scope.at("vendor"), found);
    resources(scope, found);
    credentials(scope, found);
    operations(scope, found);
    for page in &scope.pages {
        let operation = page.operation;
        bad_name("an operation", &operation.name, &operation.at.child("operation"), found);
        for outcome in operation.outcomes.values() {
            bad_name("an outcome", &outcome.name, &outcome.at.clone().key(), found);
        }
        for row in operation.rows.values() {
            bad_name("a row", &row.name, &row.at.clone().key(), found);
            conditions(scope, page, row, found);
            states(scope, row, found);
        }
    }
}

fn resources(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    let resources = &scope.vendor.file.resources;
    for (name, resource) in resources {
        let at = scope.at("resources").child(name);
        if WORDS.contains(&name.as_str()) || is_built_in(name) || scope.vendor.file.credentials.contains_key(name) {
            let meaning = if WORDS.contains(&name.as_str()) { "a kind of condition" } else { "a reference" };
            found.push(
                Diagnostic::error(Code::NameTaken, format!("`{name}` is {meaning} already"))
                    .at(at.clone().key(), "a resource of that name could not be told from it")
                    .help("give the resource another name"),
            );
        }
        if let Some(parent) = &resource.parent {
            let at = at.child("in");
            match resources.get(parent) {
                None => found.push(unknown_resource(scope, parent, at)),
                Some(_) if descends(scope, parent, name) => found.push(
                    Diagnostic::error(Code::ResourceCycle, format!("`{name}` lives inside itself"))
                        .at(at, format!("`{parent}` lives in `{name}`, itself or by way of others"))
                        .help("take one of the `in` away"),
                ),
                Some(_) => {}
            }
        }
        bad_names("a malformed sample", resource.id.malformed.keys(), &at.child("id").child("malformed"), found);
        for state in resource.fixtures.keys().filter(|state| WRONG.contains(&state.as_str())) {
            found.push(not_a_state(state, at.child("fixtures").child(state).key()));
        }
    }
}

/// Whether a resource is another one, or lives in it by way of any number of others.
fn descends(scope: &Scope<'_>, resource: &str, ancestor: &str) -> bool {
    let mut seen = vec![resource];
    while let Some(last) = seen.last() {
        if *last == ancestor {
            return true;
        }
        match scope.vendor.file.resources.get(*last).and_then(|resource| resource.parent.as_deref()) {
            Some(parent) if !seen.contains(&parent) => seen.push(parent),
            _ => return false,
        }
    }
    false
}

fn credentials(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    let credentials = &scope.vendor.file.credentials;
    for (name, credential) in credentials {
        let at = scope.at("credentials").child(name);
        if is_built_in(name) {
            found.push(
                Diagnostic::error(Code::NameTaken, format!("`${name}` has a meaning of its own"))
                    .at(at.clone().key(), "a credential of that name could not be referred to")
                    .help("give the credential another name"),
            );
        }
        let Some(replaced) = &credential.replaces else { continue };
        let at = at.child("replaces");
        match credentials.get(replaced) {
            None => found.push(
                Diagnostic::error(Code::UnknownCredential, format!("no credential is named `{replaced}`"))
                    .at(at, "not under `credentials`")
                    .suggest(replaced, credentials.keys().map(String::as_str)),
            ),
            Some(other) if replaced == name || other.replaces.is_some() => found.push(
                Diagnostic::error(Code::ReplacedCredential, format!("`{replaced}` is itself another account's"))
                    .at(at, "the credential of our own account is due")
                    .help("`replaces` names the credential in whose place this one stands for another account"),
            ),
            Some(_) => {}
        }
    }
    let refused = scope.at("refused");
    bad_names("a refusal", scope.vendor.file.refused.keys(), &refused, found);
    for (name, refusal) in &scope.vendor.file.refused {
        bad_names(
            "a refused sample",
            refusal.0.iter().filter_map(|(sample, _)| sample.as_ref()),
            &refused.child(name),
            found,
        );
    }
    if scope.vendor.file.refused.contains_key("right") {
        found.push(
            Diagnostic::error(Code::NameTaken, "`right` means the credentials that are accepted")
                .at(refused.child("right").key(), "a refusal of that name could not be told from them"),
        );
    }
}

fn operations(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    let file = &scope.vendor.file;
    if let Some(canary) = &file.canary {
        operation(scope, canary, scope.at("canary"), found);
    }
    for (name, resource) in &file.resources {
        if let Some(sweep) = &resource.sweep {
            let at = scope.at("resources").child(name).child("sweep").child("list");
            operation(scope, &sweep.list, at.clone(), found);
            let list = scope.vendor.operation(&sweep.list);
            if let Some(list) = list.filter(|list| !list.reads() || !list.binds.is_empty()) {
                found.push(
                    Diagnostic::error(Code::NotAList, format!("`{}` does not list what there is", sweep.list))
                        .at(at, "a GET that needs no resource is due")
                        .at(list.at.child("request"), "its request"),
                );
            }
        }
    }
    let mut names = std::collections::HashMap::new();
    for page in &scope.pages {
        if let Some(first) = names.insert(&page.operation.name, &page.operation.at) {
            found.push(
                Diagnostic::error(Code::NameTaken, format!("two operations are named `{}`", page.operation.name))
                    .at(page.operation.at.clone().key(), "the second one")
                    .at(first.child("operation"), "the first one")
                    .help("rename one of them"),
            );
        }
    }
}

fn operation(scope: &Scope<'_>, name: &str, at: Place, found: &mut Vec<Diagnostic>) {
    if !scope.vendor.partial && scope.vendor.operation(name).is_none() {
        let known = scope.vendor.operations.iter().map(|operation| operation.name.as_str());
        found.push(
            Diagnostic::error(Code::UnknownOperation, format!("no operation is named `{name}`"))
                .at(at, "neither a file of this vendor nor under `operations`")
                .suggest(name, known),
        );
    }
}

fn conditions(scope: &Scope<'_>, page: &Page<'_>, row: &Row, found: &mut Vec<Diagnostic>) {
    let operation = page.operation;
    for key in row.when.0.keys() {
        let at = row.at.child("when").child(key).key();
        if key == "credentials" {
            refusals(scope, operation, row, found);
        } else if operation.binds.contains(key) {
            for word in row.when.names(key) {
                if let Some(reason) = impossible(scope.vendor, key, word) {
                    let mistake =
                        Diagnostic::error(Code::ImpossibleCondition, format!("no id of `{key}` can be `{word}`"))
                            .at(scope.when(row, key, word), reason);
                    found.push(scope.taken(mistake, operation, &row.at));
                }
            }
        } else if !WORDS.contains(&key.as_str()) {
            let known = operation.binds.iter().map(String::as_str).chain(WORDS);
            let (message, label) = if scope.vendor.file.resources.contains_key(key) {
                (format!("the request does not name `{key}`"), "this resource is not in the request")
            } else {
                (format!("`{key}` is no condition"), "neither a kind of condition nor a resource in the request")
            };
            let mistake = Diagnostic::error(Code::UnknownCondition, message).at(at, label).suggest(key, known);
            found.push(scope.taken(mistake, operation, &row.at));
        }
    }
}

fn refusals(scope: &Scope<'_>, operation: &Operation, row: &Row, found: &mut Vec<Diagnostic>) {
    let refused = &scope.vendor.file.refused;
    let auth = operation.auth.as_ref().unwrap_or(&scope.vendor.file.auth);
    if *auth == Auth::default() {
        let mistake =
            Diagnostic::error(Code::ImpossibleCondition, "the request carries no credentials that could be refused")
                .at(row.at.child("when").child("credentials").key(), "nothing is sent here")
                .at(operation.at.child("auth"), format!("`{}` is sent without", operation.name));
        found.push(scope.taken(mistake, operation, &row.at));
        return;
    }
    for word in row.when.names("credentials") {
        if word != "right" && !refused.contains_key(word) {
            found.push(
                Diagnostic::error(Code::UnknownRefusal, format!("no refused credentials are named `{word}`"))
                    .at(scope.when(row, "credentials", word), "not under `refused` of this vendor")
                    .suggest(word, refused.keys().map(String::as_str)),
            );
        }
    }
}

fn states(scope: &Scope<'_>, row: &Row, found: &mut Vec<Diagnostic>) {
    for branch in &row.then {
        for (resource, state) in &branch.leads {
            let at = scope.leads(row, branch, resource);
            if !scope.vendor.file.resources.contains_key(resource) {
                found.push(unknown_resource(scope, resource, at.key()));
            } else if WRONG.contains(&state.as_str()) {
                found.push(not_a_state(state, at));
            }
        }
    }
}

fn unknown_resource(scope: &Scope<'_>, name: &str, at: Place) -> Diagnostic {
    Diagnostic::error(Code::UnknownResource, format!("no resource is named `{name}`"))
        .at(at, "not under `resources` of this vendor")
        .suggest(name, scope.vendor.file.resources.keys().map(String::as_str))
}

fn not_a_state(word: &str, at: Place) -> Diagnostic {
    Diagnostic::error(Code::NotAState, format!("`{word}` says what is wrong with an id, and is no state"))
        .at(at, "no resource can be led here")
        .help("choose another name for the state")
}

/// Names that stand as keys of one mapping.
fn bad_names<'n>(what: &str, names: impl Iterator<Item = &'n String>, at: &Place, found: &mut Vec<Diagnostic>) {
    for name in names {
        bad_name(what, name, &at.child(name).key(), found);
    }
}

/// Whether a name can be a part of a case's id and of a file's path.
pub(super) fn is_name(name: &str) -> bool {
    let plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-.".contains(letter));
    plain && name.starts_with(|letter: char| letter.is_ascii_alphanumeric())
}

/// A name that cannot be a part of a case's id and of a file's path.
fn bad_name(what: &str, name: &str, at: &Place, found: &mut Vec<Diagnostic>) {
    if !is_name(name) {
        found.push(
            Diagnostic::error(Code::BadName, format!("`{name}` cannot be the name of {what}"))
                .at(at, "it is a part of ids and of files' paths")
                .help("letters, digits, `_`, `-` and `.` make a name, a letter or digit first"),
        );
    }
}

/// Whether a reference of this name has a meaning of its own.
pub(super) fn is_built_in(name: &str) -> bool {
    BUILT_IN.contains(&name) || template::draw(name).is_some()
}
