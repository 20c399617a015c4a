//! Several saved runs of one target as one: the shards of a pipeline, or a run and the repeat of what failed in it.

use super::Saved;
use crate::event::{CaseResult, Page, RowInfo, Summary};
use crate::verdict::Verdict;
use std::collections::HashMap;

/// Runs that cannot be one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// Nothing to merge.
    #[error("there is no report to merge")]
    Nothing,
    /// They went to different targets, so that one case would have two verdicts.
    #[error("reports of different targets cannot be one: {0} and {1}; `coverage` takes them beside each other")]
    Targets(String, String),
}

/// Makes one run of several. Of a case that several of them judged, the last one counts.
pub fn merge(runs: Vec<Saved>) -> Result<Saved, MergeError> {
    let codes: Vec<u8> = runs.iter().map(|run| run.summary.exit_code).collect();
    let mut runs = runs.into_iter();
    let mut merged = runs.next().ok_or(MergeError::Nothing)?;
    for run in runs {
        if run.target != merged.target {
            return Err(MergeError::Targets(merged.target, run.target));
        }
        add(&mut merged, run);
    }
    merged.summary.exit_code = exit_code(&codes, &merged.cases);
    merged.summary.counts.clear();
    for case in &merged.cases {
        *merged.summary.counts.entry(case.verdict).or_default() += 1;
    }
    merged.settle();
    Ok(merged)
}

fn add(merged: &mut Saved, run: Saved) {
    // Shards begin within moments of each other; the earliest is when the whole began.
    merged.started = merged.started.clone().min(run.started);
    for notice in run.notices {
        // A vendor that is dead is dead in every shard, and told once.
        if !merged.notices.contains(&notice) {
            merged.notices.push(notice);
        }
    }
    for vendor in run.vendors {
        if !merged.vendors.contains(&vendor) {
            merged.vendors.push(vendor);
        }
    }
    run.pages.into_iter().for_each(|page| add_page(&mut merged.pages, page));
    add_cases(&mut merged.cases, run.cases);
    let Summary { requests, duration, .. } = run.summary;
    merged.summary.requests += requests;
    merged.summary.duration = merged.summary.duration.max(duration);
}

fn add_cases(known: &mut Vec<CaseResult>, more: Vec<CaseResult>) {
    let mut places: HashMap<String, usize> =
        known.iter().enumerate().map(|(index, case)| (case.id.clone(), index)).collect();
    for case in more {
        if let Some(old) = places.get(&case.id).and_then(|index| known.get_mut(*index)) {
            *old = case;
        } else {
            places.insert(case.id.clone(), known.len());
            known.push(case);
        }
    }
}

/// Adds a page, or what is new in it, to those that are known.
pub(super) fn add_page(known: &mut Vec<Page>, page: Page) {
    let same = |old: &&mut Page| old.vendor == page.vendor && old.operation == page.operation;
    match known.iter_mut().find(same) {
        Some(old) => page.rows.into_iter().for_each(|row| add_row(&mut old.rows, row)),
        None => known.push(page),
    }
}

fn add_row(known: &mut Vec<RowInfo>, row: RowInfo) {
    match known.iter_mut().find(|old| old.row == row.row) {
        Some(old) => {
            let new: Vec<_> = row.cases.into_iter().filter(|case| !old.cases.contains(case)).collect();
            old.cases.extend(new);
        }
        None => known.push(row),
    }
}

/// The exit code of the whole: of the codes given, the first in rank that the cases still bear out.
///
/// A shard in which nothing was tested says nothing about the whole, and a case that a later run repeated counts no more.
fn exit_code(codes: &[u8], cases: &[CaseResult]) -> u8 {
    let any = |verdict: Verdict| cases.iter().any(|case| case.verdict == verdict);
    let given = |code: u8| codes.contains(&code);
    if let Some(code) = [2, 6, 130].into_iter().find(|code| given(*code)) {
        code
    } else if given(1) && any(Verdict::Violates) {
        1
    } else if given(3) && (any(Verdict::Environment) || any(Verdict::Undetermined)) {
        3
    } else if given(5) && any(Verdict::Drifted) {
        5
    } else if cases.iter().all(|case| case.verdict == Verdict::Skipped) {
        4
    } else if given(3) && any(Verdict::Skipped) {
        // Only `--require-all` makes a run of nothing worse than skipped cases exit so.
        3
    } else {
        0
    }
}
