//! Whether every statement of a page is accounted for: cited exactly once, by what really holds it, or explained.

use super::constraints::{codes, has_code, lacking};
use super::scope::Scope;
use crate::contract::language::Clause;
use crate::contract::template::plain;
use crate::contract::{ClauseId, Operation, Promise, Row, Subject};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use std::collections::{HashMap, HashSet};

/// A clause cited by an outcome or a row.
pub(super) struct Citation<'a> {
    /// The clause.
    pub(super) clause: &'a str,
    /// The element of `cites`.
    pub(super) at: Place,
    /// Whether the element stands for all field clauses of a section.
    pub(super) whole: bool,
}

/// The citations of a page, those that stand for several clauses told apart.
pub(super) fn citations(operation: &Operation) -> Vec<Citation<'_>> {
    let mut citations = Vec::new();
    for outcome in operation.outcomes.values() {
        for (index, cite) in outcome.cites.iter().enumerate() {
            let at = || outcome.at.child("cites").index(index);
            match cite.strip_suffix(".*") {
                None => citations.push(Citation { clause: cite, at: at(), whole: false }),
                Some(section) => {
                    let all = of_section(operation, section).filter(|(_, clause)| !is_explained(clause));
                    let held = all.filter(|(id, _)| lacking(outcome, id).is_none());
                    citations.extend(held.map(|(clause, _)| Citation { clause, at: at(), whole: true }));
                }
            }
        }
    }
    for row in operation.rows.values() {
        for (index, cite) in row.cites.iter().enumerate() {
            citations.push(Citation { clause: cite, at: row.at.child("cites").index(index), whole: false });
        }
    }
    citations
}

fn of_section<'a>(operation: &'a Operation, section: &'a str) -> impl Iterator<Item = (&'a str, &'a Clause)> {
    let clauses = operation.clauses.iter().map(|(id, clause)| (id.as_str(), &clause.value));
    clauses.filter(move |(id, _)| ClauseId::parse(id).is_some_and(|id| id.section == section))
}

fn is_explained(clause: &Clause) -> bool {
    clause.untestable.is_some() || clause.mistaken.is_some()
}

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    sections(scope, found);
    for page in &scope.pages {
        let operation = page.operation;
        for (id, clause) in operation.clauses.iter().filter(|(_, clause)| clause.at.file == operation.at.file) {
            written(id, &clause.value, &clause.at, found);
        }
        repeated(scope, operation, found);
        known(scope, operation, found);
        held(scope, operation, found);
        if operation.page.is_some() {
            counted(scope, operation, found);
            listed(operation, found);
        }
    }
}

fn sections(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    let taken: HashSet<&str> = scope.pages.iter().flat_map(|page| &page.operation.with).map(String::as_str).collect();
    for (name, section) in &scope.vendor.file.sections {
        let at = scope.at("sections").child(name);
        for (id, clause) in &section.clauses {
            written(id, clause, &at.child("clauses").child(id), found);
        }
        if !taken.contains(name.as_str()) && !scope.vendor.partial {
            found.push(
                Diagnostic::warning(Code::UnusedSection, format!("no operation takes the section `{name}`"))
                    .at(at.key(), "named under no `with`"),
            );
        }
    }
}

