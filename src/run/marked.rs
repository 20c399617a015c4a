//! Looking where no ledger leads: what the vendors' lists show with the mark of a run that began long enough ago is removed.

use crate::contract::case::referred;
use crate::contract::condition::Draft;
use crate::contract::{Operation, Vendor};
use crate::run::cleanup::{Kept, barrier};
use crate::run::engine::Engine;
use crate::run::find::{Items, List, Lists};
use crate::run::lane::{Lane, Made};
use crate::run::mark::{Mark, RunId};
use crate::run::ours::Ours;
use crate::run::party::{Health, Party};
use crate::run::scope::Held;
use crate::run::sweep::{Leftover, Look, Swept, Unseen};
use std::collections::BTreeSet;

/// What is removed by its mark alone.
pub(super) struct Marked<'s> {
    /// How a list is looked through.
    pub look: Look,
    /// The runs that are going on, as far as this machine knows.
    pub alive: &'s BTreeSet<RunId>,
    /// Whether nothing is sent.
    pub dry_run: bool,
}

/// A kind of resource of one account.
#[derive(Clone, Copy)]
struct Kind<'s> {
    resource: &'s str,
    /// The state in which a create leaves it.
    state: &'s str,
    /// The credential that replaces ours, where it is another account's.
    account: Option<&'s String>,
}

impl Marked<'_> {
    /// Whether what holds these marks may go: none of their runs is young, and none is going on.
    fn may_go(&self, marks: &[Mark]) -> bool {
        marks.iter().all(|mark| mark.run.age() >= self.look.older_than && !self.alive.contains(&mark.run))
    }
}

impl<'a> Engine<'a> {
    /// Looks through every list of a vendor for what runs have made, and removes it.
    pub(super) async fn look_through(&self, party: &Party<'a>, marked: &Marked<'_>, swept: &mut Swept) {
        for kind in kinds(party.vendor) {
            let mut lane = Lane::new(self, party);
            let unseen = |why: String| Unseen { name: self.kind(party, kind), why: self.teller.text(&why) };
            let list = match list(&lane, kind) {
                Ok(list) => list,
                Err(why) => {
                    swept.unseen.push(unseen(why));
                    continue;
                }
            };
            if marked.dry_run {
                swept.unasked.push(self.kind(party, kind));
                continue;
            }
            lane.scope.acting = kind.account.cloned();
            match lane.items(list).await {
                Ok(items) => self.remove_marked(&mut lane, kind, &items, marked, swept).await,
                Err(why) => swept.unseen.push(unseen(why)),
            }
        }
    }

    /// Removes what a list shows with marks that may go, newest first.
    async fn remove_marked(
        &self,
        lane: &mut Lane<'_, 'a>,
        kind: Kind<'_>,
        items: &Items,
        marked: &Marked<'_>,
        swept: &mut Swept,
    ) {
        for (id, marks) in items.iter().rev() {
            let Some(mark) = marks.first() else { continue };
            if !marked.may_go(marks) {
                swept.young += 1;
                continue;
            }
            let account = kind.account.cloned();
            let held = Held { id: id.clone(), state: kind.state.to_owned(), account, ..Held::default() };
            let made = Made { resource: kind.resource.to_owned(), held, around: Vec::new(), ours: Ours::Seen };
            let dead = match &*lane.party.health.borrow() {
                Health::Dead(why) => Some(Kept::from(format!("{} does not answer: {why}", lane.party.vendor.name))),
                _ => None,
            };
            let removed = match dead {
                Some(kept) => Err(kept),
                None => lane.remove(&made, &mut Lists::new()).await,
            };
            let leftover = self.shown(lane.party, kind, id, *mark);
            match removed {
                Ok(()) => swept.removed.push(leftover),
                Err(kept) => {
                    let why = Some(self.teller.text(&kept.why));
                    swept.remaining.push(Leftover { why, ..leftover });
                    if kept.dead {
                        lane.party.health.replace(Health::Dead(kept.why));
                    }
                }
            }
        }
    }

    /// Something that a list shows.
    fn shown(&self, party: &Party<'_>, kind: Kind<'_>, id: &str, mark: Mark) -> Leftover {
        let (id, origin) = (self.teller.text(id), self.teller.text(&party.destination.origin));
        let (vendor, resource) = (party.vendor.name.clone(), kind.resource.to_owned());
        let name = format!("the {resource} {id} of {vendor} at {origin}, which holds {mark}");
        Leftover { vendor, origin, resource, id: Some(id), mark: Some(mark), ledger: None, name, why: None }
    }

    /// A kind of resource, in words.
    fn kind(&self, party: &Party<'_>, kind: Kind<'_>) -> String {
        let account = kind.account.map(|account| format!(" that `{account}` has made")).unwrap_or_default();
        let origin = self.teller.text(&party.destination.origin);
        format!("each {} of {} at {origin}{account}", kind.resource, party.vendor.name)
    }
}

/// The kinds of resources that a documented call makes, once for each account.
fn kinds(vendor: &Vendor) -> impl Iterator<Item = Kind<'_>> {
    let created = vendor.states.iter().filter_map(|(resource, states)| Some((resource, states.right.as_deref()?)));
    created.flat_map(|(resource, state)| {
        let others = vendor.file.credentials.iter().filter(|(_, credential)| credential.replaces.is_some());
        let accounts = std::iter::once(None).chain(others.map(|(name, _)| Some(name)));
        accounts.map(move |account| Kind { resource, state, account })
    })
}

/// The list that shows all that is ours of a kind, or why there is none.
fn list<'a>(lane: &Lane<'_, 'a>, kind: Kind<'_>) -> Result<List<'a>, String> {
    let (party, resource) = (lane.party, kind.resource);
    let list = lane.list_of(resource).ok_or("no documented call lists them")?;
    let name = &list.target.operation.name;
    if let Some(parent) = list.target.operation.binds.first() {
        return Err(format!("{name} lists those of one {parent} alone"));
    }
    let sends_mark = |operation: &&Operation| referred(&Draft::documented(party.vendor, operation)).contains("mark");
    if let Some(silent) = creates(party.vendor, resource).find(|operation| !sends_mark(operation)) {
        return Err(format!("{} sends no `$mark` by which {name} could show them", silent.name));
    }
    barrier(party, kind.account).map_or(Ok(list), Err)
}

/// The operations that make a kind of resource.
fn creates<'v>(vendor: &'v Vendor, resource: &str) -> impl Iterator<Item = &'v Operation> {
    vendor.operations.iter().filter(move |operation| {
        let mut branches = operation.rows.values().flat_map(|row| &row.then);
        let leads = branches.any(|branch| branch.leads.contains_key(resource));
        leads && operation.binds.iter().all(|bound| bound != resource)
    })
}
