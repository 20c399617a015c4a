//! Random documented sequences through the state machines that rows are, several resources and accounts at once.
//!
//! What can be asked is in a table, made once a vendor: every form of a request with every state of the resources that it
//! names, and the row that answers there. A possible world is the state of each resource by now, a choice draws what is asked next, and a
//! session asks it as a run does and judges the answer by the row that that state calls for. Some steps are two requests at
//! once; their answers must be those of one after the other. Where they fit in either order, the belief after them is several
//! worlds, and later answers narrow it: only an answer that fits none of them is a violation. A walk that fails is shrunk to the
//! shortest sequence that still fails at the target, and written as a script.

mod belief;
mod explanation;
mod failed_sequence;
mod failure_writer;
mod possible_world;
mod race;
mod request_table;
mod session;
mod shrink;
mod step_choice;
mod walk_result;
mod walk_step;
mod walk_tally;
mod walker;

pub use walk_result::{SequenceRequest, StatePair, Transition, UnpromisedAnswer, WalkFailure, WalkResult};

use crate::run::{Parties, RunContext, conduct};
use std::cell::RefCell;
use std::time::Duration;
use walker::VendorWalk;

/// The settings of a walk.
#[derive(Debug, Clone)]
pub struct WalkSettings {
    /// The steps of every vendor's walk.
    pub steps: usize,
    /// The number that makes it the same walk every time.
    pub seed: u64,
    /// The resources of a kind that may be there at once, and the number of those that nothing leads on and that are still asked about.
    pub resources: usize,
    /// The length of the lulls in which the walk asks nothing; there are none where it is zero.
    pub lull: Duration,
}

impl Default for WalkSettings {
    fn default() -> Self {
        Self { steps: 600, seed: 0, resources: 5, lull: Duration::ZERO }
    }
}

/// Walks every party at once, each on its own; `interrupted` ends when the engineer wants the walk to end. What was made is
/// removed in every case. Vendors of which nothing is known have no result.
pub async fn walk<'a>(
    run: &RunContext<'a>,
    parties: &Parties<'a>,
    settings: &WalkSettings,
    interrupted: impl Future<Output = ()>,
) -> Vec<WalkResult> {
    let results = RefCell::new(Vec::new());
    let vendors = parties.iter().map(|party| party.vendor.id);
    let walks: Vec<VendorWalk<'_>> = vendors.map(|vendor| VendorWalk { vendor, settings, results: &results }).collect();
    conduct(run, parties, &walks, interrupted).await;
    let mut results = results.into_inner();
    results.sort_by_key(|result| parties.iter().position(|party| party.vendor.name == result.vendor));
    results
}
