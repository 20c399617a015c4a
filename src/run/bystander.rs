//! Bystanders: one thing of each kind lives through the run, is named by no case, and is read at the end as at the beginning. What
//! happened to it was done by a request about another thing, however many run at once.

use crate::contract::RowId;
use crate::contract::case::arrangements;
use crate::contract::condition::{IdSource, right_state};
use crate::run::arrange_case::supply;
use crate::run::event::Purpose;
use crate::run::lane::Lane;
use crate::run::not_run::unhealthy;
use crate::run::party::{Charge, Party};
use crate::run::run_context::RunContext;
use crate::run::state_check::state_finding;
use crate::run::state_sight::{StateSight, weigh_read};
use crate::run::state_view::views;
use crate::run::target_row::TargetRow;
use crate::run::task::Task;
use std::collections::BTreeSet;
use std::pin::pin;

/// The things of a vendor that no case names.
pub(super) struct Bystanders<'r, 'a> {
    lane: Lane<'r, 'a>,
    /// The kinds of which one was made and seen in its state.
    resources: Vec<String>,
    /// The rows that are tested meanwhile and may change something.
    changing: BTreeSet<RowId>,
}

/// The name of the exchanges around bystanders, in place of a case's.
const NAME: &str = "bystanders";

impl<'r, 'a> Bystanders<'r, 'a> {
    /// Makes one of each kind that the cases change at a vendor, and reads it.
    pub(super) async fn gather<T: Task>(run: &'r RunContext<'a>, party: &'r Party<'a>, tasks: &[T]) -> Self {
        let changing = changing_rows(party, tasks);
        let mut lane = Lane::new(run, party);
        NAME.clone_into(&mut lane.transcript.case);
        let changed = if unhealthy(party).is_none() { changed_resources(party, &changing) } else { Vec::new() };
        let mut all = Self { lane, resources: Vec::new(), changing };
        run.unless_cancelled(pin!(all.make_each(changed))).await;
        all
    }

    async fn make_each(&mut self, changed: Vec<String>) {
        for resource in changed {
            let Some(state) = right_state(self.lane.client.party.vendor, &resource) else { continue };
            let source = IdSource::State(state.to_owned());
            let is_made = supply(&mut self.lane, &resource, &source).await.is_ok();
            let is_own = self.lane.made.iter().any(|made| made.resource == resource);
            if is_made && is_own && self.look(&resource, Purpose::Control).await.is_none() {
                self.resources.push(resource);
            }
        }
    }

    /// Reads each again, charges the row that has changed one in passing, and removes them.
    pub(super) async fn dismiss(mut self) {
        let run = self.lane.client.run;
        if run.cancelled().is_none() && unhealthy(self.lane.client.party).is_none() {
            run.unless_cancelled(pin!(self.look_again())).await;
        }
        self.lane.remove_made().await;
    }

    async fn look_again(&mut self) {
        let kept = self.lane.client.scope.held.clone();
        for resource in std::mem::take(&mut self.resources) {
            self.lane.client.scope.held.clone_from(&kept);
            if let Some(why) = self.look(&resource, Purpose::Read).await {
                self.charge(&resource, &why).await;
            }
        }
    }

    /// The reason why a thing is not as it was when it was made, if it is not.
    async fn look(&mut self, resource: &str, purpose: Purpose) -> Option<String> {
        let views = views(&self.lane, None, resource);
        for view in &views {
            for read in self.lane.client.party.vendor.reads(resource, &view.state) {
                let target = TargetRow::of(self.lane.client.party.vendor, read.row);
                match weigh_read(&mut self.lane, read, view, purpose).await {
                    Ok(StateSight::Excluded { why, .. }) => return Some(why),
                    // A read that departs otherwise is charged itself.
                    Ok(StateSight::Unclear(findings)) => self.lane.charge(target, findings),
                    Ok(StateSight::AsExpected) | Err(_) => {}
                }
            }
        }
        None
    }

    /// Looks for the row that changes things that it does not name, by sending each to a thing of its own beside a fresh bystander.
    async fn charge(&mut self, resource: &str, why: &str) {
        let party = self.lane.client.party;
        let mut about: Vec<RowId> = self.changing.iter().copied().filter(|row| names(party, *row, resource)).collect();
        // What leads such things on is suspected first.
        about.sort_by_key(|row| !party.vendor[*row].then.iter().any(|branch| branch.leads.contains_key(resource)));
        for row in &about {
            if let Some(shown) = self.changes_others(resource, *row).await {
                let target = TargetRow::of(party.vendor, *row);
                let message = format!("{shown}, although {} was sent for another {resource}", target.name());
                return self.blame(*row, message);
            }
        }
        // No row does it again: the first that is suspected is as near as can be told.
        if let Some(row) = about.first() {
            let message = format!("{why}, although no request named it; which one did it cannot be told");
            self.blame(*row, message);
        }
    }

    /// Sends a row's request for one thing, and returns how a second one has changed by that, if it has.
    async fn changes_others(&mut self, resource: &str, row: RowId) -> Option<String> {
        let party = self.lane.client.party;
        let target = TargetRow::of(party.vendor, row);
        let state = right_state(party.vendor, resource)?;
        let source = IdSource::State(state.to_owned());
        self.lane.client.scope.held.clear();
        supply(&mut self.lane, resource, &source).await.ok()?;
        if self.look(resource, Purpose::Control).await.is_some() {
            return None;
        }
        let bystander = std::mem::take(&mut self.lane.client.scope.held);
        let draft = arrangements(party.vendor, target.operation, target.row).into_iter().next()?.draft;
        for (other, source) in &draft.ids {
            supply(&mut self.lane, other, source).await.ok()?;
        }
        self.lane.client.renew_mark();
        let exchange = self.lane.client.send(target, &draft).await.ok()?;
        self.lane.keep(Purpose::Case, target, exchange);
        self.lane.client.scope.held = bystander;
        self.look(resource, Purpose::Read).await
    }

    fn blame(&mut self, row: RowId, message: String) {
        let party = self.lane.client.party;
        let Some(shown) = self.lane.transcript.observed.last() else { return };
        let exchange = self.lane.client.run.teller.exchange(shown);
        let findings = vec![state_finding(&party.vendor[row], message)];
        let (seen_in, rests_on) = (NAME.to_owned(), BTreeSet::new());
        party.charge(row, Charge { seen_in, rests_on, findings, exchange });
    }
}

/// The kinds of things that rows change: those that a request names and does not only read.
fn changed_resources(party: &Party<'_>, changing: &BTreeSet<RowId>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for row in changing.iter().filter(|row| row.vendor() == party.vendor.id) {
        let leads = party.vendor[*row].then.iter().flat_map(|branch| branch.leads.keys());
        let binds = &party.vendor[row.operation].binds;
        for resource in leads.filter(|resource| binds.contains(resource)) {
            if !all.contains(resource) {
                all.push(resource.clone());
            }
        }
    }
    all
}

/// Returns whether a row's request names a kind of thing.
fn names(party: &Party<'_>, row: RowId, resource: &str) -> bool {
    row.vendor() == party.vendor.id && party.vendor[row.operation].binds.iter().any(|bound| bound == resource)
}

/// The rows that these tasks test at a vendor and that may change something there.
fn changing_rows<T: Task>(party: &Party<'_>, tasks: &[T]) -> BTreeSet<RowId> {
    let own = tasks.iter().filter(|task| task.vendor() == party.vendor.id && task.is_runnable(party));
    own.filter_map(Task::row).filter(|row| !party.vendor[row.operation].reads()).collect()
}
