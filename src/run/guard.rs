//! The guard against live money and against contracts of strangers: what is refused before the first request, and the words that
//! permit it.

use crate::contract::case::{Case, referred};
use crate::contract::condition::Draft;
use crate::contract::language::{Credential, Mode};
use crate::contract::template::Template;
use crate::contract::{Operation, variable_prefix};
use crate::run::canary::{call_variables, canary_variables};
use crate::run::not_run::runnable;
use crate::run::party::Party;
use crate::run::pin::Pin;
use crate::run::probe::probe_reads;
use crate::run::way::Way;
use std::collections::BTreeSet;

/// A reason not to ask a vendor, and what an engineer types who means it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The vendor.
    pub vendor: String,
    /// The refusal, in words.
    pub why: String,
    /// The option that permits it, such as `--allow live-key=VENDOR`; nothing does where a value has to be mended.
    pub permit: Option<String>,
}

/// The permits, as they are typed, and their meanings.
pub const PERMITS: [(&str, &str); 6] = [
    ("live-key=VENDOR", "send requests with a key that is not a test key"),
    ("host=VENDOR", "send requests to a host that the vendor's file does not declare"),
    ("changes=VENDOR", "make and remove things where no test mode is documented"),
    ("plain-http=VENDOR", "send credentials without encryption"),
    ("env=VENDOR:NAME", "read a variable whose name does not begin with the vendor's own"),
    ("fork", "ask vendors in a workflow run for the pull request of a fork"),
];

/// Returns whether a text is a permit with all that it has to name.
pub fn is_permit(text: &str) -> bool {
    let (what, of) = text.split_once('=').unwrap_or((text, ""));
    let whole = match what {
        "fork" => !text.contains('='),
        "env" => of.split_once(':').is_some_and(|(vendor, name)| !vendor.is_empty() && !name.is_empty()),
        _ => !of.is_empty(),
    };
    whole && PERMITS.iter().any(|(form, _)| form.split('=').next() == Some(what))
}

/// The terms that an engineer sets for a run beside the contracts; none of it is ever read from a file of the tree.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// The permits, as typed.
    pub allowed: Vec<String>,
    /// The place where variables may go; anywhere, where there is no pin.
    pub pins: Vec<Pin>,
    /// True if this is a workflow run for the pull request of a fork.
    pub fork: bool,
    /// The way of connections.
    pub way: Way,
}

/// The deeds that are about to be done at a vendor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deeds {
    /// True if anything is sent.
    pub asks: bool,
    /// The environment variables that are set and sent.
    pub variables: BTreeSet<String>,
    /// True if anything is made, changed or removed.
    pub changes: bool,
}

impl Deeds {
    /// The deeds of these cases at a vendor; nothing, where none of them is one of the vendor's that could be run anywhere.
    pub fn of(party: &Party<'_>, cases: &[Case]) -> Option<Self> {
        let mut own =
            cases.iter().filter(|case| case.row.vendor() == party.vendor.id && case.barred.is_none()).peekable();
        own.peek()?;
        let mut deeds = Self::default();
        for case in own.filter(|case| runnable(party, case)) {
            deeds.asks = true;
            deeds.changes |= case.changes;
            let new = case.needs.iter().filter(|variable| !deeds.variables.contains(*variable));
            deeds.variables.extend(new.cloned().collect::<Vec<_>>());
        }
        if deeds.asks {
            deeds.variables.extend(documented(party));
            deeds.variables.extend(canary_variables(party));
        }
        Some(deeds)
    }

    /// The deeds of reads that need nothing.
    pub fn probing(party: &Party<'_>) -> Self {
        let mut variables = documented(party);
        variables.extend(call_variables(party, probe_reads(party).iter()));
        Self { asks: true, variables, changes: false }
    }

    /// The deeds of a sweep: the account that made a thing removes it, and nothing is made.
    pub fn sweeping(party: &Party<'_>) -> Self {
        let declared = &party.vendor.file.credentials;
        let others =
            declared.iter().filter(|(name, it)| it.replaces.is_some() && party.credentials.contains_key(*name));
        let variables = others.map(|(_, credential)| credential.env.clone()).chain(documented(party)).collect();
        Self { asks: true, variables, changes: false }
    }

