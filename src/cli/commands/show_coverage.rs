//! `proviso coverage`: the documented causes and clauses that runs have exercised, and the reasons why others were not.

use crate::cli::commands::merge_reports::read_reports;
use crate::cli::context::Context;
use crate::cli::live::LastRun;
use crate::cli::output::Output;
use crate::cli::problem::{CommandError, CommandResult, Problem};
use crate::cli::read_contracts::{CheckLevel, read_all_contracts};
use clap::ValueEnum;
use proviso::contract::case;
use proviso::report::coverage::{Badge, Coverage, Run, Share, Shares, coverage_text, witness_text};
use proviso::report::{Exit, SavedRun};
use proviso::run;
use proviso::run::event::Page;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Show which documented causes and clauses runs have exercised.
#[derive(Debug, clap::Args)]
#[command(after_long_help = Exit::help_with(
    "Examples:\n  \
        proviso coverage                                          what the last run exercised\n  \
        proviso coverage --from mock.json --from sandbox.json     what two runs did together, and each\n  \
        proviso coverage --fail-under causes=100%,clauses=95%     for a pipeline\n  \
        proviso coverage --format json --badge coverage.svg\n\n\
        A cause counts only where a case of it was judged: it conforms, violates or drifted. What cannot be exercised, and why, is \
        said by the contracts and is no gap; every page of the contracts counts, whether or not a run had it.",
    &[
        (Exit::Fine, "the coverage was printed"),
        (Exit::Violated, "it is less than --fail-under asks for"),
        (Exit::Wrong, "the contracts, the command line or a report are wrong"),
        (Exit::Environment, "the badge could not be written"),
        (Exit::NothingTested, "there is no run to report on"),
    ],
))]
pub(crate) struct CoverageArgs {
    /// A report that `--report-json` wrote (repeatable) [default: what the last run remembered]
    #[arg(long, value_name = "REPORT")]
    from: Vec<PathBuf>,
    /// Tell for which promises nothing came that shows them: an optional field, an item of a list, an allowed value, an alternative
    #[arg(long)]
    witness: bool,
    /// Fail where less was exercised of what can be, as `causes=100%,clauses=95%,witness=95%`
    #[arg(long, value_name = "WHAT=PERCENT,...")]
    fail_under: Option<LeastCoverage>,
    /// How the coverage is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: CoverageFormat,
    /// Write a badge of the causes: a picture, or a description for shields.io where FILE ends in `.json`
    #[arg(long, value_name = "FILE")]
    badge: Option<PathBuf>,
}

/// The forms in which coverage is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum CoverageFormat {
    /// Totals, vendors and targets, then page by page what is missing or remarkable
    Text,
    /// One JSON document with every cause and clause
    Json,
}

/// The least that is asked for, in percent of what can be exercised.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct LeastCoverage {
    causes: Option<f64>,
    clauses: Option<f64>,
    witness: Option<f64>,
}

impl FromStr for LeastCoverage {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut least = Self::default();
        for part in text.split(',') {
            match parse_least(part).ok_or_else(|| {
                format!("`{part}` is not causes=PERCENT, clauses=PERCENT or witness=PERCENT, such as causes=100%,clauses=95%")
            })? {
                (_, percent) if !(0.0..=100.0).contains(&percent) => {
                    return Err(format!("`{part}`: a percentage is from 0 to 100"));
                }
                ("causes", percent) => least.causes = Some(percent),
                ("witness", percent) => least.witness = Some(percent),
                (_, percent) => least.clauses = Some(percent),
            }
        }
        Ok(least)
    }
}

fn parse_least(part: &str) -> Option<(&str, f64)> {
    let (name, percent) = part.split_once('=')?;
    let percent = percent.trim().trim_end_matches('%').parse().ok()?;
    Some((name.trim(), percent)).filter(|(name, _)| matches!(*name, "causes" | "clauses" | "witness"))
}

