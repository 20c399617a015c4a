//! What a page takes away or replaces of its sections: nothing of that name, or something lost in silence.

use super::vendor_scope::{VendorScope, members};
use crate::contract::Operation;
use crate::contract::language::Section;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use serde_json::Value;

/// The two tables of a section, of which a page may replace entries.
#[derive(Clone, Copy)]
enum SectionTable {
    Outcomes,
    Rows,
}

impl SectionTable {
    const ALL: [Self; 2] = [Self::Outcomes, Self::Rows];

    fn key(self) -> &'static str {
        match self {
            Self::Outcomes => "outcomes",
            Self::Rows => "rows",
        }
    }

    fn names(self, section: &Section) -> Vec<&String> {
        match self {
            Self::Outcomes => section.outcomes.keys().collect(),
            Self::Rows => section.rows.keys().collect(),
        }
    }

    fn has(self, section: &Section, name: &str) -> bool {
        match self {
            Self::Outcomes => section.outcomes.contains_key(name),
            Self::Rows => section.rows.contains_key(name),
        }
    }
}

pub(super) fn overrides(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for operation in &scope.vendor.operations {
        let Some(written) = scope.written(&operation.at) else { continue };
        for name in nulls(written, "headers") {
            if !scope.vendor.file.headers.keys().any(|known| known.eq_ignore_ascii_case(name)) {
                let at = operation.at.child("headers").child(name);
                found.push(nothing_overridden(name, "the vendor sends no such header", &at));
            }
        }
        for table in SectionTable::ALL {
            for name in nulls(written, table.key()) {
                if section_entries(scope, operation, table, name).is_empty() {
                    let at = operation.at.child(table.key()).child(name);
                    found.push(nothing_overridden(name, "no section of the page has it", &at));
                }
            }
            check_hidden(scope, operation, table, written, found);
        }
    }
}

/// The names under a key of an operation that take something away.
fn nulls<'a>(written: &'a Value, key: &str) -> impl Iterator<Item = &'a String> {
    members(written, key).filter(|(_, value)| value.is_null()).map(|(name, _)| name)
}

fn nothing_overridden(name: &str, label: &str, at: &Place) -> Diagnostic {
    Diagnostic::error(Code::NothingOverridden, format!("there is no `{name}` to take away"))
        .at(at.key(), label)
        .help("null takes away what stands elsewhere; correct the name, or take the line away")
}

/// The places where the sections of an operation have an outcome or a row of a name.
fn section_entries(scope: &VendorScope<'_>, operation: &Operation, table: SectionTable, name: &str) -> Vec<Place> {
    let taken = operation.with.iter().filter_map(|section| scope.vendor.file.sections.get_key_value(section));
    let having = taken.filter(|(_, section)| table.has(section, name));
    having.map(|(section, _)| scope.vendor_at("sections").child(section).child(table.key()).child(name)).collect()
}

/// Entries of one section that another one replaces.
fn check_hidden(
    scope: &VendorScope<'_>,
    operation: &Operation,
    table: SectionTable,
    written: &Value,
    found: &mut Vec<Diagnostic>,
) {
    for (index, taken) in operation.with.iter().enumerate().skip(1) {
        let Some(section) = scope.vendor.file.sections.get(taken) else { continue };
        for name in table.names(section) {
            let is_own = members(written, table.key()).any(|(own, _)| own == name);
            let entries = section_entries(scope, operation, table, name);
            let [first, second, ..] = entries.as_slice() else { continue };
            let at = scope.vendor_at("sections").child(taken).child(table.key()).child(name);
            if !is_own && at == *second {
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
