//! A saved run judged again, offline, by contracts that may have been changed since.

use crate::contract::case::Case;
use crate::judge::check::Finding;
use crate::judge::verdict::Verdict;
use crate::run::engine::Engine;
use crate::run::event::{CaseResult, Summary};
use crate::run::judging::Ended;
use crate::run::lane::Lane;
use crate::run::party::Party;
use crate::run::replay::{Replay, unsaved};
use serde_json::Value;
use std::collections::HashMap;
use std::time::{Duration, Instant};

impl<'a> Engine<'a> {
    /// Judges cases by their saved exchanges; nothing is sent.
    pub async fn judge_again(&self, parties: &[Party<'a>], cases: &[Case], saved: &[CaseResult]) -> Summary {
        let began = Instant::now();
        let saved: HashMap<&str, &CaseResult> = saved.iter().map(|case| (case.id.as_str(), case)).collect();
        for case in cases {
            if let Some(party) = parties.iter().find(|party| party.vendor.id == case.row.vendor()) {
                self.case_again(party, case, saved.get(case.id.as_str()).copied()).await;
            }
        }
        parties.iter().for_each(|party| self.charges(party));
        self.report_stale();
        self.summary(began.elapsed())
    }

    async fn case_again(&self, party: &Party<'a>, case: &Case, saved: Option<&CaseResult>) {
        let took = saved.map_or(Duration::ZERO, |saved| saved.duration);
        if let Some(ended) = not_judged(case, saved) {
            return self.finish(party, case, ended, None, took);
        }
        let Some(saved) = saved else { return };
        let mut lane = Lane::new(self, party);
        lane.scope.live_then = party.live_then;
        lane.replay = Some(Replay::of(saved));
        let mut ended = lane.run(case).await;
        // Whether the vendor was alive cannot be asked any more; what the case came to then tells.
        if ended.overloaded && saved.verdict != Verdict::Environment && !ended.findings.is_empty() {
            ended.verdict = Verdict::Violates;
            ended.reason = None;
        }
        let (operation, row) = (&party.vendor[case.row.operation], &party.vendor[case.row]);
        let marked = |place: &String| operation.outcomes_of(row).any(|outcome| outcome.secret.contains(place));
        spare_secrets(&mut ended, |finding| finding.hidden || marked(&finding.place));
        self.finish(party, case, ended, Some(&lane), took);
    }
}

/// What a case comes to that is not judged by exchanges: because it never was sent, or because none was saved.
fn not_judged(case: &Case, saved: Option<&CaseResult>) -> Option<Ended> {
    if let Some(why) = &case.barred {
        return Some(Ended::with(Verdict::Skipped, format!("not inducible: {why}")));
    }
    let Some(saved) = saved else { return Some(unsaved("it is new since the run").into()) };
    if !saved.exchanges.is_empty() {
        return None;
    }
    Some(match saved.verdict {
        Verdict::Skipped | Verdict::Environment | Verdict::Undetermined | Verdict::Refused => {
            Ended::with(saved.verdict, saved.reason.clone())
        }
        _ => unsaved("its exchanges were not saved").into(),
    })
}

/// Takes away what is only found because a secret stands in the answer as its name.
fn spare_secrets(ended: &mut Ended, is_secret: impl Fn(&Finding) -> bool) {
    let named = |value: &Value| value.as_str().is_some_and(|text| text.contains('$'));
    let before = ended.findings.len();
    ended.findings.retain(|finding| !(is_secret(finding) && finding.actual.as_ref().is_some_and(named)));
    if before > 0 && ended.findings.is_empty() {
        *ended = unsaved("what is promised of a secret in its answer, which was not saved").into();
    }
}
