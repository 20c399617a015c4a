//! The calls by which a vendor can be asked whether it lives: they need nothing that would have to be made first.

use crate::contract::case::compile::arrangements;
use crate::contract::condition::{Draft, IdSource};
use crate::contract::{Operation, Row, RowId, Vendor};

/// A call by which a vendor can be asked whether it lives.
#[derive(Debug, Clone, PartialEq)]
pub struct CanaryCall {
    /// The row that is to answer.
    pub row: RowId,
    /// The request.
    pub draft: Draft,
    /// The resource that it makes, and the state that it is then in.
    pub makes: Option<(String, String)>,
    /// True if it is sent with the documented credentials, so that its answer shows whether they are good.
    pub is_authorized: bool,
    /// True if no stranger would answer as its row does.
    pub is_telling: bool,
    /// True if it is to be refused.
    pub is_refused: bool,
    rank: Rank,
}

/// The order in which calls are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Named,
    Read,
    RefusedRead,
    RefusedChange,
    Create,
}

/// The calls of a vendor, the one to begin with first: that of the operation which its file names, else a read that needs nothing,
/// else a call that is refused, else a create without a page.
pub(in crate::contract) fn canary_calls(vendor: &Vendor) -> Vec<CanaryCall> {
    let asked = vendor.operations.iter().filter(|operation| !operation.has_captured_url());
    sorted(asked.flat_map(|operation| calls_of(vendor, operation, 1)).collect())
}

/// The reads of a vendor that need nothing, where nothing may be changed: those of the canary, and those of rows of which
/// only another arrangement than the first needs nothing.
pub(in crate::contract) fn harmless_reads(vendor: &Vendor) -> Vec<CanaryCall> {
    let asked = vendor.operations.iter().filter(|operation| operation.reads() && !operation.has_captured_url());
    sorted(
        asked
            .flat_map(|operation| calls_of(vendor, operation, usize::MAX))
            .filter(|call| call.makes.is_none())
            .collect(),
    )
}

fn sorted(mut calls: Vec<CanaryCall>) -> Vec<CanaryCall> {
    calls.sort_by_key(|call| (call.rank, !call.is_telling, !call.is_authorized));
    calls
}

/// The calls of an operation, at most one of a kind with good credentials and one with others; of each row, so many arrangements are
/// tried.
fn calls_of(vendor: &Vendor, operation: &Operation, arrangements: usize) -> Vec<CanaryCall> {
    let is_named = vendor.file.canary.as_ref() == Some(&operation.name);
    let mut calls = Vec::new();
    calls.extend(right_call(vendor, operation, is_named));
    if operation.reads() {
        calls.extend(fixture_call(vendor, operation));
    }
    calls.extend(refused_calls(vendor, operation, arrangements));
    if is_named {
        calls.iter_mut().for_each(|call| call.rank = Rank::Named);
    }
    calls
}

/// The documented request, where it names no resource: a read, or a create that no page describes or that the vendor's file names.
fn right_call(vendor: &Vendor, operation: &Operation, is_named: bool) -> Option<CanaryCall> {
    let row = vendor.right_row(operation.id).filter(|row| is_inducible(row) && operation.binds.is_empty())?;
    let makes = row.then.iter().flat_map(|branch| &branch.leads).next();
    let makes = makes.map(|(resource, state)| (resource.clone(), state.clone()));
    let rank = if operation.reads() { Rank::Read } else { Rank::Create };
    let may_make = is_named || makes.is_some() && operation.page.is_none();
    let draft = Draft::documented(vendor, operation);
    (rank == Rank::Read || may_make).then(|| call(vendor, operation, (row, draft), rank, makes))
}

/// A read of what the engineer supplies.
fn fixture_call(vendor: &Vendor, operation: &Operation) -> Option<CanaryCall> {
    let [resource] = operation.binds.as_slice() else { return None };
    let supplied = vendor.file.resources.get(resource)?.fixtures.keys();
    supplied.into_iter().find_map(|state| {
        let reads = vendor.reads(resource, state).iter();
        let read = reads.into_iter().find(|read| read.row.operation == operation.id)?;
        let row = Some(&vendor[read.row]).filter(|row| is_inducible(row))?;
        let mut draft = read.draft.clone();
        draft.ids.insert(resource.clone(), IdSource::State(state.clone()));
        Some(call(vendor, operation, (row, draft), Rank::Read, None))
    })
}

/// Calls that are refused without anything there. Of an operation that makes things none is taken: a vendor may do what its page
/// says that it refuses.
fn refused_calls(vendor: &Vendor, operation: &Operation, most: usize) -> Vec<CanaryCall> {
    let makes =
        |row: &Row| row.then.iter().flat_map(|branch| branch.leads.keys()).any(|led| !operation.binds.contains(led));
    if operation.rows.values().any(makes) {
        return Vec::new();
    }
    let rank = if operation.reads() { Rank::RefusedRead } else { Rank::RefusedChange };
    let is_refused = |row: &&Row| !row.when.0.is_empty() && row.then.iter().all(|branch| branch.leads.is_empty());
    let rows = operation.rows.values().filter(|row| is_inducible(row)).filter(is_refused);
    let all = rows.filter_map(|row| {
        let mut arranged = arrangements(vendor, operation, row).into_iter().take(most);
        let draft = arranged.find_map(|arranged| without_things(vendor, row, arranged.draft))?;
        Some(call(vendor, operation, (row, draft), rank, None))
    });
    let mut calls: Vec<CanaryCall> = all.collect();
    calls.sort_by_key(|call| (!call.is_telling, call.is_authorized));
    let mut is_first = [true; 2];
    calls.retain(|call| is_first.get_mut(usize::from(call.is_authorized)).is_some_and(std::mem::take));
    calls
}

/// A request with ids that nothing has in place of those of things that its row does not speak of.
fn without_things(vendor: &Vendor, row: &Row, mut draft: Draft) -> Option<Draft> {
    for (resource, source) in &mut draft.ids {
        match source {
            IdSource::Made(text) if !text.is_empty() => {}
            IdSource::State(_) if !row.when.0.contains_key(resource) => {
                *source = IdSource::Made(vendor.file.resources.get(resource)?.id.new.clone());
            }
            _ => return None,
        }
    }
    Some(draft)
}

fn is_inducible(row: &Row) -> bool {
    row.not_inducible.is_none() && !row.may
}

fn call(
    vendor: &Vendor,
    operation: &Operation,
    (row, draft): (&Row, Draft),
    rank: Rank,
    makes: Option<(String, String)>,
) -> CanaryCall {
    let documented = operation.auth.as_ref().unwrap_or(&vendor.file.auth);
    let is_authorized = *draft.auth == *documented;
    let is_telling = operation.outcomes_of(row).any(|outcome| operation.is_telling(outcome));
    let is_refused = matches!(rank, Rank::RefusedRead | Rank::RefusedChange);
    CanaryCall { row: row.id, draft, makes, is_authorized, is_telling, is_refused, rank }
}
