//! An operation: its page and its table.

use super::condition_words::{condition_words, leads_words};
use super::excerpt::{page_words, position_words};
use super::{ClauseTally, Explanation, tally_clauses};
use crate::contract::{Loaded, Operation, Row, Vendor};

/// Explains an operation.
pub(super) fn explain_operation(loaded: &Loaded, vendor: &Vendor, operation: &Operation) -> Explanation {
    let request = format!("{} {}", operation.method, operation.url);
    let page = match &operation.page {
        Some(page) => vec![page_words(page), tally_words(tally_clauses(operation))],
        None => vec!["a support call without a page: it promises nothing, and serves the cases of others".to_owned()],
    };
    Explanation::new(format!("{}/{}", vendor.name, operation.name))
        .part("What", [&request].into_iter().chain(&operation.title))
        .part("Page", page)
        .part("Rows", operation.rows.values().flat_map(|row| row_lines(operation, row)))
        .part("Written", [position_words(&loaded.sources, &operation.at)])
}

fn tally_words(tally: ClauseTally) -> String {
    let ClauseTally { clauses, cited, untestable, mistaken, .. } = tally;
    format!("{clauses} clauses: {cited} cited, {untestable} untestable, {mistaken} mistaken")
}

fn row_lines(operation: &Operation, row: &Row) -> Vec<String> {
    let outcomes: Vec<&str> = operation.outcomes_of(row).map(|outcome| outcome.name.as_str()).collect();
    let mut line = format!("{}: when {}, then {}", row.name, condition_words(&row.when), outcomes.join(" or "));
    if let Some(leads) = row.then.first().and_then(leads_words) {
        line = format!("{line}, {leads}");
    }
    let mut lines = vec![line];
    lines.extend(row.not_inducible.iter().map(|why| format!("  cannot be set up: {why}")));
    lines
}
