//! Everything that a command works with beside its own arguments, in plain values.

use crate::cli::args::GlobalArgs;
use crate::cli::environment::Environment;
use crate::cli::output::Output;
use crate::cli::project_folder::{SPECS, find_project_folder};
use std::path::PathBuf;

/// The surroundings of a command.
pub(crate) struct Context {
    /// The folder of the project, as seen from the current one: empty where it is the current one.
    pub(crate) project: PathBuf,
    /// The folder of the contracts.
    pub(crate) specs: PathBuf,
    /// The folder of what runs remember.
    pub(crate) state: PathBuf,
    /// The environment.
    pub(crate) environment: Environment,
    /// The streams.
    pub(crate) output: Output,
}

impl Context {
    /// The surroundings as typed and as read.
    pub(crate) fn new(global: GlobalArgs, environment: Environment) -> Self {
        let mut output = Output::new(&global, &environment);
        let project = if global.specs.is_none() { find_project_folder() } else { PathBuf::new() };
        let specs = global.specs.unwrap_or_else(|| project.join(SPECS));
        if !project.as_os_str().is_empty() {
            output.notice(&format!("using {}\n", specs.display()));
        }
        let state = global.state.unwrap_or_else(|| project.join(".proviso"));
        Self { project, specs, state, environment, output }
    }
}
