//! The only place that reads the environment: once, into plain data.

use serde_json::Value;
use std::collections::HashMap;
use std::ffi::OsString;

/// What was typed, the program's own name included.
pub(crate) fn typed() -> Vec<OsString> {
    std::env::args_os().collect()
}

/// What the environment says.
#[derive(Clone, Default)]
pub(crate) struct Environment {
    /// Every variable whose name and value are text, for credentials and fixtures to be looked up by name.
    pub(crate) variables: HashMap<String, String>,
    /// Whether colours are not wanted, by `NO_COLOR` or because the terminal is `dumb`.
    pub(crate) no_color: bool,
    /// Whether this is a GitHub workflow, which shows annotations beside the lines of a change.
    pub(crate) github_actions: bool,
    /// Whether this is a GitHub workflow run for the pull request of a fork, whose contracts are a stranger's.
    pub(crate) fork: bool,
}

impl Environment {
    /// Reads it.
    pub(crate) fn read() -> Self {
        let text = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
        Self::of(std::env::vars_os().filter_map(text).collect())
    }

    fn of(variables: HashMap<String, String>) -> Self {
        // By the convention of no-color.org, and of everybody's shell: a variable that is empty is not set.
        let given = |name: &str| variables.get(name).filter(|value| !value.is_empty());
        let is = |name: &str, word: &str| given(name).is_some_and(|value| value == word);
        Self {
            no_color: given("NO_COLOR").is_some() || is("TERM", "dumb"),
            github_actions: is("GITHUB_ACTIONS", "true"),
            fork: given("GITHUB_EVENT_NAME").is_some_and(|event| is_fork(event, given("GITHUB_EVENT_PATH"))),
            variables,
        }
    }

    /// A variable that is set and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// Whether an event is about the pull request of a fork: `pull_request_target` always counts as one, another pull request
/// unless the event's file says that it comes from the same repository.
fn is_fork(event: &str, path: Option<&String>) -> bool {
    if !event.starts_with("pull_request") || event == "pull_request_target" {
        return event == "pull_request_target";
    }
    let read = |path: &String| serde_json::from_slice::<Value>(&std::fs::read(path).ok()?).ok();
    let event = path.and_then(read).unwrap_or_default();
    let name = |pointer| event.pointer(pointer).and_then(Value::as_str);
    let base = name("/repository/full_name").or_else(|| name("/pull_request/base/repo/full_name"));
    let head = name("/pull_request/head/repo/full_name");
    head.is_none() || head != base
}
