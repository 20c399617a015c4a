//! One side of a comparison: a target that is run, a saved run, or accepted answers.

use crate::cli::baseline::tell_bad;
use crate::cli::contracts::plural;
use crate::cli::diff::Asked;
use crate::cli::output::Output;
use crate::cli::run::go::{self, Listening, Ran};
use crate::cli::run::{self, Destination, supplies};
use crate::cli::select::Select;
use proviso::report::Exit;
use proviso::report::comparison::{Answered, Side};
use proviso::report::{self, Report, Reports};
use proviso::run::event::{CaseResult, Event};
use proviso::run::snapshot::{self, Baselines, Choice, Update};
use proviso::text::visible;
use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// What a side is, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// A target.
    Target(String),
    /// A saved run.
    Saved(PathBuf),
    /// Accepted answers: as typed, and their folder.
    Accepted(String, PathBuf),
}

impl FromStr for Source {
    type Err = Infallible;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        if let Some(name) = typed.strip_prefix("baseline:") {
            let baselines = Baselines { choice: name.parse()?, ..Baselines::default() };
            return Ok(Self::Accepted(typed.to_owned(), baselines.folder("").unwrap_or_default()));
        }
        if typed.contains("://") || typed.contains('=') {
            return Ok(Self::Target(typed.to_owned()));
        }
        // As everywhere, a folder is typed with a slash in it; a saved run is told by its name's end, too.
        let path = Path::new(typed);
        let is_path = typed.contains(['/', '\\']) || matches!(typed, "." | "..");
        let named = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
        Ok(match (is_path && path.is_dir(), is_path || named) {
            (true, _) => Self::Accepted(typed.to_owned(), path.to_owned()),
            (_, true) => Self::Saved(path.to_owned()),
            _ => Self::Target(typed.to_owned()),
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Target(name) | Self::Accepted(name, _) => formatter.write_str(name),
            Self::Saved(path) => path.display().fmt(formatter),
        }
    }
}

impl Source {
    /// Whether requests are sent for it.
    pub(super) fn is_live(&self) -> bool {
        matches!(self, Self::Target(_))
    }
}

/// A side, and whether every file of it could be read.
pub(super) fn read(source: &Source, asked: &Asked<'_>, output: &mut Output) -> Result<(Side, bool), Exit> {
    match source {
        Source::Target(target) => run_target(target, asked, output).map(|side| (side, true)),
        Source::Saved(path) => read_saved(path, asked, output).map(|side| (side, true)),
        Source::Accepted(_, folder) => read_accepted(folder, asked, output),
    }
}

fn side(results: &[CaseResult]) -> Side {
    results.iter().map(|case| (case.id.clone(), Answered::of(case))).collect()
}

fn run_target(target: &str, asked: &Asked<'_>, output: &mut Output) -> Result<Side, Exit> {
    let Asked { args, global, environment, settings, loaded, cases } = *asked;
    let supplied = supplies::gather(&args.supplies, environment).map_err(|why| {
        output.error(&why, &[]);
        Exit::Wrong
    })?;
    let args = run::Args {
        select: Select::default(),
        failed: false,
        list: false,
        dry_run: false,
        destination: Destination { target: vec![target.to_owned()], reach: args.reach.clone() },
        manner: args.manner.clone(),
        baseline: crate::cli::baseline::Wanted { baseline: Some(Choice::None), deny: Vec::new() },
        supplies: args.supplies.clone(),
        report_github: false,
        reports: run::reports::Wanted::default(),
    };
    let run = go::Asked { args: &args, global, environment, settings, loaded };
    let baselines = Baselines { choice: Choice::None, update: Update::No, ..Baselines::default() };
    let open = |output: &Output| {
        let mut reports = Reports::open(&[])?;
        reports.add(Notices { quiet: output.quiet });
        Ok(reports)
    };
    let mut kept = Vec::new();
    let mut keep = |case| kept.push(CaseResult { exchanges: Vec::new(), ..case });
    let mut listening = Listening { open: &open, whole: true, keep: &mut keep };
    let Ran { exit, .. } = go::perform(run, cases.to_vec(), supplied, baselines, &mut listening, output)?;
    if exit == Exit::Interrupted { Err(exit) } else { Ok(side(&kept)) }
}

fn read_saved(path: &Path, asked: &Asked<'_>, output: &mut Output) -> Result<Side, Exit> {
    let saved = report::read(path).map_err(|error| {
        let help = "a side is a target, a file that --report-json wrote, `baseline:NAME`, or a folder of baselines";
        output.error(&error.to_string(), &[help.to_owned()]);
        Exit::Wrong
    })?;
    let known: HashSet<String> =
        proviso::contract::case::compile(&asked.loaded.contracts).into_iter().map(|case| case.id).collect();
    let foreign = |case: &&CaseResult| !known.contains(&case.id) && !case.id.ends_with("/seen");
    let foreign = saved.cases.iter().filter(foreign).count();
    if foreign > 0 {
        let what = plural(foreign, "case");
        output
            .notice(&format!("{}: {what} that no contract has any more, and that are not compared\n", path.display()));
    }
    Ok(side(&saved.cases))
}

fn read_accepted(folder: &Path, asked: &Asked<'_>, output: &mut Output) -> Result<(Side, bool), Exit> {
    if !folder.is_dir() {
        let help = "`proviso accept` makes baselines of what runs have kept; `ls snapshots` shows whose there are";
        output.error(&format!("there are no baselines in {}", folder.display()), &[help.to_owned()]);
        return Err(Exit::Wrong);
    }
    let (mut side, mut bad) = (HashMap::new(), Vec::new());
    for case in asked.cases {
        match snapshot::read(&snapshot::path(folder, &case.id)) {
            Ok(found) => {
                side.extend(found.map(|(_, accepted)| (case.id.clone(), Answered::accepted(accepted))));
            }
            Err(error) => {
                let why = Some("its baseline cannot be read".to_owned());
                side.insert(case.id.clone(), Answered { why, ..Answered::default() });
                bad.push(error);
            }
        }
    }
    Ok((side, tell_bad(&bad, output) == Exit::Fine))
}

/// Tells that a run begins and what concerns more than one case of it; its cases are told in the comparison.
struct Notices {
    quiet: bool,
}

impl Report for Notices {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        let text = match event {
            Event::Started(plan) if !self.quiet => {
                format!("running {} on {}\n", plural(plan.cases.len(), "case"), plan.target)
            }
            Event::Notice(notice) => {
                let about = notice.vendor.as_ref().map(|vendor| format!("{vendor}: ")).unwrap_or_default();
                format!("notice: {about}{}\n", notice.message)
            }
            _ => return Ok(()),
        };
        io::stderr().lock().write_all(visible::printable(&text).as_bytes())
    }
}
