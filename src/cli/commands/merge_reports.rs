//! `proviso merge`: one run of several reports, shown and written as a run shows and writes its own.

use crate::cli::args::{ReportArgs, add_streams};
use crate::cli::context::Context;
use crate::cli::live::close_reports;
use crate::cli::output::Output;
use crate::cli::problem::{CommandResult, Problem};
use proviso::report::{self, Count, Exit, MergedRun, SavedRun};
use std::path::PathBuf;

/// Make one run of several reports: shards, or a run and what was repeated of it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = Exit::help_with_all(
    "Examples:\n\
     \x20 proviso --shard 1/3 --report-json 1.json       on each of three machines, with its own number\n\
     \x20 proviso merge 1.json 2.json 3.json --report-html report.html\n\
     \x20                                                the whole run, and how it would have ended\n\
     \x20 proviso --failed --report-json again.json; proviso merge run.json again.json\n\
     \x20                                                a run, and the repeat of what failed in it\n\n\
     Reports of other contracts, another target or another version are refused. A shard that is missing is reported, and is \
     an environment failure: its cases were not judged.",
))]
pub(crate) struct MergeArgs {
    /// Reports that `--report-json` wrote; of a case that several have, the last one counts
    #[arg(value_name = "REPORT", required = true)]
    from: Vec<PathBuf>,
    /// Write GitHub's annotations, and the job's summary; automatic in a workflow
    #[arg(long, help_heading = "What it writes")]
    report_github: bool,
    /// The files that are written.
    #[command(flatten)]
    reports: ReportArgs,
}

/// Merges the reports.
pub(crate) fn merge_reports(args: &MergeArgs, context: &mut Context) -> CommandResult {
    let Context { environment, output, .. } = context;
    let MergedRun { run, repeated } = report::merge(read_reports(&args.from)?).map_err(|errors| {
        let mut problems: Vec<Problem> = errors.iter().map(Problem::new).collect();
        let problem = Problem::new("the reports cannot be one run, and nothing was written");
        problems.push(problem.with_help("`proviso coverage --from` takes such reports beside each other"));
        problems
    })?;
    show_repeated(&repeated, output);
    let mut reports = args.reports.open().map_err(Problem::new)?;
    add_streams(&mut reports, &args.reports, args.report_github, environment, output);
    output.notice(&format!("merged {}\n", Count(args.from.len(), "report")));
    let exit = Exit::from_code(run.summary.exit_code).unwrap_or(Exit::Violated);
    run.into_events().for_each(|event| reports.tell(&event));
    Ok(close_reports(reports, exit, output))
}

fn show_repeated(repeated: &[String], output: &mut Output) {
    if let [first, rest @ ..] = repeated {
        let others = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        let cases = Count(repeated.len(), "case");
        output.notice(&format!("notice: {cases} of several reports count as in the last one: {first}{others}\n"));
    }
}

/// The reports with their names, or the problems of all those that cannot be read.
pub(super) fn read_reports(paths: &[PathBuf]) -> Result<Vec<(String, SavedRun)>, Vec<Problem>> {
    let (mut runs, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        match report::read_run(path) {
            Ok(run) => runs.push((path.display().to_string(), run)),
            Err(error) => problems.push(Problem::unread_report(&error, "`--report-json FILE` writes reports")),
        }
    }
    if problems.is_empty() { Ok(runs) } else { Err(problems) }
}
