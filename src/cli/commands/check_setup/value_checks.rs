//! What the user supplies for a vendor: what is set, what is missing, and whether each value has the form that the contract names. No
//! value is ever shown.

use crate::cli::commands::check_setup::setup_check::SetupCheck;
use proviso::contract::case::Case;
use proviso::contract::language::{Credential, WrittenResource};
use proviso::report::Count;
use proviso::run::guard::{Deeds, Terms};
use proviso::run::{Party, runnable};
use regex::Regex;
use std::collections::HashMap;

/// The most cases that are named where a variable is missing.
const MOST_NAMED: usize = 3;

/// The values of a vendor, and what is about to be done with them.
pub(super) struct Values<'v> {
    /// The vendor.
    pub(super) party: &'v Party<'v>,
    /// Every value by its variable, as it was given.
    pub(super) given: &'v HashMap<String, String>,
    /// The vendor's cases that can be run anywhere.
    pub(super) cases: &'v [&'v Case],
    /// What they do.
    pub(super) deeds: &'v Deeds,
    /// The terms of the guard.
    pub(super) terms: &'v Terms,
}

/// The number of cases that would be run.
pub(super) fn count_runnable(party: &Party<'_>, cases: &[&Case]) -> SetupCheck {
    let (all, runs) = (Count(cases.len(), "case"), cases.iter().filter(|case| runnable(party, case)).count());
    match runs {
        0 if !cases.is_empty() => SetupCheck::wrong("cases", format!("none of the {all} would be run")),
        _ if runs < cases.len() => SetupCheck::ok("cases", format!("{runs} of {all} would be run")),
        _ => SetupCheck::ok("cases", format!("{all} would be run")),
    }
}

/// The checks of every variable that a vendor's file names.
pub(super) fn check_values(values: &Values<'_>) -> Vec<SetupCheck> {
    let file = &values.party.vendor.file;
    let mut checks: Vec<SetupCheck> =
        file.credentials.values().map(|credential| check_credential(values, credential)).collect();
    for (name, resource) in &file.resources {
        for variable in resource.variables() {
            checks.push(check_ids(values, name, resource, variable));
        }
    }
    checks
}

fn check_credential(values: &Values<'_>, credential: &Credential) -> SetupCheck {
    let (variable, check) = (&credential.env, format!("${}", credential.env));
    let Some(value) = given(values, variable) else {
        return match credential.default_value() {
            Some(_) => SetupCheck::ok(&check, "is not set: the contract's own value is used"),
            None => check_missing(values, variable),
        };
    };
    let vendor = &values.party.vendor.name;
    let permit = format!("live-key={vendor}");
    if let Some(wrong) = misquoted(&check, value) {
        return wrong;
    }
    match &credential.test {
        None if credential.is_secret() => {
            SetupCheck::ok(&check, "is set; the contract does not say how a test key looks")
        }
        None => SetupCheck::ok(&check, "is set"),
        Some(test) if is_match(test, value) => SetupCheck::ok(&check, "is set, and is a test key"),
        Some(test) => {
            let says = format!("is not a test key: its value, which is not shown, does not match {test}");
            if values.terms.allowed.contains(&permit) || !values.deeds.variables.contains(variable) {
                return SetupCheck::warn(&check, says);
            }
            let help =
                format!("set it to a key of {vendor}'s test mode; if a live key is meant, type `--allow {permit}`");
            SetupCheck::refused(&check, says).with(help)
        }
    }
}

fn check_ids(values: &Values<'_>, name: &str, resource: &WrittenResource, variable: &String) -> SetupCheck {
    let check = format!("${variable}");
    let Some(value) = given(values, variable) else {
        return check_missing(values, variable);
    };
    if let Some(wrong) = misquoted(&check, value) {
        return wrong;
    }
    let is_list = resource.ready.as_ref() == Some(variable);
    let ids: Vec<&str> =
        if is_list { value.split(',').map(str::trim).filter(|id| !id.is_empty()).collect() } else { vec![value] };
    let pattern = &resource.id.pattern;
    match ids.iter().position(|id| !values.party.is_id(name, id)) {
        Some(at) => {
            let which = if is_list { format!("number {} of its ids", at + 1) } else { String::from("its value") };
            let says = format!("is not the id of a {name}: {which}, which is not shown, does not match {pattern}");
            if values.deeds.variables.contains(variable) {
                SetupCheck::refused(&check, says)
            } else {
                SetupCheck::wrong(&check, says)
            }
        }
        None if ids.is_empty() => SetupCheck::wrong(&check, "has commas and no id"),
        None if is_list => {
            let says = format!("has {}", Count(ids.len(), "id"));
            SetupCheck::ok(&check, says)
                .with(format!("nothing is made of the kind {name}; a case that changes one uses it up"))
        }
        None => SetupCheck::ok(&check, format!("is set, and has the form of the id of a {name}")),
    }
}

/// The value of a variable; an empty one is as good as none.
fn given<'v>(values: &Values<'v>, variable: &str) -> Option<&'v str> {
    values.given.get(variable).map(String::as_str).filter(|value| !value.is_empty())
}

/// The check of a variable without a value: the cases that are skipped without it.
fn check_missing(values: &Values<'_>, variable: &String) -> SetupCheck {
    let check = format!("${variable}");
    let what = if values.given.contains_key(variable) { "is empty, which counts as not set" } else { "is not set" };
    let skipped: Vec<&str> =
        values.cases.iter().filter(|case| case.needs.contains(variable)).map(|case| case.id.as_str()).collect();
    if skipped.is_empty() {
        return SetupCheck::ok(&check, format!("{what}, and no case that was selected needs it"));
    }
    let are = if skipped.len() == 1 { "is" } else { "are" };
    let says = format!("{what}: {} {are} skipped", Count(skipped.len(), "case"));
    let mut named = skipped.iter().take(MOST_NAMED).copied().collect::<Vec<_>>().join(", ");
    if skipped.len() > MOST_NAMED {
        named.push_str(", ...");
    }
    let help = "set it in the environment, or in a file of NAME=VALUE lines that `--secrets-file` names";
    SetupCheck::warn(&check, says).with(named).with(help)
}

/// The check of a value that was pasted with what does not belong to it. A key in several lines may end with a line break.
fn misquoted(check: &str, value: &str) -> Option<SetupCheck> {
    let trimmed = value.trim();
    let is_spaced = trimmed.len() != value.len() && !trimmed.contains('\n');
    let is_quoted =
        ['"', '\''].iter().any(|quote| trimmed.len() > 1 && trimmed.starts_with(*quote) && trimmed.ends_with(*quote));
    let says = match (is_spaced, is_quoted) {
        (_, true) => "has quotes around its value: they are sent too",
        (true, _) if trimmed.is_empty() => "is nothing but white space",
        (true, _) => "has white space around its value: it is sent too",
        (false, false) => return None,
    };
    Some(SetupCheck::wrong(check, says).with("set it again without them, for example by a file for `--secrets-file`"))
}

fn is_match(pattern: &str, value: &str) -> bool {
    Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(value))
}
