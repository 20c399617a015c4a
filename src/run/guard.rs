//! The guard against live money: what is refused before the first request, and the words that permit it.

use crate::case::Case;
use crate::contract::Vendor;
use crate::contract::language::Mode;
use crate::run::destination::Destination;
use crate::run::scope::{Credentials, auth_names};
use crate::secret::Secret;
use std::collections::BTreeSet;

/// A reason not to start, and what an engineer types who means it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The vendor.
    pub vendor: String,
    /// What is refused, and why.
    pub why: String,
    /// What permits it: `--allow live-key=VENDOR`.
    pub permit: String,
}

/// What can be permitted by name.
pub const PERMITS: [(&str, &str); 4] = [
    ("live-key", "send requests with a key that is not a test key"),
    ("host", "send requests to a host that the vendor's file does not declare"),
    ("changes", "make and remove things where no test mode is documented"),
    ("plain-http", "send credentials without encryption"),
];

/// What is about to be done at a vendor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deeds {
    /// The environment variables of the credentials that are used.
    pub variables: BTreeSet<String>,
    /// Whether anything is made, changed or removed.
    pub changes: bool,
}

/// What speaks against running these cases against a destination; nothing does where it is on this machine.
pub fn refusals(
    vendor: &Vendor,
    destination: &Destination,
    credentials: &Credentials,
    cases: &[&Case],
    allowed: &[String],
) -> Vec<Refusal> {
    if cases.is_empty() {
        return Vec::new();
    }
    let variables = cases.iter().flat_map(|case| case.needs.iter().cloned()).collect();
    let deeds = Deeds { variables, changes: cases.iter().any(|case| case.changes) };
    refusals_of(vendor, destination, credentials, &deeds, allowed)
}

/// The same for whatever is about to be done there.
pub fn refusals_of(
    vendor: &Vendor,
    destination: &Destination,
    credentials: &Credentials,
    deeds: &Deeds,
    allowed: &[String],
) -> Vec<Refusal> {
    if destination.embedded || destination.is_loopback() {
        return Vec::new();
    }
    let mut refusals = Vec::new();
    let mut refuse = |permit: &str, why: String| {
        let permit = format!("{permit}={}", vendor.name);
        if !allowed.contains(&permit) {
            refusals.push(Refusal { vendor: vendor.name.clone(), why, permit: format!("--allow {permit}") });
        }
    };
    for (name, credential) in &vendor.file.credentials {
        let used = deeds.variables.contains(&credential.env);
        let value = credentials.get(name).map(Secret::expose);
        let is_test = |value: &str| credential.test.as_ref().is_none_or(|test| matches(test, value));
        if used && value.is_some_and(|value| !is_test(value)) {
            refuse(
                "live-key",
                format!(
                    "${} is not a test key: it does not match {}",
                    credential.env,
                    credential.test.as_deref().unwrap_or_default()
                ),
            );
        }
    }
    if !destination.declared {
        refuse("host", format!("{} is no host that {}'s file declares", destination.origin, vendor.name));
    }
    if destination.mode == Mode::Undocumented && deeds.changes {
        refuse("changes", format!("{} documents no test mode, and these cases make or remove things", vendor.name));
    }
    if destination.origin.starts_with("http:") && !auth_names(&vendor.file.auth).is_empty() {
        refuse("plain-http", format!("{} is not encrypted, and requests carry credentials", destination.origin));
    }
    refusals
}

fn matches(pattern: &str, value: &str) -> bool {
    regex::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(value))
}
