//! The embedded mock of a run: each vendor on a free port of this machine, with credentials of the mock's own making.

use crate::cli::open_files;
use crate::cli::run::Reach;
use crate::cli::run::destinations::Goal;
use crate::cli::run::supplies::Supplied;
use proviso::contract::Loaded;
use proviso::mock::sandbox::Spawned;
use proviso::mock::{Mock, Plan, Settings};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// Starts it for the vendors whose goal it is, in their order, and supplies the credentials that it accepts in place of whatever the
/// environment has for them.
pub(crate) fn start(
    reach: &Reach,
    loaded: &Loaded,
    goals: &[Option<Goal>],
    supplied: &mut Supplied,
) -> Result<Vec<Spawned>, String> {
    open_files::allow_many();
    let settings = Settings { choices: reach.choose.clone(), ..Settings::default() };
    let mut contracts = loaded.contracts.clone();
    let mut goals = goals.iter();
    contracts.vendors.retain(|_| goals.next() == Some(&Some(Goal::Mock)));
    let vendors = 0..contracts.vendors.len();
    let mock = Arc::new(Mock::new(Arc::new(contracts), &settings).map_err(|error| error.to_string())?);
    supplied.variables.extend(mock.environment());
    let spawned = vendors.map(|vendor| mock.spawn_vendor(vendor, Ipv4Addr::LOCALHOST.into(), Plan::default()));
    let spawned: Result<Vec<_>, _> = spawned.collect();
    spawned.map_err(|error| format!("the embedded mock cannot listen on this machine: {error}"))
}
