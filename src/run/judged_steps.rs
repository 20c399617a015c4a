//! The steps by which a case is judged, noted where a run is explained.

use crate::http::exchange::Exchange;
use crate::judge::check::{CheckResult, Checked};
use crate::judge::compared_outcome::ComparedOutcome;
use crate::judge::verdict::Judgement;
use crate::run::event::{CheckInfo, JudgedStep, OutcomeInfo, StepConclusion, ThingInfo};
use crate::run::target_row::TargetRow;
use crate::run::vendor_client::VendorClient;

/// The judgement of an answer, with the comparisons that it was derived from; `exchange` is the position of its exchange.
pub(super) fn judged_step(
    client: &VendorClient<'_, '_>,
    target: TargetRow<'_>,
    answered: &Exchange,
    judgement: &Judgement,
    exchange: usize,
) -> JudgedStep {
    let mut outcomes = Vec::new();
    if let Some(response) = answered.response() {
        for (comparison, checks) in client.run.judge.compare(target.row, response, &client.scope) {
            outcomes.push(outcome_info(client, target, &comparison, checks));
        }
    }
    let conclusion = match judgement {
        Judgement::Matches { outcome, .. } => StepConclusion::Matches(*outcome),
        Judgement::Departs { nearest, .. } => StepConclusion::Departs(*nearest),
        Judgement::Overloaded { nearest, .. } => StepConclusion::Overloaded(*nearest),
        Judgement::Broken(_, why) => StepConclusion::Broken(client.run.teller.text(why)),
    };
    JudgedStep { exchange, row: target.name(), outcomes, conclusion, state: None }
}

fn outcome_info(
    client: &VendorClient<'_, '_>,
    target: TargetRow<'_>,
    comparison: &ComparedOutcome,
    checks: Vec<Checked>,
) -> OutcomeInfo {
    let outcome = &target.operation[comparison.outcome];
    let teller = client.run.teller;
    let mut told = Vec::new();
    for Checked { place, promise, actual, result } in checks {
        let is_hidden = outcome.shown.hides(&place);
        let (findings, not_made) = match result {
            CheckResult::Held => (Vec::new(), None),
            CheckResult::Failed(findings) => (findings, None),
            CheckResult::NotMade(why) => (Vec::new(), Some(why)),
        };
        told.push(CheckInfo {
            promise: teller.value(&promise),
            actual: actual.map(|value| teller.shown_value(&place, &value, is_hidden)),
            not_made,
            findings: findings.iter().map(|finding| teller.finding(finding, target.operation)).collect(),
            place: teller.text(&place),
        });
    }
    OutcomeInfo { name: outcome.name.clone(), distance: comparison.distance(), checks: told }
}

/// The things that a client's requests are about now.
pub(super) fn things(client: &VendorClient<'_, '_>) -> Vec<ThingInfo> {
    let mut things = Vec::new();
    for (resource, held) in &client.scope.held {
        let account = held.account.as_ref().and_then(|name| client.party.vendor.credential(name));
        things.push(ThingInfo {
            resource: resource.clone(),
            id: client.run.teller.text(&held.id),
            state: held.state.clone(),
            account: account.map(|(_, credential)| credential.env.clone()),
        });
    }
    things
}
