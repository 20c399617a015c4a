//! Arranging a case: every resource that its request names is made, or taken from the user, and brought into the state that its
//! condition calls for.

use crate::contract::RowId;
use crate::contract::case::Step;
use crate::contract::condition::{Draft, IdSource, right_state};
use crate::contract::template::Template;
use crate::http::exchange::{Exchange, Failure, Response};
use crate::judge::check::Finding;
use crate::judge::verdict::{Judgement, Verdict};
use crate::run::early_end::EarlyEnd;
use crate::run::event::Purpose;
use crate::run::fresh_start::FreshStart;
use crate::run::health::Health;
use crate::run::lane::Lane;
use crate::run::missing_id::stop_without_id;
use crate::run::party::{Party, Spare};
use crate::run::ready::take_ready;
use crate::run::request_build::Unbuildable;
use crate::run::scope::Held;
use crate::run::target_row::TargetRow;
use crate::run::teller::Observation;
use serde_json::Value;
use tokio::sync::MutexGuard;

/// Brings about what a row's request needs: afterwards the scope has every id in it.
pub(super) async fn arrange(lane: &mut Lane<'_, '_>, row: RowId, draft: &Draft) -> Result<(), EarlyEnd> {
    lane.row = Some(row);
    for resource in &lane.client.party.vendor[row.operation].binds {
        if let Some(source) = draft.ids.get(resource) {
            supply(lane, resource, source).await?;
        }
    }
    Ok(())
}

/// Returns whether a request needs nothing that would have to be made first.
pub(super) fn needs_nothing(party: &Party<'_>, draft: &Draft) -> bool {
    draft.ids.iter().all(|(resource, source)| match source {
        IdSource::Made(_) | IdSource::Supplied(_) => true,
        IdSource::State(state) => {
            let declared = party.vendor.file.resources.get(resource);
            let variable = declared.and_then(|declared| declared.fixtures.get(state));
            variable.is_some_and(|variable| party.fixtures.contains_key(variable))
        }
        IdSource::Foreign(_) | IdSource::Misplaced => false,
    })
}

/// Holds a resource of the kind that a condition asks for.
pub(super) async fn supply(lane: &mut Lane<'_, '_>, resource: &str, source: &IdSource) -> Result<(), EarlyEnd> {
    match source {
        IdSource::Made(text) => draw_id(lane, resource, &Template::parse(text)),
        IdSource::State(state) => reach(lane, resource, state).await,
        IdSource::Supplied(variable) => {
            let id = supplied_id(lane, resource, variable).unwrap_or_default();
            hold_supplied(lane, resource, id, "");
            Ok(())
        }
        IdSource::Foreign(credential) => {
            lane.client.scope.acting = Some(credential.clone());
            let reached = reach_right(lane, resource).await;
            lane.client.scope.acting = None;
            reached
        }
        IdSource::Misplaced => {
            reach_right(lane, resource).await?;
            let declared = lane.client.party.vendor.file.resources.get(resource);
            match declared.and_then(|resource| resource.parent.as_deref()) {
                Some(parent) => reach_right(lane, parent).await,
                None => Err(no_way(resource, "misplaced")),
            }
        }
    }
}

/// Holds a resource that no request has made: its id is drawn, or what was drawn when it was sent before.
fn draw_id(lane: &mut Lane<'_, '_>, resource: &str, text: &Template) -> Result<(), EarlyEnd> {
    let scope = &mut lane.client.scope;
    if let Some(saved) = &lane.client.saved {
        scope.recall(&saved.drawn_for(resource, text));
    }
    scope.renew();
    let id = text.text(scope).map_err(Unbuildable::from)?;
    let drawn = scope.drawn().into_iter().map(|(name, value)| (format!("{resource}: {name}"), value));
    lane.transcript.given.extend(drawn);
    scope.held.insert(resource.to_owned(), Held { id, ..Held::default() });
    Ok(())
}

async fn reach_right(lane: &mut Lane<'_, '_>, resource: &str) -> Result<(), EarlyEnd> {
    match right_state(lane.client.party.vendor, resource) {
        Some(state) => reach(lane, resource, state).await,
        None => Err(no_way(resource, "")),
    }
}

fn no_way(resource: &str, state: &str) -> EarlyEnd {
    EarlyEnd::new(Verdict::Undetermined, format!("no documented row leads a {resource} to `{state}`"))
}

