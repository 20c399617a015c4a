//! `known:` in `proviso.yaml`: violations that are lived with, each with a reason, an owner and an end.

use proviso::contract::Loaded;
use proviso::contract::case::{self, Case};
use proviso::judge::check::FindingCode;
use proviso::run::event::{KnownInfo, Location};
use proviso::text::diagnostic::{Code, Diagnostic};
use proviso::text::source::Place;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::HashSet;
use std::time::SystemTime;

/// A violation that is known: it is told as before, and fails nothing until its day is over.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Known {
    /// The case, whole, as `proviso list` has it.
    pub(crate) case: String,
    /// The kind of departure, which a report has in brackets behind it.
    pub(crate) finding: FindingCode,
    /// Where in the answer, as `/deleted` or `status`, if such a departure is known there alone.
    pub(crate) place: Option<String>,
    /// Why it is lived with.
    pub(crate) reason: String,
    /// Who answers for it.
    pub(crate) owner: String,
    /// The last day on which it fails nothing, in UTC, as `2027-01-31`.
    pub(crate) expires: String,
}

/// Adds what is wrong with the entries, beside their shape.
pub(crate) fn check(known: &[Known], at: &Place, loaded: &mut Loaded) {
    let cases = case::compile(&loaded.contracts);
    let mut seen = HashSet::new();
    for (index, entry) in known.iter().enumerate() {
        let at = at.child("known").index(index);
        loaded.mistakes.extend(check_case(&entry.case, &at.child("case"), &cases, loaded));
        let mut refuse = |key: &str, message: String, label: &str| {
            loaded.mistakes.push(Diagnostic::error(Code::WrongValue, message).at(at.child(key), label));
        };
        if !is_day(&entry.expires) {
            refuse("expires", format!("`{}` is no day", entry.expires), "write year, month and day, as 2027-01-31");
        }
        for (key, text) in [("reason", &entry.reason), ("owner", &entry.owner)] {
            if text.trim().is_empty() {
                refuse(key, format!("`{key}` says nothing"), "whoever reads of the violation will ask");
            }
        }
        if !seen.insert((&entry.case, entry.finding, &entry.place)) {
            refuse("case", format!("`{}` is known twice as `{}`", entry.case, entry.finding.as_str()), "the second");
        }
    }
}

fn check_case(name: &str, at: &Place, cases: &[Case], loaded: &Loaded) -> Option<Diagnostic> {
    if cases.iter().any(|case| case.id == name) {
        return None;
    }
    let vendor = name.split('/').next().unwrap_or_default();
    if loaded.contracts.vendor(vendor).is_none() && !loaded.contracts.vendors.is_empty() {
        let vendors = loaded.contracts.vendors.iter().map(|vendor| vendor.name.as_str());
        let mistake = Diagnostic::warning(Code::UnknownVendor, format!("no vendor is named `{vendor}`"));
        return Some(mistake.at(at, "no folder of the contracts has this name").suggest(vendor, vendors));
    }
    let mistake = Diagnostic::error(Code::UnknownCase, format!("no case is named `{name}`"));
    Some(mistake.at(at, "`proviso list` names them all").suggest(name, cases.iter().map(|case| case.id.as_str())))
}

/// The entries as a run takes them: each with its place, and whether its day is over.
pub(crate) fn resolve(known: &[Known], at: &Place, loaded: &Loaded) -> Vec<KnownInfo> {
    let today = day(SystemTime::now());
    let entry = |(index, entry): (usize, &Known)| {
        let place = at.child("known").index(index);
        let source = loaded.sources.get(place.file);
        let position = loaded.sources.position(&place);
        let text = source.text().get(source.line(position.line)).unwrap_or_default();
        KnownInfo {
            case: entry.case.clone(),
            finding: entry.finding,
            place: entry.place.clone(),
            reason: entry.reason.trim().to_owned(),
            owner: entry.owner.trim().to_owned(),
            expires: entry.expires.clone(),
            expired: entry.expires < today,
            location: Location {
                file: source.path().to_string_lossy().into_owned(),
                line: position.line,
                column: position.column,
                text: text.trim().to_owned(),
            },
        }
    };
    known.iter().enumerate().map(entry).collect()
}

/// A moment's day in UTC.
fn day(moment: SystemTime) -> String {
    humantime::format_rfc3339_seconds(moment).to_string().chars().take(10).collect()
}

/// Whether a text is a day that the calendar has, written so that a later one sorts behind an earlier one.
fn is_day(text: &str) -> bool {
    let read = humantime::parse_rfc3339(&format!("{text}T00:00:00Z"));
    // A reader that takes the 31st of April for the 1st of May would write another text.
    text.len() == 10 && read.is_ok_and(|moment| day(moment) == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_of_the_calendar() {
        for good in ["2027-01-31", "2028-02-29", "9999-12-31"] {
            assert!(is_day(good), "{good}");
        }
        for bad in ["", "soon", "2027-1-31", "2027-02-29", "2027-04-31", "2027-13-01", "31.01.2027", "2027-01-31T00"] {
            assert!(!is_day(bad), "{bad}");
        }
    }
}
