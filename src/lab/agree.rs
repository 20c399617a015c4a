//! Whether contracts and their own mock agree: does its answer, read from the same outcome, satisfy it for every row?

use crate::contract::case::compile;
use crate::contract::lint;
use crate::contract::{Loaded, Vendor};
use crate::judge::check::FindingCode;
pub use crate::lab::mismatch::prove_cases;
use crate::mock::sandbox::{Proof, ProofError};
use crate::text::diagnostic::{Code, Diagnostic, Severity, merge_repeated, sort_by_place};
use crate::text::source::Place;

/// Every mistake of meaning, and, where there is none, what the mock cannot keep.
pub fn check(loaded: &Loaded) -> Vec<Diagnostic> {
    let mut found = lint::check(loaded);
    if !found.iter().chain(&loaded.mistakes).any(|mistake| mistake.severity == Severity::Error) {
        loaded.contracts.vendors.iter().for_each(|vendor| ask(vendor, &mut found));
        found = merge_repeated(found);
        sort_by_place(&mut found, &loaded.sources);
    }
    found
}

/// The same, and where there is none, the rows of which the mock does not answer a case as the row says.
pub fn prove(loaded: &Loaded) -> Vec<Diagnostic> {
    let mut found = check(loaded);
    if !found.iter().chain(&loaded.mistakes).any(|mistake| mistake.severity == Severity::Error) {
        found.extend(prove_cases(loaded, &compile(&loaded.contracts).iter().collect::<Vec<_>>()));
        found = merge_repeated(found);
        sort_by_place(&mut found, &loaded.sources);
    }
    found
}

/// Asks the mock for the answer of every branch of every row. Only contracts without other mistakes are asked: what is wrong
/// with an outcome shows in its answers too, and is told once.
fn ask(vendor: &Vendor, found: &mut Vec<Diagnostic>) {
    let proof = Proof::new(vendor);
    for operation in &vendor.operations {
        for row in operation.rows.values() {
            for branch in &row.then {
                let Err(refused) = proof.check(operation, row, branch) else { continue };
                let outcome = &operation[branch.outcome];
                let (at, help) = match header(&refused) {
                    Some(at) => (at.clone(), "promise what such an answer can have; its length is that of its body"),
                    None => {
                        (outcome.at.key(), "give the field an example that satisfies its schema: `examples: [...]`")
                    }
                };
                found.push(
                    Diagnostic::error(
                        Code::MockRefused,
                        format!("the mock has no answer that satisfies `{}`", outcome.name),
                    )
                    .at(at, refused.to_string())
                    .at(row.at.key(), "this row gives it")
                    .help(help),
                );
            }
        }
    }
}

/// The promised header from which an answer departs, where it departs from one.
fn header(refused: &ProofError) -> Option<&Place> {
    let ProofError::Departs(findings) = refused else { return None };
    findings.iter().find(|finding| finding.code == FindingCode::Header).map(|finding| &finding.at)
}
