//! One case for itself: run, judged, and told to nobody, so that a thousand can be tried in a second.

use crate::contract::RowId;
use crate::contract::case::Case;
use crate::judge::check::Finding;
use crate::judge::verdict::Verdict;
use crate::run::cut::unbroken;
use crate::run::engine::Engine;
use crate::run::judging::Ended;
use crate::run::lane::Lane;
use crate::run::party::Party;

/// What a case came to that was tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// Its verdict; nothing is held against a baseline.
    pub verdict: Verdict,
    /// Why it is none of conforms and violates.
    pub reason: Option<String>,
    /// The departures of its own answer, and of the state afterwards.
    pub findings: Vec<Finding>,
    /// The rows of reads and steps that departed from what they promise.
    pub charged: Vec<RowId>,
}

impl<'a> Engine<'a> {
    /// Runs one case from arranging to the reads afterwards, and removes what it made.
    pub async fn try_case(&self, party: &Party<'a>, case: &Case) -> Tried {
        let ended = if let Some(ended) = self.not_run(party, case) {
            ended
        } else {
            let mut lane = Lane::new(self, party);
            let ended = unbroken(self.judged(&mut lane, case)).await;
            lane.remove_made().await;
            ended
        };
        let Ended { verdict, reason, findings, .. } = ended;
        Tried { verdict, reason, findings, charged: party.charges.take().into_keys().collect() }
    }
}
