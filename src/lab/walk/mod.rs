//! Random documented sequences through the state machines that rows are, several resources and accounts at once.
//!
//! What can be asked is in a table, made once a vendor: every form of a request with every state of the resources that it
//! names, and the row that answers there. A model is the state of each resource by now, a choice draws what is asked next, and a
//! session asks it as a run does and judges the answer by the row that the model's state calls for. Some steps are two requests at
//! once; their answers must be those of one after the other. Where they fit in either order, the belief after them is several
//! models, and later answers narrow it: only an answer that fits none of them is a violation. A walk that fails is shrunk to the
//! shortest sequence that still fails at the target, and written as a script.

mod belief;
mod choice;
mod failure;
mod model;
mod race;
mod reading;
mod script;
mod session;
mod shrink;
mod table;
mod tally;
mod told;
mod walker;

use walker::VendorWalk;

pub use told::{Failure, Pair, Shown, Transition, Unpromised, Walked};

use crate::run::{Parties, RunContext, conduct};
use std::cell::RefCell;
use std::time::Duration;

/// How a walk goes about it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The steps of every vendor's walk.
    pub steps: usize,
    /// What makes it the same walk every time.
    pub seed: u64,
    /// How many resources of a kind may be there at once, and how many of those that nothing leads on are still asked about.
    pub resources: usize,
    /// How long the walk leaves everything alone now and then; not at all where it is nothing.
    pub lull: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { steps: 600, seed: 0, resources: 5, lull: Duration::ZERO }
    }
}

/// Walks every party at once, each by itself; `interrupted` ends when the engineer wants the walk to end. What was made is
/// removed in every case. Vendors of which nothing is known are not among what is told.
pub async fn walk<'a>(
    run: &RunContext<'a>,
    parties: &Parties<'a>,
    settings: &Settings,
    interrupted: impl Future<Output = ()>,
) -> Vec<Walked> {
    let told = RefCell::new(Vec::new());
    let vendors = parties.iter().map(|party| party.vendor.id);
    let walks: Vec<VendorWalk<'_>> = vendors.map(|vendor| VendorWalk { vendor, settings, told: &told }).collect();
    conduct(run, parties, &walks, interrupted).await;
    let mut told = told.into_inner();
    let position = |walked: &Walked| parties.iter().position(|party| party.vendor.name == walked.vendor);
    told.sort_by_key(position);
    told
}
