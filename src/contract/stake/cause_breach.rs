//! Another whole answer to a row's request: what breaks a cause, or a part of the request.

use super::answer_clash::{clashes, clashes_at};
use super::breach::Lie;
use crate::contract::language::Status;
use crate::contract::{Operation, Outcome, Row, Vendor};

/// The statuses by which a request is refused that should have been let in, the plainest first.
const REFUSALS: [u16; 6] = [405, 400, 409, 418, 403, 202];

/// The whole answers to a row's request that are none of its own.
pub(super) struct CauseBreaches<'a> {
    operation: &'a Operation,
    row: &'a Row,
    /// A row whose answers are none of this row's, and which a run takes for a violation.
    other: Option<&'a Row>,
}

impl<'a> CauseBreaches<'a> {
    pub(super) fn of(vendor: &Vendor, operation: &'a Operation, row: &'a Row) -> Self {
        let right = vendor.right_row(operation.id).map(|right| right.id);
        let mut others: Vec<&Row> = operation.rows.values().filter(|other| is_other(operation, row, other)).collect();
        others.sort_by_key(|other| Some(other.id) != right);
        Self { operation, row, other: others.into_iter().next() }
    }

    /// The answer that breaks a cause.
    pub(super) fn of_cause(&self) -> Option<Lie> {
        self.other.map(|other| Lie::Row(other.id)).or_else(|| self.refusal().map(Lie::Status))
    }

    /// The answer that breaks a part of the request: it is refused.
    pub(super) fn of_request(&self) -> Option<Lie> {
        // Of what is refused, the part of the request is a cause: it is broken by being let in.
        let is_let_in = !self.row.when.0.contains_key("credentials");
        let documents_status = self.outcomes().all(|outcome| outcome.status.is_some());
        let refusal = self.refusal().filter(|_| is_let_in && documents_status).map(Lie::Status);
        refusal.or_else(|| self.of_cause())
    }

    /// A status that no outcome of the row documents; of an outcome that documents none, the vendor's own failure.
    pub(super) fn refusal(&self) -> Option<u16> {
        let statuses = REFUSALS.into_iter().chain([500]).filter(|_| !self.row.may);
        let mut undocumented = statuses.filter(|status| !self.admits(*status));
        undocumented.next()
    }

    /// Another status of the same class, where there is one.
    pub(super) fn other_status(&self, outcome: &Outcome) -> Option<Lie> {
        if self.row.may {
            return self.other.map(|other| Lie::Row(other.id));
        }
        let hundred = match outcome.status.as_ref()? {
            Status::Exact(list) => list.first()? / 100,
            Status::Class(hundred) => *hundred,
        };
        let siblings = [hundred * 100 + 9, hundred * 100 + 2, hundred * 100 + 3];
        let free = siblings.into_iter().find(|status| !self.admits(*status));
        free.or_else(|| self.refusal()).map(Lie::Status)
    }

    /// An answer that departs at a pointer, of a row whose other answers are no violation.
    pub(super) fn instead_at(&self, outcome: &Outcome, pointer: &str) -> Option<Lie> {
        let other = self.other?;
        let departs = self.operation.outcomes_of(other).take(1).any(|other| clashes_at(outcome, other, pointer));
        departs.then_some(Lie::Row(other.id))
    }

    fn admits(&self, status: u16) -> bool {
        self.outcomes().any(|outcome| Status::is_admitted(outcome.status.as_ref(), status))
    }

    fn outcomes(&self) -> impl Iterator<Item = &'a Outcome> {
        self.operation.outcomes_of(self.row)
    }
}

/// Whether the answers of another row that can be had are none of a row's; of a row that only *may* come, those of a row that leads on.
fn is_other(operation: &Operation, row: &Row, other: &Row) -> bool {
    let leads = other.then.iter().any(|branch| !branch.leads.is_empty());
    let can_be_had = other.id != row.id && other.not_inducible.is_none() && (leads || !row.may);
    let first = operation.outcomes_of(other).next();
    can_be_had && first.is_some_and(|theirs| operation.outcomes_of(row).all(|own| clashes(own, theirs)))
}
