//! How strong the contracts of this repository are, and whether the measure of it can be trusted.

mod command;
mod reads;
mod taken;

use crate::runner::specs;
use proviso::contract::case::{Case, Selection, compile};
use proviso::contract::{Loaded, load};
use proviso::lab::mutant::{MutantKind, Score, measure};
use std::path::Path;

/// The rows of the cases that are selected, broken.
fn measured(loaded: &Loaded, selection: &Selection) -> Score {
    let all = compile(&loaded.contracts);
    let wanted: Vec<Case> = selection.select(&loaded.contracts, all.clone());
    assert!(!wanted.is_empty(), "{selection:?}");
    measure(loaded, &all, &wanted, 2).unwrap()
}

fn filtered(filter: &str) -> Selection {
    Selection { filters: vec![filter.to_owned()], ..Selection::default() }
}

/// The contracts in a folder.
fn loaded(folder: &Path) -> Loaded {
    load(&[folder.to_owned()])
}

/// The survivors in lines.
fn told(score: &Score) -> String {
    let line = |survivor: &proviso::lab::mutant::Survivor| {
        format!("{} {:?} {}: {}\n", survivor.row, survivor.clause, survivor.kind.words(), survivor.change)
    };
    score.survivors.iter().map(line).collect()
}

#[test]
fn every_mutant_of_the_five_contracts_that_breaks_a_promise_is_noticed() {
    let loaded = specs();
    let score = measured(&loaded, &Selection::default());
    assert_eq!(told(&score), "");
    assert!(score.unsound.is_empty(), "{:?}", score.unsound);
    assert!(score.tally.killed >= 1500, "{:?}", score.tally);
    assert_eq!(score.tally.killed + score.tally.equivalent, score.tally.mutants);
    assert_eq!(score.tally.share(), 10_000);
    assert_eq!(score.pages.len(), 5, "{:?}", score.pages.keys());
    for (kind, words) in MutantKind::ALL {
        let killed = score.kinds.get(&kind).map_or(0, |tally| tally.killed);
        assert!(killed > 0, "no mutant of the kind `{words}` is noticed");
    }
    // A tenth would be a sign that rules hide what the contracts lack.
    assert!(score.tally.equivalent * 10 < score.tally.mutants, "{:?}", score.rules);
    assert_eq!(score.rules.values().sum::<usize>(), score.tally.equivalent);
    let left: Vec<&str> = score.left_out.iter().map(|left| left.row.as_str()).collect();
    let barred = [
        "omise/linked_accounts.delete/other_mode",
        "omise/links.delete/other_mode",
        "omise/links.delete/pending",
        "omise/links.retrieve/missing",
    ];
    assert_eq!(left, barred, "only what cannot be brought about is left out");
}

#[test]
fn one_thread_comes_to_what_several_come_to() {
    let loaded = specs();
    let all = compile(&loaded.contracts);
    let wanted = filtered("mytpe").select(&loaded.contracts, all.clone());
    let score =
        |threads| Score { took: std::time::Duration::ZERO, ..measure(&loaded, &all, &wanted, threads).unwrap() };
    assert_eq!(score(1), score(3));
}

#[test]
fn a_contract_with_a_page_for_every_call_scores_the_same_twenty_times() {
    let loaded = loaded(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/paged"));
    let all = compile(&loaded.contracts);
    let score = |threads| Score { took: std::time::Duration::ZERO, ..measure(&loaded, &all, &all, threads).unwrap() };
    let first = score(1);
    assert_eq!((told(&first).as_str(), first.tally.share()), ("", 10_000));
    assert!(first.unsound.is_empty() && first.tally.killed > 200, "{:?}", first.tally);
    for run in 1..20 {
        assert_eq!(score(1 + run % 3), first, "run {run}");
    }
}

#[test]
fn every_clause_has_a_score_or_is_listed_without_a_mutant() {
    let loaded = specs();
    let score = measured(&loaded, &Selection::default());
    for vendor in &loaded.contracts.vendors {
        for operation in vendor.documented() {
            let page = &score.pages[&format!("{}/{}", vendor.name, operation.name)];
            for (id, clause) in operation.clauses.iter().filter(|(_, clause)| !clause.value.is_explained()) {
                let is_scored = page.clauses.get(id).is_some_and(|tally| tally.killed + tally.survived() > 0);
                assert!(is_scored != page.unbroken.contains(id), "{id}: {clause:?}");
            }
        }
    }
    let unbroken: usize = score.pages.values().map(|page| page.unbroken.len()).sum();
    assert!(unbroken <= 9, "only what did not come, may come or cannot be set up: {unbroken}");
}

#[test]
fn a_filter_breaks_only_the_rows_that_it_names() {
    let score = measured(&specs(), &filtered("links.delete/live"));
    assert_eq!(
        score.pages.keys().collect::<Vec<_>>(),
        ["gafapay/payment_links.delete", "mytpe/pay_links.delete", "omise/links.delete"]
    );
    assert!(score.tally.mutants < 300 && score.tally.killed > 100, "{:?}", score.tally);
}
