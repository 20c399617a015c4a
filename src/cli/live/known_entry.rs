//! `known:` in `proviso.yaml`: violations that are accepted for a while, each with a reason, an owner and an end.

use crate::cli::read_contracts::is_vendor;
use proviso::contract::Loaded;
use proviso::contract::case::{self, Case};
use proviso::judge::check::FindingCode;
use proviso::run::Teller;
use proviso::run::event::{KnownInfo, Location};
use proviso::text::diagnostic::{Code, Diagnostic};
use proviso::text::secret::Redactor;
use proviso::text::source::Place;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::HashSet;
use std::time::SystemTime;

/// A violation that is known: it is reported as before, and fails nothing until its day is over.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Known")]
#[serde(deny_unknown_fields)]
pub(super) struct KnownEntry {
    /// The case, whole, as `proviso list` has it.
    case: String,
    /// The kind of departure, which a report has in brackets behind it.
    finding: FindingCode,
    /// Where in the answer, as `/deleted` or `status`, if such a departure is known there alone.
    place: Option<String>,
    /// Why it is lived with.
    reason: String,
    /// Who answers for it.
    owner: String,
    /// The last day on which it fails nothing, in UTC, as `2027-01-31`.
    expires: String,
}

/// Adds the mistakes of the entries, beside those of their shape.
pub(super) fn check_entries(entries: &[KnownEntry], at: &Place, loaded: &mut Loaded) {
    let cases = case::compile(&loaded.contracts);
    let mut seen = HashSet::new();
    for (index, entry) in entries.iter().enumerate() {
        let at = at.index(index);
        loaded.mistakes.extend(check_case(&entry.case, &at.child("case"), &cases, loaded));
        loaded.mistakes.extend(entry.check(&at));
        if !seen.insert((&entry.case, entry.finding, &entry.place)) {
            let message = format!("`{}` is known twice as `{}`", entry.case, entry.finding.as_str());
            loaded.mistakes.push(wrong_value(message, at.child("case"), "the second"));
        }
    }
}

/// The entries as a run takes them: each with its place, and whether its day is over.
pub(super) fn resolve_entries(entries: Vec<KnownEntry>, at: &Place, loaded: &Loaded) -> Vec<KnownInfo> {
    let today = day_of(SystemTime::now());
    let teller = Teller { sources: &loaded.sources, redactor: &Redactor::default() };
    let entries = entries.into_iter().enumerate();
    entries.map(|(index, entry)| entry.resolve(&today, teller.location(&at.index(index)))).collect()
}

impl KnownEntry {
    fn check(&self, at: &Place) -> Vec<Diagnostic> {
        let mut mistakes = Vec::new();
        if !is_day(&self.expires) {
            let message = format!("`{}` is no day", self.expires);
            mistakes.push(wrong_value(message, at.child("expires"), "write year, month and day, as 2027-01-31"));
        }
        for (key, text) in [("reason", &self.reason), ("owner", &self.owner)] {
            if text.trim().is_empty() {
                let message = format!("`{key}` says nothing");
                mistakes.push(wrong_value(message, at.child(key), "a reader of the violation will ask for it"));
            }
        }
        mistakes
    }

    fn resolve(self, today: &str, location: Location) -> KnownInfo {
        KnownInfo {
            case: self.case,
            finding: self.finding,
            place: self.place,
            reason: self.reason.trim().to_owned(),
            owner: self.owner.trim().to_owned(),
            expired: *self.expires < *today,
            expires: self.expires,
            location,
        }
    }
}

fn wrong_value(message: String, at: Place, label: &str) -> Diagnostic {
    Diagnostic::error(Code::WrongValue, message).at(at, label)
}

/// The mistake in the name of an entry's case; none where its vendor was not read.
fn check_case(name: &str, at: &Place, cases: &[Case], loaded: &Loaded) -> Option<Diagnostic> {
    let (vendor, _) = name.split_once('/').unwrap_or((name, ""));
    if loaded.is_left_out(vendor) || cases.iter().any(|case| case.id == name) {
        return None;
    }
    if !is_vendor(vendor, loaded) && !loaded.contracts.vendors.is_empty() {
        let mistake = Diagnostic::warning(Code::UnknownVendor, format!("no vendor is named `{vendor}`"));
        let mistake = mistake.at(at, "no folder of the contracts has this name");
        return Some(mistake.suggest(vendor, loaded.vendor_names()));
    }
    let mistake = Diagnostic::error(Code::UnknownCase, format!("no case is named `{name}`"));
    Some(mistake.at(at, "`proviso list` names them all").suggest(name, cases.iter().map(|case| case.id.as_str())))
}

/// A moment's day in UTC.
fn day_of(moment: SystemTime) -> String {
    humantime::format_rfc3339_seconds(moment).to_string().chars().take(10).collect()
}

/// Returns whether a text is a day that the calendar has, written so that a later one sorts behind an earlier one.
fn is_day(text: &str) -> bool {
    let read = humantime::parse_rfc3339(&format!("{text}T00:00:00Z"));
    // A reader that takes the 31st of April for the 1st of May would write another text.
    text.len() == 10 && read.is_ok_and(|moment| day_of(moment) == text)
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
