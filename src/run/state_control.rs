//! The control of a read that shows another state than a row leads to: the same read of such a thing before the request.

use crate::contract::OperationId;
use crate::contract::case::{Case, Read};
use crate::run::arrange_case::arrange;
use crate::run::early_end::EarlyEnd;
use crate::run::event::Purpose;
use crate::run::lane::Lane;
use crate::run::state_sight::{StateSight, weigh_read};
use crate::run::state_view::{StateView, views};
use crate::run::target_row::TargetRow;

/// The reads of supplied things that were right before the case's request: the operation, the resource and the view.
pub(super) type SuppliedReads = Vec<(OperationId, String, usize)>;

/// The answer of a read before a request.
pub(super) enum Control {
    /// It shows the state that the condition calls for.
    Right,
    /// It is wrong already, for this reason.
    Wrong(String),
    /// There is no such read for the state before.
    None,
}

/// Reads what the user supplies before a request changes it: no other such thing can be made for a control.
pub(super) async fn read_supplied(lane: &mut Lane<'_, '_>, case: &Case) -> SuppliedReads {
    let mut right = Vec::new();
    let operation = &lane.client.party.vendor[case.row.operation];
    for resource in operation.binds.iter().filter(|_| !operation.reads()) {
        if !is_supplied(lane, resource) {
            continue;
        }
        for view in views(lane, Some(case), resource) {
            for read in lane.client.party.vendor.reads(resource, &view.state) {
                if matches!(weigh_read(lane, read, &view, Purpose::Control).await, Ok(StateSight::AsExpected)) {
                    right.push((read.row.operation, resource.clone(), view.index));
                }
            }
        }
    }
    right
}

/// Returns whether a resource that the scope holds is the user's own.
fn is_supplied(lane: &Lane<'_, '_>, resource: &str) -> bool {
    let held = lane.client.scope.held.get(resource).filter(|held| !held.state.is_empty());
    held.is_some_and(|held| lane.made.iter().all(|made| made.held.id != held.id))
}

/// Reads a thing for which the same condition is brought about anew, as it is before the request.
pub(super) async fn read_before(
    lane: &mut Lane<'_, '_>,
    case: &Case,
    read: &Read,
    view: &StateView,
    supplied: &SuppliedReads,
) -> Result<Control, EarlyEnd> {
    if is_supplied(lane, &view.resource) {
        let same = (read.row.operation, view.resource.clone(), view.index);
        let wrong = || Control::Wrong("the same read was not right before the request".to_owned());
        return Ok(if supplied.contains(&same) { Control::Right } else { wrong() });
    }
    let held = std::mem::take(&mut lane.client.scope.held);
    let control = read_anew(lane, case, read, view).await;
    lane.client.scope.held = held;
    control
}

async fn read_anew(lane: &mut Lane<'_, '_>, case: &Case, read: &Read, view: &StateView) -> Result<Control, EarlyEnd> {
    arrange(lane, case.row, &case.draft).await?;
    let Some(before) = views(lane, Some(case), &view.resource).into_iter().nth(view.index) else {
        return Ok(Control::None);
    };
    let mut reads = lane.client.party.vendor.reads(&view.resource, &before.state).iter();
    let Some(same) = reads.find(|same| same.row.operation == read.row.operation) else { return Ok(Control::None) };
    let target = TargetRow::of(lane.client.party.vendor, same.row);
    match weigh_read(lane, same, &before, Purpose::Control).await? {
        StateSight::Excluded { findings, .. } => {
            lane.charge(target, findings);
            Ok(Control::Wrong(format!("{} is not answered as documented before the request either", target.name())))
        }
        // A departure that says nothing of the state is the read's own, and hides no change of it.
        StateSight::AsExpected | StateSight::Unclear(_) => Ok(Control::Right),
    }
}
