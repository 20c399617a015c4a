//! The result of a walk: plain data, already redacted.

use crate::judge::verdict::Verdict;
use crate::run::event::{ClauseInfo, ExchangeInfo, FindingInfo, Location};
use serde::Serialize;
use std::collections::BTreeMap;

/// A vendor's walk.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WalkResult {
    /// The vendor.
    pub vendor: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The reason, if it is skipped, undetermined or the environment's.
    pub reason: Option<String>,
    /// The steps that were taken.
    pub steps: usize,
    /// The requests of these steps.
    pub requests: usize,
    /// The steps that were two requests at once.
    pub races: usize,
    /// The resources that were made.
    pub made: usize,
    /// The accounts that acted.
    pub accounts: usize,
    /// Every documented transition, with how often it was taken.
    pub transitions: Vec<Transition>,
    /// Every operation with every state of its resources, with how often it was met.
    pub pairs: Vec<StatePair>,
    /// The rows that no walk can meet, each with the reason.
    pub never: BTreeMap<String, String>,
    /// Answers of calls that no page describes, which are not as inferred.
    pub unpromised: Vec<UnpromisedAnswer>,
    /// The failure, if it failed.
    pub failure: Option<WalkFailure>,
    /// Things worth knowing that change no verdict.
    pub notes: Vec<String>,
}

impl WalkResult {
    /// The number of transitions that were taken, and of those that can be.
    pub fn taken(&self) -> (usize, usize) {
        let open = || self.transitions.iter().filter(|transition| transition.never.is_none());
        (open().filter(|transition| transition.met > 0).count(), open().count())
    }

    /// The number of pairs that were met, and of those that can be.
    pub fn met(&self) -> (usize, usize) {
        let open = || self.pairs.iter().filter(|pair| pair.never.is_none());
        (open().filter(|pair| pair.met > 0).count(), open().count())
    }
}

/// A documented transition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Transition {
    /// The kind of resource.
    pub resource: String,
    /// The state before; none before it is made.
    pub from: Option<String>,
    /// The state after.
    pub to: String,
    /// The times it was taken.
    pub met: usize,
    /// The rows that lead there, each with how often it did.
    pub rows: BTreeMap<String, usize>,
    /// The reason for which it cannot be taken, if there is one.
    pub never: Option<String>,
}

/// An operation, and the states of the resources that its URL names.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatePair {
    /// The operation.
    pub operation: String,
    /// The states: `live`, or `open, unknown` for two; empty where the URL names no resource.
    pub state: String,
    /// The times it was met.
    pub met: usize,
    /// The rows that answer there, each with how often it did.
    pub rows: BTreeMap<String, usize>,
    /// The reason for which it cannot be met, if there is one.
    pub never: Option<String>,
}

/// An answer of a call that no page describes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnpromisedAnswer {
    /// `operation/row`.
    pub step: String,
    /// The departures.
    pub findings: Vec<FindingInfo>,
}

/// A walk's failure, and the shortest sequence that still fails.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WalkFailure {
    /// The operation that is charged.
    pub operation: String,
    /// Its row.
    pub row: String,
    /// The row's condition and outcomes in words.
    pub promised: String,
    /// The clauses that it cites.
    pub cites: Vec<ClauseInfo>,
    /// The page's address.
    pub page: Option<String>,
    /// The place of the row.
    pub location: Location,
    /// The departures.
    pub findings: Vec<FindingInfo>,
    /// The steps of the walk up to the failure.
    pub after: usize,
    /// The sequences that were tried to find a shorter one.
    pub tried: usize,
    /// Whether it failed again when it was tried again.
    pub repeats: bool,
    /// The resources in the sequence, by name, with their ids.
    pub things: BTreeMap<String, String>,
    /// The requests of the shortest sequence.
    pub sequence: Vec<SequenceRequest>,
    /// The same as a script for a POSIX shell with curl and jq.
    pub script: String,
}

/// A request of a failing sequence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SequenceRequest {
    /// `operation/row`: the row that was expected.
    pub due: String,
    /// The parts of the request that are not as documented, in words.
    pub form: String,
    /// The account that acts, where it is another one.
    pub account: Option<String>,
    /// The resources that it names.
    pub about: Vec<String>,
    /// The states that it led to: `link_1` to `deleted`.
    pub led: BTreeMap<String, String>,
    /// Whether it is under way together with the next one or the one before.
    pub at_once: bool,
    /// The seconds in which nothing was asked before it.
    pub after_lull: f64,
    /// The exchange.
    pub exchange: ExchangeInfo,
}
