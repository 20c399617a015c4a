//! Does the mock's answer, read from the same outcome, satisfy it for every row?

use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::mock::sandbox::Proof;

/// Asks the mock for the answer of every branch of every row. Only contracts without other mistakes are asked: what is wrong
/// with an outcome shows in its answers too, and is told once.
pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    let proof = Proof::new(scope.vendor);
    for operation in &scope.vendor.operations {
        for row in operation.rows.values() {
            for (index, branch) in row.then.iter().enumerate() {
                let Err(refused) = proof.check(operation, row, index) else { continue };
                let at = operation.outcomes.get(&branch.outcome).map_or(&row.at, |outcome| &outcome.at);
                found.push(
                    Diagnostic::error(
                        Code::MockRefused,
                        format!("the mock has no answer that satisfies `{}`", branch.outcome),
                    )
                    .at(at.clone().key(), refused.to_string())
                    .at(row.at.clone().key(), "this row gives it")
                    .help("give the field an example that satisfies its schema: `examples: [...]`"),
                );
            }
        }
    }
}
