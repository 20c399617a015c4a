//! What a case has exchanged, in order, and what else is worth knowing of it.

use crate::http::exchange::Exchange;
use crate::run::event::Purpose;
use crate::run::target_row::TargetRow;
use crate::run::teller::Observation;
use crate::run::vendor_client::VendorClient;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::SystemTime;

/// The exchanges of a case, in order.
#[derive(Default)]
pub(crate) struct Transcript {
    /// The exchanges.
    pub(crate) observed: Vec<Observation>,
    /// Things worth knowing that change no verdict.
    pub(super) notes: Vec<String>,
    /// The values that were drawn or supplied for ids, to be reported with the next exchange.
    pub(super) given: BTreeMap<String, Value>,
}

impl Transcript {
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
        self.observed.push(Observation { purpose, step: target.name(), started, exchange, long, drawn, shown });
    }
}
