//! One side of a comparison: a target that is run, a saved run, or accepted answers.

use crate::cli::commands::compare_sides::DiffArgs;
use crate::cli::commands::find_pending::show_bad_files;
use crate::cli::commands::judge_saved::is_gone;
use crate::cli::context::Context;
use crate::cli::live::{LiveRun, LiveSettings, ProjectSettings, RunResult, find_goals};
use crate::cli::output::Output;
use crate::cli::problem::{CommandError, Problem};
use proviso::contract::Loaded;
use proviso::contract::case::{self, Case};
use proviso::report::comparison::{SideAnswer, SideAnswers};
use proviso::report::{self, Count, Exit, Report, Reports};
use proviso::run::event::{CaseResult, Event, Gate};
use proviso::run::snapshot::{self, BaselineChoice, Baselines, Update};
use proviso::text::visible;
use std::collections::HashSet;
use std::convert::Infallible;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SideSource {
    /// The side as typed.
    typed: String,
    kind: SideKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum SideKind {
    /// A target.
    Target,
    /// A saved run, by its path.
    Saved,
    /// Accepted answers: their folder, if the name means one.
    Accepted(Option<PathBuf>),
}

impl FromStr for SideSource {
    type Err = Infallible;

    fn from_str(typed: &str) -> Result<Self, Infallible> {
        Ok(Self { typed: typed.to_owned(), kind: typed.parse()? })
    }
}

impl FromStr for SideKind {
    type Err = Infallible;

    fn from_str(typed: &str) -> Result<Self, Infallible> {
        if let Some(name) = typed.strip_prefix("baseline:") {
            return Ok(Self::Accepted(Baselines { choice: name.parse()?, ..Baselines::default() }.folder("")));
        }
        // As everywhere, a folder is typed with a slash in it; a saved run is known by the end of its name, too.
        let path = Path::new(typed);
        let is_path = typed.contains(['/', '\\']) || matches!(typed, "." | "..");
        let is_json = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
        Ok(if typed.contains("://") || typed.contains('=') || !is_path && !is_json {
            Self::Target
        } else if is_path && path.is_dir() {
            Self::Accepted(Some(path.to_owned()))
        } else {
            Self::Saved
        })
    }
}

impl SideSource {
    /// The side as typed.
    pub(super) fn name(&self) -> &str {
        &self.typed
    }

    /// Returns whether requests are sent for it.
    pub(super) fn is_live(&self) -> bool {
        self.kind == SideKind::Target
    }
}

/// Everything that is read before a side is.
pub(super) struct SideReader<'a> {
    pub(super) args: &'a DiffArgs,
    pub(super) project: &'a ProjectSettings,
    pub(super) loaded: &'a Loaded,
    pub(super) cases: &'a [Case],
}

impl SideReader<'_> {
    /// A side, and whether every file of it could be read.
    pub(super) fn read(&self, source: &SideSource, context: &mut Context) -> Result<(SideAnswers, bool), CommandError> {
        let output = &mut context.output;
        match &source.kind {
            SideKind::Target => Ok((self.run_target(&source.typed, context)?, true)),
            SideKind::Saved => Ok((self.read_saved(Path::new(&source.typed), output)?, true)),
            SideKind::Accepted(folder) => {
                let folder = folder.as_deref().unwrap_or(Path::new(""));
                let above = context.project.join(folder);
                let mut found = [folder, &above].into_iter().filter(|folder| folder.is_dir());
                found.next().map(|folder| self.read_accepted(folder, output)).ok_or_else(|| no_baselines(folder).into())
            }
        }
    }

    fn run_target(&self, target: &String, context: &mut Context) -> Result<SideAnswers, CommandError> {
        let Self { args, project, loaded, cases } = *self;
        let supplied = args.supplies.gather(&context.environment)?;
        let targets = std::slice::from_ref(target);
        let goals = find_goals(targets, loaded, project)?;
        let own = cases.iter().filter(|case| goals.get(case.row.vendor().position()).is_some_and(Option::is_some));
        let own: Vec<Case> = own.cloned().collect();
        let (reach, pace) = (&args.reach, &args.order.pace);
        let settings = LiveSettings::new(reach, pace, project, context)?;
        let mut settings = settings.with_order(&args.order, project);
        settings.plan.tell_all = true;
        settings.plan.baselines =
            Some(Baselines { choice: BaselineChoice::None, update: Update::No, ..Baselines::default() });
        let gate = Gate { require_all: args.order.require_all, deny: Vec::new() };
        let run = LiveRun { loaded, cases: &own, goals: &goals, targets, settings, gate, shard: None, shuffle: None };
        let mut side = SideAnswers::new();
        let mut keep = |case: CaseResult| {
            side.insert(case.id.clone(), SideAnswer::from(case));
        };
        let RunResult { exit, .. } = run.run(supplied, open_notices, &mut keep, &mut context.output)?;
        if exit == Exit::Interrupted { Err(CommandError::shown(exit)) } else { Ok(side) }
    }

    fn read_saved(&self, path: &Path, output: &mut Output) -> Result<SideAnswers, Problem> {
        let help = "a side is a target, a file that --report-json wrote, `baseline:NAME`, or a folder of baselines";
        let saved = report::read_run(path).map_err(|error| Problem::unread_report(&error, help))?;
        let all = case::compile(&self.loaded.contracts);
        let known: HashSet<&str> = all.iter().map(|case| case.id.as_str()).collect();
        let gone = saved.cases.iter().filter(|case| is_gone(case, &known, self.loaded)).count();
        if gone > 0 {
            let (path, what) = (path.display(), Count(gone, "case"));
            output.notice(&format!("{path}: {what} that no contract has any more, and that are not compared\n"));
        }
        Ok(saved.cases.into_iter().map(|case| (case.id.clone(), SideAnswer::from(case))).collect())
    }

    fn read_accepted(&self, folder: &Path, output: &mut Output) -> (SideAnswers, bool) {
        let mut side = SideAnswers::new();
        let mut bad = Vec::new();
        for case in self.cases {
            let answered = match snapshot::read_snapshot(&snapshot::baseline_path(folder, &case.id)) {
                Ok(found) => found.map(|(_, accepted)| SideAnswer::from(accepted)),
                Err(error) => {
                    bad.push(error);
                    let why = Some("its baseline cannot be read".to_owned());
                    Some(SideAnswer { why, ..SideAnswer::default() })
                }
            };
            side.extend(answered.map(|answered| (case.id.clone(), answered)));
        }
        (side, show_bad_files(&bad, output) == Exit::Fine)
    }
}

fn no_baselines(folder: &Path) -> Problem {
    let help = "`proviso accept` makes baselines of what runs have kept; `ls snapshots` shows whose there are";
    Problem::new(format_args!("there are no baselines in {}", folder.display())).with_help(help)
}

fn open_notices(output: &Output) -> Result<Reports, report::ReportError> {
    let mut reports = Reports::open(&[])?;
    reports.add(RunNotices { quiet: output.quiet });
    Ok(reports)
}

/// The beginning of a run and what concerns more than one case of it; its cases are in the comparison.
struct RunNotices {
    quiet: bool,
}

impl Report for RunNotices {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        let text = match event {
            Event::Started(plan) if !self.quiet => {
                format!("running {} on {}\n", Count(plan.cases.len(), "case"), plan.target)
            }
            Event::Notice(notice) => match &notice.vendor {
                Some(vendor) => format!("notice: {vendor}: {}\n", notice.message),
                None => format!("notice: {}\n", notice.message),
            },
            _ => return Ok(()),
        };
        io::stderr().lock().write_all(visible::printable(&text).as_bytes())
    }
}