impl LeastCoverage {
    /// The problems that less was exercised than is asked for.
    fn missed(self, shares: Shares, witnesses: Share) -> Vec<Problem> {
        let causes = missed_share(shares.causes, self.causes, "documented cause");
        let clauses = missed_share(shares.clauses, self.clauses, "clause");
        let promises = missed_share(witnesses, self.witness, "promise");
        causes.into_iter().chain(clauses).chain(promises).collect()
    }
}

fn missed_share(share: Share, least: Option<f64>, noun: &str) -> Option<Problem> {
    let least = least.filter(|least| !share.reaches(*least))?;
    Some(Problem::new(format_args!("{}, and {least}% is asked for", share.words(noun))))
}

/// Shows the coverage.
pub(crate) fn show_coverage(args: &CoverageArgs, context: &mut Context) -> CommandResult {
    let Context { specs, state, output, .. } = context;
    let runs = read_runs(args, state, output)?;
    let pages = contract_pages(specs, &runs, output)?;
    let runs: Vec<Run> = runs.iter().map(|(_, run)| Run::from(run)).collect();
    let coverage = Coverage::over(pages, &runs);
    match args.format {
        CoverageFormat::Text => {
            output.print(&coverage_text(&coverage));
            if args.witness {
                output.print(&witness_text(&coverage));
            }
        }
        CoverageFormat::Json => output.document(&format!("{:#}\n", coverage.json())),
    }
    let shares = coverage.shares();
    if let Some(path) = &args.badge {
        Badge::of(shares).write(path).map_err(|error| {
            let problem = Problem::new(format_args!("cannot write the badge to {}: {error}", path.display()));
            problem.exit_with(Exit::Environment)
        })?;
    }
    let missed = args.fail_under.map_or_else(Vec::new, |least| least.missed(shares, coverage.witnesses()));
    missed.iter().for_each(|problem| output.error(problem));
    Ok(if missed.is_empty() { Exit::Fine } else { Exit::Violated })
}

/// The runs that are meant, each with its name.
fn read_runs(args: &CoverageArgs, state: &Path, output: &mut Output) -> Result<Vec<(String, SavedRun)>, CommandError> {
    if !args.from.is_empty() {
        return Ok(read_reports(&args.from)?);
    }
    let last = LastRun::new(state);
    let Some(run) = last.read()? else {
        let problem = last.absent().with_help("run the cases once, or name reports by `--from`");
        return Err(problem.exit_with(Exit::NothingTested));
    };
    output.notice(&format!("of the run on {} that began {}\n", run.target, run.started));
    Ok(vec![(last.file().display().to_string(), run)])
}

/// The pages of the contracts, so that one that no run had counts as not run; none where there are no contracts.
fn contract_pages(specs: &Path, runs: &[(String, SavedRun)], output: &mut Output) -> Result<Vec<Page>, CommandError> {
    let folder = specs.display();
    if !specs.exists() {
        output.notice(&format!("notice: there is no folder {folder}, so that only the pages of the reports count\n"));
        return Ok(Vec::new());
    }
    let loaded = read_all_contracts(specs, CheckLevel::Shape, output)?;
    for (name, run) in runs {
        if !run.was_made_with(&loaded) {
            output
                .notice(&format!("notice: {name} was made with other contracts than {folder} has now; names decide\n"));
        }
    }
    Ok(run::pages(&loaded.contracts, &case::compile(&loaded.contracts)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_a_percentage_of_causes_of_clauses_or_of_both() {
        let both = LeastCoverage { causes: Some(100.0), clauses: Some(95.5), witness: None };
        assert_eq!("causes=100%,clauses=95.5%".parse(), Ok(both));
        assert_eq!("causes=100".parse(), Ok(LeastCoverage { causes: Some(100.0), ..LeastCoverage::default() }));
        for wrong in ["", "100%", "cause=1%", "causes=x", "causes=101%", "causes=-1%", "causes=NaN", "causes=1%,"] {
            assert!(wrong.parse::<LeastCoverage>().is_err(), "{wrong}");
        }
    }
}
