//! The embedded mock of a run: each vendor on a free port of this machine, with credentials of the mock's own making.

use crate::cli::open_files;
use crate::cli::run::Reach;
use crate::cli::run::destinations::Goal;
use crate::cli::run::supplies::Supplied;
use proviso::contract::{Contracts, Loaded};
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
    let mocked = loaded.contracts.vendors.iter().zip(goals).filter(|(_, goal)| **goal == Some(Goal::Mock));
    let contracts = Arc::new(Contracts::of(mocked.map(|(vendor, _)| vendor)));
    let mock = Arc::new(Mock::new(Arc::clone(&contracts), &settings).map_err(|error| error.to_string())?);
    supplied.variables.extend(mock.environment());
    let spawned = contracts
        .vendors
        .iter()
        .map(|vendor| mock.spawn_vendor(vendor.id, Ipv4Addr::LOCALHOST.into(), Plan::default()));
    let spawned: Result<Vec<_>, _> = spawned.collect();
    spawned.map_err(|error| format!("the embedded mock cannot listen on this machine: {error}"))
}
