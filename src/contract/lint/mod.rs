//! The checks of meaning: what can still be wrong with a contract whose shape is right, found in one pass.
//!
//! A family of mistakes is one file with one function over a vendor, and one line in its list. A check tells what it finds and
//! leaves the rest alone: what one of them reports, no other one reports again. A mistake in a passage that several pages share is
//! found once a page, and told once.

mod algebra;
mod alternatives;
mod bodies;
mod captures;
mod clauses;
mod codes;
mod constraints;
mod gaps;
mod headers;
mod keywords;
mod local;
mod methods;
mod names;
mod overrides;
mod page_address;
mod patches;
mod patterns;
mod queries;
mod references;
mod refusals;
mod reserved;
mod rows;
mod samples;
mod scope;
mod shapes;
mod shown;
mod states;
mod summary;
mod test_pattern;
mod values;
mod vendors;

pub use gaps::gaps;
pub use names::{BUILT_IN, BUILT_IN_MEANS};
pub use summary::{PageSummary, summary};

use crate::contract::Loaded;
use crate::text::diagnostic::{Diagnostic, merge, sort};
use scope::Scope;

/// Finds the mistakes of one family in a vendor.
type Check = fn(&Scope<'_>, &mut Vec<Diagnostic>);

/// Every family.
const CHECKS: [Check; 19] = [
    names::check,
    captures::check,
    overrides::check,
    methods::check,
    queries::check,
    page_address::check,
    headers::check,
    refusals::check,
    clauses::check,
    rows::check,
    patches::check,
    alternatives::check,
    states::check,
    bodies::check,
    codes::check,
    references::check,
    samples::check,
    shown::check,
    reserved::check,
];

/// Every mistake of meaning in every vendor that could be read, by file and place.
pub fn check(loaded: &Loaded) -> Vec<Diagnostic> {
    let scopes: Vec<_> = loaded.contracts.vendors.iter().map(|vendor| Scope::of(&loaded.sources, vendor)).collect();
    let mut found = Vec::new();
    for scope in &scopes {
        for check in CHECKS {
            check(scope, &mut found);
        }
    }
    vendors::check(&scopes, &mut found);
    let mut found = merge(found);
    sort(&mut found, &loaded.sources);
    found
}
