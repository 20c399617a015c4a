//! Everything that a command works with beside its own arguments, in plain values.

use crate::cli::args::GlobalArgs;
use crate::cli::environment::Environment;
use crate::cli::output::Output;
use std::path::PathBuf;

/// The surroundings of a command.
pub(crate) struct Context {
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
        let output = Output::new(&global, &environment);
        Self { specs: global.specs, state: global.state, environment, output }
    }
}
