//! The cases that the mock is known to answer by their rows, remembered from run to run until contracts or program change.

use proviso::contract::Vendor;
use proviso::contract::case::Case;
use proviso::text::source::unlinked;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

/// The cases that were proved, by the program that proved them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct ProvedCases {
    /// The version of the program.
    version: String,
    /// The vendors, by name.
    vendors: BTreeMap<String, ProvedVendor>,
}

/// The proved cases of a vendor's contracts as they were then.
#[derive(Debug, Serialize, Deserialize)]
struct ProvedVendor {
    /// The digest of the contracts.
    contracts: String,
    /// The ids of the cases.
    cases: BTreeSet<String>,
}

const FILE: &str = "proved.json";

impl ProvedCases {
    /// Reads what was remembered in a folder. A file that cannot be read or is of another version remembers nothing.
    pub(crate) fn read(state: &Path) -> Self {
        let path = state.join(FILE);
        let text = unlinked::check(state, &path).ok().and_then(|()| std::fs::read(&path).ok());
        let remembered = text.and_then(|text| serde_json::from_slice::<Self>(&text).ok());
        let current = remembered.filter(|remembered| remembered.version == VERSION);
        current.unwrap_or_else(|| Self { version: VERSION.to_owned(), vendors: BTreeMap::new() })
    }

    /// Returns whether a case is proved for the contracts as they are.
    pub(crate) fn contains(&self, vendor: &Vendor, case: &Case) -> bool {
        let proved = self.vendors.get(&vendor.name).filter(|proved| proved.contracts == vendor.digest);
        proved.is_some_and(|proved| proved.cases.contains(&case.id))
    }

    /// Adds a case.
    pub(crate) fn insert(&mut self, vendor: &Vendor, case: &Case) {
        let new = || ProvedVendor { contracts: vendor.digest.clone(), cases: BTreeSet::new() };
        let proved = self.vendors.entry(vendor.name.clone()).or_insert_with(new);
        if proved.contracts != vendor.digest {
            *proved = new();
        }
        proved.cases.insert(case.id.clone());
    }

    /// Writes everything down in a folder.
    pub(crate) fn remember(&self, state: &Path) -> io::Result<()> {
        unlinked::create_folder(state, state)?;
        unlinked::replace(state, &state.join(FILE), &serde_json::to_vec(self)?)
    }
}

const VERSION: &str = env!("CARGO_PKG_VERSION");
