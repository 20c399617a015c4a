//! Values are compared as JSON and the standards have them, and not by how they are written.

use super::server::Lie;
use super::{contract, findings, result, told, told_of, violating};
use proviso::judge::verdict::Verdict;

#[test]
fn a_whole_number_is_the_same_with_a_fraction_of_nothing() {
    for weight in ["10000", "10000.0"] {
        let loaded = contract(&[("vendor.yaml", "weight: 10000,", &format!("weight: {weight},"))]);
        for lie in [Lie::Fractions, Lie::Nothing] {
            let told = told_of(&loaded, lie, 4);
            assert_eq!(told.trouble(), "", "{weight}, {lie:?}");
        }
        let wrong = told_of(&loaded, Lie::Weighs, 4);
        assert!(violating(&wrong).contains(&"parcels.show/stored".to_owned()), "{}", wrong.trouble());
    }
}

#[test]
fn moments_are_those_of_the_standard_that_the_page_names() {
    let iso = contract(&[("vendor.yaml", "format: date-time", "format: iso8601")]);
    for lie in [Lie::ShortMoments, Lie::Nothing] {
        assert_eq!(told_of(&iso, lie, 4).trouble(), "", "{lie:?}");
    }
    for (loaded, lie) in [(&iso, Lie::WrongMoments), (&contract(&[]), Lie::ShortMoments)] {
        let told = told_of(loaded, lie, 4);
        assert_eq!(findings(result(&told, "parcels.show/stored")), ["field-schema /stored_at"], "{lie:?}");
    }
}

#[test]
fn a_row_that_makes_one_thing_and_moves_another_knows_both_numbers() {
    let told = told(Lie::ReturnOfAnother);
    assert_eq!(findings(result(&told, "parcels.give_back/stored")), ["field-value /of"]);
    assert_eq!(violating(&told), ["parcels.give_back/stored"], "{}", told.trouble());
    assert_eq!(result(&told, "parcels.show/returned").verdict, Verdict::Conforms);
}