/// What a clause is as it stands, whatever cites it.
fn written(id: &str, clause: &Clause, at: &Place, found: &mut Vec<Diagnostic>) {
    let is_section = |part: &str| part.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
    // Codes and fields are named as the vendor names them, and some codes have dots.
    let is_name = |section: &str, last: &str| {
        !last.is_empty() && !last.contains(char::is_whitespace) && (section == "errors" || !last.contains('.'))
    };
    let parts = id.split_once('.');
    if !parts.is_some_and(|(section, last)| !section.is_empty() && is_section(section) && is_name(section, last)) {
        found.push(
            Diagnostic::error(Code::BadClauseId, format!("`{id}` is not a section and a name joined by a dot"))
                .at(at.clone().key(), "a clause's id has two parts")
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

/// Clauses of one id on one page.
fn repeated(scope: &Scope<'_>, operation: &Operation, found: &mut Vec<Diagnostic>) {
    if operation.with.is_empty() {
        return;
    }
    let mut seen: HashMap<&str, Place> = HashMap::new();
    let mut tell = |id: &str, at: Place, first: Place| {
        let mistake = Diagnostic::error(Code::RepeatedClause, format!("the page has two clauses `{id}`"))
            .at(at.key(), "the second one")
            .at(first.key(), "the first one")
            .help("give one of them another name");
        found.push(mistake);
    };
    for name in &operation.with {
        let Some(section) = scope.vendor.file.sections.get(name) else { continue };
        let at = scope.at("sections").child(name).child("clauses");
        for id in section.clauses.keys() {
            if let Some(first) = seen.insert(id, at.child(id)) {
                tell(id, at.child(id), first);
            }
        }
    }
    for (id, clause) in &operation.clauses {
        let own = scope.section(operation, &clause.at).is_none();
        if let Some(first) = seen.remove(id.as_str()).filter(|_| own) {
            tell(id, clause.at.clone(), first);
        }
    }
}

/// Citations of what is no clause of the page.
fn known(scope: &Scope<'_>, operation: &Operation, found: &mut Vec<Diagnostic>) {
    let outcomes = operation.outcomes.values().map(|outcome| (&outcome.cites, &outcome.at, true));
    let rows = operation.rows.values().map(|row| (&row.cites, &row.at, false));
    for (cites, at, is_outcome) in outcomes.chain(rows) {
        for (index, cite) in cites.iter().enumerate() {
            let place = at.child("cites").index(index);
            let mistake = match cite.strip_suffix(".*") {
                Some(section) if is_outcome && of_section(operation, section).next().is_some() => continue,
                Some(_) if !is_outcome => Diagnostic::error(Code::UnknownClause, "a row cites causes, one by one")
                    .at(place, "only an outcome cites all fields of a section at once"),
                None if operation.clauses.contains_key(cite) => continue,
                _ => Diagnostic::error(Code::UnknownClause, format!("no clause is named `{cite}`"))
                    .at(place, "neither on this page nor in a section that it takes")
                    .suggest(cite, operation.clauses.keys().map(String::as_str)),
            };
            found.push(scope.taken(mistake, operation, at));
        }
    }
}

/// Citations by what does not hold what the clause says.
fn held(scope: &Scope<'_>, operation: &Operation, found: &mut Vec<Diagnostic>) {
    for outcome in operation.outcomes.values() {
        for (index, cite) in outcome.cites.iter().enumerate() {
            let at = outcome.at.child("cites").index(index);
            let reason = match cite.strip_suffix(".*") {
                Some(section) => {
                    let mut clauses = of_section(operation, section).peekable();
                    let none = clauses.peek().is_some() && clauses.all(|(id, _)| lacking(outcome, id).is_some());
                    none.then(|| format!("it holds nothing that a clause of `{section}` names"))
                }
                None if operation.clauses.contains_key(cite) => lacking(outcome, cite),
                None => None,
            };
            if let Some(reason) = reason {
                let name = &outcome.name;
                let mistake =
                    Diagnostic::error(Code::NotConstrained, format!("the outcome `{name}` does not hold `{cite}`"))
                        .at(at, reason)
                        .help("promise it here, or cite the clause where it is promised; a cause is cited by its row");
                found.push(mistake);
            }
        }
    }
    for row in operation.rows.values() {
        for (index, cite) in row.cites.iter().enumerate().filter(|(_, cite)| operation.clauses.contains_key(*cite)) {
            if let Some(reason) = unfitting(operation, row, cite) {
                let name = &row.name;
                let mistake =
                    Diagnostic::error(Code::NotConstrained, format!("the row `{name}` does not hold `{cite}`"))
                        .at(row.at.child("cites").index(index), reason)
                        .at(row.at.child("then"), "the outcomes of the row");
                found.push(scope.taken(mistake, operation, &row.at));
            }
        }
    }
}

/// Why a row's outcomes cannot be those of the section in which a cause stands.
fn unfitting(operation: &Operation, row: &Row, cite: &str) -> Option<String> {
    let id = ClauseId::parse(cite)?;
    if !row.slips.is_empty() {
        return None;
    }
    let outcomes: Vec<_> = operation.outcomes_of(row).collect();
    if let Subject::Code(code) = id.in_row() {
        let none = !outcomes.iter().any(|outcome| has_code(outcome, code));
        return none.then(|| format!("none of its outcomes promises the code `{code}`"));
    }
    let status = id.status()?;
    let none = !outcomes.iter().any(|outcome| status.is_of(outcome));
    none.then(|| format!("none of its outcomes has the status {}", id.section))
}

/// Clauses cited never, twice, or although explained.
fn counted(scope: &Scope<'_>, operation: &Operation, found: &mut Vec<Diagnostic>) {
    let mut cited: HashMap<&str, Place> = HashMap::new();
    for Citation { clause: id, at, whole } in citations(operation) {
        let Some(clause) = operation.clauses.get(id) else { continue };
        let reason = clause.value.untestable.as_ref().map(|_| "untestable");
        if let Some(reason) = reason.or(clause.value.mistaken.as_ref().map(|_| "mistaken")) {
            found.push(
                Diagnostic::error(Code::CitedAndExplained, format!("`{id}` is cited, and said to be {reason}"))
                    .at(at, "cited here")
                    .at(clause.at.child(reason).key(), "explained here")
                    .help("take one of the two away"),
            );
        } else if let Some(first) = cited.get(id) {
            let label = if whole { format!("this stands for `{id}` too") } else { "cited again here".to_owned() };
            let mistake = Diagnostic::error(Code::CitedTwice, format!("`{id}` is cited twice"))
                .at(at.clone(), label)
                .at(first.clone(), "cited here already")
                .help("keep the citation where the clause is held");
            found.push(scope.taken(mistake, operation, &at));
        } else {
            cited.insert(id, at);
        }
    }
    for (id, clause) in &operation.clauses {
        if !is_explained(&clause.value) && !cited.contains_key(id.as_str()) {
            let mistake = Diagnostic::error(Code::UncitedClause, format!("nothing cites `{id}`"))
                .at(clause.at.clone().key(), "neither cited nor explained");
            let mistake = near_misses(operation, id, mistake)
                .help("cite it in the outcome or row that promises it, or say why it is `untestable` or `mistaken`");
            found.push(scope.taken(mistake, operation, &clause.at));
        }
    }
}

/// Shows the citations of a clause's whole section that do not stand for the clause.
fn near_misses(operation: &Operation, id: &str, mut mistake: Diagnostic) -> Diagnostic {
    let whole = id.split_once('.').map(|(section, _)| format!("{section}.*"));
    for outcome in operation.outcomes.values() {
        for (index, _) in outcome.cites.iter().enumerate().filter(|(_, cite)| Some(*cite) == whole.as_ref()) {
            let reason = lacking(outcome, id).unwrap_or_default();
            mistake = mistake.at(outcome.at.child("cites").index(index), format!("does not stand for it: {reason}"));
        }
    }
    mistake
}

/// Error codes that a page with a list of codes does not list.
fn listed(operation: &Operation, found: &mut Vec<Diagnostic>) {
    let listed: Vec<&str> = of_section(operation, "errors")
        .filter(|(_, clause)| clause.mistaken.is_none())
        .filter_map(|(id, _)| id.split_once('.').map(|(_, code)| code))
        .collect();
    if listed.is_empty() {
        return;
    }
    for outcome in operation.outcomes.values() {
        for code in codes(outcome).into_iter().map(plain).filter(|code| !listed.contains(&code.as_str())) {
            let field = match (&outcome.body, &outcome.code) {
                (Promise::Json(shape), Some(crate::contract::language::CodePlace::Body(pointer))) => {
                    shape.field(pointer)
                }
                _ => None,
            };
            let at = field.map_or_else(|| outcome.at.child("code"), |field| field.at.clone());
            found.push(
                Diagnostic::error(
                    Code::UnlistedCode,
                    format!("the page lists its error codes, and `{code}` is none of them"),
                )
                .at(at, "not among the clauses `errors.*`")
                .suggest(&code, listed.iter().copied())
                .help(format!("the page lists {}", listed.join(", "))),
            );
        }
    }
}
