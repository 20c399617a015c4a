//! Before a thing is removed by its id: where the contract names the fields of marks, it has been seen with its mark.

use crate::contract::Row;
use crate::contract::language::Sweep;
use crate::contract::template::plain;
use crate::http::exchange::Response;
use crate::judge::check::parse;
use crate::judge::verdict::Verdict;
use crate::run::early_end::EarlyEnd;
use crate::run::list_call::{ListCall, Lists};
use crate::run::made::Made;
use crate::run::mark::Mark;
use crate::run::party::Party;
use crate::run::removal::{Unremoved, is_gone};
use crate::run::target_row::TargetRow;
use crate::run::vendor_client::VendorClient;
use serde_json::Value;

/// The ground on which a thing counts as ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ownership {
    /// The vendor has shown it with its mark, or nothing in its contract shows marks.
    Seen,
    /// It is only claimed: it has to hold this mark when it is read.
    Claimed(Option<Mark>),
}

/// The look of a thing that is to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sighting {
    /// It holds its mark.
    Marked,
    /// It does not hold its mark.
    Unmarked,
    /// It is not there any more.
    Gone,
}

impl Sighting {
    fn of(marks: &[Mark], mark: Mark) -> Self {
        if marks.contains(&mark) { Self::Marked } else { Self::Unmarked }
    }
}

impl Ownership {
    /// The ground on which a thing is ours whose id a create was answered with; an error where the answer shows an older thing.
    pub(super) fn by_answer(
        client: &VendorClient<'_, '_>,
        target: TargetRow<'_>,
        resource: &str,
        id: &str,
        body: &Value,
    ) -> Result<Self, EarlyEnd> {
        // The embedded mock and a saved run keep no ledger, and nothing is removed there.
        if client.party.destination.embedded || client.saved.is_some() {
            return Ok(Self::Seen);
        }
        let Some(sweep) = sweep_of(client.party, resource) else { return Ok(Self::Seen) };
        let carried = client.carried;
        match (marks_of(body, sweep, id), carried) {
            // What was asked for without a mark holds none.
            (Some(marks), None) if !marks.is_empty() => {
                return Err(forget_older(client, target, resource, id, carried));
            }
            (Some(marks), Some(mark)) if !marks.contains(&mark) => {
                return Err(forget_older(client, target, resource, id, carried));
            }
            (None, Some(_)) => return Ok(Self::Claimed(carried)),
            _ => {}
        }
        client.run.ledger.shown(&client.party.vendor.name, resource, id, carried);
        Ok(Self::Seen)
    }
}

/// Forgets an older thing that a create was answered with, and reports it once.
pub(super) fn forget_older(
    client: &VendorClient<'_, '_>,
    target: TargetRow<'_>,
    resource: &str,
    id: &str,
    mark: Option<Mark>,
) -> EarlyEnd {
    let VendorClient { run, party, .. } = client;
    let holds = mark.map_or("holds a mark of another request".to_owned(), |mark| format!("does not hold {mark}"));
    let (vendor, name) = (&party.vendor.name, &target.operation.name);
    let why = format!("{name} answered with the {resource} {id}, which {holds}: it is older, so it is not removed");
    run.ledger.older(vendor, resource, id, mark);
    if party.older.borrow_mut().insert(id.to_owned()) {
        run.reporter.notice("older-thing", vendor, &why);
    }
    EarlyEnd::new(Verdict::Undetermined, why)
}

/// Reads a thing that is only claimed to be ours, by the reads of its state, then by the vendor's list.
pub(super) async fn look_at(
    client: &mut VendorClient<'_, '_>,
    made: &Made,
    lists: &mut Lists,
) -> Result<Sighting, Unremoved> {
    let (party, resource) = (client.party, made.resource.as_str());
    let Ownership::Claimed(mark) = made.ownership else { return Ok(Sighting::Marked) };
    let Some(sweep) = sweep_of(party, resource) else { return Ok(Sighting::Marked) };
    let unmarked = "the request that made it carried no mark, so nothing tells it from others' things";
    let mark = mark.ok_or_else(|| Unremoved::from(unmarked.to_owned()))?;
    let mut unread = format!("no documented call shows whether it holds {mark}");
    for read in party.vendor.reads(resource, &made.held.state) {
        let target = TargetRow::of(party.vendor, read.row);
        if !target.operation.path.values().any(|bound| *bound == resource) {
            continue;
        }
        let exchange = match client.send(target, &read.draft).await {
            Ok(exchange) => exchange,
            Err(end) => {
                unread = end.reason;
                continue;
            }
        };
        let response = exchange.result.as_ref().map_err(Unremoved::by)?;
        if shows_gone(client, target, resource, response) {
            return Ok(Sighting::Gone);
        }
        let body = parse(&response.body).value().filter(|_| (200..300).contains(&response.status));
        match body.and_then(|body| marks_of(&body, sweep, &made.held.id)) {
            Some(marks) => return Ok(Sighting::of(&marks, mark)),
            None => unread = format!("{} answered {} without its marks", target.operation.name, response.status),
        }
    }
    let Some(list) = ListCall::of(party, resource) else { return Err(unread.into()) };
    match lists.read(client, list, resource).await {
        Ok(items) => items.get(&made.held.id).map(|marks| Sighting::of(marks, mark)).ok_or_else(|| unread.into()),
        Err(why) => Err(why.clone().into()),
    }
}

/// Returns whether an answer to a read shows that a thing is not there any more.
fn shows_gone(client: &VendorClient<'_, '_>, target: TargetRow<'_>, resource: &str, response: &Response) -> bool {
    let accepts = |row: &Row| client.run.judge.accepts(row, response, &client.scope);
    let mut rows = target.operation.rows.values();
    matches!(response.status, 404 | 410)
        || rows.any(|row| is_about_gone(client.party, row, resource) && accepts(row)) && !accepts(target.row)
}

/// Returns whether a row is about a thing that is not there: one that is unknown, or in a state that a removal leads to.
pub(super) fn is_about_gone(party: &Party<'_>, row: &Row, resource: &str) -> bool {
    row.when.names(resource).into_iter().any(|state| state == "unknown" || is_gone(party, resource, state))
}

/// The fields in which the contract says that marks are found.
fn sweep_of<'v>(party: &Party<'v>, resource: &str) -> Option<&'v Sweep> {
    party.vendor.file.resources.get(resource)?.sweep.as_ref()
}

/// The marks that an answer shows on the thing of an id; nothing where it does not show the fields that may hold them.
fn marks_of(answer: &Value, sweep: &Sweep, id: &str) -> Option<Vec<Mark>> {
    if answer.pointer(&sweep.id).map(plain).as_deref() == Some(id) {
        return marks_in(answer, sweep);
    }
    match answer {
        Value::Array(items) => items.iter().find_map(|item| marks_of(item, sweep, id)),
        Value::Object(fields) => fields.values().find_map(|field| marks_of(field, sweep, id)),
        _ => None,
    }
}

/// The marks in the fields of a thing that may hold them; nothing where none of these fields is filled.
pub(super) fn marks_in(thing: &Value, sweep: &Sweep) -> Option<Vec<Mark>> {
    let fields = sweep.marks.iter().filter_map(|mark| thing.pointer(mark)).filter(|field| !field.is_null());
    let texts: Vec<String> = fields.map(plain).collect();
    (!texts.is_empty()).then(|| texts.iter().flat_map(|text| Mark::all_in(text)).collect())
}
