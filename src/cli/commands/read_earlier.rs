//! The runs that `--since` names: what they found at the targets of this run is not new.

use crate::cli::commands::judge_saved::refuse_older;
use crate::cli::commands::merge_reports::read_reports;
use crate::cli::problem::Problem;
use proviso::report::SavedRun;
use proviso::run::EarlierRuns;
use std::path::PathBuf;

/// A vendor of this run, and the name of its target.
pub(super) type MetVendor<'a> = (&'a str, &'a str);

/// Reads the runs. One that cannot be read, or that met none of the vendors where this run does, is a problem.
pub(super) fn read_earlier(paths: &[PathBuf], met: &[MetVendor<'_>]) -> Result<EarlierRuns, Vec<Problem>> {
    let mut earlier = EarlierRuns::default();
    let mut problems = Vec::new();
    for (path, run) in read_reports(paths)? {
        let refused = refuse_older(&path, &run).or_else(|| refuse_other_targets(&path, &run, met));
        problems.extend(refused);
        for case in &run.cases {
            if met.iter().any(|met| met.0 == case.vendor && has_met(&run, *met)) {
                earlier.add(case, &run.started);
            }
        }
    }
    if problems.is_empty() { Ok(earlier) } else { Err(problems) }
}

/// The problem of a run that met none of the vendors where this run does.
fn refuse_other_targets(path: &str, run: &SavedRun, met: &[MetVendor<'_>]) -> Option<Problem> {
    if met.is_empty() || met.iter().any(|met| has_met(run, *met)) {
        return None;
    }
    let other = met.iter().find_map(|(vendor, target)| {
        let info = run.vendors.iter().find(|info| info.vendor == *vendor)?;
        let [then, now] = [info.target.as_str(), target].map(target_words);
        Some(format!("{path} is of {vendor} on {then}, and this run is of {vendor} on {now}"))
    });
    let problem = Problem::new(other.unwrap_or_else(|| format!("{path} has none of the vendors of this run")));
    Some(problem.with_help("`--since` takes a report of the same target; a URL is compared with any other URL"))
}

/// Returns whether a run has met a vendor at a target of this name. Two URLs may be one server, whose port is another each time.
fn has_met(run: &SavedRun, (vendor, target): MetVendor<'_>) -> bool {
    run.vendors.iter().any(|info| info.vendor == vendor && target_kind(&info.target) == target_kind(target))
}

fn target_words(target: &str) -> &str {
    if target == "url" { "a URL" } else { target }
}

fn target_kind(target: &str) -> &str {
    if target.contains("://") { "url" } else { target }
}
