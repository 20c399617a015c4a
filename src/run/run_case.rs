//! The case's own request, and what its answer means.

use crate::contract::case::Case;
use crate::contract::condition::Draft;
use crate::http::exchange::{Exchange, FailureKind};
use crate::judge::verdict::{Judgement, Verdict};
use crate::run::arrange_case::arrange;
use crate::run::baseline_check::canonical_form;
use crate::run::case_end::CaseEnd;
use crate::run::early_end::EarlyEnd;
use crate::run::event::Purpose;
use crate::run::fresh_start::FreshStart;
use crate::run::lane::Lane;
use crate::run::state_check::StateCheck;
use crate::run::state_control::read_supplied;
use crate::run::target_row::TargetRow;

/// Runs a case to its end; what was made is left for the caller to remove.
pub(super) async fn run_case(lane: &mut Lane<'_, '_>, case: &Case) -> CaseEnd {
    match attempt(lane, case).await {
        Ok(end) => end,
        Err(end) => end.into(),
    }
}

async fn attempt(lane: &mut Lane<'_, '_>, case: &Case) -> Result<CaseEnd, EarlyEnd> {
    arrange(lane, case.row, &case.draft).await?;
    lane.note_things();
    let target = TargetRow::of(lane.client.party.vendor, case.row);
    let before = read_supplied(lane, case).await;
    lane.client.renew_mark();
    let exchange = lane.client.send(target, &case.draft).await?;
    let (judgement, made) = weigh_answer(lane, target, &case.draft, &exchange);
    lane.canonical = canonical_form(&lane.client, target, &case.draft, &exchange, &judgement);
    let end = follow_answer(lane, target, exchange, judgement);
    if let Err(unconfirmed) = lane.confirm(target).await {
        lane.transcript.notes.push(unconfirmed.reason);
    }
    if end.verdict != Verdict::Conforms || target.operation.reads() {
        return Ok(end);
    }
    Ok(Box::pin(StateCheck::new(lane, case, before, end).check(target, made)).await)
}

/// Captures what a request has made, and then judges its answer, which may speak of that; the kinds of resources that were made.
pub(crate) fn weigh_answer(
    lane: &mut Lane<'_, '_>,
    target: TargetRow<'_>,
    draft: &Draft,
    exchange: &Exchange,
) -> (Judgement, Vec<String>) {
    let leads = target.row.then.iter().take(1).flat_map(|branch| &branch.leads);
    let mut made = Vec::new();
    let mut complete = true;
    for (resource, state) in leads.filter(|(resource, _)| !target.binds(resource)) {
        made.push(resource.clone());
        let captured = exchange.response().map(|response| lane.capture(target, draft, resource, state, response));
        if let Some(Err(end)) = captured {
            lane.transcript.notes.push(end.reason);
            complete = false;
        }
    }
    // What a row makes is looked at by its id; without one there is nothing to look at.
    if !complete {
        made.clear();
    }
    (lane.judge(target, exchange), made)
}

/// Concludes from a judgement, takes the resources on to where the outcome leads that came, and keeps the exchange to be reported.
pub(crate) fn follow_answer(
    lane: &mut Lane<'_, '_>,
    target: TargetRow<'_>,
    exchange: Exchange,
    judgement: Judgement,
) -> CaseEnd {
    let end = conclude(lane, target, &exchange, judgement);
    if let Some(chosen) = &end.chosen {
        let mut branches = target.row.then.iter();
        let branch = branches.find(|branch| target.operation[branch.outcome].name == *chosen);
        for (resource, state) in branch.iter().flat_map(|branch| &branch.leads) {
            lane.lead_on(target, resource, state);
        }
    }
    lane.keep(Purpose::Case, target, exchange);
    end
}

/// The end that a judgement means for a case.
fn conclude(lane: &Lane<'_, '_>, target: TargetRow<'_>, exchange: &Exchange, judgement: Judgement) -> CaseEnd {
    match judgement {
        Judgement::Matches { outcome, inferred } => CaseEnd { inferred, ..conforms(target, outcome) },
        Judgement::Departs { findings, .. } if target.row.may && !is_promised_elsewhere(lane, target, exchange) => {
            let first = findings.first().map_or("", |finding| finding.message.as_str());
            CaseEnd::with(Verdict::Skipped, format!("the page says only that it may answer so; {first}"))
        }
        Judgement::Departs { findings, nearest } => {
            let held_against = target.outcome(nearest).map(|outcome| outcome.id);
            CaseEnd { findings, held_against, ..CaseEnd::with(Verdict::Violates, None) }
        }
        Judgement::Overloaded { status, findings, nearest } => CaseEnd {
            held_against: target.outcome(nearest).map(|outcome| outcome.id),
            // A vendor that has too many requests says nothing of the condition, however well it is.
            findings: if status == 429 { Vec::new() } else { findings },
            fresh_start: FreshStart::after_status(status, target.changes()),
            ..CaseEnd::with(Verdict::Environment, format!("the vendor answered {status} to every try"))
        },
        Judgement::Broken(FailureKind::Unsendable, why) => CaseEnd::with(Verdict::Undetermined, why),
        Judgement::Broken(kind, why) => CaseEnd {
            fresh_start: FreshStart::after_loss(target.changes() && kind.may_have_arrived() && kind.is_passing()),
            ..CaseEnd::with(Verdict::Environment, why)
        },
    }
}

/// The end of a case that was answered with an outcome.
fn conforms(target: TargetRow<'_>, outcome: usize) -> CaseEnd {
    let outcome = target.outcome(outcome);
    let (chosen, held_against) = (outcome.map(|it| it.name.clone()), outcome.map(|it| it.id));
    CaseEnd { chosen, held_against, ..CaseEnd::with(Verdict::Conforms, None) }
}

/// Returns whether an answer is one that a row with `leads` promises: then the vendor did what only that row's condition allows.
fn is_promised_elsewhere(lane: &Lane<'_, '_>, target: TargetRow<'_>, exchange: &Exchange) -> bool {
    let Some(response) = exchange.response() else { return false };
    let rows = target.operation.rows.values();
    let mut leading = rows.filter(|row| row.then.iter().any(|branch| !branch.leads.is_empty()));
    leading.any(|row| lane.client.run.judge.accepts(row, response, &lane.client.scope))
}
