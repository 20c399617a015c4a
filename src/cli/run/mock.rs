//! The embedded mock of a run: started on a free port of this machine, with credentials of its own making.

use crate::cli::run::Reach;
use crate::cli::run::destinations::Goal;
use crate::cli::run::supplies::Supplied;
use proviso::contract::Loaded;
use proviso::mock::sandbox::Spawned;
use proviso::mock::{Mock, Plan, Settings};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

/// Starts it, and supplies the credentials that it accepts in place of whatever the environment has for those vendors.
pub(crate) fn start(
    reach: &Reach,
    loaded: &Loaded,
    goals: &[Option<Goal>],
    supplied: &mut Supplied,
) -> Result<Spawned, String> {
    let settings = Settings { choices: reach.choose.clone(), ..Settings::default() };
    let mut contracts = loaded.contracts.clone();
    let mut goals = goals.iter();
    contracts.vendors.retain(|_| goals.next() == Some(&Some(Goal::Mock)));
    let mock = Arc::new(Mock::new(Arc::new(contracts), &settings).map_err(|error| error.to_string())?);
    supplied.variables.extend(mock.environment());
    let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    mock.spawn(free, Plan::default()).map_err(|error| format!("the embedded mock cannot listen on {free}: {error}"))
}
