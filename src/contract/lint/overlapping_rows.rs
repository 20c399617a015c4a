//! Pairs of rows that one request meets.

use super::vendor_scope::{MOST_ROWS, OperationScope, VendorScope};
use crate::contract::condition::{Region, WORDS};
use crate::contract::{Operation, Row};
use crate::text::diagnostic::{Code, Diagnostic};

pub(super) fn overlapping_rows(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for OperationScope { operation, space } in &scope.operations {
        if operation.rows.len() > MOST_ROWS {
            found.push(too_many_rows(operation));
            continue;
        }
        let mut earlier: Vec<(&Row, &Region)> = Vec::new();
        for row in operation.rows.values().filter(|row| is_understood(operation, row)) {
            let region = space.region(row);
            for (first, other) in &earlier {
                let Some(point) = region.meets(other) else { continue };
                let message = format!("two rows answer one request: {}", space.describe(&point));
                let mistake = Diagnostic::error(Code::OverlappingRows, message)
                    .at(row.at.key(), format!("`{}` answers it", row.name))
                    .at(first.at.key(), format!("`{}` answers it too", first.name))
                    .help("name under `when` what makes it another request, or join the rows");
                found.push(scope.with_taker(mistake, operation, &row.at));
            }
            earlier.push((row, region));
        }
    }
}

fn too_many_rows(operation: &Operation) -> Diagnostic {
    let count = operation.rows.len();
    Diagnostic::error(
        Code::TooManyRows,
        format!("the operation has {count} rows, more than the {MOST_ROWS} that are read"),
    )
    .at(operation.at.child("rows").key(), "too many rows")
    .help("join rows that differ in a state alone: `when: { link: [deleted, unknown] }`")
}

/// Whether a row has no unknown condition: that is reported already, and the row would seem to speak of the request where
/// everything is right.
fn is_understood(operation: &Operation, row: &Row) -> bool {
    row.when.0.keys().all(|key| WORDS.contains(&key.as_str()) || operation.binds.contains(key))
}
