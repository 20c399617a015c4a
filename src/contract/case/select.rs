//! Which cases run: by parts of their names, by vendor, operation and tag, by what failed before, and by shard.

use crate::contract::case::Case;
use crate::contract::{Contracts, VendorFolder};
use std::collections::HashSet;

/// What an engineer asks for; an empty one asks for everything.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Parts of case names, any of which is enough; one with a `*` is a pattern of whole names.
    pub filters: Vec<String>,
    /// Vendors, any of which is enough.
    pub vendors: Vec<String>,
    /// Operations, any of which is enough.
    pub operations: Vec<String>,
    /// Tags, all of which are due; a `!` before one takes its cases out.
    pub tags: Vec<String>,
    /// Exactly these, if given.
    pub only: Option<HashSet<String>>,
    /// The shard of so many that runs, from 1.
    pub shard: Option<(u64, u64)>,
}

impl Selection {
    /// The cases that are asked for, in their order.
    pub fn select(&self, contracts: &Contracts, cases: Vec<Case>) -> Vec<Case> {
        cases.into_iter().filter(|case| self.wants(contracts, case)).collect()
    }

    /// Returns whether a vendor may have a case that is asked for, as far as names of vendors and operations tell.
    pub fn may_want(&self, folder: &VendorFolder) -> bool {
        is_among(&self.vendors, &folder.name)
            && (self.operations.is_empty() || folder.operations().any(|name| is_among(&self.operations, name)))
            && (self.filters.is_empty() || self.filters.iter().any(|filter| folder.may_match(filter)))
    }

    fn wants(&self, contracts: &Contracts, case: &Case) -> bool {
        let (vendor, operation) = (&contracts[case.row.vendor()], &contracts[case.row.operation]);
        let named = self.filters.is_empty() || self.filters.iter().any(|filter| matches(filter, &case.id));
        named
            && is_among(&self.vendors, &vendor.name)
            && is_among(&self.operations, &operation.name)
            && self.tags.iter().all(|tag| is_tagged(case, tag))
            && self.only.as_ref().is_none_or(|only| only.contains(&case.id))
            && self.shard.is_none_or(|(part, parts)| shard_of(&case.id, parts) == part)
    }
}

/// Whether a name is in a list, which names everything if it is empty.
fn is_among(list: &[String], name: &str) -> bool {
    list.is_empty() || list.iter().any(|wanted| wanted == name)
}

/// Whether a case has a tag, or does not have one that is written with `!`.
fn is_tagged(case: &Case, tag: &str) -> bool {
    match tag.strip_prefix('!') {
        Some(tag) => !case.tags.iter().any(|known| known == tag),
        None => case.tags.iter().any(|known| known == tag),
    }
}

/// Whether a filter is a part of a name; with a `*` in it, whether its pieces stand in the name in their order.
pub fn matches(filter: &str, name: &str) -> bool {
    if !filter.contains('*') {
        return name.contains(filter);
    }
    let mut pieces = filter.split('*');
    let Some(mut rest) = name.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    let mut last = "";
    for piece in pieces {
        match rest.find(piece).and_then(|at| rest.get(at + piece.len()..)) {
            Some(behind) => rest = behind,
            None => return false,
        }
        last = piece;
    }
    last.is_empty() || rest.is_empty() || name.ends_with(last)
}

/// The shard of a case, by its name alone, so that a new case moves no other one.
fn shard_of(name: &str, parts: u64) -> u64 {
    // FNV-1a: small, known to everybody, and the same on every machine.
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (hash ^ (hash >> 32)) % parts.max(1) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_a_part_of_the_name_or_a_pattern_of_the_whole() {
        assert!(matches("delete/live", "v/links.delete/live"));
        assert!(matches("v/*/live", "v/links.delete/live"));
        assert!(!matches("v/*/live", "v/links.delete/live/x"));
        assert!(matches("*delete*", "v/links.delete/live"));
        assert!(!matches("x*", "v/links.delete/live"));
    }

    #[test]
    fn every_name_is_in_exactly_one_shard_and_shards_are_about_equal() {
        let mut counts = [0; 4];
        for number in 0..4000 {
            let shard = shard_of(&format!("vendor/operation/row{number}"), 4);
            counts[usize::try_from(shard - 1).unwrap()] += 1;
        }
        assert!(counts.iter().all(|count| (800..1200).contains(count)), "{counts:?}");
    }
}
