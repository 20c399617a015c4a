//! Contracts without a mistake are told of none.

use super::copy::Copy;

#[test]
fn the_contract_that_the_bad_ones_are_made_from_is_clean() {
    let copy = Copy::of("tests/fixtures/lint");
    assert_eq!(copy.lint().text(copy.path()), "");
}

#[test]
fn the_contracts_of_the_five_pages_are_clean() {
    let copy = Copy::of("specs");
    assert_eq!(copy.lint().text(copy.path()), "");
}

#[test]
fn a_vendor_unlike_the_others_is_clean() {
    let copy = Copy::of("tests/fixtures/wide");
    assert_eq!(copy.lint().text(copy.path()), "");
}
