//! The vendors of a run, found by their ids.

use crate::contract::VendorId;
use crate::run::party::Party;

/// The vendors of a run.
#[derive(Default)]
pub struct Parties<'a> {
    all: Vec<Party<'a>>,
    /// The place in `all` of each vendor of the contracts that takes part.
    places: Vec<Option<usize>>,
}

impl<'a> Parties<'a> {
    /// Returns the party of a vendor, where the vendor takes part.
    pub fn find(&self, vendor: VendorId) -> Option<&Party<'a>> {
        let place = self.places.get(vendor.position()).copied().flatten()?;
        self.all.get(place)
    }

    /// Returns them all, in their own order.
    pub fn as_slice(&self) -> &[Party<'a>] {
        &self.all
    }

    /// Iterates over them all, in their own order.
    pub fn iter(&self) -> std::slice::Iter<'_, Party<'a>> {
        self.all.iter()
    }
}

impl<'a> FromIterator<Party<'a>> for Parties<'a> {
    fn from_iter<I: IntoIterator<Item = Party<'a>>>(parties: I) -> Self {
        let all: Vec<Party<'a>> = parties.into_iter().collect();
        let mut places = Vec::new();
        for (place, party) in all.iter().enumerate().rev() {
            let vendor = party.vendor.id.position();
            places.resize(places.len().max(vendor + 1), None);
            places.splice(vendor..=vendor, [Some(place)]);
        }
        Self { all, places }
    }
}

impl<'p, 'a> IntoIterator for &'p Parties<'a> {
    type Item = &'p Party<'a>;
    type IntoIter = std::slice::Iter<'p, Party<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
