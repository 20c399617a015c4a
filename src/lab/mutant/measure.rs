//! The whole measurement: answers sampled, mutants made, each tried by the cases that can meet it, on every core.

use super::advice::advise;
use super::change::Sample;
use super::enumerate::enumerate;
use super::equivalence::{ChangedValue, excuse};
use super::row_sample::{Heard, Mutant, RowSample};
use super::score::{Fate, LeftOut, MutantTally, Score, Survivor};
use super::state_mutants::id_mutants;
use super::trial::{Trial, Unmeasurable, on_trial};
use crate::contract::case::Case;
use crate::contract::{Loaded, OperationId, VendorId};
use crate::judge::verdict::Verdict;
use crate::mock::{Mock, MockSettings};
use crate::run::TrialResult;
use crate::text::source::Sources;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

/// The mutants that a thread takes at a time.
const PORTION: usize = 16;

/// The exchanges of a case where nothing is broken.
struct CaseSample<'c> {
    case: &'c Case,
    exchanged: Vec<Arc<Sample>>,
    /// The rows that it met.
    met: BTreeSet<String>,
}

/// The exchanges of all cases where nothing is broken.
#[derive(Default)]
struct Samples<'c> {
    /// Those of the cases that conform.
    cases: Vec<CaseSample<'c>>,
    heard: HashMap<VendorId, Heard>,
    unsound: Vec<LeftOut>,
    left_out: Vec<LeftOut>,
}

/// The contracts of a measurement, and the values of the mock's credentials.
struct Setting<'l> {
    loaded: &'l Loaded,
    values: HashMap<String, String>,
}

/// Measures how strong contracts are: `all` are their cases, and the rows of those in `wanted` are broken.
pub fn measure(loaded: &Loaded, all: &[Case], wanted: &[Case], threads: usize) -> Result<Score, Unmeasurable> {
    let seeded = MockSettings { seed: Some(1), ..MockSettings::default() };
    let values = Mock::new(Arc::clone(&loaded.contracts), &seeded)?.environment().into_iter().collect();
    let setting = Setting { loaded, values };
    let (mut samples, rows) = setting.on_trial(|trial| {
        let samples = Samples::take(trial, all);
        let mut rows = samples.rows(loaded, wanted);
        rows.iter_mut().for_each(|row| ungraft_refused(trial, row, all));
        (samples, rows)
    })?;
    let began = Instant::now();
    samples.left_out.retain(|left| wanted.iter().any(|case| case.id == left.row));
    let (left_out, unsound) = (std::mem::take(&mut samples.left_out), std::mem::take(&mut samples.unsound));
    let mut score = Score { left_out, unsound, ..Score::default() };
    let mutants = samples.mutants(&rows);
    for (mutant, fate) in mutants.iter().zip(setting.fates(&samples, &mutants, threads)?) {
        count(&mut score, mutant, fate, &loaded.sources);
    }
    list_unbroken(&mut score, loaded, &rows);
    score.took = began.elapsed();
    Ok(score)
}

impl<'c> Samples<'c> {
    /// Tries every case once with nothing broken.
    fn take(trial: &Trial<'_>, all: &'c [Case]) -> Self {
        let mut samples = Self::default();
        for case in all {
            let (tried, exchanged) = trial.sample(case);
            match tried.verdict {
                Verdict::Conforms if tried.charged.is_empty() => {
                    samples.hear(case.row.vendor(), &exchanged);
                    let met = exchanged.iter().map(|sample| sample.row().to_owned()).collect();
                    samples.cases.push(CaseSample { case, exchanged, met });
                }
                Verdict::Skipped => samples.left_out.push(LeftOut { row: case.id.clone(), why: reason(tried) }),
                _ => samples.unsound.push(LeftOut { row: case.id.clone(), why: reason(tried) }),
            }
        }
        samples
    }

    /// Keeps one answer of every row that was met.
    fn hear(&mut self, vendor: VendorId, exchanged: &[Arc<Sample>]) {
        let heard = self.heard.entry(vendor).or_default();
        for sample in exchanged {
            heard.entry(sample.row().to_owned()).or_insert_with(|| Arc::clone(sample));
        }
    }

    /// The rows of the wanted cases whose answers are known, each once.
    fn rows<'a>(&self, loaded: &'a Loaded, wanted: &[Case]) -> Vec<RowSample<'a>> {
        let wanted: BTreeSet<&str> = wanted.iter().map(|case| case.id.as_str()).collect();
        let mut seen = BTreeSet::new();
        let mut rows = Vec::new();
        for CaseSample { case, exchanged, .. } in &self.cases {
            let vendor = case.row.vendor();
            if !wanted.contains(case.id.as_str()) || !seen.insert(case.row) {
                continue;
            }
            let heard = self.heard.get(&vendor).into_iter().flatten();
            let bodies: Vec<Value> =
                heard.filter_map(|(_, sample)| serde_json::from_slice(&sample.response.body).ok()).collect();
            let donors: Vec<&Value> = bodies.iter().collect();
            rows.extend(RowSample::new(&loaded.contracts[vendor], case.row, exchanged, &donors));
        }
        rows
    }

    /// The mutants of rows; those of ids once a page.
    fn mutants<'r>(&self, rows: &'r [RowSample<'r>]) -> Vec<Mutant<'r>> {
        let mut mutants = Vec::new();
        let mut pages = BTreeSet::new();
        for row in rows {
            let Some(heard) = self.heard.get(&row.vendor.id) else { continue };
            mutants.extend(enumerate(row, heard));
            if !row.branch.leads.is_empty() && pages.insert(row.operation.id) {
                mutants.extend(id_mutants(row, heard));
            }
        }
        mutants
    }

    /// The fate of a mutant.
    fn fate(&self, trial: &Trial<'_>, mutant: &Mutant<'_>) -> Fate {
        let row = mutant.of;
        let noticed = if mutant.is_shared {
            let cases = self.cases.iter().map(|sample| sample.case);
            let cases: Vec<&Case> = cases.filter(|case| case.row.vendor() == row.vendor.id).collect();
            trial.first_together(&mutant.fault, &cases)
        } else {
            let met = self.cases.iter().filter(|sample| sample.met.contains(&mutant.fault.row));
            let (first, then): (Vec<&Case>, Vec<&Case>) =
                met.map(|sample| sample.case).partition(|case| case.row == row.row.id);
            trial.first_to_notice(&mutant.fault, first.into_iter().chain(then))
        };
        if noticed.is_some() {
            return Fate::Killed;
        }
        let about = ChangedValue { is_only_may: row.row.may, ..mutant.about };
        excuse(&row.claims, &mutant.fault.change, about).map_or(Fate::Survived, Fate::Equivalent)
    }
}

