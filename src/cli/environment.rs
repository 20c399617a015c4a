//! The only place that reads the environment: once, into plain data.

use serde::Deserialize;
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

/// The command line as typed, the program's own name included.
pub(crate) fn typed_arguments() -> Vec<OsString> {
    std::env::args_os().collect()
}

/// Makes a folder the current one, for all that follows.
pub(crate) fn enter_folder(folder: &Path) -> io::Result<()> {
    std::env::set_current_dir(folder)
}

/// The environment.
#[derive(Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is what a variable of its own says")]
pub(crate) struct Environment {
    /// Every variable whose name and value are text, for credentials and fixtures to be looked up by name.
    pub(crate) variables: HashMap<String, String>,
    /// Colours are not wanted, by `NO_COLOR` or because the terminal is `dumb`.
    pub(crate) no_color: bool,
    /// Colours are wanted in pipes and files too, by `FORCE_COLOR` or `CLICOLOR_FORCE`.
    pub(crate) force_color: bool,
    /// This is a GitHub workflow, which shows annotations beside the lines of a change.
    pub(crate) github_actions: bool,
    /// This is a GitHub workflow run for the pull request of a fork, whose contracts are a stranger's.
    pub(crate) fork: bool,
}

impl Environment {
    /// Reads it.
    pub(crate) fn read() -> Self {
        let pairs = std::env::vars_os();
        let texts = pairs.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let mut environment = Self { variables: texts.collect(), ..Self::default() };
        environment.no_color = environment.value("NO_COLOR").is_some() || environment.value("TERM") == Some("dumb");
        environment.force_color =
            environment.is_switched_on("FORCE_COLOR") || environment.is_switched_on("CLICOLOR_FORCE");
        environment.github_actions = environment.value("GITHUB_ACTIONS") == Some("true");
        environment.fork = environment.is_fork();
        environment
    }

    /// A variable that is set, be it to an empty text.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// A variable that is set and not empty: by the convention of no-color.org and of shells, an empty one is not set.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.variable(name).filter(|value| !value.is_empty())
    }

    /// Returns whether a variable is set to anything but nothing and `0`.
    fn is_switched_on(&self, name: &str) -> bool {
        self.value(name).is_some_and(|value| value != "0")
    }

    /// Returns whether the event of a workflow is about the pull request of a fork: `pull_request_target` always counts as one,
    /// another pull request unless the event's file names the same repository twice.
    fn is_fork(&self) -> bool {
        match self.value("GITHUB_EVENT_NAME") {
            Some("pull_request_target") => true,
            Some(event) if event.starts_with("pull_request") => {
                let text = self.value("GITHUB_EVENT_PATH").and_then(|path| fs::read(path).ok());
                let event = text.and_then(|text| serde_json::from_slice::<GithubEvent>(&text).ok());
                !event.is_some_and(GithubEvent::stays_in_repository)
            }
            _ => false,
        }
    }
}

/// The event of a GitHub workflow, as far as it names repositories.
#[derive(Deserialize)]
struct GithubEvent {
    repository: Option<GithubRepository>,
    pull_request: Option<GithubPullRequest>,
}

#[derive(Deserialize)]
struct GithubPullRequest {
    base: Option<GithubBranch>,
    head: Option<GithubBranch>,
}

#[derive(Deserialize)]
struct GithubBranch {
    /// Absent once the repository was deleted.
    repo: Option<GithubRepository>,
}

#[derive(Deserialize, PartialEq)]
struct GithubRepository {
    full_name: String,
}

impl GithubEvent {
    fn stays_in_repository(self) -> bool {
        let Some(GithubPullRequest { base, head }) = self.pull_request else { return false };
        let base = self.repository.or_else(|| base?.repo);
        let head = head.and_then(|branch| branch.repo);
        head.is_some() && head == base
    }
}
