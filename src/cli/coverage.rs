//! `proviso coverage`: which documented causes and clauses runs have exercised, and why the others were not.

use crate::cli::args::Global;
use crate::cli::contracts;
use crate::cli::merge;
use crate::cli::output::Output;
use crate::cli::run::remembered;
use clap::ValueEnum;
use proviso::contract::case;
use proviso::report::Exit;
use proviso::report::Saved;
use proviso::report::coverage::{self, Coverage, Run, Share, Shares, text};
use proviso::run;
use proviso::run::event::Page;
use std::path::PathBuf;
use std::str::FromStr;

/// Tell which documented causes and clauses runs have exercised.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    proviso coverage                                          what the last run exercised\n  \
    proviso coverage --from mock.json --from sandbox.json     what two runs did together, and each\n  \
    proviso coverage --fail-under causes=100%,clauses=95%     for a pipeline\n  \
    proviso coverage --format json --badge coverage.svg\n\n\
    A cause counts only where a case of it was judged: it conforms, violates or drifted. What cannot be exercised, and why, is \
    said by the contracts and is no gap; every page of the contracts counts, whether or not a run had it.\n\n\
    Exit codes:\n  \
    0  the coverage was told\n  \
    1  it is less than --fail-under asks for\n  \
    2  the contracts, the command line or a report are wrong\n  \
    3  the badge could not be written\n  \
    4  there is no run to tell of")]
pub(crate) struct Args {
    /// A report that `--report-json` wrote (repeatable) [default: what the last run remembered]
    #[arg(long, value_name = "REPORT")]
    from: Vec<PathBuf>,
    /// Fail where less was exercised of what can be, as `causes=100%,clauses=95%`
    #[arg(long, value_name = "WHAT=PERCENT,...")]
    fail_under: Option<Least>,
    /// How the coverage is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Write a badge of the causes: a picture, or a description for shields.io where FILE ends in `.json`
    #[arg(long, value_name = "FILE")]
    badge: Option<PathBuf>,
}

/// How coverage is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Totals, vendors and targets, then page by page what is missing or remarkable
    Text,
    /// One JSON document with every cause and clause
    Json,
}

/// The least that is asked for, in percent of what can be exercised.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Least {
    causes: Option<f64>,
    clauses: Option<f64>,
}

impl FromStr for Least {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut least = Self::default();
        for part in text.split(',') {
            let wrong =
                || format!("`{part}` is none of causes=PERCENT and clauses=PERCENT, as causes=100%,clauses=95%");
            let (name, percent) = part.split_once('=').ok_or_else(wrong)?;
            let percent: f64 = percent.trim().trim_end_matches('%').parse().map_err(|_| wrong())?;
            if !(0.0..=100.0).contains(&percent) {
                return Err(format!("`{part}`: a percentage is from 0 to 100"));
            }
            match name.trim() {
                "causes" => least.causes = Some(percent),
                "clauses" => least.clauses = Some(percent),
                _ => return Err(wrong()),
            }
        }
        Ok(least)
    }
}

impl Least {
    /// What is less than is asked for, in words.
    fn missed(self, shares: Shares) -> Vec<String> {
        let missed = |share: Share, least: Option<f64>, noun: &str| {
            let least = least.filter(|least| !share.reaches(*least))?;
            Some(format!("{}, and {least}% is asked for", share.words(noun)))
        };
        let causes = missed(shares.causes, self.causes, "documented cause");
        causes.into_iter().chain(missed(shares.clauses, self.clauses, "clause")).collect()
    }
}

/// Tells the coverage.
pub(crate) fn run(args: &Args, global: &Global, output: &mut Output) -> Exit {
    let runs = match runs(args, global, output) {
        Ok(runs) => runs,
        Err(exit) => return exit,
    };
    let pages = match pages(global, &runs, output) {
        Ok(pages) => pages,
        Err(exit) => return exit,
    };
    let seen: Vec<Run> = runs.iter().map(|(_, run)| Run::from(run)).collect();
    let coverage = Coverage::over(pages, &seen);
    match args.format {
        Format::Text => output.print(&text(&coverage)),
        Format::Json => output.document(&format!("{:#}\n", coverage.json())),
    }
    let shares = coverage.shares();
    let written = args.badge.as_ref().map(|path| (path, coverage::write(path, shares.causes)));
    if let Some((path, Err(error))) = written {
        output.error(&format!("cannot write the badge to {}: {error}", path.display()), &[]);
        return Exit::Environment;
    }
    let missed = args.fail_under.unwrap_or_default().missed(shares);
    for missed in &missed {
        output.error(missed, &[]);
    }
    if missed.is_empty() { Exit::Fine } else { Exit::Violated }
}

/// The runs that are meant, each with its name.
fn runs(args: &Args, global: &Global, output: &mut Output) -> Result<Vec<(String, Saved)>, Exit> {
    if !args.from.is_empty() {
        return merge::read(&args.from, output).ok_or(Exit::Wrong);
    }
    match remembered::last(&global.state) {
        Ok(last) => {
            output.notice(&format!("of the run on {} that began {}\n", last.target, last.started));
            Ok(vec![(remembered::file(&global.state).display().to_string(), last)])
        }
        Err(why) => {
            output.error(&why, &["run the cases once, or name reports by `--from`".to_owned()]);
            Err(Exit::NothingTested)
        }
    }
}

/// The pages of the contracts, so that one that no run had counts as not run; none where there are no contracts.
fn pages(global: &Global, runs: &[(String, Saved)], output: &mut Output) -> Result<Vec<Page>, Exit> {
    if !global.specs.exists() {
        let specs = global.specs.display();
        output.notice(&format!("notice: there is no folder {specs}, so that only the pages of the reports count\n"));
        return Ok(Vec::new());
    }
    let loaded = contracts::read_unproved(global, output)?;
    for (name, run) in runs {
        if !run.was_made_with(&loaded) {
            let specs = global.specs.display();
            output
                .notice(&format!("notice: {name} was made with other contracts than {specs} has now; names decide\n"));
        }
    }
    Ok(run::pages(&loaded.contracts, &case::compile(&loaded.contracts)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_a_percentage_of_causes_of_clauses_or_of_both() {
        let both = Least { causes: Some(100.0), clauses: Some(95.5) };
        assert_eq!("causes=100%,clauses=95.5%".parse(), Ok(both));
        assert_eq!("causes=100".parse(), Ok(Least { causes: Some(100.0), clauses: None }));
        for wrong in ["", "100%", "cause=1%", "causes=x", "causes=101%", "causes=-1%", "causes=NaN", "causes=1%,"] {
            assert!(wrong.parse::<Least>().is_err(), "{wrong}");
        }
    }
}
