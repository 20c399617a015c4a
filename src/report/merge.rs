//! Several saved runs of one target as one: the shards of a pipeline, or a run and the repeat of what failed in it.

use super::{Exit, SavedRun, exit_code};
use crate::run::event::{CaseResult, Departures, Notice, Page, RowInfo, Summary, VendorInfo};
use indexmap::IndexMap;
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
pub struct MergedRun {
    /// The run.
    pub run: SavedRun,
    /// The cases that several reports judged, in order.
    pub repeated: Vec<String>,
}

/// Makes one run of several, each with its name. Of a case that several of them judged, the last one counts.
pub fn merge(runs: Vec<(String, SavedRun)>) -> Result<MergedRun, Vec<MergeError>> {
    let mut runs = runs.into_iter();
    let (first, mut merged) = runs.next().ok_or_else(|| vec![MergeError::Nothing])?;
    let rest: Vec<(String, SavedRun)> = runs.collect();
    let mut wrong = Vec::new();
    for (name, run) in &rest {
        add_misfits((&first, &merged), (name, run), &mut wrong);
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut interrupted = merged.summary.exit_code == Exit::Interrupted.code();
    let mut repeated = Vec::new();
    // A report that was merged before may name shards that come now.
    merged.notices.retain(|notice| notice.kind != Notice::MISSING_SHARDS);
    for (_, run) in rest {
        interrupted |= run.summary.exit_code == Exit::Interrupted.code();
        add_run(&mut merged, run, &mut repeated);
    }
    drop_repeated_sightings(&mut merged);
    settle_shards(&mut merged);
    let Summary { requests, things, duration, .. } = merged.summary;
    merged.summary = Summary { requests, things, duration, ..Summary::default() };
    for case in &merged.cases {
        merged.summary.add(case);
    }
    merged.settle();
    merged.summary.exit_code = exit_code(&merged.cases, &merged.notices, &merged.gate, interrupted);
    repeated.sort();
    repeated.dedup();
    Ok(MergedRun { run: merged, repeated })
}

/// Adds the reasons why a run cannot be one with the first.
fn add_misfits((first, known): (&str, &SavedRun), (name, run): (&str, &SavedRun), wrong: &mut Vec<MergeError>) {
    let names = [first, name].map(str::to_owned);
    if run.proviso != known.proviso {
        let [first, name] = names.clone();
        wrong.push(MergeError::Versions(first, name, known.proviso.clone(), run.proviso.clone()));
    }
    if run.target != known.target {
        let [first, name] = names.clone();
        wrong.push(MergeError::Targets(first, name, known.target.clone(), run.target.clone()));
    }
    if !known.has_contracts_of(run) {
        let [first, name] = names.clone();
        wrong.push(MergeError::Contracts(first, name));
    }
    if let (Some(own), Some(other)) = (&known.shard, &run.shard)
        && own.of != other.of
    {
        let [first, name] = names;
        wrong.push(MergeError::Shards(first, name, own.of, other.of));
    }
}

/// Drops what one shard saw in passing where another one's own case reports the same.
fn drop_repeated_sightings(merged: &mut SavedRun) {
    let mut departures = Departures::default();
    merged.cases.iter().for_each(|case| departures.add(case));
    merged.cases.retain(|case| !departures.tell(case));
}

/// Gives notice of the shards that are missing; where all are there, the run is whole and no shard any more.
fn settle_shards(merged: &mut SavedRun) {
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

fn add_run(merged: &mut SavedRun, run: SavedRun, repeated: &mut Vec<String>) {
    // Shards begin within moments of each other; the earliest is when the whole began.
    if run.started < merged.started {
        merged.started = run.started;
    }
    for notice in run.notices {
        // A vendor that is dead is dead in every shard, and named once.
        if notice.kind != Notice::MISSING_SHARDS && !merged.notices.contains(&notice) {
            merged.notices.push(notice);
        }
    }
    for vendor in run.vendors {
        if !merged.vendors.iter().any(|known| is_same_vendor(known, &vendor)) {
            merged.vendors.push(vendor);
        }
    }
    if merged.contracts.is_empty() {
        merged.contracts = run.contracts;
    }
    run.pages.into_iter().for_each(|page| add_page(&mut merged.pages, page));
    add_cases(&mut merged.cases, run.cases, repeated);
    merged.gate.add(run.gate);
    // Shards that ran in the order of one seed did so together.
    merged.shuffle = merged.shuffle.filter(|seed| run.shuffle == Some(*seed));
    match (&mut merged.shard, run.shard) {
        (Some(shard), Some(more)) => shard.parts.extend(more.parts),
        (none @ None, more) => *none = more,
        (Some(_), None) => {}
    }
    let Summary { requests, things, duration, .. } = run.summary;
    merged.summary.requests += requests;
    merged.summary.things += things;
    merged.summary.duration = merged.summary.duration.max(duration);
}

/// Returns true if two vendors are one: the embedded mock has another port in every shard, and is the same vendor.
fn is_same_vendor(one: &VendorInfo, other: &VendorInfo) -> bool {
    one.vendor == other.vendor && one.target == other.target
}

fn add_cases(known: &mut Vec<CaseResult>, more: Vec<CaseResult>, repeated: &mut Vec<String>) {
    let known_cases = std::mem::take(known).into_iter();
    let mut by_id: IndexMap<String, CaseResult> = known_cases.map(|case| (case.id.clone(), case)).collect();
    for case in more {
        if let Some(old) = by_id.insert(case.id.clone(), case) {
            repeated.push(old.id);
        }
    }
    known.extend(by_id.into_values());
}

/// Adds a page, or the new rows in it, to those that are known.
pub(super) fn add_page(known: &mut Vec<Page>, page: Page) {
    match known.iter_mut().find(|old| old.vendor == page.vendor && old.operation == page.operation) {
        Some(old) => page.rows.into_iter().for_each(|row| add_row(&mut old.rows, row)),
        None => known.push(page),
    }
}

fn add_row(known: &mut Vec<RowInfo>, row: RowInfo) {
    match known.iter_mut().find(|old| old.row == row.row) {
        Some(old) if row.cases.iter().all(|case| old.cases.contains(case)) => {}
        Some(old) => {
            let own = Arc::make_mut(&mut old.cases);
            for case in row.cases.iter() {
                if !own.contains(case) {
                    own.push(case.clone());
                }
            }
        }
        None => known.push(row),
    }
}
