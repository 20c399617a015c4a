//! The only place that reads the environment: once, into plain data.

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
            variables,
        }
    }

    /// A variable that is set and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}