    /// All that can be done there: every variable that is set is used, and things are made and removed.
    pub fn everything(party: &Party<'_>) -> Self {
        let credentials = party.vendor.file.credentials.iter();
        let credentials = credentials.filter(|(name, _)| party.credentials.contains_key(*name));
        let variables = credentials.map(|(_, credential)| &credential.env).chain(party.fixtures.keys());
        Self { asks: true, variables: variables.cloned().collect(), changes: true }
    }
}

/// The variables of the credentials that documented requests carry: whatever the cases are, the canary, the reads afterwards
/// and the removals send them.
fn documented(party: &Party<'_>) -> BTreeSet<String> {
    let vendor = party.vendor;
    let named = |operation: &Operation| {
        let in_url: Vec<String> = Template::parse(&operation.url).names().map(str::to_owned).collect();
        referred(&Draft::documented(vendor, operation)).into_iter().chain(in_url)
    };
    let is_set = |(name, _): &(&str, &Credential)| party.credentials.contains_key(*name);
    let named: Vec<String> = vendor.operations.iter().flat_map(named).collect();
    let credentials = named.iter().filter_map(|name| vendor.credential(name)).filter(is_set);
    credentials.map(|(_, credential)| credential.env.clone()).collect()
}

/// The reasons against doing this at a vendor. The embedded mock is given values of its own, so that only its way counts.
pub fn refusals(party: &Party<'_>, deeds: &Deeds, terms: &Terms) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if !party.destination.embedded {
        refusals.extend(foreign_variables(party, terms));
        if deeds.asks {
            refusals.extend(no_ids(party, deeds));
            refusals.extend(pins(party, deeds, terms));
            refusals.extend(live_keys(party, deeds, terms));
        }
    }
    if deeds.asks && leaves(party, terms) {
        refusals.extend(fork(party, terms));
        refusals.extend(money(party, deeds, terms));
    }
    refusals
}

/// A refusal that one word lifts; none where that word was given.
fn unless_allowed(party: &Party<'_>, terms: &Terms, permit: &str, why: String) -> Option<Refusal> {
    let allowed = terms.allowed.iter().any(|allowed| allowed == permit);
    let vendor = party.vendor.name.clone();
    (!allowed).then(|| Refusal { vendor, why, permit: Some(format!("--allow {permit}")) })
}

/// Variables that the vendor's file names and that are not its own.
fn foreign_variables(party: &Party<'_>, terms: &Terms) -> Vec<Refusal> {
    let name = &party.vendor.name;
    let foreign = party.vendor.file.variables().filter(|variable| !party.vendor.owns(variable));
    let refuse = |variable: &str| {
        let why = format!("${variable} is not a variable of {name}, whose names begin with {}", variable_prefix(name));
        unless_allowed(party, terms, &format!("env={name}:{variable}"), why)
    };
    foreign.filter_map(refuse).collect()
}

/// Fixtures that are no ids: their values would be shown wherever an id is.
fn no_ids(party: &Party<'_>, deeds: &Deeds) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for (name, resource) in &party.vendor.file.resources {
        let sent = resource.variables().filter(|variable| deeds.variables.contains(*variable));
        let is_id = |variable: &String| party.fixtures.get(variable).is_none_or(|value| party.is_id(name, value));
        refusals.extend(sent.filter(|variable| !is_id(variable)).map(|variable| Refusal {
            vendor: party.vendor.name.clone(),
            why: format!(
                "${variable} is not the id of a {name}: its value, which is not shown, does not match {}",
                resource.id.pattern
            ),
            permit: None,
        }));
    }
    refusals
}

/// Variables that would go elsewhere than the engineer has pinned them to.
fn pins(party: &Party<'_>, deeds: &Deeds, terms: &Terms) -> Option<Refusal> {
    let (name, origin) = (&party.vendor.name, party.destination.bare_origin());
    let own: Vec<&Pin> = terms.pins.iter().filter(|pin| pin.vendor == *name).collect();
    if terms.pins.is_empty() || own.iter().any(|pin| pin.is_at(&origin)) {
        return None;
    }
    let why = match own.first() {
        Some(pin) => format!("{name} is pinned to {}, not to {origin}", pin.origin),
        None if deeds.variables.is_empty() => return None,
        None => format!("{name} has no pin, and {} would go to {origin}", listed(&deeds.variables)),
    };
    Some(Refusal { vendor: name.clone(), why, permit: Some(format!("--pin {name}={origin}")) })
}

