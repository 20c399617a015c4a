//! Things that the engineer supplies ready, for accounts that may not make them: taken in place of one that a request would make.

use crate::contract::RowId;
use crate::contract::condition::right_state;
use crate::contract::template::plain;
use crate::judge::check::parse;
use crate::judge::verdict::Verdict;
use crate::run::arrange_case::hold_supplied;
use crate::run::early_end::EarlyEnd;
use crate::run::event::Purpose;
use crate::run::lane::Lane;
use crate::run::party::Party;
use crate::run::target_row::TargetRow;
use serde_json::Value;

/// Returns whether the engineer supplies things of a kind ready.
pub(super) fn are_ready(party: &Party<'_>, resource: &str) -> bool {
    variable(party, resource).is_some_and(|variable| party.fixtures.contains_key(variable))
}

fn variable<'p>(party: &'p Party<'_>, resource: &str) -> Option<&'p String> {
    party.vendor.file.resources.get(resource)?.ready.as_ref()
}

/// Holds a ready thing of our own account in the state in which a create would leave it, if one is supplied; `moves` says that it is
/// used up. What it has, a read shows, since no create of ours has.
pub(super) async fn take_ready(lane: &mut Lane<'_, '_>, resource: &str, moves: bool) -> Result<bool, EarlyEnd> {
    let party = lane.client.party;
    let Some(variable) = variable(party, resource).filter(|_| lane.client.scope.acting.is_none()) else {
        return Ok(false);
    };
    let id = match &lane.client.saved {
        Some(saved) => saved.supplied_id(resource).map(str::to_owned),
        None if !party.fixtures.contains_key(variable) => None,
        None => Some(next_id(party, variable, moves)?),
    };
    let (Some(id), Some(state)) = (id, right_state(party.vendor, resource)) else { return Ok(false) };
    hold_supplied(lane, resource, id, state);
    look_at_ready(lane, resource, state).await?;
    Ok(true)
}

/// The id for a case: the first one where the case leaves it as it is, else one that no other case has or gets.
fn next_id(party: &Party<'_>, variable: &str, moves: bool) -> Result<String, EarlyEnd> {
    let value = party.fixtures.get(variable).map_or("", String::as_str);
    let ids: Vec<&str> = value.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
    let at = if moves {
        let mut used = party.used_up.borrow_mut();
        let used = used.entry(variable.to_owned()).or_insert(usize::from(ids.len() > 1));
        *used += 1;
        *used - 1
    } else {
        0
    };
    let lacking = || {
        EarlyEnd::new(Verdict::Skipped, format!("set ${variable} to one more id, after a comma: this case uses one up"))
    };
    ids.get(at).map(|id| (*id).to_owned()).ok_or_else(lacking)
}

/// Reads a ready thing, and takes what the answer has for what was sent to make it and for what was captured then.
async fn look_at_ready(lane: &mut Lane<'_, '_>, resource: &str, state: &str) -> Result<(), EarlyEnd> {
    let vendor = lane.client.party.vendor;
    let mut reads = vendor.reads(resource, state).iter();
    let Some(read) = reads.find(|read| !vendor[read.row.operation].has_captured_url()) else { return Ok(()) };
    let target = TargetRow::of(vendor, read.row);
    let exchange = lane.client.send(target, &read.draft).await?;
    let body = exchange.response().and_then(|response| parse(&response.body).value()).unwrap_or(Value::Null);
    lane.keep(Purpose::Arrange, target, exchange);
    let captured = maker(lane.client.party, resource).map(|row| &vendor[row].capture);
    let Some(held) = lane.client.scope.held.get_mut(resource) else { return Ok(()) };
    for (name, pointer) in captured.into_iter().flatten() {
        let known = body.pointer(pointer).filter(|known| name != "id" || plain(known) == held.id);
        held.captured.extend(known.map(|known| (name.clone(), known.clone())));
    }
    held.sent = body;
    Ok(())
}

/// The row by which a thing of a kind would be made.
fn maker(party: &Party<'_>, resource: &str) -> Option<RowId> {
    let state = right_state(party.vendor, resource)?;
    party.vendor.ways().to(resource, state)?.first().map(|step| step.row)
}
