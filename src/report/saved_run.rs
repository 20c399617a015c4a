//! The whole of a run, in one versioned shape that other programs, and Proviso itself, read back.

use crate::contract::Loaded;
use crate::run::event::{CaseResult, Event, Gate, Notice, Page, Plan, ShardInfo, Summary, VendorInfo};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

/// The version of the shape. It rises when a reader of the older shape would misunderstand the new one; a new key alone does
/// not raise it.
pub const VERSION: u32 = 1;

/// A run, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SavedRun<C = CaseResult> {
    /// The version of this shape: 1.
    pub version: u32,
    /// The version of proviso that ran.
    pub proviso: String,
    /// The target as asked for.
    pub target: String,
    /// When the run began, RFC 3339.
    pub started: String,
    /// The digest of the contracts that it held the target to; empty where vendors were left out.
    #[serde(default)]
    pub contracts: String,
    /// What fails it beside a violation.
    #[serde(default)]
    pub gate: Gate,
    /// Which shards of a whole it is, where it is not the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<ShardInfo>,
    /// The seed of the order in which its cases ran, where that was a random one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shuffle: Option<u64>,
    /// What the run came to.
    pub summary: Summary,
    /// Every case that was judged, in the order of the pages' rows.
    pub cases: Vec<C>,
    /// What concerned more than one case.
    pub notices: Vec<Notice>,
    /// The pages whose statements the cases hold, by vendor and operation.
    pub pages: Vec<Page>,
    /// Where each vendor's requests went.
    #[serde(default)]
    pub vendors: Vec<VendorInfo>,
}

impl Default for SavedRun {
    fn default() -> Self {
        Self {
            version: VERSION,
            proviso: String::new(),
            target: String::new(),
            started: String::new(),
            contracts: String::new(),
            gate: Gate::default(),
            shard: None,
            shuffle: None,
            summary: Summary::default(),
            cases: Vec::new(),
            notices: Vec::new(),
            pages: Vec::new(),
            vendors: Vec::new(),
        }
    }
}

impl SavedRun {
    /// A run from all its events.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut saved = Self::default();
        events.into_iter().for_each(|event| saved.add_event(event));
        saved.settle();
        saved
    }

    /// Adds an event.
    pub fn add_event(&mut self, event: &Event) {
        match event {
            Event::Started(plan) => {
                self.proviso.clone_from(&plan.version);
                self.target.clone_from(&plan.target);
                self.started.clone_from(&plan.started);
                self.contracts.clone_from(&plan.contracts);
                self.gate.clone_from(&plan.gate);
                self.shard.clone_from(&plan.shard);
                self.shuffle = plan.shuffle;
                self.pages.clone_from(&plan.pages);
                self.vendors.clone_from(&plan.vendors);
            }
            Event::Notice(notice) => self.notices.push(notice.clone()),
            Event::CaseStarted { .. } => {}
            Event::CaseFinished(case) => self.cases.push(CaseResult::clone(case)),
            Event::Finished(summary) => self.summary.clone_from(summary),
        }
    }

    /// The same run with its cases in another form.
    pub fn with_cases<C>(self, cases: Vec<C>) -> SavedRun<C> {
        let Self {
            version,
            proviso,
            target,
            started,
            contracts,
            gate,
            shard,
            shuffle,
            summary,
            notices,
            pages,
            vendors,
            ..
        } = self;
        SavedRun {
            version,
            proviso,
            target,
            started,
            contracts,
            gate,
            shard,
            shuffle,
            summary,
            cases,
            notices,
            pages,
            vendors,
        }
    }

    /// Puts everything into the one order that does not depend on which lane was faster, nor on how a run was cut into shards.
    pub(super) fn settle(&mut self) {
        self.pages.sort_by(|a, b| (&a.vendor, &a.operation).cmp(&(&b.vendor, &b.operation)));
        // A row's cases are known one by one where shards are merged.
        for row in self.pages.iter_mut().flat_map(|page| &mut page.rows) {
            if !row.cases.is_sorted() {
                Arc::make_mut(&mut row.cases).sort();
            }
        }
        let ids = self.pages.iter().flat_map(|page| &page.rows).flat_map(|row| row.cases.iter());
        let order: HashMap<&String, usize> = ids.zip(0..).collect();
        self.cases.sort_by(|a, b| place_in(&order, a).cmp(&place_in(&order, b)));
        self.summary.counts = self.summary.shown_counts().collect();
    }

    /// Returns whether another run had the same contracts, as far as both had the same vendors.
    pub(super) fn has_contracts_of(&self, run: &Self) -> bool {
        let is_whole = !self.contracts.is_empty() && !run.contracts.is_empty();
        if is_whole || !self.knows_digests() || !run.knows_digests() {
            return self.contracts == run.contracts;
        }
        run.vendors
            .iter()
            .all(|other| self.vendors.iter().all(|own| own.vendor != other.vendor || own.contracts == other.contracts))
    }

    /// Returns whether the contracts of the run are what they were then; of a run that left vendors out, those of the others.
    pub fn was_made_with(&self, loaded: &Loaded) -> bool {
        if !self.contracts.is_empty() || !self.knows_digests() {
            return self.contracts == loaded.digest;
        }
        self.vendors
            .iter()
            .all(|info| loaded.contracts.vendor(&info.vendor).is_some_and(|vendor| vendor.digest == info.contracts))
    }

    /// Returns whether the run has a digest of each vendor's contracts, which older ones have not.
    fn knows_digests(&self) -> bool {
        !self.vendors.is_empty() && self.vendors.iter().all(|info| !info.contracts.is_empty())
    }

    /// The plan with which it began.
    pub fn plan(&self) -> Plan {
        Plan {
            version: self.proviso.clone(),
            target: self.target.clone(),
            started: self.started.clone(),
            gate: self.gate.clone(),
            contracts: self.contracts.clone(),
            shard: self.shard.clone(),
            shuffle: self.shuffle,
            cases: self.cases.iter().map(|case| case.id.clone()).collect(),
            pages: self.pages.clone(),
            vendors: self.vendors.clone(),
        }
    }

    /// The events that report this run again.
    pub fn into_events(self) -> impl Iterator<Item = Event> {
        let plan = self.plan();
        let notices = self.notices.into_iter().map(Event::Notice);
        let cases = self
            .cases
            .into_iter()
            .flat_map(|case| [Event::CaseStarted { id: case.id.clone() }, Event::CaseFinished(Box::new(case))]);
        let finished = std::iter::once(Event::Finished(self.summary));
        std::iter::once(Event::Started(plan)).chain(notices).chain(cases).chain(finished)
    }
}

/// The place of a case in an order; those that are not in it are last, by their names.
fn place_in<'a>(order: &HashMap<&String, usize>, case: &'a CaseResult) -> (usize, &'a String) {
    (order.get(&case.id).copied().unwrap_or(usize::MAX), &case.id)
}
