//! The embedded mock of a run: each vendor on a free port of this machine, with credentials of the mock's own making.

use crate::cli::live::{Goal, Supplied};
use crate::cli::problem::Problem;
use crate::cli::raise_open_file_limit::raise_open_file_limit;
use proviso::contract::Contracts;
use proviso::mock::{FaultPlan, Mock, MockSettings, OutcomeChoice, Spawned};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// Starts it for the vendors whose goal it is, in their order, and supplies the credentials that it accepts instead of those of the
/// environment.
pub(super) fn start_embedded_mock(
    contracts: &Contracts,
    goals: &[Option<Goal>],
    choices: &[OutcomeChoice],
    supplied: &mut Supplied,
) -> Result<Vec<Spawned>, Problem> {
    if !goals.contains(&Some(Goal::Mock)) {
        return Ok(Vec::new());
    }
    raise_open_file_limit();
    let settings = MockSettings { choices: choices.to_vec(), ..MockSettings::default() };
    let own = contracts.vendors.iter().zip(goals).filter(|(_, goal)| **goal == Some(Goal::Mock));
    let own = Arc::new(Contracts::of(own.map(|(vendor, _)| vendor)));
    let mock = Arc::new(Mock::new(Arc::clone(&own), &settings).map_err(Problem::new)?);
    supplied.variables.extend(mock.environment());
    own.vendors
        .iter()
        .map(|vendor| mock.spawn_vendor(vendor.id, Ipv4Addr::LOCALHOST.into(), FaultPlan::default()))
        .collect::<Result<_, _>>()
        .map_err(|error| Problem::new(format_args!("the embedded mock cannot listen on this machine: {error}")))
}
