//! What a run could not remove: tried once more at its end, then reported.

use crate::run::health::Health;
use crate::run::ledger::{Entry, Intent};
use crate::run::ledger_sweep::sweep_ledger;
use crate::run::parties::Parties;
use crate::run::party::Party;
use crate::run::run_context::RunContext;
use crate::run::sweep::LeftAt;

/// The things that are still at the vendors at the end of a run.
#[derive(Clone, Copy)]
pub(super) struct Leftovers<'r, 'a> {
    run: &'r RunContext<'a>,
    parties: &'r Parties<'a>,
}

impl<'r, 'a> Leftovers<'r, 'a> {
    pub(super) fn new(run: &'r RunContext<'a>, parties: &'r Parties<'a>) -> Self {
        Self { run, parties }
    }

    /// Removes what cases could not remove, what no case used, and what a lost answer hides.
    pub(super) async fn remove(self) {
        for party in self.parties.iter().filter(|party| !party.destination.embedded) {
            sweep_ledger(self.run, party, &self.run.ledger).await;
        }
    }

    /// Reports what a run leaves behind, once a vendor, and closes the ledger.
    pub(super) fn report(self) {
        let open = self.run.ledger.open();
        let kept = self.run.ledger.close().is_some();
        for party in self.parties {
            let left: Vec<String> = open.iter().filter(|entry| is_reported(party, entry)).map(sentence).collect();
            if !left.is_empty() {
                let place = LeftAt { vendor: party.vendor.name.clone(), origin: party.destination.origin.clone() };
                let command = if party.destination.declared { "proviso sweep".to_owned() } else { place.command() };
                let help = if kept { format!("\n`{command}` tries again to remove it") } else { String::new() };
                let message = format!("left behind, perhaps: {}{help}", left.join("\n"));
                self.run.reporter.notice("left-behind", &party.vendor.name, &message);
            }
        }
    }
}

/// Returns whether something may be left that a vendor has not denied. What an unanswered request of a dead vendor may have made
/// was reported with its death.
fn is_reported(party: &Party<'_>, entry: &Entry) -> bool {
    let health = party.health.borrow();
    let dead = matches!(*health, Health::Dead(_));
    // The reason of its cases names what was made without an id, and how it is removed.
    if entry.answer.is_some() && matches!(*health, Health::Mistaken(_)) {
        return false;
    }
    entry.intent.vendor == party.vendor.name && !entry.intent.doubtful && !(dead && entry.id.is_none())
}

/// Words about a dead vendor's unanswered requests, if there are any.
pub(super) fn lost_at(run: &RunContext<'_>, party: &Party<'_>) -> &'static str {
    let is_lost =
        |entry: &Entry| entry.intent.vendor == party.vendor.name && entry.id.is_none() && !entry.intent.doubtful;
    if run.ledger.open().iter().any(is_lost) {
        "; what its unanswered requests may have made is left to `proviso sweep`"
    } else {
        ""
    }
}

/// An entry of a ledger and why it is still there, in words.
fn sentence(entry: &Entry) -> String {
    let why = entry.why.as_deref().unwrap_or("nobody could remove it in time");
    format!("{}: {why}", entry.intent.words(entry.id.as_deref()))
}

impl Intent {
    /// The thing that is to be made, or was, in words by which a person finds it.
    pub(super) fn words(&self, id: Option<&str>) -> String {
        let Self { resource, vendor, origin, operation, at, .. } = self;
        match (id, &self.mark) {
            (Some(id), _) => format!("the {resource} {id} of {vendor} at {origin}"),
            (None, Some(mark)) => format!("a {resource} of {vendor} at {origin} that holds {mark}"),
            (None, None) => format!("a {resource} of {vendor} at {origin} that {operation} was to make at {at}"),
        }
    }
}
