//! Looking where no ledger leads: what the vendors' lists show with the mark of a run that began long enough ago is removed.

use crate::contract::case::referred;
use crate::contract::condition::Draft;
use crate::contract::{Operation, Vendor};
use crate::run::health::Health;
use crate::run::lane::Lane;
use crate::run::list_call::{Items, ListCall, Lists};
use crate::run::made::Made;
use crate::run::mark::{Mark, RunId};
use crate::run::ownership::Ownership;
use crate::run::party::Party;
use crate::run::removal::{Unremoved, barrier, remove};
use crate::run::run_context::RunContext;
use crate::run::scope::Held;
use crate::run::sweep::{Leftover, Look, SweepResult, Unseen};
use std::collections::BTreeSet;

/// A sweep of a vendor's lists for what is removed by its mark alone.
#[derive(Clone, Copy)]
pub(super) struct MarkSweep<'s, 'a> {
    pub run: &'s RunContext<'a>,
    pub party: &'s Party<'a>,
    /// The way in which a list is looked through.
    pub look: Look,
    /// The runs that are going on, as far as this machine knows.
    pub alive: &'s BTreeSet<RunId>,
    /// True if nothing is sent.
    pub dry_run: bool,
}

/// A kind of resource of one account.
#[derive(Clone, Copy)]
struct ResourceKind<'s> {
    resource: &'s str,
    /// The state in which a create leaves it.
    state: &'s str,
    /// The credential that replaces ours, where it is another account's.
    account: Option<&'s str>,
}

impl<'a> MarkSweep<'_, 'a> {
    /// Looks through every list of a vendor for what runs have made, and removes it.
    pub(super) async fn look_through(self, result: &mut SweepResult) {
        for kind in kinds_of(self.party.vendor) {
            if let Err(why) = self.look_for(kind, result).await {
                result.unseen.push(Unseen { name: self.words(kind), why: self.run.teller.text(&why) });
            }
        }
    }

    async fn look_for(self, kind: ResourceKind<'a>, result: &mut SweepResult) -> Result<(), String> {
        let list = self.list_of(kind)?;
        if self.dry_run {
            result.unasked.push(self.words(kind));
            return Ok(());
        }
        let mut lane = Lane::new(self.run, self.party);
        lane.client.scope.acting = kind.account.map(str::to_owned);
        let items = list.read_items(&mut lane.client).await?;
        self.remove_marked(&mut lane, kind, &items, result).await;
        Ok(())
    }

    /// The list that shows all that is ours of a kind, or why there is none.
    fn list_of(self, kind: ResourceKind<'_>) -> Result<ListCall<'a>, String> {
        let (party, resource) = (self.party, kind.resource);
        let list = ListCall::of(party, resource).ok_or("no documented call lists them")?;
        let name = &list.target.operation.name;
        if let Some(parent) = list.target.operation.binds.first() {
            return Err(format!("{name} lists those of one {parent} alone"));
        }
        let silent = creates(party.vendor, resource)
            .find(|operation| !referred(&Draft::documented(party.vendor, operation)).contains("mark"));
        if let Some(silent) = silent {
            return Err(format!("{} sends no `$mark` by which {name} could show them", silent.name));
        }
        barrier(party, kind.account).map_or(Ok(list), Err)
    }

    /// Removes what a list shows with marks that may go, newest first.
    async fn remove_marked(
        self,
        lane: &mut Lane<'_, '_>,
        kind: ResourceKind<'_>,
        items: &Items,
        result: &mut SweepResult,
    ) {
        for (id, marks) in items.iter().rev() {
            let Some(mark) = marks.first() else { continue };
            if !self.may_go(marks) {
                result.young += 1;
                continue;
            }
            let leftover = self.leftover(kind, id, *mark);
            match self.remove_item(lane, kind, id).await {
                Ok(()) => result.removed.push(leftover),
                Err(unremoved) => {
                    let why = Some(self.run.teller.text(&unremoved.why));
                    result.remaining.push(Leftover { why, ..leftover });
                    if unremoved.dead {
                        self.party.health.replace(Health::Dead(unremoved.why));
                    }
                }
            }
        }
    }

    /// Returns whether what holds these marks may go: none of their runs is young, and none is going on.
    fn may_go(self, marks: &[Mark]) -> bool {
        marks.iter().all(|mark| mark.run.age() >= self.look.older_than && !self.alive.contains(&mark.run))
    }

    async fn remove_item(self, lane: &mut Lane<'_, '_>, kind: ResourceKind<'_>, id: &str) -> Result<(), Unremoved> {
        if let Health::Dead(why) = &*self.party.health.borrow() {
            return Err(format!("{} does not answer: {why}", self.party.vendor.name).into());
        }
        let account = kind.account.map(str::to_owned);
        let held = Held { id: id.to_owned(), state: kind.state.to_owned(), account, ..Held::default() };
        let made = Made { resource: kind.resource.to_owned(), held, around: Vec::new(), ownership: Ownership::Seen };
        remove(&mut lane.client, &mut lane.transcript, &made, &mut Lists::default()).await
    }

    /// Something that a list shows.
    fn leftover(self, kind: ResourceKind<'_>, id: &str, mark: Mark) -> Leftover {
        let (id, origin) = (self.run.teller.text(id), self.run.teller.text(&self.party.destination.origin));
        let (vendor, resource) = (self.party.vendor.name.clone(), kind.resource.to_owned());
        let name = format!("the {resource} {id} of {vendor} at {origin}, which holds {mark}");
        Leftover { vendor, origin, resource, id: Some(id), mark: Some(mark), ledger: None, name, why: None }
    }

    /// A kind of resource, in words.
    fn words(self, kind: ResourceKind<'_>) -> String {
        let account = kind.account.map_or_else(String::new, |account| format!(" that `{account}` has made"));
        let origin = self.run.teller.text(&self.party.destination.origin);
        format!("each {} of {} at {origin}{account}", kind.resource, self.party.vendor.name)
    }
}

/// The kinds of resources that a documented call makes, once for each account.
fn kinds_of(vendor: &Vendor) -> impl Iterator<Item = ResourceKind<'_>> {
    let created = vendor.states.iter().filter_map(|(resource, states)| Some((resource, states.right.as_deref()?)));
    created.flat_map(|(resource, state)| {
        let others = vendor.file.credentials.iter().filter(|(_, credential)| credential.replaces.is_some());
        let accounts = std::iter::once(None).chain(others.map(|(name, _)| Some(name.as_str())));
        accounts.map(move |account| ResourceKind { resource, state, account })
    })
}

/// The operations that make a kind of resource.
fn creates<'v>(vendor: &'v Vendor, resource: &str) -> impl Iterator<Item = &'v Operation> {
    vendor.operations.iter().filter(move |operation| {
        let mut branches = operation.rows.values().flat_map(|row| &row.then);
        let leads = branches.any(|branch| branch.leads.contains_key(resource));
        leads && operation.binds.iter().all(|bound| bound != resource)
    })
}
