//! The checks of meaning: what can still be wrong with a contract whose shape is right, found in one pass.
//!
//! A family of mistakes is one file with one function over a vendor, and one line in `CHECKS`. A check reports what it finds and
//! does not change the rest: what one of them reports, no other one reports again. A mistake in a passage that several pages share
//! is found once a page, and reported once.

mod alternatives;
mod bodies;
mod captures;
mod citations;
mod cited_clauses;
mod clause_lack;
mod clause_texts;
mod condition_names;
mod confusable_reads;
mod credential_names;
mod drawn_texts;
mod gaps;
mod header_fields;
mod impossible_codes;
mod json_pointers;
mod keywords;
mod known_values;
mod local_references;
mod methods;
mod misread_texts;
mod operation_names;
mod overlapping_rows;
mod overrides;
mod page_addresses;
mod page_summary;
mod patches;
mod patterns;
mod plain_names;
mod promised_references;
mod query_ids;
mod reachable_states;
mod reference_names;
mod references;
mod required_parts;
mod reserved_words;
mod resource_names;
mod row_reasons;
mod same_refusals;
mod samples;
mod schema_walk;
mod shapes;
mod shared_requests;
mod shown_fields;
mod target_origins;
mod test_pattern;
mod unlisted_codes;
mod unreached_outcomes;
mod unread_resources;
mod vacuous_clauses;
mod value_set;
mod variable_names;
mod vendor_scope;

pub use gaps::gaps;
pub use page_addresses::is_web_address;
pub use page_summary::{PageSummary, page_summaries};
pub use reference_names::{BUILT_IN, BUILT_IN_MEANS};

use crate::contract::Loaded;
use crate::text::diagnostic::{Diagnostic, Severity, merge_repeated, sort_by_place};
use vendor_scope::VendorScope;

/// Finds the mistakes of one family in a vendor.
type Check = fn(&VendorScope<'_>, &mut Vec<Diagnostic>);

/// Every family.
const CHECKS: [Check; 36] = [
    plain_names::plain_names,
    resource_names::resource_names,
    credential_names::credential_names,
    operation_names::operation_names,
    condition_names::condition_names,
    captures::captures,
    overrides::overrides,
    methods::methods,
    query_ids::query_ids,
    page_addresses::page_addresses,
    header_fields::header_fields,
    same_refusals::same_refusals,
    clause_texts::clause_texts,
    cited_clauses::cited_clauses,
    required_parts::required_parts,
    unlisted_codes::unlisted_codes,
    overlapping_rows::overlapping_rows,
    row_reasons::row_reasons,
    unreached_outcomes::unreached_outcomes,
    vacuous_clauses::shown_effects,
    patches::patches,
    alternatives::alternatives,
    reachable_states::reachable_states,
    confusable_reads::confusable_reads,
    bodies::bodies,
    impossible_codes::impossible_codes,
    references::references,
    variable_names::variable_names,
    samples::samples,
    target_origins::target_origins,
    json_pointers::json_pointers,
    shown_fields::shown_fields,
    reserved_words::reserved_words,
    shared_requests::shared_requests,
    misread_texts::misread_texts,
    unread_resources::unread_resources,
];

/// Every mistake of meaning in every vendor that could be read, by file and place.
pub fn check(loaded: &Loaded) -> Vec<Diagnostic> {
    let scopes: Vec<_> =
        loaded.contracts.vendors.iter().map(|vendor| VendorScope::new(&loaded.sources, vendor)).collect();
    let mut found = Vec::new();
    for scope in &scopes {
        for check in CHECKS {
            check(scope, &mut found);
        }
    }
    variable_names::shared_variables(&scopes, &mut found);
    // What is wrong elsewhere would make a clause seem to say nothing.
    if !found.iter().chain(&loaded.mistakes).any(|mistake| mistake.severity == Severity::Error) {
        scopes.iter().for_each(|scope| vacuous_clauses::vacuous_clauses(scope, &mut found));
    }
    let mut found = merge_repeated(found);
    sort_by_place(&mut found, &loaded.sources);
    found
}
