//! What a page takes away or replaces of its sections: nothing of that name, or something lost in silence.

use super::scope::Scope;
use crate::contract::Operation;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use serde_json::Value;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    for page in &scope.pages {
        let operation = page.operation;
        let Some(written) = scope.written(&operation.at) else { continue };
        let nulls = |key: &str| {
            let named = written.get(key).and_then(Value::as_object).into_iter().flatten();
            named.filter(|(_, value)| value.is_null()).map(|(name, _)| name)
        };
        for name in nulls("headers") {
            if !scope.vendor.file.headers.keys().any(|known| known.eq_ignore_ascii_case(name)) {
                found.push(nothing(name, "the vendor sends no such header", operation.at.child("headers").child(name)));
            }
        }
        for key in ["outcomes", "rows"] {
            for name in nulls(key) {
                if given(scope, operation, key, name).is_empty() {
                    found.push(nothing(name, "no section of the page has it", operation.at.child(key).child(name)));
                }
            }
        }
        if operation.with.len() > 1 {
            hidden(scope, operation, written, found);
        }
    }
}

fn nothing(name: &str, label: &str, at: Place) -> Diagnostic {
    Diagnostic::error(Code::NothingOverridden, format!("there is no `{name}` to take away"))
        .at(at.key(), label)
        .help("null takes away what stands elsewhere; correct the name, or take the line away")
}

/// Where the sections of an operation have an outcome or a row of a name.
fn given(scope: &Scope<'_>, operation: &Operation, key: &str, name: &str) -> Vec<Place> {
    let has = |section: &&String| {
        let section = scope.vendor.file.sections.get(*section);
        section.is_some_and(|section| match key {
            "rows" => section.rows.contains_key(name),
            _ => section.outcomes.contains_key(name),
        })
    };
    let sections = operation.with.iter().filter(has);
    sections.map(|section| scope.at("sections").child(section).child(key).child(name)).collect()
}

/// Entries of one section that another one replaces.
fn hidden(scope: &Scope<'_>, operation: &Operation, written: &Value, found: &mut Vec<Diagnostic>) {
    for (index, section) in operation.with.iter().enumerate().skip(1) {
        let Some(entries) = scope.vendor.file.sections.get(section) else { continue };
        let outcomes = entries.outcomes.keys().map(|name| ("outcomes", name));
        let rows = entries.rows.keys().map(|name| ("rows", name));
        for (key, name) in outcomes.chain(rows) {
            let is_own = written.get(key).is_some_and(|own| own.get(name).is_some());
            let mut places = given(scope, operation, key, name).into_iter();
            let (Some(first), Some(second)) = (places.next(), places.next()) else { continue };
            let at = scope.at("sections").child(section).child(key).child(name);
            if !is_own && at == second {
                found.push(
                    Diagnostic::error(Code::HiddenEntry, format!("two sections of a page have a `{name}`"))
                        .at(at.key(), "this one would replace the other one")
                        .at(first.key(), "this one would be lost")
                        .at(operation.at.child("with").index(index), format!("`{}` takes both", operation.name))
                        .help("rename one of them, or say on the page which is meant"),
                );
            }
        }
    }
}
