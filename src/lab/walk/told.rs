//! What a walk tells: plain data, already redacted.

use crate::judge::verdict::Verdict;
use crate::run::event::{ClauseInfo, ExchangeInfo, FindingInfo, Location};
use serde::Serialize;
use std::collections::BTreeMap;

/// A vendor's walk.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Walked {
    /// The vendor.
    pub vendor: String,
    /// What it came to.
    pub verdict: Verdict,
    /// Why it is skipped, undetermined or the environment's.
    pub reason: Option<String>,
    /// The steps that were taken.
    pub steps: usize,
    /// The requests of these steps.
    pub requests: usize,
    /// How many steps were two requests at once.
    pub races: usize,
    /// How many resources were made.
    pub made: usize,
    /// How many accounts acted.
    pub accounts: usize,
    /// Every documented transition, with how often it was taken.
    pub transitions: Vec<Transition>,
    /// Every operation with every state of its resources, with how often it was met.
    pub pairs: Vec<Pair>,
    /// The rows that no walk can meet, each with the reason.
    pub never: BTreeMap<String, String>,
    /// Answers of calls that no page describes, which are otherwise than inferred.
    pub unpromised: Vec<Unpromised>,
    /// How it failed, if it did.
    pub failure: Option<Failure>,
    /// Things worth knowing that change no verdict.
    pub notes: Vec<String>,
}

impl Walked {
    /// How many transitions were taken, and how many can be.
    pub fn taken(&self) -> (usize, usize) {
        let open = || self.transitions.iter().filter(|transition| transition.never.is_none());
        (open().filter(|transition| transition.met > 0).count(), open().count())
    }

    /// How many pairs were met, and how many can be.
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
    /// How often it was taken.
    pub met: usize,
    /// The rows that lead there, each with how often it did.
    pub rows: BTreeMap<String, usize>,
    /// Why it cannot be taken, if so.
    pub never: Option<String>,
}

/// An operation, and how the resources stand that its URL names.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// The operation.
    pub operation: String,
    /// How they stand: `live`, or `open, unknown` for two; empty where the URL names none.
    pub state: String,
    /// How often it was met.
    pub met: usize,
    /// The rows that answer there, each with how often it did.
    pub rows: BTreeMap<String, usize>,
    /// Why it cannot be met, if so.
    pub never: Option<String>,
}

/// An answer of a call that no page describes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unpromised {
    /// `operation/row`.
    pub step: String,
    /// How it departs.
    pub findings: Vec<FindingInfo>,
}

/// How a walk failed, and the shortest sequence that still fails.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failure {
    /// The operation that is charged.
    pub operation: String,
    /// Its row.
    pub row: String,
    /// The row's condition and outcomes in words.
    pub promised: String,
    /// The clauses that say so.
    pub cites: Vec<ClauseInfo>,
    /// The page's address.
    pub page: Option<String>,
    /// Where the row is written.
    pub location: Location,
    /// How the answer departs.
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
    pub sequence: Vec<Shown>,
    /// The same as a script for a POSIX shell with curl and jq.
    pub script: String,
}

/// A request of a failing sequence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shown {
    /// `operation/row`: the row that was due.
    pub due: String,
    /// What is not as documented in the request, in words.
    pub form: String,
    /// The account that acts, where it is another one.
    pub account: Option<String>,
    /// The resources that it names.
    pub about: Vec<String>,
    /// What it led to: `link_1` to `deleted`.
    pub led: BTreeMap<String, String>,
    /// Whether it is under way together with the next one or the one before.
    pub at_once: bool,
    /// How long nothing was asked before it, in seconds.
    pub after_lull: f64,
    /// What was exchanged.
    pub exchange: ExchangeInfo,
}
