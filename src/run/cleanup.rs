//! Removing what a run has made, newest first, by the vendor's own documented removals.

use crate::contract::condition::Draft;
use crate::contract::{Operation, Row, RowId};
use crate::http::exchange::{Failure, Response};
use crate::run::engine::Engine;
use crate::run::event::Purpose;
use crate::run::find::{Lists, marked};
use crate::run::lane::{Lane, Made, Target};
use crate::run::ledger::{Entry, Ledger};
use crate::run::ours::{Ours, Shown, says_gone};
use crate::run::party::{Health, Party};
use crate::run::scope::{Held, auth_names};

/// Why something is still there.
pub(super) struct Kept {
    pub why: String,
    /// Whether the vendor did not answer at all.
    pub dead: bool,
}

impl Kept {
    /// What a failed request leaves there.
    pub(super) fn by(failure: &Failure) -> Self {
        Self { why: failure.to_string(), dead: failure.kind.is_passing() }
    }
}

impl From<String> for Kept {
    fn from(why: String) -> Self {
        Self { why, dead: false }
    }
}

impl Lane<'_, '_> {
    /// Removes what this lane has made and what is still there; what cannot be removed is tried once more at the end of the run.
    pub(crate) async fn remove_made(&mut self) {
        if self.party.destination.embedded {
            self.made.clear();
            return;
        }
        while let Some(made) = self.made.pop() {
            // In a box: most lanes make nothing, and none of them is to be the larger for it.
            if Box::pin(self.remove(&made, &mut Lists::new())).await.is_ok() {
                self.engine.ledger.removed(&self.party.vendor.name, &made.resource, &made.held.id);
            }
        }
    }

    /// Removes a thing by its id, once it is known to be ours.
    pub(super) async fn remove(&mut self, made: &Made, lists: &mut Lists) -> Result<(), Kept> {
        let Some((row, draft)) = removal(self.party, &made.resource, &made.held.state) else {
            let none = || Kept::from(format!("no documented call removes a {}", made.resource));
            return is_gone(self.party, &made.resource, &made.held.state).then_some(()).ok_or_else(none);
        };
        let own = std::iter::once((&made.resource, &made.held.id));
        let mut ids = own.chain(made.around.iter().map(|(resource, held)| (resource, &held.id)));
        if let Some((resource, id)) = ids.find(|(resource, id)| !self.party.is_id(resource, id)) {
            return Err(format!("`{id}` is not an id of a {resource}").into());
        }
        let target = Target::of(self.party.vendor, row);
        self.scope.acting.clone_from(&made.held.account);
        self.scope.held = made.around.iter().cloned().collect();
        self.scope.held.insert(made.resource.clone(), made.held.clone());
        let outcome = match self.seen(made, lists).await {
            Ok(Shown::Marked) => self.remove_by(target, &draft, &made.resource).await,
            Ok(Shown::Unmarked) => Err("it does not hold its mark, so it is not ours to remove".to_owned().into()),
            Ok(Shown::Gone) => Ok(()),
            Err(kept) => Err(kept),
        };
        self.scope.acting = None;
        outcome
    }

    /// Sends the request that removes what is at hand.
    async fn remove_by(&mut self, target: Target<'_>, draft: &Draft, resource: &str) -> Result<(), Kept> {
        let exchange = self.send(target, draft).await.map_err(|stop| stop.reason)?;
        let outcome = match &exchange.result {
            Ok(response) => self.has_removed(target, resource, response).map_err(Kept::from),
            Err(failure) => Err(Kept::by(failure)),
        };
        self.keep(Purpose::Cleanup, target, exchange);
        outcome
    }

    /// Whether an answer says that something is gone now, or was before.
    fn has_removed(&self, target: Target<'_>, resource: &str, response: &Response) -> Result<(), String> {
        let accepts = |row: &&Row| self.engine.judge.accepts(row, response, &self.scope);
        let gone = |row: &&Row| says_gone(self.party, row, resource);
        let others = target.operation.rows.values().filter(|row| row.name != target.row.name);
        let (gone, others): (Vec<&Row>, Vec<&Row>) = others.partition(gone);
        if accepts(&target.row) || gone.iter().any(accepts) {
            return Ok(());
        }
        if let Some(row) = others.iter().find(|row| accepts(row)) {
            return Err(format!("{} answered as its row `{}`", target.operation.name, row.name));
        }
        match response.status {
            200..300 | 404 | 410 => Ok(()),
            status => Err(format!("{} answered {status}", target.operation.name)),
        }
    }
}

impl<'a> Engine<'a> {
    /// Removes what a ledger has open at a vendor, newest first; what is known by its mark alone is looked for. What
    /// is gone is returned, what remains stays in the ledger with the reason.
    pub(super) async fn clear(&self, party: &Party<'a>, ledger: &Ledger) -> Vec<Entry> {
        let open = || ledger.open().into_iter().filter(|entry| self.is_at(party, entry));
        let (mut lane, mut lists) = (Lane::new(self, party), Lists::new());
        self.find(&mut lane, ledger, open().filter(|entry| entry.id.is_none()).collect(), &mut lists).await;
        let mut gone = Vec::new();
        for entry in open().rev().filter(|entry| entry.id.is_some()) {
            if let Some(why) = barrier(party, entry.intent.account.as_ref()) {
                ledger.remains(entry.intent.number, &why);
                continue;
            }
            match lane.remove(&made(party, &entry), &mut lists).await {
                Ok(()) => {
                    let id = entry.id.as_deref().unwrap_or_default();
                    ledger.removed(&party.vendor.name, &entry.intent.resource, id);
                    gone.push(entry);
                }
                Err(kept) => {
                    ledger.remains(entry.intent.number, &kept.why);
                    if kept.dead {
                        party.health.replace(Health::Dead(kept.why));
                    }
                }
            }
        }
        gone
    }

