//! A hand in the mock's world: what is there is looked at and put into another state past every row, as only a fault would.

use super::Mock;
use super::respond::lock;
use crate::contract::VendorId;

impl Mock {
    /// The state of a resource of a vendor; none where there is no such resource.
    pub fn state_of(&self, vendor: VendorId, resource: &str, id: &str) -> Option<String> {
        let state = lock(self.sites.get(vendor.position())?);
        state.world.find(resource, id).map(|entity| entity.state.to_string())
    }

    /// Puts a resource into a state, whatever the rows say; nothing happens where there is none.
    pub fn put_state(&self, vendor: VendorId, resource: &str, id: &str, to: &str) {
        let Some(site) = self.sites.get(vendor.position()) else { return };
        if let Some(entity) = lock(site).world.find_mut(resource, id) {
            entity.state = to.into();
        }
    }

    /// The same with every resource of a kind.
    pub fn put_all(&self, vendor: VendorId, resource: &str, to: &str) {
        let Some(site) = self.sites.get(vendor.position()) else { return };
        lock(site).world.each_mut(resource, |entity| entity.state = to.into());
    }
}
