//! Accepted answers as typed: those that a run is compared with, and those that are decided on.

use crate::cli::environment::Environment;
use crate::cli::problem::Problem;
use clap::ValueEnum;
use proviso::contract::case;
use proviso::run::snapshot::{BaselineChoice, Baselines, Deny, Pending, ROOT, Update, is_ci};
use std::fs;
use std::path::{Path, PathBuf};

/// The accepted answers that a run is compared with.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What it is compared with")]
pub(crate) struct BaselineArgs {
    /// The baselines of another target, in a folder (with a slash), or `none`; they have to exist under --deny [default: the target's own; a URL has none]
    #[arg(long, value_name = "NAME|DIR|none")]
    baseline: Option<BaselineChoice>,
    /// Fail on drift that is breaking, risky, additive or cosmetic, or worse; on any `drift`; on `new` cases; on `stale` known violations; on `inferred` departures (repeatable)
    #[arg(long, value_name = "WHAT")]
    deny: Vec<Deny>,
    /// Fail only on violations that are `new`: neither known in `proviso.yaml` nor in a run that --since names
    #[arg(long, value_name = "WHAT", hide_possible_values = true)]
    fail_on: Option<FailOn>,
    /// A report of an earlier run, as --report-json writes it, whose violations are not new (repeatable)
    #[arg(long, value_name = "REPORT", requires = "fail_on")]
    pub(crate) since: Vec<PathBuf>,
    /// Keep answers without a baseline for review on the mock too; elsewhere they always are
    #[arg(long)]
    pending: bool,
}

/// The violations on which a run fails.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum FailOn {
    /// Those that are neither known nor in an earlier run
    New,
}

impl BaselineArgs {
    /// Returns whether answers of the mock that have no baseline are kept for review: if that is asked for, or some were accepted.
    pub(crate) fn keeps_mocked(&self, baselines: &Baselines, environment: &Environment) -> bool {
        self.pending
            || self.baseline.is_some()
            || environment.value("INSTA_UPDATE").is_some_and(|asked| asked != "auto")
            || baselines.folder("mock").is_some_and(|folder| folder.exists())
    }

    /// The baselines of a run, and a notice where the environment asks for more than a run does.
    pub(crate) fn baselines(
        &self,
        project: &Path,
        environment: &Environment,
    ) -> Result<(Baselines, Option<String>), Problem> {
        let ci = is_ci(environment.variable("CI"), environment.variable("TF_BUILD"));
        let (update, notice) = Update::of(environment.variable("INSTA_UPDATE"), ci).map_err(Problem::new)?;
        let choice = self.baseline.as_ref().unwrap_or(&BaselineChoice::Own).clone();
        let baselines = Baselines { root: project.join(ROOT), choice, update };
        match baselines.missing_folder().filter(|_| !self.deny.is_empty()) {
            Some(folder) => Err(missing_baselines(&baselines, &folder)),
            None => Ok((baselines, notice)),
        }
    }

    /// The words of `--deny`, as they are read back.
    pub(crate) fn denied(&self) -> Vec<String> {
        self.deny.iter().map(Deny::to_string).collect()
    }
}

/// The problem of baselines that were named and do not exist: what `--deny` is to find would never be found.
fn missing_baselines(baselines: &Baselines, folder: &Path) -> Problem {
    let problem = Problem::new(format_args!("--baseline: there is no folder {}", folder.display()));
    let entries = fs::read_dir(&baselines.root).into_iter().flatten().filter_map(Result::ok);
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let problem = match &baselines.choice {
        BaselineChoice::Named(name) => problem.with_nearest(name, names.iter().map(String::as_str)),
        _ => problem,
    };
    problem.with_help(format!(
        "targets with accepted answers: {known}; nothing was sent, and without --deny a run begins new ones"
    ))
}

/// The pending answers that are meant.
#[derive(Debug, clap::Args)]
pub(crate) struct PendingArgs {
    /// Parts of case names, any of which is enough; one with a `*` is a pattern of whole names
    #[arg(value_name = "FILTER")]
    pub(crate) filters: Vec<String>,
    /// Only for this target, or in this folder (with a slash) [default: every target]
    #[arg(long, value_name = "NAME|DIR|none")]
    baseline: Option<BaselineChoice>,
}

impl PendingArgs {
    /// The folder that is looked through, unless none is to be.
    pub(crate) fn folder(&self, project: &Path) -> Option<PathBuf> {
        match &self.baseline {
            None => Some(project.join(ROOT)),
            Some(choice) => {
                Baselines { root: project.join(ROOT), choice: choice.clone(), update: Update::No }.folder("")
            }
        }
    }

    /// The folders of targets that are looked through.
    pub(crate) fn targets(&self, project: &Path) -> Vec<PathBuf> {
        if self.baseline.is_some() {
            return self.folder(project).into_iter().collect();
        }
        let entries = fs::read_dir(project.join(ROOT)).into_iter().flatten().filter_map(Result::ok);
        let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
        folders.sort();
        folders
    }

    /// Returns whether a pending answer is meant.
    pub(crate) fn is_meant(&self, pending: &Pending) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| case::matches(filter, &pending.name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(deny: &[&str]) -> BaselineArgs {
        let deny = deny.iter().map(|word| word.parse().unwrap()).collect();
        BaselineArgs { baseline: None, pending: false, deny, fail_on: None, since: Vec::new() }
    }

    #[test]
    fn the_environment_decides_whether_what_differs_is_kept() {
        let of = |variables: &[(&str, &str)]| {
            let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let environment = Environment { variables, ..Environment::default() };
            asked(&[])
                .baselines(Path::new(""), &environment)
                .map(|(baselines, notice)| (baselines.update, notice.is_some()))
        };
        assert_eq!(of(&[]), Ok((Update::New, false)));
        assert_eq!(of(&[("CI", "true")]), Ok((Update::No, false)));
        assert_eq!(of(&[("CI", "true"), ("INSTA_UPDATE", "always")]), Ok((Update::New, true)));
        assert!(of(&[("INSTA_UPDATE", "perhaps")]).is_err());
    }
}
