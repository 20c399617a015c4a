//! `proviso explain --why`: the steps by which a case of a saved run was judged.

use crate::cli::commands::judge_saved::{judging_plan, read_saved, replay, replay_setup};
use crate::cli::context::Context;
use crate::cli::problem::{CommandError, Problem, did_you_mean};
use crate::cli::read_contracts::{CheckLevel, read_vendors};
use crate::cli::typed_name::name_of_path;
use proviso::contract::Loaded;
use proviso::contract::case::{self, Case, matches};
use proviso::report::explain::{Explanation, is_name};
use proviso::report::why::{JudgedAgain, explain_judgement};
use proviso::report::{Count, SavedRun};
use proviso::run::event::{CaseResult, Event, JudgedCase};
use proviso::run::{EarlierRuns, Listener};
use std::collections::HashSet;
use std::path::Path;

/// Names beyond these are counted, not shown.
const NAMED: usize = 5;

/// The story of a case of a saved run, which is judged again for it.
pub(super) fn explain_saved(saved: &Path, name: &str, context: &mut Context) -> Result<Explanation, CommandError> {
    let Context { specs, output, .. } = context;
    let run = read_saved(saved)?;
    let then = find_case(saved, &run, &name_of_path(specs, name))?;
    let loaded = read_vendors(specs, std::slice::from_ref(&then.vendor), CheckLevel::Meaning, output)?;
    let is_changed = has_changed(&run, &loaded, &then.vendor);
    if is_changed {
        let (run, specs) = (saved.display(), specs.display());
        let made = format!("{run} was made with other contracts than {specs} has now");
        output.notice(&format!("notice: {made}; it is judged by those of now\n"));
    }
    let cases = cases_of(&run, &loaded);
    let (now, steps) = judge_again(&run, &loaded, &cases, then)?;
    let notices = run.notices.iter().filter(|notice| notice.vendor.as_ref() == Some(&then.vendor));
    Ok(explain_judgement(&JudgedAgain {
        loaded: &loaded,
        case: cases.iter().find(|case| case.id == then.id),
        then,
        now: now.as_ref(),
        steps: steps.as_ref(),
        notices: notices.collect(),
        is_changed,
    }))
}

/// The one case of a run that a name or a filter means.
fn find_case<'r>(saved: &Path, run: &'r SavedRun, name: &str) -> Result<&'r CaseResult, Problem> {
    let mut found: Vec<&CaseResult> = run.cases.iter().filter(|case| case.id == name).collect();
    if found.is_empty() {
        found.extend(run.cases.iter().filter(|case| is_name(&case.id, name)));
    }
    if found.is_empty() {
        found.extend(run.cases.iter().filter(|case| matches(name, &case.id)));
    }
    match found.as_slice() {
        [case] => Ok(case),
        [] => Err(no_case(saved, run, name)),
        several => {
            let what = Count(several.len(), "case");
            let mut problem = Problem::new(format_args!("`{name}` means {what} of {}", saved.display()));
            for case in several.iter().take(NAMED) {
                problem = problem.with_help(format!("`proviso explain --why {} {}`", saved.display(), case.id));
            }
            match several.len().saturating_sub(NAMED) {
                0 => Err(problem),
                more => Err(problem.with_help(format!("and {more} more"))),
            }
        }
    }
}

fn no_case(saved: &Path, run: &SavedRun, name: &str) -> Problem {
    let ends = run.cases.iter().flat_map(|case| name_ends(&case.id));
    let problem = Problem::new(format_args!("no case of {} has `{name}` in its name", saved.display()));
    let near = did_you_mean(name, ends);
    problem.with_help(near.unwrap_or_else(|| format!("it has {}", Count(run.cases.len(), "case"))))
}

/// A name, and its ends from each of its slashes on.
fn name_ends(name: &str) -> impl Iterator<Item = &str> {
    let ends = name.match_indices('/').filter_map(|(at, slash)| name.get(at + slash.len()..));
    std::iter::once(name).chain(ends)
}

/// Returns whether the contracts of a vendor are others than they were in a run.
fn has_changed(run: &SavedRun, loaded: &Loaded, vendor: &str) -> bool {
    let then = run.vendors.iter().find(|info| info.vendor == vendor).map(|info| info.contracts.as_str());
    let now = loaded.contracts.vendor(vendor).map(|vendor| vendor.digest.as_str());
    then.is_some_and(|then| !then.is_empty() && now != Some(then))
}

/// The cases of a run that the contracts still have: what rests on another case is settled by it.
fn cases_of(run: &SavedRun, loaded: &Loaded) -> Vec<Case> {
    let ids: HashSet<&str> = run.cases.iter().map(|case| case.id.as_str()).collect();
    let mut cases = case::compile(&loaded.contracts);
    cases.retain(|case| ids.contains(case.id.as_str()));
    cases
}

/// Judges cases of a run again, since one may rest on others: the result of one of them, and the steps by which it was judged, or the
/// case was in which it was seen.
fn judge_again(
    run: &SavedRun,
    loaded: &Loaded,
    cases: &[Case],
    then: &CaseResult,
) -> Result<(Option<CaseResult>, Option<JudgedCase>), CommandError> {
    let shown_in = then.seen_in().unwrap_or(&then.id);
    let (mut result, mut steps) = (None, None);
    let mut keep_result = |event| match event {
        Event::CaseFinished(case) if case.id == then.id => result = Some(*case),
        _ => {}
    };
    let mut keep_steps = |case: JudgedCase| {
        if case.id == shown_in {
            steps = Some(case);
        }
    };
    let setup = replay_setup(loaded, run)?;
    let plan = judging_plan(None, Vec::new(), EarlierRuns::default());
    let listener = Listener::Explained { events: &mut keep_result, steps: &mut keep_steps };
    replay(&setup, run, &plan, cases, listener)?;
    Ok((result, steps))
}