/// Holds a resource in a state: the engineer's own, the canary's, or one made for this case.
async fn reach(lane: &mut Lane<'_, '_>, resource: &str, state: &str) -> Result<(), EarlyEnd> {
    let declared = lane.client.party.vendor.file.resources.get(resource);
    let fixture = declared.and_then(|declared| declared.fixtures.get(state));
    if let Some(id) = fixture.and_then(|variable| supplied_id(lane, resource, variable)) {
        hold_supplied(lane, resource, id, state);
        return Ok(());
    }
    let way = lane.client.party.vendor.ways().to(resource, state).unwrap_or(&[]);
    let taken = match way.first() {
        Some(first) if take_spare(lane, resource, first) => 1,
        Some(first) if may_be_ready(lane.client.party, resource, first) => {
            let moves = way.len() > 1 || lane.is_moved(resource);
            usize::from(Box::pin(take_ready(lane, resource, moves)).await?)
        }
        _ => 0,
    };
    for step in way.iter().skip(taken) {
        Box::pin(take_step(lane, resource, step)).await?;
    }
    match lane.client.scope.held.get(resource) {
        Some(held) if held.state == state => Ok(()),
        _ => Err(no_way(resource, state)),
    }
}

/// Returns whether a ready thing can take the place of the first step on a way.
fn may_be_ready(party: &Party<'_>, resource: &str, first: &Step) -> bool {
    let declared = party.vendor.file.resources.get(resource);
    declared.is_some_and(|declared| declared.ready.is_some())
        && right_state(party.vendor, resource) == Some(first.state.as_str())
}

/// The id that the engineer supplies in a variable, or that was supplied in the saved run.
fn supplied_id(lane: &Lane<'_, '_>, resource: &str, variable: &str) -> Option<String> {
    match &lane.client.saved {
        Some(saved) => saved.supplied_id(resource).map(str::to_owned),
        None => lane.client.party.fixtures.get(variable).cloned(),
    }
}

/// Holds a resource by the id that the engineer supplies.
pub(super) fn hold_supplied(lane: &mut Lane<'_, '_>, resource: &str, id: String, state: &str) {
    lane.transcript.given.insert(format!("{resource}.id"), Value::String(id.clone()));
    let held = Held { id, state: state.to_owned(), ..Held::default() };
    lane.client.scope.held.insert(resource.to_owned(), held);
}

/// Takes what the case before handed on, or what the canary made, if it is such a resource of ours and made by the first step of a way.
fn take_spare(lane: &mut Lane<'_, '_>, resource: &str, first: &Step) -> bool {
    if lane.client.scope.acting.is_some() || lane.client.saved.is_some() {
        return false;
    }
    let fits = |spare: &mut Spare| spare.made.resource == resource && spare.observed.row == first.row;
    let handed = lane.handed.take_if(fits);
    let spare = handed.or_else(|| lane.client.party.spare.borrow_mut().take_if(fits));
    let Some(Spare { made, observed, served }) = spare else { return false };
    lane.served_before = served;
    // To this case it is what brings its condition about, as a request of its own would have been.
    lane.transcript.observed.push(Observation { purpose: Purpose::Arrange, ..observed });
    lane.client.scope.held.insert(made.resource.clone(), made.held.clone());
    lane.made.push(made);
    true
}

/// Takes one step of a way. It holds when its status and captures hold; what else departs in it is charged to its own row.
async fn take_step(lane: &mut Lane<'_, '_>, resource: &str, step: &Step) -> Result<(), EarlyEnd> {
    let target = TargetRow::of(lane.client.party.vendor, step.row);
    for (other, source) in step.draft.ids.iter().filter(|(other, _)| *other != resource) {
        if !lane.client.scope.held.contains_key(other) {
            supply(lane, other, source).await?;
        }
    }
    let turn = take_turn(lane, target, resource).await?;
    lane.client.renew_mark();
    let exchange = lane.client.send(target, &step.draft).await?;
    // Capture comes first, since what is judged may speak of what was captured.
    let (captured, held) = match &exchange.result {
        Ok(response) => (
            capture_made(lane, target, step, resource, response).and(lane.capture(
                target,
                &step.draft,
                resource,
                &step.state,
                response,
            )),
            judge_step(lane, target, &exchange, &step.state, resource),
        ),
        Err(failure) => (Ok(()), Err(lost_step(target, failure))),
    };
    if held.is_ok() && captured.is_ok() {
        lane.lead_on(target, resource, &step.state);
    }
    let lacks_id = held.is_ok() && !target.binds(resource) && !lane.client.scope.held.contains_key(resource);
    let mistaken = lacks_id.then(|| stop_without_id(&lane.client, target, resource, &exchange)).flatten();
    lane.client.party.answered.borrow_mut().insert(target.row.id);
    drop(turn);
    lane.keep(Purpose::Arrange, target, exchange);
    if let Some(why) = mistaken {
        return Err(EarlyEnd::new(Verdict::Undetermined, why));
    }
    if let Some(findings) = held? {
        if findings.iter().all(|finding| finding.inferred.is_some()) {
            lane.note_inferred(target, findings);
        } else {
            lane.charge(target, findings);
        }
    }
    captured?;
    lane.confirm(target).await
}

