//! Whether the mock answers every case by the case's own row, asked in this process with the very request that a run would send.

use crate::contract::case::Case;
use crate::contract::{Contracts, Loaded, Vendor};
use crate::judge::verdict::Verdict;
use crate::lab::mutant::{Trial, Unmeasurable, on_trial};
use crate::text::diagnostic::{Code, Diagnostic};
use std::collections::{BTreeSet, HashMap};

/// The rows of which the mock does not answer one of these cases as the row says, where the contracts have no other mistake.
pub fn prove_cases(loaded: &Loaded, cases: &[&Case]) -> Vec<Diagnostic> {
    let asked = on_trial(loaded, &HashMap::new(), |trial| {
        let (mut found, mut known) = (Vec::new(), BTreeSet::new());
        for case in cases {
            if let Some(why) = mismatch(trial, &loaded.contracts, case)
                && known.insert(case.row)
            {
                found.push(mistake(&loaded.contracts, case, &why));
            }
        }
        found
    });
    asked.unwrap_or_else(|why| unasked(&loaded.contracts, &why))
}

/// A mistake of each vendor: without an answer of the mock nothing is known of any row.
fn unasked(contracts: &Contracts, why: &Unmeasurable) -> Vec<Diagnostic> {
    let mistake = |vendor: &Vendor| {
        Diagnostic::error(Code::MockMismatch, "the mock could not be asked").at(vendor.at.clone(), why.to_string())
    };
    contracts.vendors.iter().map(mistake).collect()
}

/// The way in which a case is answered otherwise than its row says.
fn mismatch(trial: &Trial<'_>, contracts: &Contracts, case: &Case) -> Option<String> {
    if let Some(why) = &case.barred {
        return contracts[case.row].not_inducible.is_none().then(|| format!("it cannot be set up: {why}"));
    }
    trial.begin_again(case);
    let (tried, exchanged) = trial.sample(case);
    let own = contracts[case.row.vendor()].row_name(case.row);
    let met: Vec<&str> = exchanged.iter().map(|sample| sample.row()).collect();
    match tried.verdict {
        Verdict::Conforms if !met.contains(&own.as_str()) => Some(match met.last() {
            Some(other) => format!("the mock answers it by `{other}`"),
            None => "nothing is sent for it".to_owned(),
        }),
        Verdict::Conforms => None,
        _ => {
            let departure = tried.findings.first().map(|finding| finding.message.clone());
            Some(tried.reason.or(departure).unwrap_or_else(|| tried.verdict.to_string()))
        }
    }
}

fn mistake(contracts: &Contracts, case: &Case, why: &str) -> Diagnostic {
    let row = &contracts[case.row];
    Diagnostic::error(Code::MockMismatch, format!("the mock does not answer `{}` by its row", case.id))
        .at(row.at.key(), why)
        .help("a run would not see what this row promises: name in `when` what sets it apart, or how its condition is reached")
}
