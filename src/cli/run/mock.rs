//! The embedded mock of a run.

use crate::cli::run::Args;
use crate::cli::run::destinations::Goal;
use crate::cli::run::supplies::Supplied;
use proviso::contract::Loaded;

/// The embedded mock while a run goes on.
pub(crate) struct Embedded {
    origin: String,
}

impl Embedded {
    /// Its address.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }
}

/// Starts it, and supplies the credentials that it accepts.
pub(crate) fn start(_: &Args, _: &Loaded, _: &[Option<Goal>], _: &mut Supplied) -> Result<Embedded, String> {
    Err("the mock is not there".to_owned())
}
