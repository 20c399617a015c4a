//! What became of each row on each target.

use super::{Cause, Contradiction, Run, Seen, Standing, State};
use crate::judge::verdict::Verdict;
use crate::run::event::{Page, RowInfo};
use std::collections::{BTreeMap, HashMap};

/// Every case of every run, found by target and row.
pub(super) struct Sights<'a> {
    cases: HashMap<[&'a str; 4], Vec<&'a Seen>>,
}

impl<'a> Sights<'a> {
    pub(super) fn of(runs: &'a [Run]) -> Self {
        let mut cases: HashMap<[&str; 4], Vec<&Seen>> = HashMap::new();
        for run in runs {
            for case in &run.cases {
                let key = [run.target.as_str(), &case.vendor, &case.operation, &case.row];
                cases.entry(key).or_default().push(case);
            }
        }
        Self { cases }
    }

    fn at<'b>(&'b self, target: &'b str, page: &'b Page, row: &'b str) -> &'b [&'a Seen] {
        self.cases.get(&[target, &page.vendor, &page.operation, row]).map_or(&[], Vec::as_slice)
    }

    /// How a row stands on a target.
    pub(super) fn standing(&self, target: &str, page: &Page, row: &RowInfo) -> Standing {
        let cases = self.at(target, page, &row.row);
        let best = cases.iter().map(|case| (state(case.verdict), case.reason.as_ref())).min();
        match (best, &row.not_inducible) {
            (Some((State::Exercised, _)), _) => Standing { state: State::Exercised, why: None },
            (_, Some(why)) => Standing { state: State::NotInducible, why: Some(why.clone()) },
            (Some((state, why)), None) => Standing { state, why: why.cloned() },
            (None, None) => Standing { state: State::NotRun, why: None },
        }
    }

    /// The statements of a page that a finding named on a target.
    pub(super) fn broken(&self, target: &str, page: &Page, clause: &str) -> bool {
        let cases = page.rows.iter().flat_map(|row| self.at(target, page, &row.row));
        cases.flat_map(|case| &case.broken).any(|broken| broken == clause)
    }

    pub(super) fn cause(&self, page: &Page, row: &RowInfo, targets: &[String]) -> Cause {
        let by_target = by_target(targets, |target| self.standing(target, page, row));
        let best = best(&by_target);
        Cause {
            row: row.row.clone(),
            when: row.when.clone(),
            state: best.state,
            why: best.why,
            contradiction: (row.then.len() > 1).then(|| self.contradiction(page, row, targets)),
            targets: by_target,
        }
    }

    fn contradiction(&self, page: &Page, row: &RowInfo, targets: &[String]) -> Contradiction {
        let seen = |target: &String| {
            let cases = self.at(target, page, &row.row).iter();
            let mut chosen: Vec<String> = cases.filter_map(|case| case.chosen.clone()).collect();
            chosen.sort();
            chosen.dedup();
            (!chosen.is_empty()).then(|| (target.clone(), chosen))
        };
        Contradiction {
            because: row.because.clone(),
            outcomes: row.then.clone(),
            seen: targets.iter().filter_map(seen).collect(),
        }
    }
}

/// A standing on every target.
pub(super) fn by_target(targets: &[String], of: impl Fn(&str) -> Standing) -> BTreeMap<String, Standing> {
    targets.iter().map(|target| (target.clone(), of(target))).collect()
}

/// The best standing of several.
pub(super) fn best<'a, K: 'a>(standings: impl IntoIterator<Item = (K, &'a Standing)>) -> Standing {
    let best = standings.into_iter().map(|(_, standing)| standing).min_by_key(|standing| standing.state);
    best.cloned().unwrap_or(Standing { state: State::NotRun, why: None })
}

fn state(verdict: Verdict) -> State {
    match verdict {
        Verdict::Conforms | Verdict::Violates | Verdict::Drifted => State::Exercised,
        Verdict::Skipped => State::Skipped,
        Verdict::Undetermined => State::Undetermined,
        Verdict::Environment => State::Environment,
        Verdict::Refused => State::Refused,
    }
}
