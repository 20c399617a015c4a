//! Accepted answers on the command line: which a run is compared with, and the commands that decide on what waits.

pub(crate) mod decide;
pub(crate) mod review;

use crate::cli::contracts::plural;
use crate::cli::environment::Environment;
use crate::cli::output::Output;
use proviso::report::Exit;
use proviso::run::snapshot::{BadFile, BadUpdate, Baselines, Choice, Deny, Pending, ROOT, Update, is_ci, pending};
use proviso::text::source::unlinked;
use std::path::{Path, PathBuf};

/// Which accepted answers count.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What it is compared with")]
pub(crate) struct Wanted {
    /// The baselines of another target, in a folder (with a slash), or `none` [default: the target's own; a URL has none]
    #[arg(long, value_name = "NAME|DIR|none")]
    pub(crate) baseline: Option<Choice>,
    /// Fail on drift that is breaking, risky, additive or cosmetic, or worse; on any `drift`; on `new` cases; on `stale` known violations (repeatable)
    #[arg(long, value_name = "WHAT")]
    pub(crate) deny: Vec<Deny>,
}

impl Wanted {
    /// The baselines of a run, and a notice where the environment asks for more than a run does.
    pub(crate) fn baselines(&self, environment: &Environment) -> Result<(Baselines, Option<String>), BadUpdate> {
        let variable = |name: &str| environment.variables.get(name).map(String::as_str);
        let ci = is_ci(variable("CI"), variable("TF_BUILD"));
        let (update, notice) = Update::of(variable("INSTA_UPDATE"), ci)?;
        let choice = self.baseline.clone().unwrap_or(Choice::Own);
        Ok((Baselines { root: ROOT.into(), choice, update }, notice))
    }

    /// What is denied, in words that are read back.
    pub(crate) fn denied(&self) -> Vec<String> {
        self.deny.iter().map(Deny::to_string).collect()
    }

    /// Tells of cases that no baseline was ever accepted for.
    pub(crate) fn tell_new(new: usize, update: Update, output: &mut Output) {
        if new == 0 {
            return;
        }
        let what = match update {
            Update::New => "their answers wait: `proviso review` or `proviso accept`",
            Update::No => "nothing was written",
        };
        output.notice(&format!("new       {} without a baseline; {what}\n", plural(new, "case")));
    }
}

/// Which of what waits.
#[derive(Debug, clap::Args)]
pub(crate) struct Waiting {
    /// Parts of case names, any of which is enough; one with a `*` is a pattern of whole names
    #[arg(value_name = "FILTER")]
    pub(crate) filters: Vec<String>,
    /// Only for this target, or in this folder (with a slash) [default: every target]
    #[arg(long, value_name = "NAME|DIR|none")]
    pub(crate) baseline: Option<Choice>,
}

impl Waiting {
    /// The folder that is looked through; none, if none is wanted.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        match &self.baseline {
            None => Some(PathBuf::from(ROOT)),
            Some(choice) => Baselines { choice: choice.clone(), ..Baselines::default() }.folder(""),
        }
    }

    /// The folders of targets that are looked through.
    pub(crate) fn targets(&self) -> Vec<PathBuf> {
        match (&self.baseline, self.folder()) {
            (_, None) => Vec::new(),
            (Some(_), Some(folder)) => vec![folder],
            (None, Some(root)) => {
                let entries = std::fs::read_dir(root).into_iter().flatten().filter_map(Result::ok);
                let mut folders: Vec<PathBuf> =
                    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
                folders.sort();
                folders
            }
        }
    }

    /// What waits and is meant; what cannot be read is told, and how the command ends then.
    pub(crate) fn find(&self, output: &mut Output) -> (Vec<Pending>, Exit) {
        let Some(folder) = self.folder() else { return (Vec::new(), Exit::Fine) };
        if let Err(error) = unlinked::check(&folder, &folder) {
            output.error(&error.to_string(), &["nothing was changed".to_owned()]);
            return (Vec::new(), Exit::Wrong);
        }
        let (mut found, bad) = pending(&folder);
        let exit = tell_bad(&bad, output);
        let all = found.len();
        let wanted = |pending: &Pending| {
            let name = pending.name();
            self.filters.is_empty() || self.filters.iter().any(|filter| proviso::contract::case::matches(filter, &name))
        };
        found.retain(wanted);
        if found.is_empty() && exit == Exit::Fine {
            return (found, self.tell_none(&folder, all, output));
        }
        (found, exit)
    }

    fn tell_none(&self, folder: &Path, all: usize, output: &mut Output) -> Exit {
        if all == 0 {
            output.notice(&format!("nothing waits under {}\n", folder.display()));
            return Exit::Fine;
        }
        let message = format!("none of {} matches {}", plural(all, "answer"), self.filters.join(" or "));
        output.error(&message, &["`proviso review` shows what waits".to_owned()]);
        Exit::NothingTested
    }
}

/// Tells of files that cannot be read or written.
pub(crate) fn tell_bad(bad: &[BadFile], output: &mut Output) -> Exit {
    for file in bad {
        output.error(&file.to_string(), &["nothing of it was changed".to_owned()]);
    }
    if bad.is_empty() { Exit::Fine } else { Exit::Wrong }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(deny: &[&str]) -> Wanted {
        Wanted { baseline: None, deny: deny.iter().map(|word| word.parse().unwrap()).collect() }
    }

    #[test]
    fn the_environment_decides_whether_what_differs_is_kept() {
        let of = |variables: &[(&str, &str)]| {
            let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let environment = Environment { variables, ..Environment::default() };
            wanted(&[]).baselines(&environment).map(|(baselines, notice)| (baselines.update, notice.is_some()))
        };
        assert_eq!(of(&[]), Ok((Update::New, false)));
        assert_eq!(of(&[("CI", "true")]), Ok((Update::No, false)));
        assert_eq!(of(&[("CI", "true"), ("INSTA_UPDATE", "always")]), Ok((Update::New, true)));
        assert!(of(&[("INSTA_UPDATE", "perhaps")]).is_err());
    }
}
