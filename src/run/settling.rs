//! Cases whose condition was brought about by rows that other cases test: their verdicts count only once those rows are known to
//! lead where they should.

use crate::contract::{OperationId, RowId};
use crate::judge::check::FindingCode;
use crate::judge::verdict::Verdict;
use crate::run::event::CaseResult;
use std::collections::{BTreeMap, BTreeSet};

/// A case that has ended, and what its verdict rests on.
pub(super) struct EndedCase {
    /// Its result, as far as it alone decides.
    pub(super) result: CaseResult,
    /// Its row.
    pub(super) row: RowId,
    /// The rows that brought its condition about.
    pub(super) rests_on: BTreeSet<RowId>,
    /// The read that alone shows that what it made is in another state.
    pub(super) doubted_read: Option<OperationId>,
}

/// The cases that wait for others, and the rows that do not lead where they should.
#[derive(Default)]
pub(super) struct Settling {
    /// The number of cases of each row that have not ended.
    unfinished: BTreeMap<RowId, usize>,
    /// The rows that do not lead where they should, each with the read that alone shows it, if one does.
    wrong: BTreeMap<RowId, Option<OperationId>>,
    waiting: Vec<EndedCase>,
}

impl Settling {
    /// Counts the cases that are to come.
    pub(super) fn expect(&mut self, rows: impl Iterator<Item = RowId>) {
        rows.for_each(|row| *self.unfinished.entry(row).or_default() += 1);
    }

    /// Takes a case that has ended; the cases that now wait for none are returned.
    pub(super) fn take(&mut self, ended: EndedCase) -> Vec<EndedCase> {
        if let Some(left) = self.unfinished.get_mut(&ended.row) {
            *left = left.saturating_sub(1);
        }
        if ended.result.findings.iter().any(|finding| finding.code == FindingCode::State) {
            self.wrong.insert(ended.row, ended.doubted_read);
        }
        self.waiting.push(ended);
        let unfinished = &self.unfinished;
        let waits = |ended: &mut EndedCase| {
            let mut rows = ended.rests_on.iter().filter(|row| **row != ended.row);
            !(is_verdict(ended.result.verdict) && rows.any(|row| unfinished.get(row).is_some_and(|left| *left > 0)))
        };
        self.waiting.extract_if(.., waits).collect()
    }

    /// All cases that still wait.
    pub(super) fn take_rest(&mut self) -> Vec<EndedCase> {
        std::mem::take(&mut self.waiting)
    }

    /// The row for which the verdict of a case says nothing: it did not lead where it should.
    pub(super) fn undermined(&self, ended: &EndedCase) -> Option<RowId> {
        let own = ended.row;
        let is_wrong = |row: &&RowId| {
            let doubted = self.wrong.get(row);
            doubted.is_some_and(|read| **row != own && *read != Some(own.operation))
        };
        ended.rests_on.iter().filter(|_| is_verdict(ended.result.verdict)).find(is_wrong).copied()
    }

    /// Returns whether one of these rows did not lead where it should.
    pub(super) fn is_any_wrong(&self, rows: &BTreeSet<RowId>) -> bool {
        rows.iter().any(|row| self.wrong.contains_key(row))
    }
}

/// Returns whether a verdict is about an answer.
fn is_verdict(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Conforms | Verdict::Violates | Verdict::Drifted)
}
