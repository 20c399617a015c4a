//! What a case has exchanged, in order, and what else is worth knowing of it.

use crate::contract::RowId;
use crate::http::exchange::Exchange;
use crate::judge::check::Finding;
use crate::run::event::{JudgedCase, JudgedStep, Purpose, StateShown, ThingInfo, UncheckedInfo};
use crate::run::party::Charge;
use crate::run::target_row::TargetRow;
use crate::run::teller::Observation;
use crate::run::vendor_client::VendorClient;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

/// The exchanges of a case, in order.
#[derive(Default)]
pub(crate) struct Transcript {
    /// The case whose exchanges they are.
    pub(super) case: String,
    /// The exchanges.
    pub(crate) observed: Vec<Observation>,
    /// The reads that were due and not made.
    pub(super) unlooked: Vec<UncheckedInfo>,
    /// The rows whose answers gave an id that was given before, until their exchange is kept.
    pub(super) given_again: Vec<(RowId, String)>,
    /// The answers that were judged, where the run is explained.
    pub(super) judged: Vec<JudgedStep>,
    /// The things that the case's own request is about, where the run is explained.
    pub(super) things: Vec<ThingInfo>,
    /// Things worth knowing that change no verdict.
    pub(super) notes: Vec<String>,
    /// The values that were drawn or supplied for ids, to be reported with the next exchange.
    pub(super) given: BTreeMap<String, Value>,
}

impl Transcript {
    /// Charges the row of the last exchange with its departures, once a run.
    pub(super) fn charge(&self, client: &VendorClient<'_, '_>, row: RowId, findings: Vec<Finding>) {
        let Some(last) = self.observed.last() else { return };
        let exchange = client.run.teller.exchange(last);
        let charge = Charge { seen_in: self.case.clone(), rests_on: self.rests_on(), findings, exchange };
        client.party.charge(row, charge);
    }

    /// The rows on which the state of things rests: those whose requests have been sent, but for the last.
    fn rests_on(&self) -> BTreeSet<RowId> {
        let before = self.observed.iter().rev().skip(1);
        before.filter(|it| matches!(it.purpose, Purpose::Arrange | Purpose::Case)).map(|it| it.row).collect()
    }

    /// The rows of the reads afterwards that were answered.
    pub(super) fn looked_at(&self) -> Vec<RowId> {
        let reads = self.observed.iter().filter(|it| it.purpose == Purpose::Read && it.exchange.response().is_some());
        reads.map(|it| it.row).collect()
    }

    /// Notes the conclusion of the read that was judged last on the state that it shows.
    pub(super) fn note_state(&mut self, shown: StateShown) {
        if let Some(step) = self.judged.last_mut() {
            step.state = Some(shown);
        }
    }

    /// The steps by which the case was judged, as far as they were noted.
    pub(super) fn judged_case(&self) -> JudgedCase {
        JudgedCase { id: self.case.clone(), things: self.things.clone(), steps: self.judged.clone() }
    }

    /// The rows that have brought a case's condition about.
    pub(super) fn arranged_by(&self) -> BTreeSet<RowId> {
        self.observed.iter().filter(|it| it.purpose == Purpose::Arrange).map(|it| it.row).collect()
    }

    /// Keeps an exchange, to be reported.
    pub(super) fn keep(
        &mut self,
        client: &VendorClient<'_, '_>,
        purpose: Purpose,
        target: TargetRow<'_>,
        mut exchange: Exchange,
    ) {
        let started = SystemTime::now().checked_sub(exchange.took).unwrap_or(SystemTime::UNIX_EPOCH);
        let shown = target.operation.shown(target.row);
        let long = client.run.teller.take_long(&mut exchange, &shown);
        let mut drawn = std::mem::take(&mut self.given);
        drawn.extend(client.scope.drawn());
        let (step, row) = (target.name(), target.row.id);
        self.observed.push(Observation { purpose, step, row, started, exchange, long, drawn, shown });
    }
}