    /// Whether an entry speaks of something at a vendor, where this run meets it.
    pub(super) fn is_at(&self, party: &Party<'_>, entry: &Entry) -> bool {
        let origin = self.teller.text(&party.destination.origin);
        party.vendor.name == entry.intent.vendor && origin == entry.intent.origin && !party.destination.embedded
    }

    /// Looks for what is known by its mark alone.
    async fn find(&self, lane: &mut Lane<'_, 'a>, ledger: &Ledger, entries: Vec<Entry>, lists: &mut Lists) {
        for entry in entries {
            let number = entry.intent.number;
            let list = entry.intent.mark.and_then(|mark| Some((mark, lane.list_of(&entry.intent.resource)?)));
            let Some((mark, list)) = list else {
                if entry.intent.doubtful {
                    ledger.nothing(number, "the vendor said that it could not");
                }
                continue;
            };
            if let Some(why) = barrier(lane.party, entry.intent.account.as_ref()) {
                ledger.remains(number, &why);
                continue;
            }
            lane.scope.acting = acting(lane.party, entry.intent.account.as_ref());
            match lane.list_once(list, &entry.intent.resource, lists).await {
                Ok(items) => match marked(items, mark) {
                    ids if ids.is_empty() => ledger.nothing(number, "not in the vendor's list"),
                    ids => ledger.found(number, &ids),
                },
                Err(why) => ledger.remains(number, why),
            }
            lane.scope.acting = None;
        }
    }
}

/// Why a vendor is not asked about what an account has made, if so.
pub(super) fn barrier(party: &Party<'_>, account: Option<&String>) -> Option<String> {
    if let Health::Dead(why) = &*party.health.borrow() {
        return Some(format!("{} does not answer: {why}", party.vendor.name));
    }
    let declared = &party.vendor.file.credentials;
    let own = acting(party, account);
    let replaced = own.as_ref().and_then(|name| declared.get(name)?.replaces.clone());
    let used =
        auth_names(&party.vendor.file.auth).into_iter().filter(|name| replaced.as_ref() != Some(name)).chain(own);
    let unset = used.filter(|name| !party.credentials.contains_key(name));
    let unset: Vec<_> = unset.filter_map(|name| Some(format!("${}", declared.get(&name)?.env))).collect();
    (!unset.is_empty()).then(|| format!("set {}", unset.join(" and ")))
}

/// What an entry of a ledger speaks of.
fn made(party: &Party<'_>, entry: &Entry) -> Made {
    let account = acting(party, entry.intent.account.as_ref());
    let id = entry.id.clone().unwrap_or_default();
    let held = Held { id, state: entry.intent.state.clone(), account, ..Held::default() };
    let around = entry.intent.within.iter();
    let around = around.map(|(name, id)| (name.clone(), Held { id: id.clone(), ..Held::default() })).collect();
    let ours = if entry.seen { Ours::Seen } else { Ours::Claimed(entry.intent.mark) };
    Made { resource: entry.intent.resource.clone(), held, around, ours }
}

/// The credential that stands in the place of another, if this one does.
fn acting(party: &Party<'_>, account: Option<&String>) -> Option<String> {
    let replaces = |name: &&String| party.vendor.file.credentials.get(*name).is_some_and(|it| it.replaces.is_some());
    account.filter(replaces).cloned()
}

/// The calls that remove a kind of resource.
fn removing<'v>(party: &Party<'v>, resource: &str) -> impl Iterator<Item = &'v Operation> {
    let removes = move |operation: &Operation| {
        operation.method == "DELETE" && operation.binds.last().is_some_and(|bound| bound == resource)
    };
    party.vendor.operations.iter().filter(move |operation| removes(operation))
}

/// Whether a state is one that a documented removal leads to, and none leads on from.
pub(super) fn is_gone(party: &Party<'_>, resource: &str, state: &str) -> bool {
    let rows = removing(party, resource).flat_map(|operation| operation.rows.values());
    let mut led = rows.flat_map(|row| &row.then).filter_map(|branch| branch.leads.get(resource));
    led.any(|led| led == state) && removal(party, resource, state).is_none()
}

/// The documented way of removing a resource from a state, if there is one.
fn removal(party: &Party<'_>, resource: &str, state: &str) -> Option<(RowId, Draft)> {
    removing(party, resource).find_map(|operation| {
        let space = party.vendor.space(operation);
        let dimension = space.position(resource)?;
        let choice = space.dimensions.get(dimension)?.choices.iter().position(|choice| choice.word() == state)?;
        let row = space.row_at(operation, &space.right_but(dimension, choice))?;
        let leads = row.then.iter().any(|branch| branch.leads.contains_key(resource));
        leads.then(|| (row.id, Draft::documented(party.vendor, operation)))
    })
}