/// The turn of a request that makes something at a vendor, as long as no such request has been answered: if its id is not found,
/// nothing more is made.
async fn take_turn<'r>(
    lane: &Lane<'r, '_>,
    target: TargetRow<'_>,
    resource: &str,
) -> Result<Option<MutexGuard<'r, ()>>, EarlyEnd> {
    let party = lane.client.party;
    let is_known = || party.answered.borrow().contains(&target.row.id);
    if party.destination.embedded || lane.client.saved.is_some() || target.binds(resource) || is_known() {
        return Ok(None);
    }
    let turn = party.making.lock().await;
    match &*party.health.borrow() {
        Health::Mistaken(why) => Err(EarlyEnd::new(Verdict::Undetermined, why.clone())),
        _ if is_known() => Ok(None),
        _ => Ok(Some(turn)),
    }
}

/// The end of a case of which a step was not answered.
fn lost_step(target: TargetRow<'_>, failure: &Failure) -> EarlyEnd {
    let is_lost = failure.kind.may_have_arrived() && failure.kind.is_passing();
    let end = EarlyEnd::new(Verdict::Environment, format!("{}: {failure}", target.name()));
    EarlyEnd { fresh_start: FreshStart::after_loss(target.changes() && is_lost), ..end }
}

/// Holds what a step makes beside the resource that it leads on.
fn capture_made(
    lane: &mut Lane<'_, '_>,
    target: TargetRow<'_>,
    step: &Step,
    on_way: &str,
    response: &Response,
) -> Result<(), EarlyEnd> {
    let taken = target.row.then.iter().find(|branch| branch.leads.get(on_way) == Some(&step.state));
    let mut made = taken.into_iter().flat_map(|branch| &branch.leads).filter(|(resource, _)| *resource != on_way);
    made.try_for_each(|(resource, state)| lane.capture(target, &step.draft, resource, state, response))
}

/// The findings with which a step's answer still holds; an error where it does not.
fn judge_step(
    lane: &mut Lane<'_, '_>,
    target: TargetRow<'_>,
    exchange: &Exchange,
    state: &str,
    resource: &str,
) -> Result<Option<Vec<Finding>>, EarlyEnd> {
    let name = target.name();
    let leads_there = |index: usize| {
        let branch = target.row.then.get(index);
        branch.and_then(|branch| branch.leads.get(resource)).is_some_and(|led| led == state)
    };
    let (verdict, reason) = match lane.judge(target, exchange) {
        Judgement::Matches { outcome, inferred } if leads_there(outcome) => {
            return Ok((!inferred.is_empty()).then_some(inferred));
        }
        Judgement::Matches { outcome, .. } => {
            let outcome = target.outcome(outcome).map_or("", |outcome| outcome.name.as_str());
            (Verdict::Undetermined, format!("{name} answered `{outcome}`, which does not lead to `{state}`"))
        }
        Judgement::Departs { findings, nearest }
            if leads_there(nearest) && !findings.iter().any(|finding| finding.place == "status") =>
        {
            return Ok(Some(findings));
        }
        Judgement::Overloaded { status, .. } => {
            let why = format!("{name} answered {status} while the condition was set up");
            let fresh_start = FreshStart::after_status(status, target.changes());
            return Err(EarlyEnd { fresh_start, ..EarlyEnd::new(Verdict::Environment, why) });
        }
        Judgement::Broken(_, why) => (Verdict::Environment, format!("{name}: {why}")),
        Judgement::Departs { .. } => {
            let status = exchange.response().map(|response| response.status).unwrap_or_default();
            (Verdict::Undetermined, format!("{name} answered {status} while the condition was set up"))
        }
    };
    Err(EarlyEnd::new(verdict, reason))
}
