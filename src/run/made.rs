//! What a case has made and may have to remove, oldest first.

use crate::judge::verdict::Verdict;
use crate::run::early_end::EarlyEnd;
use crate::run::list_call::Lists;
use crate::run::ownership::{Ownership, Sighting, forget_older, look_at};
use crate::run::removal::remove;
use crate::run::run_plan::Cleanup;
use crate::run::scope::Held;
use crate::run::target_row::TargetRow;
use crate::run::transcript::Transcript;
use crate::run::vendor_client::VendorClient;

/// A resource that the run has made.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// The kind of resource.
    pub resource: String,
    /// The resource, in the state it was left in.
    pub held: Held,
    /// The resources that were held when it was made: those inside which it lives.
    pub around: Vec<(String, Held)>,
    /// The ground on which it counts as ours.
    pub(super) ownership: Ownership,
}

/// Reads what creates have made whose answers did not show its mark, so that nothing acts on an older thing. Where no read
/// shows it either, the answer to its create is all that there is.
pub(crate) async fn confirm_made(
    client: &mut VendorClient<'_, '_>,
    all: &mut Vec<Made>,
    target: TargetRow<'_>,
) -> Result<(), EarlyEnd> {
    while let Some(at) = all.iter().position(|made| made.ownership != Ownership::Seen) {
        let Some(made) = all.get_mut(at) else { break };
        let Ownership::Claimed(mark) = made.ownership else { break };
        // Nothing is looked at any more, and what was not looked at is not known to be ours.
        if let Some(end) = client.run.cancel.early_end().filter(|_| !client.removes) {
            return Err(end);
        }
        let (vendor, resource, id) = (&client.party.vendor.name, &made.resource, &made.held.id);
        let (verdict, why) = match Box::pin(look_at(client, made, &mut Lists::default())).await {
            Ok(Sighting::Unmarked) => {
                let end = forget_older(client, target, resource, id, mark);
                all.remove(at);
                return Err(end);
            }
            Ok(Sighting::Gone) => (Verdict::Undetermined, "nothing is there when it is read".to_owned()),
            Err(unremoved) if unremoved.dead => (Verdict::Environment, unremoved.why),
            Ok(Sighting::Marked) | Err(_) => {
                client.run.ledger.shown(vendor, resource, id, mark);
                made.ownership = Ownership::Seen;
                continue;
            }
        };
        return Err(EarlyEnd::new(verdict, format!("the {resource} {id} is not used: {why}")));
    }
    Ok(())
}

/// Removes what a case has made and what is still there; what cannot be removed is tried once more at the end of the run.
pub(crate) async fn remove_made(client: &mut VendorClient<'_, '_>, transcript: &mut Transcript, all: &mut Vec<Made>) {
    if client.party.destination.embedded || client.run.plan.cleanup == Cleanup::Leave {
        all.clear();
    }
    while let Some(made) = all.pop() {
        // In a box: most cases make nothing, and none of them is to be the larger for it.
        if Box::pin(remove(client, transcript, &made, &mut Lists::default())).await.is_ok() {
            client.run.ledger.removed(&client.party.vendor.name, &made.resource, &made.held.id);
        }
    }
}
