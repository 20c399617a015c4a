//! Removing what a run has made, newest first, by the vendor's own documented removals.

use crate::condition::{Draft, Space};
use crate::event::Purpose;
use crate::run::engine::Engine;
use crate::run::lane::{Lane, Made, Target};
use crate::run::party::Party;

impl Lane<'_, '_> {
    /// Removes what this lane has made and what is still there; what cannot be removed is told.
    pub(super) async fn remove_made(&mut self) {
        if self.party.destination.embedded {
            self.made.clear();
            return;
        }
        while let Some(made) = self.made.pop() {
            if let Err(why) = self.remove(&made).await {
                let message = format!("the {} {} may be left behind: {why}", made.resource, made.held.id);
                self.engine.notice("left-behind", &self.party.vendor.name, &message);
            }
        }
    }

    async fn remove(&mut self, made: &Made) -> Result<(), String> {
        let Some((position, row, draft)) = removal(self.party, &made.resource, &made.held.state) else { return Ok(()) };
        let target = Target::of(self.party, position, &row).map_err(|stop| stop.reason)?;
        self.scope.acting.clone_from(&made.held.account);
        self.scope.held = made.around.iter().cloned().collect();
        self.scope.held.insert(made.resource.clone(), made.held.clone());
        let sent = self.send(target, &draft).await;
        self.scope.acting = None;
        let exchange = sent.map_err(|stop| stop.reason)?;
        let outcome = match &exchange.result {
            Ok(response) if response.status < 500 && response.status != 429 => Ok(()),
            Ok(response) => Err(format!("{} answered {}", target.operation.name, response.status)),
            Err(failure) => Err(failure.to_string()),
        };
        self.keep(Purpose::Cleanup, target, exchange);
        outcome
    }
}

impl<'a> Engine<'a> {
    /// Removes what the canary made, if no case has used it.
    pub(super) async fn remove_spare(&self, party: &Party<'a>) {
        let Some((resource, held)) = party.spare.take() else { return };
        let mut lane = Lane::new(self, party);
        lane.made.push(Made { resource, held, around: Vec::new() });
        lane.remove_made().await;
    }
}

/// The documented way of removing a resource from a state, if there is one.
fn removal(party: &Party<'_>, resource: &str, state: &str) -> Option<(usize, String, Draft)> {
    let removing = party.vendor.operations.iter().enumerate().filter(|(_, operation)| operation.method == "DELETE");
    removing.into_iter().find_map(|(position, operation)| {
        let space = Space::of(party.vendor, operation);
        let dimension = space.position(resource)?;
        let choice = space.dimensions.get(dimension)?.choices.iter().position(|choice| choice == state)?;
        let mut point: Vec<_> = space.right().into_iter().map(Some).collect();
        *point.get_mut(dimension)? = Some(choice);
        let row = operation.rows.values().find(|row| space.region(row).holds(&point))?;
        let leads = row.then.iter().any(|branch| branch.leads.contains_key(resource));
        leads.then(|| (position, row.name.clone(), Draft::documented(party.vendor, operation)))
    })
}
