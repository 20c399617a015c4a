//! Removing what a ledger has open at a vendor.

use crate::run::creation::id_in_answer;
use crate::run::health::Health;
use crate::run::lane::Lane;
use crate::run::ledger::{Entry, Ledger};
use crate::run::list_call::{ListCall, Lists, ids_with};
use crate::run::made::Made;
use crate::run::ownership::Ownership;
use crate::run::party::Party;
use crate::run::removal::{acting_account, barrier, remove};
use crate::run::run_context::RunContext;
use crate::run::scope::Held;

/// Removes what a ledger has open at a vendor, newest first; what is known by its mark alone is looked for. What is gone is
/// returned, what remains stays in the ledger with the reason.
pub(super) async fn sweep_ledger<'a>(run: &RunContext<'a>, party: &Party<'a>, ledger: &Ledger) -> Vec<Entry> {
    let (mut lane, mut lists) = (Lane::new(run, party), Lists::default());
    for entry in open_at(run, party, ledger).filter(|entry| entry.id.is_none()) {
        if let Some(id) = id_in_ledger(party, &entry) {
            ledger.identified(entry.intent.number, &id);
        }
    }
    for entry in open_at(run, party, ledger).filter(|entry| entry.id.is_none()) {
        find_by_mark(&mut lane, ledger, entry, &mut lists).await;
    }
    let mut gone = Vec::new();
    for entry in open_at(run, party, ledger).rev() {
        let Some(id) = &entry.id else { continue };
        if let Some(why) = barrier(party, entry.intent.account.as_deref()) {
            ledger.remains(entry.intent.number, &why);
            continue;
        }
        match remove(&mut lane.client, &mut lane.transcript, &made_by(party, &entry, id), &mut lists).await {
            Ok(()) => {
                ledger.removed(&party.vendor.name, &entry.intent.resource, id);
                gone.push(entry);
            }
            Err(unremoved) => {
                ledger.remains(entry.intent.number, &unremoved.why);
                if unremoved.dead {
                    party.health.replace(Health::Dead(unremoved.why));
                }
            }
        }
    }
    gone
}

/// The entries that a ledger has open at a vendor, oldest first.
fn open_at(run: &RunContext<'_>, party: &Party<'_>, ledger: &Ledger) -> impl DoubleEndedIterator<Item = Entry> {
    let mut open = ledger.open();
    open.retain(|entry| is_at(run, party, entry));
    open.into_iter()
}

/// Returns whether an entry is about something at a vendor, where this run meets it.
pub(super) fn is_at(run: &RunContext<'_>, party: &Party<'_>, entry: &Entry) -> bool {
    party.vendor.name == entry.intent.vendor
        && !party.destination.embedded
        && run.teller.text(&party.destination.origin) == entry.intent.origin
}

/// The id in an answer that was written down, by the contract of today.
fn id_in_ledger(party: &Party<'_>, entry: &Entry) -> Option<String> {
    let operation = party.vendor.operation(&entry.intent.operation)?;
    id_in_answer(party, operation.rows.values(), &entry.intent.resource, entry.answer.as_ref()?.as_bytes())
}

/// Looks for what is known by its mark alone.
async fn find_by_mark(lane: &mut Lane<'_, '_>, ledger: &Ledger, entry: Entry, lists: &mut Lists) {
    let (number, resource, party) = (entry.intent.number, &entry.intent.resource, lane.client.party);
    let Some((mark, list)) = entry.intent.mark.zip(ListCall::of(party, resource)) else {
        if entry.intent.doubtful {
            ledger.nothing(number, "the vendor said that it could not");
        }
        return;
    };
    let account = entry.intent.account.as_deref();
    if let Some(why) = barrier(party, account) {
        return ledger.remains(number, &why);
    }
    lane.client.scope.acting = acting_account(party, account).map(str::to_owned);
    lane.client.removes = true;
    match lists.read(&mut lane.client, list, resource).await {
        Ok(items) => match ids_with(items, mark) {
            ids if ids.is_empty() => ledger.nothing(number, "not in the vendor's list"),
            ids => ledger.found(number, &ids),
        },
        Err(why) => ledger.remains(number, why),
    }
    lane.client.removes = false;
    lane.client.scope.acting = None;
}

/// The thing that an entry of a ledger is about.
fn made_by(party: &Party<'_>, entry: &Entry, id: &str) -> Made {
    let account = acting_account(party, entry.intent.account.as_deref()).map(str::to_owned);
    let held = Held { id: id.to_owned(), state: entry.intent.state.clone(), account, ..Held::default() };
    let around = entry.intent.within.iter();
    let around = around.map(|(name, id)| (name.clone(), Held { id: id.clone(), ..Held::default() })).collect();
    let ownership = if entry.seen { Ownership::Seen } else { Ownership::Claimed(entry.intent.mark) };
    Made { resource: entry.intent.resource.clone(), held, around, ownership }
}
