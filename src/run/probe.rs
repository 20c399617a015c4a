//! A vendor asked before a first run: by reads that need nothing, so that nothing is made, changed or removed.

use crate::contract::case::CanaryCall;
use crate::http::exchange::{Exchange, Failure, Request, Response};
use crate::http::send::Connection;
use crate::run::answers::Answers;
use crate::run::arrange_case::{arrange, needs_nothing};
use crate::run::canary::refusal;
use crate::run::lane::Lane;
use crate::run::party::Party;
use crate::run::run_context::RunContext;
use crate::run::sign_of_life::{brief, is_html, is_sign_of_life};
use crate::run::target_row::TargetRow;

/// The most reads that are sent to a vendor.
const MOST_READS: usize = 4;

/// A read that was sent, and what came back.
#[derive(Debug)]
pub struct Probe {
    /// The operation; none where the contract has no read that needs nothing, and only the connection was tried.
    pub operation: Option<String>,
    /// True if it was sent with the documented credentials.
    pub is_authorized: bool,
    /// The answer, or why none came.
    pub result: Result<Response, Failure>,
    /// What the answer shows of the vendor, if one came.
    pub shows: ProbeAnswer,
}

/// What an answer shows of the vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProbeAnswer {
    /// Nothing: no answer came, or none of the contract's was asked for.
    Nothing,
    /// That it is the vendor.
    Vendor,
    /// That the vendor refuses the documented credentials, in words.
    Refusal(String),
    /// That the vendor cannot answer now: the status.
    Busy(u16),
    /// The vendor could have given it, and others too: the answer in a few words.
    Unclear(String),
    /// The vendor would not answer so: the answer in a few words.
    Stranger(String),
}

impl Probe {
    /// Returns whether nothing more has to be asked.
    fn is_enough(&self) -> bool {
        self.result.is_err()
            || self.is_authorized && matches!(self.shows, ProbeAnswer::Vendor | ProbeAnswer::Refusal(_))
    }
}

/// Asks a vendor by reads that need nothing, those with the documented credentials first, until one shows that it is the vendor and
/// lets us in. Without such a read, its origin is asked for without credentials, which tries the connection.
pub async fn probe<'a>(run: &RunContext<'a>, party: &Party<'a>) -> Vec<Probe> {
    let mut probes = Vec::new();
    for call in probe_reads(party) {
        if let Some(probe) = ask(run, party, &call).await {
            let is_enough = probe.is_enough();
            probes.push(probe);
            if is_enough {
                break;
            }
        }
    }
    if probes.is_empty() {
        probes.extend(try_connection(run, party).await);
    }
    probes
}

/// The reads that may be sent, those with the documented credentials first.
pub(super) fn probe_reads(party: &Party<'_>) -> Vec<CanaryCall> {
    let mut reads = party.vendor.harmless_reads();
    reads.retain(|call| needs_nothing(party, &call.draft) && party.has_credentials(&call.draft));
    reads.sort_by_key(|call| !call.is_authorized);
    reads.truncate(MOST_READS);
    reads
}

async fn ask<'a>(run: &RunContext<'a>, party: &Party<'a>, call: &CanaryCall) -> Option<Probe> {
    let mut lane = Lane::new(run, party);
    let target = TargetRow::of(party.vendor, call.row);
    arrange(&mut lane, call.row, &call.draft).await.ok()?;
    let exchange = lane.client.send(target, &call.draft).await.ok()?;
    let shows = answer_shows(&lane, call, target, &exchange);
    let operation = Some(target.operation.name.clone());
    Some(Probe { operation, is_authorized: call.is_authorized, result: exchange.result, shows })
}

fn answer_shows(lane: &Lane<'_, '_>, call: &CanaryCall, target: TargetRow<'_>, exchange: &Exchange) -> ProbeAnswer {
    let Some(response) = exchange.response() else { return ProbeAnswer::Nothing };
    let (run, party, scope) = (lane.client.run, lane.client.party, &lane.client.scope);
    if call.is_authorized && matches!(response.status, 401 | 403) && !is_html(response) {
        return ProbeAnswer::Refusal(refusal(party.vendor, target, response));
    }
    if is_sign_of_life(&run.judge, party, target, response, scope, false) {
        return ProbeAnswer::Vendor;
    }
    if response.status == 429 || response.status >= 500 {
        return ProbeAnswer::Busy(response.status);
    }
    let words = brief(run.teller, response);
    // A run would also make a thing to see whom it asks.
    if is_sign_of_life(&run.judge, party, target, response, scope, true) {
        ProbeAnswer::Unclear(words)
    } else {
        ProbeAnswer::Stranger(words)
    }
}

/// Asks for a vendor's origin without credentials.
async fn try_connection(run: &RunContext<'_>, party: &Party<'_>) -> Option<Probe> {
    let Answers::Sent(sender) = &run.answers else { return None };
    let url = format!("{}/", party.destination.origin);
    let request = Request { method: String::from("GET"), url, ..Request::default() };
    let result = sender.send(&request, Connection::Fresh).await;
    Some(Probe { operation: None, is_authorized: false, result, shows: ProbeAnswer::Nothing })
}
