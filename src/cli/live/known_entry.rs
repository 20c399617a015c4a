//! `known:` in `proviso.yaml`: violations that are accepted for a while, each with a reason, an owner and an end.

use crate::cli::live::project_settings::Targets;
use crate::cli::read_contracts::is_vendor;
use proviso::contract::Loaded;
use proviso::contract::case::{self, Case};
use proviso::contract::lint::is_web_address;
use proviso::judge::check::FindingCode;
use proviso::run::Teller;
use proviso::run::event::{KnownInfo, Location, seen_id};
use proviso::text::diagnostic::{Code, Diagnostic};
use proviso::text::secret::Redactor;
use proviso::text::source::Place;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::{BTreeSet, HashSet};
use std::time::SystemTime;

/// The reason that is written where a person has still to give one; in two parts, since the word means something else in a source.
pub(crate) const NO_REASON: &str = concat!("TO", "DO");

/// A violation that is known: it is reported as before, and fails nothing until its day is over.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Known")]
#[serde(deny_unknown_fields)]
pub(super) struct KnownEntry {
    /// The case, whole, as `proviso list` or a report has it.
    case: String,
    /// The target that it is known of, as `sandbox`, another name or a URL; of any other, nothing is said. Without it, of all.
    target: Option<String>,
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
    /// The address of the issue that is about it.
    issue: Option<String>,
}

/// Adds the mistakes of the entries, beside those of their shape.
pub(super) fn check_entries(entries: &[KnownEntry], targets: &Targets, at: &Place, loaded: &mut Loaded) {
    if entries.is_empty() {
        return;
    }
    let cases = case::compile(&loaded.contracts);
    let names = case_names(&cases, loaded);
    let mut seen = HashSet::new();
    for (index, entry) in entries.iter().enumerate() {
        let at = at.index(index);
        let mut found: Vec<Diagnostic> =
            check_case(&entry.case, &at.child("case"), &names, loaded).into_iter().collect();
        found.extend(entry.check_target(targets, &at.child("target"), loaded));
        found.extend(entry.check(&at));
        loaded.mistakes.extend(found);
        if !seen.insert((&entry.case, &entry.target, entry.finding, &entry.place)) {
            let message = format!("`{}` is known twice as `{}`", entry.case, entry.finding.as_str());
            loaded.mistakes.push(wrong_value(message, at.child("case"), "the second"));
        }
    }
}

/// The names of all results that a run may have: those of the cases, and those of rows that are seen in passing.
pub(crate) fn case_names(cases: &[Case], loaded: &Loaded) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = cases.iter().map(|case| case.id.clone()).collect();
    for vendor in &loaded.contracts.vendors {
        for operation in vendor.documented() {
            names.extend(operation.rows.values().map(|row| seen_id(&vendor.row_name(row.id))));
        }
    }
    names
}

/// The mistake that lint finds where entries still have no reason: one for all of them, at the first.
pub(super) fn check_reasons(known: &[KnownInfo], at: &Place) -> Option<Diagnostic> {
    let mut open = known.iter().enumerate().filter(|(_, known)| has_no_reason(&known.reason));
    let (first, _) = open.next()?;
    let message = match open.count() {
        0 => "1 known entry still has no reason".to_owned(),
        more => format!("{} known entries still have no reason", more + 1),
    };
    let mistake = Diagnostic::warning(Code::EmptyReason, message).at(at.index(first).child("reason"), "the first");
    Some(mistake.help(format!("write why it is lived with in place of `{NO_REASON}`")))
}

/// Returns whether a reason is what is written where a person has still to give one.
pub(crate) fn has_no_reason(reason: &str) -> bool {
    reason.strip_prefix(NO_REASON).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// The entries as a run takes them: each with its place, and whether its day is over.
pub(super) fn resolve_entries(entries: Vec<KnownEntry>, at: &Place, loaded: &Loaded) -> Vec<KnownInfo> {
    let today = today();
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
        if let Some(issue) = self.issue.as_ref().filter(|issue| !is_web_address(issue)) {
            let message = format!("`{issue}` is not the address of an issue");
            let label = "an `https://` or `http://` address is expected";
            mistakes.push(wrong_value(message, at.child("issue"), label));
        }
        mistakes
    }

    /// The mistake in the name of its target; none where its vendor was not read.
    fn check_target(&self, targets: &Targets, at: &Place, loaded: &Loaded) -> Option<Diagnostic> {
        let target = self.target.as_ref()?;
        let (vendor, _) = self.case.split_once('/').unwrap_or((&self.case, ""));
        let file = &loaded.contracts.vendor(vendor)?.file;
        if is_web_address(target) {
            return None;
        }
        let names = || ["mock"].into_iter().chain(file.targets.keys().chain(targets.keys()).map(String::as_str));
        if names().any(|name| name == target) {
            return None;
        }
        let mistake = Diagnostic::error(Code::UnknownTarget, format!("no target of {vendor} is named `{target}`"));
        let mistake = mistake.at(at, "neither `mock`, nor one that the vendor or `targets` has, nor a URL");
        Some(mistake.suggest(target, names()))
    }

    fn resolve(self, today: &str, location: Location) -> KnownInfo {
        KnownInfo {
            case: self.case,
            target: self.target,
            finding: self.finding,
            place: self.place,
            reason: self.reason.trim().to_owned(),
            owner: self.owner.trim().to_owned(),
            expired: *self.expires < *today,
            expires: self.expires,
            issue: self.issue,
            location,
        }
    }
}

fn wrong_value(message: String, at: Place, label: &str) -> Diagnostic {
    Diagnostic::error(Code::WrongValue, message).at(at, label)
}

/// The mistake in the name of an entry's case; none where its vendor was not read.
fn check_case(name: &str, at: &Place, names: &BTreeSet<String>, loaded: &Loaded) -> Option<Diagnostic> {
    let (vendor, _) = name.split_once('/').unwrap_or((name, ""));
    if loaded.is_left_out(vendor) || names.contains(name) {
        return None;
    }
    if !is_vendor(vendor, loaded) && !loaded.contracts.vendors.is_empty() {
        let mistake = Diagnostic::warning(Code::UnknownVendor, format!("no vendor is named `{vendor}`"));
        let mistake = mistake.at(at, "no folder of the contracts has this name");
        return Some(mistake.suggest(vendor, loaded.vendor_names()));
    }
    let mistake = Diagnostic::error(Code::UnknownCase, format!("no case is named `{name}`"));
    Some(mistake.at(at, "`proviso list` names them all").suggest(name, names.iter().map(String::as_str)))
}

/// The day that it is, in UTC.
pub(crate) fn today() -> String {
    day_of(SystemTime::now())
}

/// A moment's day in UTC.
fn day_of(moment: SystemTime) -> String {
    humantime::format_rfc3339_seconds(moment).to_string().chars().take(10).collect()
}

/// Returns whether a text is a day that the calendar has, written so that a later one sorts behind an earlier one.
pub(crate) fn is_day(text: &str) -> bool {
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
