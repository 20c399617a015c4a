//! An operation: its page and its table.

use super::place::position;
use super::{Explanation, condition, tally};
use crate::contract::{Loaded, Operation, Row, Vendor};

/// Explains an operation.
pub(super) fn explain(loaded: &Loaded, vendor: &Vendor, operation: &Operation) -> Explanation {
    let mut what = vec![format!("{} {}", operation.method, operation.url)];
    what.extend(operation.title.clone());
    let page = operation.page.as_ref().map(|page| {
        let tally = tally(operation);
        let counts = format!(
            "{} clauses: {} cited, {} untestable, {} mistaken",
            tally.clauses, tally.cited, tally.untestable, tally.mistaken
        );
        vec![format!("{}, {}, read on {}", page.id, page.url, page.read), counts]
    });
    let none = vec!["a support call without a page: it promises nothing, and serves the cases of others".to_owned()];
    Explanation::of(format!("{}/{}", vendor.name, operation.name))
        .part("What", what)
        .part("Page", page.unwrap_or(none))
        .part("Rows", operation.rows.values().flat_map(|row| lines(operation, row)).collect())
        .part("Written", vec![position(&loaded.sources, &operation.at)])
}

fn lines(operation: &Operation, row: &Row) -> Vec<String> {
    let outcomes: Vec<&str> = operation.outcomes_of(row).map(|outcome| outcome.name.as_str()).collect();
    let mut line = format!("{}: when {}, then {}", row.name, condition(&row.when), outcomes.join(" or "));
    if let Some(leads) = row.then.first().map(|branch| &branch.leads).filter(|leads| !leads.is_empty()) {
        let leads: Vec<String> = leads.iter().map(|(resource, state)| format!("the {resource} is {state}")).collect();
        line = format!("{line}, and from then on {}", leads.join(" and "));
    }
    let mut lines = vec![line];
    lines.extend(row.not_inducible.iter().map(|why| format!("  cannot be brought about: {why}")));
    lines
}
