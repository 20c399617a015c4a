//! What a run could not remove: tried once more at its end, then told.

use crate::run::engine::Engine;
use crate::run::ledger::{Entry, Intent};
use crate::run::party::{Health, Party};
use crate::run::sweep::LeftAt;

impl<'a> Engine<'a> {
    /// Removes what is still there at the end of a run: what cases could not remove, what nobody used, and what a lost answer hides.
    pub(crate) async fn settle(&self, parties: &[Party<'a>]) {
        for party in parties.iter().filter(|party| !party.destination.embedded) {
            self.clear(party, &self.ledger).await;
        }
    }

    /// Tells what a run leaves behind, once a vendor, and closes the ledger.
    pub(super) fn tell_left(&self, parties: &[Party<'a>]) {
        let open = self.ledger.open();
        let kept = self.ledger.close().is_some();
        for party in parties {
            let dead = matches!(*party.health.borrow(), Health::Dead(_));
            let of = |entry: &&Entry| entry.intent.vendor == party.vendor.name && !entry.intent.doubtful;
            // What an unanswered request of a dead vendor may have made was told with its death.
            let told = |entry: &&Entry| dead && entry.id.is_none();
            let left: Vec<String> = open.iter().filter(of).filter(|entry| !told(entry)).map(sentence).collect();
            if !left.is_empty() {
                let place = LeftAt { vendor: party.vendor.name.clone(), origin: party.destination.origin.clone() };
                let command = if party.destination.declared { "proviso sweep".to_owned() } else { place.command() };
                let help = if kept { format!("\n`{command}` tries again to remove it") } else { String::new() };
                let message = format!("left behind, perhaps: {}{help}", left.join("\n"));
                self.notice("left-behind", &party.vendor.name, &message);
            }
        }
    }

    /// What is said of a dead vendor's unanswered requests, if there are any.
    pub(super) fn lost_at(&self, party: &Party<'_>) -> &'static str {
        let lost = |entry: &Entry| entry.intent.vendor == party.vendor.name && entry.id.is_none();
        let lost = self.ledger.open().iter().any(|entry| lost(entry) && !entry.intent.doubtful);
        if lost { "; what its unanswered requests may have made is left to `proviso sweep`" } else { "" }
    }
}

/// An entry of a ledger and why it is still there, in words.
fn sentence(entry: &Entry) -> String {
    let why = entry.why.as_deref().unwrap_or("nobody could remove it in time");
    format!("{}: {why}", name(&entry.intent, entry.id.as_deref()))
}

/// What an intent speaks of, in words by which a person finds it.
pub(super) fn name(intent: &Intent, id: Option<&str>) -> String {
    let Intent { resource, vendor, origin, operation, at, .. } = intent;
    match (id, &intent.mark) {
        (Some(id), _) => format!("the {resource} {id} of {vendor} at {origin}"),
        (None, Some(mark)) => format!("a {resource} of {vendor} at {origin} that holds {mark}"),
        (None, None) => format!("a {resource} of {vendor} at {origin} that {operation} was to make at {at}"),
    }
}
