//! Several saved runs of one target as one: the shards of a pipeline, or a run and the repeat of what failed in it.

use super::{Exit, Saved, exit_code};
use crate::run::event::{CaseResult, Departures, Notice, Page, RowInfo, ShardInfo, Summary, VendorInfo};
use std::collections::HashMap;
use std::sync::Arc;

/// Runs that cannot be one; each names the first report and the one that does not fit it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// Nothing to merge.
    #[error("there is no report to merge")]
    Nothing,
    /// They went to different targets, so that one case would have two verdicts.
    #[error("{1} is of another target than {0}: {3}, not {2}")]
    Targets(String, String, String, String),
    /// They held the target to different contracts.
    #[error("{1} was made with other contracts than {0}")]
    Contracts(String, String),
    /// Different versions of proviso judged.
    #[error("{1} was made by another version of proviso than {0}: {3}, not {2}")]
    Versions(String, String, String, String),
    /// They are shards of wholes that were cut differently.
    #[error("{1} is a shard of {3}, and {0} one of {2}")]
    Shards(String, String, u64, u64),
}

/// One run of several.
#[derive(Debug, PartialEq)]
pub struct Merged {
    /// The run.
    pub run: Saved,
    /// The cases that several reports judged, in order.
    pub repeated: Vec<String>,
}

/// Makes one run of several, each with its name. Of a case that several of them judged, the last one counts.
pub fn merge(runs: Vec<(String, Saved)>) -> Result<Merged, Vec<MergeError>> {
    let mut runs = runs.into_iter();
    let (first, mut merged) = runs.next().ok_or_else(|| vec![MergeError::Nothing])?;
    let rest: Vec<(String, Saved)> = runs.collect();
    let wrong: Vec<MergeError> =
        rest.iter().flat_map(|(name, run)| departures((&first, &merged), (name, run))).collect();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut interrupted = merged.summary.exit_code == Exit::Interrupted.code();
    let mut repeated = Vec::new();
    // A report that was merged before may tell of shards that come now.
    merged.notices.retain(|notice| notice.kind != Notice::MISSING_SHARDS);
    for (_, run) in rest {
        interrupted |= run.summary.exit_code == Exit::Interrupted.code();
        add(&mut merged, run, &mut repeated);
    }
    // What one shard saw in passing may be what another one's own case tells.
    let mut told = Departures::default();
    merged.cases.iter().for_each(|case| told.add(case));
    merged.cases.retain(|case| !told.tell(case));
    settle_shards(&mut merged);
    merged.summary.counts.clear();
    for case in &merged.cases {
        *merged.summary.counts.entry(case.verdict).or_default() += 1;
    }
    merged.summary.known = merged.cases.iter().filter(|case| case.is_known()).count();
    merged.settle();
    merged.summary.exit_code = exit_code(&merged.cases, &merged.notices, &merged.gate, interrupted);
    repeated.sort();
    repeated.dedup();
    Ok(Merged { run: merged, repeated })
}

/// Why a run cannot be one with the first.
fn departures((first, known): (&str, &Saved), (name, run): (&str, &Saved)) -> Vec<MergeError> {
    let mut wrong = Vec::new();
    let names = || (first.to_owned(), name.to_owned());
    if run.proviso != known.proviso {
        let (first, name) = names();
        wrong.push(MergeError::Versions(first, name, known.proviso.clone(), run.proviso.clone()));
    }
    if run.target != known.target {
        let (first, name) = names();
        wrong.push(MergeError::Targets(first, name, known.target.clone(), run.target.clone()));
    }
    if !known.has_contracts_of(run) {
        let (first, name) = names();
        wrong.push(MergeError::Contracts(first, name));
    }
    if let (Some(own), Some(other)) = (&known.shard, &run.shard)
        && own.of != other.of
    {
        let (first, name) = names();
        wrong.push(MergeError::Shards(first, name, own.of, other.of));
    }
    wrong
}

/// Tells of the shards that are missing; where none is, the whole is there and no shard any more.
fn settle_shards(merged: &mut Saved) {
    let Some(shard) = &mut merged.shard else { return };
    shard.parts.sort_unstable();
    shard.parts.dedup();
    let missing: Vec<String> = shard.missing().iter().map(|part| format!("{part}/{}", shard.of)).collect();
    if missing.is_empty() {
        merged.shard = None;
        return;
    }
    let noun = if missing.len() == 1 { "shard" } else { "shards" };
    let message = format!("no report was given of {noun} {}: their cases were not judged", missing.join(", "));
    merged.notices.push(Notice { kind: Notice::MISSING_SHARDS.to_owned(), vendor: None, message });
}

fn add(merged: &mut Saved, run: Saved, repeated: &mut Vec<String>) {
    // Shards begin within moments of each other; the earliest is when the whole began.
    merged.started = merged.started.clone().min(run.started);
    for notice in run.notices {
        // A vendor that is dead is dead in every shard, and told once.
        if notice.kind != Notice::MISSING_SHARDS && !merged.notices.contains(&notice) {
            merged.notices.push(notice);
        }
    }
    for vendor in run.vendors {
        // The embedded mock has another port in every shard, and is the same vendor.
        let same = |known: &VendorInfo| known.vendor == vendor.vendor && known.target == vendor.target;
        if !merged.vendors.iter().any(same) {
            merged.vendors.push(vendor);
        }
    }
    if merged.contracts.is_empty() {
        merged.contracts = run.contracts;
    }
    run.pages.into_iter().for_each(|page| add_page(&mut merged.pages, page));
    add_cases(&mut merged.cases, run.cases, repeated);
    merged.gate.add(run.gate);
    match (&mut merged.shard, run.shard) {
        (Some(shard), Some(more)) => shard.parts.extend(more.parts),
        (none @ None, more) => *none = more,
        (Some(ShardInfo { .. }), None) => {}
    }
    let Summary { requests, duration, .. } = run.summary;
    merged.summary.requests += requests;
    merged.summary.duration = merged.summary.duration.max(duration);
}

fn add_cases(known: &mut Vec<CaseResult>, more: Vec<CaseResult>, repeated: &mut Vec<String>) {
    let mut places: HashMap<String, usize> =
        known.iter().enumerate().map(|(index, case)| (case.id.clone(), index)).collect();
    for case in more {
        if let Some(old) = places.get(&case.id).and_then(|index| known.get_mut(*index)) {
            repeated.push(case.id.clone());
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
            let new: Vec<_> = row.cases.iter().filter(|case| !old.cases.contains(case)).cloned().collect();
            Arc::make_mut(&mut old.cases).extend(new);
        }
        None => known.push(row),
    }
}
