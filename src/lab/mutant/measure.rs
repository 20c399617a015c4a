//! The whole measurement: answers sampled, mutants made, each tried by the cases that can meet it, on every core.

use super::advice::advise;
use super::change::Sample;
use super::rule::{Circumstances, excuse};
use super::score::{Fate, LeftOut, Score, Survivor};
use super::sown::{Heard, Mutant, Row, hear};
use super::trial::{Trial, Unmeasurable, on_trial};
use crate::contract::case::Case;
use crate::contract::{Loaded, VendorId};
use crate::judge::verdict::Verdict;
use crate::mock::{Mock, MockSettings};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

/// How many mutants a thread takes at a time.
const PORTION: usize = 16;

/// What a case exchanged where nothing is broken, and the rows that it met.
type Met = (Vec<Sample>, BTreeSet<String>);

/// What all cases exchanged where nothing is broken.
struct Samples {
    /// By the position of the case, with the rows that it met.
    cases: Vec<Option<Met>>,
    /// By vendor.
    heard: HashMap<VendorId, Heard>,
    unsound: Vec<LeftOut>,
    left_out: Vec<LeftOut>,
}

/// Measures how strong contracts are: `all` are their cases, and the rows of those in `wanted` are broken.
pub fn measure(loaded: &Loaded, all: &[Case], wanted: &[Case], threads: usize) -> Result<Score, Unmeasurable> {
    let shared = Arc::new(loaded.contracts.clone());
    let values = MockSettings { seed: Some(1), ..MockSettings::default() };
    let values: HashMap<String, String> = Mock::new(Arc::clone(&shared), &values)?.environment().into_iter().collect();
    let (samples, rows) = on_trial(loaded, &shared, &values, |trial| {
        let samples = sample(trial, all);
        let mut rows = rows(loaded, all, wanted, &samples);
        rows.iter_mut().for_each(|row| hold(trial, row, all));
        (samples, rows)
    })?;
    let began = Instant::now();
    let meant = |left: &&LeftOut| wanted.iter().any(|case| case.id == left.row);
    let left_out = samples.left_out.iter().filter(meant).cloned().collect();
    let mut score = Score { unsound: samples.unsound.clone(), left_out, ..Score::default() };
    let mut mutants: Vec<(usize, Mutant)> = Vec::new();
    let mut pages = BTreeSet::new();
    for (index, row) in rows.iter().enumerate() {
        let Some(heard) = samples.heard.get(&row.vendor.id) else { continue };
        let first = !row.leads.is_empty() && pages.insert(row.operation.id);
        let of_ids = if first { row.of_ids(heard) } else { Vec::new() };
        mutants.extend(row.mutants(heard).into_iter().chain(of_ids).map(|mutant| (index, mutant)));
    }
    let fates = fates(loaded, (&shared, &values), (all, &samples), (&rows, &mutants), threads)?;
    for ((index, mutant), fate) in mutants.iter().zip(fates) {
        let Some(row) = rows.get(*index) else { continue };
        count(&mut score, row, mutant, fate, loaded);
    }
    score.took = began.elapsed();
    Ok(score)
}

/// Tries every case once with nothing broken.
fn sample(trial: &Trial<'_>, all: &[Case]) -> Samples {
    let mut samples = Samples { cases: Vec::new(), heard: HashMap::new(), unsound: Vec::new(), left_out: Vec::new() };
    for case in all {
        let (tried, exchanged) = trial.sample(case);
        let why = tried.reason.clone().or_else(|| Some(tried.findings.first()?.message.clone())).unwrap_or_default();
        let left = LeftOut { row: case.id.clone(), why };
        match tried.verdict {
            Verdict::Conforms if tried.charged.is_empty() => {
                hear(&exchanged, samples.heard.entry(case.row.vendor()).or_default());
                let met = exchanged.iter().map(|sample| sample.row().to_owned()).collect();
                samples.cases.push(Some((exchanged, met)));
                continue;
            }
            Verdict::Skipped => samples.left_out.push(left),
            _ => samples.unsound.push(left),
        }
        samples.cases.push(None);
    }
    samples
}

/// The rows of the wanted cases whose answers were had, each once.
fn rows<'a>(loaded: &'a Loaded, all: &[Case], wanted: &[Case], samples: &Samples) -> Vec<Row<'a>> {
    let wanted: BTreeSet<&str> = wanted.iter().map(|case| case.id.as_str()).collect();
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for (case, sample) in all.iter().zip(&samples.cases).filter(|(case, _)| wanted.contains(case.id.as_str())) {
        let Some((exchanged, _)) = sample else { continue };
        if !seen.insert(case.row) {
            continue;
        }
        let bodies = samples.heard.get(&case.row.vendor()).into_iter().flatten();
        let bodies: Vec<Value> =
            bodies.filter_map(|(_, sample)| serde_json::from_slice(&sample.response.body).ok()).collect();
        let donors: Vec<&Value> = bodies.iter().collect();
        rows.extend(Row::of(&loaded.contracts[case.row.vendor()], case.row, exchanged, &donors));
    }
    rows
}

