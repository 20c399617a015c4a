//! What is told of contracts that are clean: the requests that no row answers, and how much of each page is accounted for.

use super::copy::Copy;
use proviso::contract::condition::{Point, Region, Space};
use proviso::contract::lint::{gaps, page_summaries};
use proviso::contract::{Contracts, Operation, Vendor};
use std::sync::Arc;

fn contracts(folder: &str) -> Arc<Contracts> {
    Copy::of(folder).lint().loaded.contracts
}

fn each(contracts: &Contracts) -> impl Iterator<Item = (&Vendor, &Operation)> {
    contracts.vendors.iter().flat_map(|vendor| vendor.operations.iter().map(move |operation| (vendor, operation)))
}

/// Every point of a space.
fn points(space: &Space) -> Vec<Point> {
    space.dimensions.iter().fold(vec![Vec::new()], |points, dimension| {
        let longer = |point: &Point| {
            let point = point.clone();
            (0..dimension.choices.len()).map(move |choice| [&point[..], &[choice]].concat())
        };
        points.iter().flat_map(longer).collect()
    })
}

/// How many points a gap stands for: those it names in each dimension, the right one where it names others later, else any.
fn size(space: &Space, gap: &str) -> usize {
    if gap == "everything right" {
        return 1;
    }
    let named: Vec<(&str, usize)> = gap
        .split(", ")
        .map(|word| {
            let (key, choices) = word.split_once(": ").unwrap();
            (key, choices.split(" or ").count())
        })
        .collect();
    let last = space.dimensions.iter().rposition(|dimension| named.iter().any(|(key, _)| *key == dimension.key));
    let count = |(index, dimension): (usize, &proviso::contract::condition::Dimension)| {
        let known = named.iter().find(|(key, _)| *key == dimension.key).map(|(_, count)| *count);
        known.unwrap_or(if Some(index) > last { dimension.choices.len() } else { 1 })
    };
    space.dimensions.iter().enumerate().map(count).product()
}

#[test]
fn gaps_stand_for_exactly_the_points_that_no_row_answers() {
    let mut met = 0;
    for folder in ["specs", "tests/fixtures/lint", "tests/fixtures/wide"] {
        for (vendor, operation) in each(&contracts(folder)) {
            let space = Space::of(vendor, operation);
            let regions: Vec<&Region> = operation.rows.values().map(|row| space.region(row)).collect();
            let answered = |point: &Point| {
                let point: Vec<_> = point.iter().copied().map(Some).collect();
                regions.iter().any(|region| region.holds(&point))
            };
            let open = points(&space).iter().filter(|point| !answered(point)).count();
            let gaps = gaps(vendor, operation);
            let told: usize = gaps.iter().map(|gap| size(&space, gap)).sum();
            assert_eq!(told, open, "{}/{}: {gaps:?}", vendor.name, operation.name);
            met += usize::from(open > 0);
        }
    }
    assert!(met > 10, "{met}");
}

#[test]
fn gaps_are_told_in_folded_form() {
    let contracts = contracts("specs");
    let told = |operation: &str| {
        let found = each(&contracts).find(|(_, known)| known.name == operation).unwrap();
        gaps(found.0, found.1)
    };
    assert_eq!(told("links.delete"), [""; 0]);
    assert_eq!(told("linked_accounts.retrieve"), ["linked_account: malformed or other_mode or missing"]);
    assert_eq!(told("links.create"), [""; 0]);
}

#[test]
fn every_clause_of_a_clean_page_is_cited_or_explained() {
    let pages = page_summaries(&contracts("specs"));
    let names: Vec<&str> = pages.iter().map(|page| page.operation.as_str()).collect();
    let expected =
        ["payment_links.delete", "pay_links.delete", "linked_accounts.delete", "links.delete", "links.retrieve"];
    assert_eq!(names, expected);
    for page in pages {
        assert_eq!(page.cited + page.untestable + page.mistaken, page.clauses, "{page:?}");
        assert!(page.clauses > 20 && page.rows > 5 && page.outcomes > 2, "{page:?}");
    }
}
