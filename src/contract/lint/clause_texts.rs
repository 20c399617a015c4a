//! Clauses as they are written, without regard to what cites them: their ids, their reasons, sections that no page takes.

use super::vendor_scope::VendorScope;
use crate::contract::Operation;
use crate::contract::language::Clause;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use std::collections::{HashMap, HashSet};

pub(super) fn clause_texts(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    check_sections(scope, found);
    for operation in &scope.vendor.operations {
        for (id, clause) in operation.clauses.iter().filter(|(_, clause)| clause.at.file == operation.at.file) {
            check_clause(id, &clause.value, &clause.at, found);
        }
        check_repetition(scope, operation, found);
    }
}

fn check_sections(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    let operations = scope.vendor.operations.iter();
    let taken: HashSet<&str> = operations.flat_map(|operation| &operation.with).map(String::as_str).collect();
    for (name, section) in &scope.vendor.file.sections {
        let at = scope.vendor_at("sections").child(name);
        for (id, clause) in &section.clauses {
            check_clause(id, clause, &at.child("clauses").child(id), found);
        }
        if !taken.contains(name.as_str()) && !scope.vendor.partial {
            found.push(
                Diagnostic::warning(Code::UnusedSection, format!("no operation takes the section `{name}`"))
                    .at(at.key(), "named under no `with`"),
            );
        }
    }
}

fn check_clause(id: &str, clause: &Clause, at: &Place, found: &mut Vec<Diagnostic>) {
    if !is_clause_id(id) {
        found.push(
            Diagnostic::error(Code::BadClauseId, format!("`{id}` is not a section and a name joined by a dot"))
                .at(at.key(), "a clause's id has two parts")
                .help("write it like `404.unknown`: no spaces, and no other dot"),
        );
    }
    let reasons = [
        ("says", Some(&clause.says)),
        ("untestable", clause.untestable.as_ref()),
        ("mistaken", clause.mistaken.as_ref()),
    ];
    for (key, text) in reasons {
        if text.is_some_and(|text| text.trim().is_empty()) {
            found.push(
                Diagnostic::error(Code::EmptyReason, format!("`{key}` of a clause is empty"))
                    .at(at.child(key), "a sentence is due"),
            );
        }
    }
    if clause.untestable.is_some() && clause.mistaken.is_some() {
        found.push(
            Diagnostic::error(Code::TwoReasons, format!("`{id}` is both untestable and mistaken"))
                .at(at.child("mistaken").key(), "this reason")
                .at(at.child("untestable").key(), "or this one"),
        );
    }
}

/// Whether an id is a section and a name; codes and fields are named as the vendor names them, and some codes have dots.
fn is_clause_id(id: &str) -> bool {
    id.split_once('.').is_some_and(|(section, name)| {
        !section.is_empty()
            && section.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))
            && !name.is_empty()
            && !name.contains(char::is_whitespace)
            && (section == "errors" || !name.contains('.'))
    })
}

/// Clauses of one id on one page.
fn check_repetition(scope: &VendorScope<'_>, operation: &Operation, found: &mut Vec<Diagnostic>) {
    if operation.with.is_empty() {
        return;
    }
    let mut seen: HashMap<&str, Place> = HashMap::new();
    for name in &operation.with {
        let Some(section) = scope.vendor.file.sections.get(name) else { continue };
        let at = scope.vendor_at("sections").child(name).child("clauses");
        for id in section.clauses.keys() {
            if let Some(first) = seen.insert(id, at.child(id)) {
                found.push(repeated_clause(id, &at.child(id), &first));
            }
        }
    }
    for (id, clause) in &operation.clauses {
        if let Some(first) = seen.remove(id.as_str()).filter(|_| !scope.is_in_section(operation, &clause.at)) {
            found.push(repeated_clause(id, &clause.at, &first));
        }
    }
}

fn repeated_clause(id: &str, second: &Place, first: &Place) -> Diagnostic {
    Diagnostic::error(Code::RepeatedClause, format!("the page has two clauses `{id}`"))
        .at(second.key(), "the second one")
        .at(first.key(), "the first one")
        .help("give one of them another name")
}