/// Anybody who is asked for a change that a stranger proposes: it may have changed the contracts too.
fn fork(party: &Party<'_>, terms: &Terms) -> Option<Refusal> {
    let (name, origin) = (&party.vendor.name, party.destination.bare_origin());
    let why = format!("this workflow runs for the pull request of a fork, and {name} would be asked at {origin}");
    if terms.fork { unless_allowed(party, terms, "fork", why) } else { None }
}

/// Keys that are not test keys; a port on this machine may be forwarded to the vendor, so they are refused there as well.
fn live_keys(party: &Party<'_>, deeds: &Deeds, terms: &Terms) -> Vec<Refusal> {
    let Party { vendor, credentials, .. } = party;
    let sent = vendor.file.credentials.iter().filter(|(_, credential)| deeds.variables.contains(&credential.env));
    let live = sent.filter_map(|(name, credential)| {
        let value = credentials.get(name)?.expose();
        let test = credential.test.as_deref().filter(|test| !matches(test, value))?;
        Some((&credential.env, test))
    });
    let refusals = live.filter_map(|(variable, test)| {
        let why = format!("${variable} is not a test key: it does not match {test}");
        unless_allowed(party, terms, &format!("live-key={}", vendor.name), why)
    });
    refusals.collect()
}

/// The refusals of what might cost money, or give a key away on its way, once a request leaves this machine.
fn money(party: &Party<'_>, deeds: &Deeds, terms: &Terms) -> Vec<Refusal> {
    let Party { vendor, destination, credentials, .. } = party;
    let mut refusals = Vec::new();
    let mut refuse = |permit: &str, why: String| {
        refusals.extend(unless_allowed(party, terms, &format!("{permit}={}", vendor.name), why));
    };
    let elsewhere = terms.way.elsewhere(&destination.origin);
    match &elsewhere {
        Some(elsewhere) if destination.is_loopback() => {
            refuse("host", format!("connections to {} go to {elsewhere}, off this machine", destination.origin));
        }
        _ if !destination.declared => {
            refuse("host", format!("{} is no host that {}'s file declares", destination.shown(), vendor.name));
        }
        _ => {}
    }
    if destination.mode == Mode::Undocumented && deeds.changes {
        refuse("changes", format!("{} documents no test mode, and these cases make or remove things", vendor.name));
    }
    let secret = |credential: &Credential| credential.is_secret() && deeds.variables.contains(&credential.env);
    let carries = vendor.file.credentials.iter().any(|(name, sent)| secret(sent) && credentials.contains_key(name));
    if carries && destination.is_plain() {
        refuse("plain-http", format!("{} is not encrypted, and requests carry credentials", destination.shown()));
    } else if let Some(proxy) = elsewhere.filter(|_| carries && terms.way.begins_plain()) {
        refuse("plain-http", format!("{proxy} is spoken to without encryption, and requests carry credentials"));
    }
    refusals
}

/// Returns whether requests to a vendor go to another machine.
pub fn leaves(party: &Party<'_>, terms: &Terms) -> bool {
    !party.destination.is_loopback() || terms.way.elsewhere(&party.destination.origin).is_some()
}

/// The place where a vendor's variables go, in one line; none where nothing leaves this machine.
pub fn departure(party: &Party<'_>, deeds: &Deeds, terms: &Terms) -> Option<String> {
    if !deeds.asks || !leaves(party, terms) {
        return None;
    }
    let what = if deeds.variables.is_empty() { "no variable".to_owned() } else { listed(&deeds.variables) };
    Some(format!("{}: {what} to {}", party.vendor.name, party.destination.shown()))
}

/// `$A, $B`.
fn listed(variables: &BTreeSet<String>) -> String {
    variables.iter().map(|variable| format!("${variable}")).collect::<Vec<_>>().join(", ")
}

fn matches(pattern: &str, value: &str) -> bool {
    regex::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permit_is_typed_with_everything_that_it_names() {
        for right in ["live-key=acme", "host=acme", "changes=acme", "plain-http=acme", "env=acme:AWS_KEY", "fork"] {
            assert!(is_permit(right), "{right}");
        }
        for wrong in ["", "host", "host=", "all=acme", "acme", "env=acme", "env=acme:", "env=:AWS_KEY", "fork=acme"] {
            assert!(!is_permit(wrong), "{wrong}");
        }
    }
}
