//! `proviso merge`: one run of several reports, told and written as a run tells and writes its own.

use crate::cli::contracts::plural;
use crate::cli::environment::Environment;
use crate::cli::output::Output;
use crate::cli::run::reports;
use proviso::report::Exit;
use proviso::report::{self, Merged, Reports, Saved, replay};
use std::path::PathBuf;

/// Make one run of several reports: shards, or a run and what was repeated of it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = after_long_help())]
pub(crate) struct Args {
    /// Reports that `--report-json` wrote; of a case that several have, the last one counts
    #[arg(value_name = "REPORT", required = true)]
    from: Vec<PathBuf>,
    /// Write GitHub's annotations, and the job's summary; on by itself in a workflow
    #[arg(long, help_heading = "What it writes")]
    report_github: bool,
    /// Which files it writes.
    #[command(flatten)]
    reports: reports::Wanted,
}

fn after_long_help() -> String {
    format!(
        "Examples:\n\
         \x20 proviso --shard 1/3 --report-json 1.json       on each of three machines, with its own number\n\
         \x20 proviso merge 1.json 2.json 3.json --report-html report.html\n\
         \x20                                                the whole run, and how it would have ended\n\
         \x20 proviso --failed --report-json again.json; proviso merge run.json again.json\n\
         \x20                                                a run, and the repeat of what failed in it\n\n\
         Reports of other contracts, another target or another version are refused. A shard that is missing is told, and is \
         an environment failure: its cases were not judged.\n\n{}",
        Exit::table()
    )
}

/// Merges.
pub(crate) fn run(args: &Args, environment: &Environment, output: &mut Output) -> Exit {
    let Some(runs) = read(&args.from, output) else { return Exit::Wrong };
    let number = runs.len();
    let Merged { run, repeated } = match report::merge(runs) {
        Ok(merged) => merged,
        Err(wrong) => {
            for error in wrong {
                output.error(&error.to_string(), &[]);
            }
            let help = "`proviso coverage --from` takes such reports beside each other".to_owned();
            output.error("the reports cannot be one run, and nothing was written", &[help]);
            return Exit::Wrong;
        }
    };
    if let Some(first) = repeated.first() {
        let others = if repeated.len() == 1 { String::new() } else { format!(" and {} more", repeated.len() - 1) };
        let cases = plural(repeated.len(), "case");
        output.notice(&format!("notice: {cases} of several reports count as in the last one: {first}{others}\n"));
    }
    let opened = Reports::open(&args.reports.0).map(|mut reports| {
        reports::add_streams(&mut reports, args.report_github, environment, output);
        reports
    });
    let mut reports = match opened {
        Ok(reports) => reports,
        Err(error) => {
            output.error(&error.to_string(), &[]);
            return Exit::Wrong;
        }
    };
    output.notice(&format!("merged {}\n", plural(number, "report")));
    replay(&run, |event| reports.tell(event));
    let exit = Exit::from_code(run.summary.exit_code).unwrap_or(Exit::Violated);
    reports::close(reports, exit, output)
}

/// The reports with their names; those that cannot be read are told, all of them.
pub(crate) fn read(paths: &[PathBuf], output: &mut Output) -> Option<Vec<(String, Saved)>> {
    let mut runs = Vec::new();
    for path in paths {
        match report::read(path) {
            Ok(run) => runs.push((path.display().to_string(), run)),
            Err(error) => output.error(&error.to_string(), &["`--report-json FILE` writes reports".to_owned()]),
        }
    }
    (runs.len() == paths.len()).then_some(runs)
}
