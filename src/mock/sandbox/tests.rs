//! Every row of the five contracts answered by the mock as the contracts promise.

use super::*;
use crate::contract::load;
use std::path::PathBuf;

fn contracts() -> Arc<Contracts> {
    let loaded = load(&[PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/specs"))]);
    assert!(loaded.mistakes.is_empty());
    Arc::new(loaded.contracts)
}

#[test]
fn every_answer_of_every_row_satisfies_its_own_outcome() {
    let mut proved = 0;
    for vendor in &contracts().vendors {
        let proof = Proof::new(vendor);
        for operation in &vendor.operations {
            for row in operation.rows.values() {
                for branch in 0..row.then.len() {
                    let name = format!("{}/{}/{}", vendor.name, operation.name, row.name);
                    proof.check(operation, row, branch).unwrap_or_else(|refused| panic!("{name}: {refused}"));
                    proved += 1;
                }
            }
        }
    }
    assert!(proved > 60, "{proved}");
}