/// The reason for which a case is not measured by.
fn reason(tried: TrialResult) -> String {
    let TrialResult { reason, findings, .. } = tried;
    let finding = findings.into_iter().next().map(|finding| finding.message);
    reason.or(finding).unwrap_or_else(String::new)
}

/// Takes away from a row what its answer was given for its claims, if the contract itself refuses that.
fn ungraft_refused(trial: &Trial<'_>, row: &mut RowSample<'_>, all: &[Case]) {
    let mut own = all.iter().filter(|case| case.row == row.row.id && case.barred.is_none());
    if !row.grafts.is_empty() && trial.first_to_notice(&row.unbroken(), own.by_ref().take(1)).is_some() {
        row.ungraft();
    }
}

impl Setting<'_> {
    fn on_trial<T>(&self, act: impl FnOnce(&Trial<'_>) -> T) -> Result<T, Unmeasurable> {
        on_trial(self.loaded, &self.values, act)
    }

    /// The fate of each mutant, tried by as many threads as are wanted.
    fn fates(&self, samples: &Samples<'_>, mutants: &[Mutant<'_>], threads: usize) -> Result<Vec<Fate>, Unmeasurable> {
        let portions: Vec<&[Mutant<'_>]> = mutants.chunks(PORTION).collect();
        let next = AtomicUsize::new(0);
        let parts = thread::scope(|scope| {
            let started: Vec<_> = (0..threads.max(1))
                .map(|_| scope.spawn(|| self.on_trial(|trial| try_portions(trial, samples, &portions, &next))))
                .collect();
            let ended = started.into_iter().map(|thread| thread.join().map_err(|_| Unmeasurable::Panicked)?);
            ended.collect::<Result<Vec<_>, Unmeasurable>>()
        })?;
        let mut fates: Vec<(usize, Vec<Fate>)> = parts.into_iter().flatten().collect();
        fates.sort_by_key(|(at, _)| *at);
        Ok(fates.into_iter().flat_map(|(_, fates)| fates).collect())
    }
}

/// Tries portions until there is none left; the fates of each, with its position.
fn try_portions(
    trial: &Trial<'_>,
    samples: &Samples<'_>,
    portions: &[&[Mutant<'_>]],
    next: &AtomicUsize,
) -> Vec<(usize, Vec<Fate>)> {
    let mut done = Vec::new();
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let Some(portion) = portions.get(at) else { return done };
        done.push((at, portion.iter().map(|mutant| samples.fate(trial, mutant)).collect()));
    }
}

/// Lists of each page that is measured the clauses that are cited and that no mutant breaks.
fn list_unbroken(score: &mut Score, loaded: &Loaded, rows: &[RowSample<'_>]) {
    let operations: BTreeSet<OperationId> = rows.iter().map(|row| row.operation.id).collect();
    for id in operations {
        let (vendor, operation) = (&loaded.contracts[id.vendor], &loaded.contracts[id]);
        let Some(page) = score.pages.get_mut(&format!("{}/{}", vendor.name, operation.name)) else { continue };
        let cited = operation.clauses.iter().filter(|(_, placed)| !placed.value.is_explained());
        let is_broken = |tally: &MutantTally| tally.mutants > tally.equivalent;
        let cited = cited.map(|(clause, _)| clause).filter(|clause| !page.clauses.get(*clause).is_some_and(is_broken));
        page.unbroken = cited.cloned().collect();
    }
}

fn count(score: &mut Score, mutant: &Mutant<'_>, fate: Fate, sources: &Sources) {
    let row = mutant.of;
    score.tally.add(fate);
    score.kinds.entry(mutant.kind).or_default().add(fate);
    let page = score.pages.entry(format!("{}/{}", row.vendor.name, row.operation.name)).or_default();
    page.tally.add(fate);
    let broken = mutant.broken();
    for clause in if broken.is_empty() { vec![""] } else { broken } {
        page.clauses.entry(clause.to_owned()).or_default().add(fate);
    }
    match fate {
        Fate::Killed => {}
        Fate::Equivalent(rule) => *score.rules.entry(rule).or_default() += 1,
        Fate::Survived => score.survivors.push(Survivor {
            kind: mutant.kind,
            row: row.name(),
            outcome: row.outcome.name.clone(),
            clause: mutant.clause.map(str::to_owned),
            says: mutant.clause.and_then(|id| row.operation.clauses.get(id)).map(|clause| clause.value.says.clone()),
            change: mutant.words.clone(),
            advice: advise(mutant, sources),
        }),
    }
}