/// Takes away from a row what its answer was given for its claims, if the contract itself refuses that.
fn hold(trial: &Trial<'_>, row: &mut Row<'_>, all: &[Case]) {
    if row.grafts.is_empty() {
        return;
    }
    let own = all.iter().filter(|case| case.row == row.written.id && case.barred.is_none());
    if trial.first_to_notice(&row.unbroken(), own.take(1)).is_some() {
        row.grafts = Arc::default();
        row.body = serde_json::from_slice(&row.own.response.body).unwrap_or_default();
    }
}

/// What becomes of each mutant, tried by as many threads as are wanted.
fn fates(
    loaded: &Loaded,
    (shared, values): (&Arc<crate::contract::Contracts>, &HashMap<String, String>),
    (all, samples): (&[Case], &Samples),
    (rows, mutants): (&[Row<'_>], &[(usize, Mutant)]),
    threads: usize,
) -> Result<Vec<Fate>, Unmeasurable> {
    let next = AtomicUsize::new(0);
    let work = || {
        on_trial(loaded, shared, values, |trial| {
            let mut done = Vec::new();
            loop {
                let from = next.fetch_add(PORTION, Ordering::Relaxed);
                let Some(portion) =
                    mutants.get(from..mutants.len().min(from + PORTION)).filter(|some| !some.is_empty())
                else {
                    return done;
                };
                for (at, (row, mutant)) in portion.iter().enumerate() {
                    done.extend(rows.get(*row).map(|row| (from + at, fate(trial, row, mutant, all, samples))));
                }
            }
        })
    };
    let parts = thread::scope(|scope| {
        let started: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        let ended = started.into_iter().map(|thread| thread.join().map_err(|_| Unmeasurable::Panicked)?);
        ended.collect::<Result<Vec<Vec<(usize, Fate)>>, Unmeasurable>>()
    })?;
    let mut fates: Vec<(usize, Fate)> = parts.into_iter().flatten().collect();
    fates.sort_by_key(|(at, _)| *at);
    Ok(fates.into_iter().map(|(_, fate)| fate).collect())
}

fn fate(trial: &Trial<'_>, row: &Row<'_>, mutant: &Mutant, all: &[Case], samples: &Samples) -> Fate {
    let sound = |(case, sample): (&'_ Case, &'_ Option<Met>)| case.row.vendor() == row.vendor.id && sample.is_some();
    let noticed = if mutant.together {
        let cases: Vec<&Case> =
            all.iter().zip(&samples.cases).filter(|pair| sound(*pair)).map(|(case, _)| case).collect();
        trial.first_together(&mutant.fault, &cases)
    } else {
        let meets = |sample: &Option<Met>| sample.as_ref().is_some_and(|(_, met)| met.contains(&mutant.fault.row));
        let own = |case: &Case| case.row == row.written.id;
        let met = all.iter().zip(&samples.cases).filter(|(_, sample)| meets(sample)).map(|(case, _)| case);
        let (first, then): (Vec<&Case>, Vec<&Case>) = met.partition(|case| own(case));
        trial.first_to_notice(&mutant.fault, first.into_iter().chain(then))
    };
    if noticed.is_some() {
        return Fate::Killed;
    }
    let about = Circumstances {
        claims: &row.claims,
        change: &mutant.fault.change,
        echo: mutant.echo,
        optional: mutant.optional,
        is_code: mutant.is_code,
        alternative: mutant.alternative,
    };
    excuse(&about).map_or(Fate::Survived, Fate::Equivalent)
}

fn count(score: &mut Score, row: &Row<'_>, mutant: &Mutant, fate: Fate, loaded: &Loaded) {
    score.tally.add(fate);
    score.kinds.entry(mutant.kind).or_default().add(fate);
    let page = score.pages.entry(format!("{}/{}", row.vendor.name, row.operation.name)).or_default();
    page.tally.add(fate);
    page.clauses.entry(mutant.clause.clone().unwrap_or_default()).or_default().add(fate);
    match fate {
        Fate::Killed => {}
        Fate::Equivalent(rule) => *score.rules.entry(rule).or_default() += 1,
        Fate::Survived => score.survivors.push(Survivor {
            kind: mutant.kind,
            row: row.name(),
            outcome: row.outcome.name.clone(),
            clause: mutant.clause.clone(),
            says: mutant
                .clause
                .as_ref()
                .and_then(|id| row.operation.clauses.get(id))
                .map(|clause| clause.value.says.clone()),
            change: mutant.what.clone(),
            advice: advise(mutant, row, &loaded.sources),
        }),
    }
}
