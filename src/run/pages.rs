//! The pages whose statements the cases of a run hold, told before its first request.

use crate::contract::case::Case;
use crate::contract::template::plain;
use crate::contract::{Contracts, Operation, OperationId, RowId, Vendor};
use crate::run::event::{ClauseInfo, Page, RowInfo};
use crate::run::teller::{cited, condition};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The pages whose statements these cases hold, by vendor and operation.
pub fn pages(contracts: &Contracts, cases: &[Case]) -> Vec<Page> {
    let mut touched: BTreeMap<OperationId, ByRow<'_>> = BTreeMap::new();
    for case in cases {
        touched.entry(case.row.operation).or_default().entry(case.row).or_default().push(&case.id);
    }
    let page = |(id, rows): (&OperationId, &ByRow<'_>)| page(&contracts[id.vendor], &contracts[*id], rows);
    touched.iter().map(page).collect()
}

/// The cases of an operation, by their row.
type ByRow<'a> = BTreeMap<RowId, Vec<&'a String>>;

fn page(vendor: &Vendor, operation: &Operation, cases: &ByRow<'_>) -> Page {
    let clause = |(id, placed): (&String, &crate::contract::Placed<crate::contract::language::Clause>)| ClauseInfo {
        id: id.clone(),
        says: placed.value.says.clone(),
        untestable: placed.value.untestable.clone(),
        mistaken: placed.value.mistaken.clone(),
    };
    let row = |row: &crate::contract::Row| {
        let leads = row.then.iter().flat_map(|branch| branch.leads.clone());
        let own = cases.get(&row.id).into_iter().flatten();
        RowInfo {
            row: row.name.clone(),
            when: condition(row),
            then: operation.outcomes_of(row).map(|outcome| outcome.name.clone()).collect(),
            states: states(operation, row),
            leads: leads.collect::<BTreeMap<_, _>>(),
            cites: cited(operation, row).into_iter().map(|clause| clause.id).collect(),
            because: row.because.clone(),
            inferred: row.inferred.clone(),
            not_inducible: row.not_inducible.clone(),
            cases: Arc::new(own.map(|id| (*id).clone()).collect()),
        }
    };
    Page {
        vendor: vendor.name.clone(),
        operation: operation.name.clone(),
        title: operation.title.clone(),
        request: format!("{} {}", operation.method, operation.url),
        page: operation.page.as_ref().map(|page| page.id.clone()).unwrap_or_default(),
        url: operation.page.as_ref().map(|page| page.url.clone()).unwrap_or_default(),
        resources: operation.binds.clone(),
        clauses: operation.clauses.iter().map(clause).collect(),
        witnesses: witnesses(vendor, operation),
        vacuous: operation.clauses.keys().filter(|id| vendor.stakes(operation.id).is_vacuous(id)).cloned().collect(),
        rows: operation.rows.values().map(row).collect(),
    }
}

/// The states of the resources that a row's condition names.
fn states(operation: &Operation, row: &crate::contract::Row) -> BTreeMap<String, Vec<String>> {
    let named = row.when.0.iter().filter(|(key, _)| operation.binds.contains(key));
    let words = |value: &Value| match value {
        Value::Array(items) => items.iter().map(plain).collect(),
        single => vec![plain(single)],
    };
    named.map(|(resource, value)| (resource.clone(), words(value))).collect()
}

/// What has to come for each promise of an operation to be seen, in words.
fn witnesses(vendor: &Vendor, operation: &Operation) -> Vec<String> {
    let fields = vendor.stakes(operation.id).witnesses().iter().map(|witness| witness.words(operation));
    let rows = operation.rows.values().filter(|row| row.then.len() > 1 && row.not_inducible.is_none());
    let answers = rows.flat_map(|row| operation.outcomes_of(row).map(|outcome| alternative_words(row, &outcome.name)));
    fields.chain(answers).collect()
}

/// An answer of several that a row documents, in words.
pub(super) fn alternative_words(row: &crate::contract::Row, outcome: &str) -> String {
    format!("{}: answered as {outcome}", row.name)
}
